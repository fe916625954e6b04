/**
 * The row of those who write to another system. Whoever wants to write says how much and gets a moment; all workers together stay within the
 * system's limits without asking it, and the wait is known from the beginning. Who is urgent stands before all who are not.
 */
import { db } from '@/lib/db';
import { Prisma } from '@/lib/generated/prisma/client';
import { movedBack, nextTurn, ordinaryLimits, type WriteLimits } from './turn-time';

/** First half of the lock's key: ours among all advisory locks. */
const LOCK_CLASS = 734_203;
/** Who comes later than this to a turn stands in the row again: others have theirs by now. */
const LATE_MS = 15_000;
/** The longer one of the windows that are counted. */
const HOUR_MS = 3_600_000;

/**
 * Takes the holder's turn if it has come; otherwise the holder stands in the row.
 * @param holder who wants to write: `branch:142`. Asking again keeps the place.
 * @param writes how many writing requests it will be.
 * @param limits what all together may write; who is not urgent leaves a part of it free.
 * @param options.urgent stands before all who are not; their turns move back.
 * @returns when the turn is; undefined where it is now.
 */
export async function takeTurn(
  system: string,
  holder: string,
  writes: number,
  limits: WriteLimits,
  { urgent = false }: { urgent?: boolean } = {},
): Promise<Date | undefined> {
  return db().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${system}))`;
    // One clock for all workers.
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
    const now = clock?.now ?? new Date();
    const own = await tx.upstreamTurn.findFirst({ where: { system, holder, takenAt: null } });
    if (own && own.dueAt > now) return own.dueAt;
    if (own && own.dueAt.getTime() > now.getTime() - LATE_MS) {
      await tx.upstreamTurn.update({ where: { id: own.id }, data: { takenAt: now } });
      return undefined;
    }
    if (own) await tx.upstreamTurn.delete({ where: { id: own.id } });
    const turns = await tx.upstreamTurn.findMany({
      where: { system, dueAt: { gt: new Date(now.getTime() - HOUR_MS) } },
      select: { id: true, dueAt: true, writes: true, takenAt: true, urgent: true },
    });
    const givesWay = (turn: (typeof turns)[number]) => !turn.urgent && turn.takenAt === null && turn.dueAt > now;
    const before = urgent ? turns.filter((turn) => !givesWay(turn)) : turns;
    const dueAt = nextTurn(before, writes, now, urgent ? limits : ordinaryLimits(limits));
    const isNow = dueAt <= now;
    await tx.upstreamTurn.create({ data: { system, holder, writes, dueAt, urgent, takenAt: isNow ? now : null } });
    if (urgent) await moveBack(tx, [...before, { dueAt, writes }], turns.filter(givesWay), ordinaryLimits(limits));
    return isNow ? undefined : dueAt;
  });
}

/** Whoever moved back finds out at the old moment, and is told the new one. */
async function moveBack(
  tx: Prisma.TransactionClient,
  fixed: Parameters<typeof movedBack>[0],
  waiting: { id: bigint; dueAt: Date; writes: number }[],
  limits: WriteLimits,
): Promise<void> {
  if (waiting.length === 0) return;
  const rows = movedBack(fixed, waiting, limits).map(
    ({ id, dueAt }) => Prisma.sql`(${id}::bigint, ${dueAt}::timestamptz)`,
  );
  await tx.$executeRaw`
    UPDATE upstream_turns SET due_at = moved.due_at
    FROM (VALUES ${Prisma.join(rows)}) AS moved (id, due_at)
    WHERE upstream_turns.id = moved.id`;
}

/** Forgets turns that no window counts any more. */
export async function forgetOldTurns(now = new Date()): Promise<void> {
  await db().upstreamTurn.deleteMany({ where: { dueAt: { lt: new Date(now.getTime() - 2 * HOUR_MS) } } });
}
