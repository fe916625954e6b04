/**
 * Reservations that an operator makes and ends, with a reason and without a request: for what Slipway does not add itself. They last until they are
 * released. What files of the repository give to somebody is avoided as what others have reserved is.
 */
import { postgresCode } from '@/lib/db';
import { ConflictError, InputError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PortReservation, Prisma } from '@/lib/generated/prisma/client';
import { countUsedPorts, firstFreeRange, formatPortRange, overlaps, type PortRange } from '@/lib/services/port-range';
import { conflictOver, EXCLUSION_VIOLATION, expireHolds, lockScopes, type OnExpired } from './reserve';
import type { Pool, SeenPort } from './strip';
import { portTransaction } from './transaction';

type Transaction = Prisma.TransactionClient;

export interface HandReservation {
  /** The host machine that publishes the port. */
  scope: string;
  protocol: 'tcp' | 'udp';
  service: string;
  portName: string;
  /** For people, as is `by`. */
  reason: string;
  by: string;
  wanted:
    /** The lowest `size` free ports in a row. `seen`: every port that a file gives to somebody. */
    | { kind: 'auto'; pool: Pool; size: number; seen: readonly SeenPort[] }
    /** These ports. `others`: what files give to other services. */
    | { kind: 'range'; range: PortRange; pool: string | undefined; others: readonly SeenPort[] };
  /** The same key with the same question gives the same reservation again. Unique among all people. */
  idempotencyKey?: string | undefined;
}

export interface HandReserved {
  id: string;
  range: PortRange;
  pool: string | undefined;
}

/**
 * Reserves ports by hand, in a transaction of its own. Asked in parallel each `auto` gets another port, at the first try.
 * @throws ConflictError naming who has the ports, or the pool and how full it is; InputError where the key was used for another question.
 */
export async function reserveByHand(wish: HandReservation, onExpired: OnExpired): Promise<HandReserved> {
  return portTransaction(async (tx) => {
    // Heard at the commit; said before the lock, since others wait there.
    await announce(tx, 'ports');
    await lockScopes(tx, [wish.scope]);
    const earlier = await findAnswered(tx, wish);
    if (earlier) return earlier;
    const within = wish.wanted.kind === 'auto' ? wish.wanted.pool : wish.wanted.range;
    const reserved = await readReserved(tx, wish.scope, within, onExpired);
    const range = wish.wanted.kind === 'auto' ? chooseRange(reserved, wish.wanted) : requireUnseen(wish);
    try {
      return await insertByHand(tx, wish, range);
    } catch (error) {
      // Nothing else is written in this transaction; who has it is asked in the next one.
      if (postgresCode(error) === EXCLUSION_VIOLATION) throw new TakenError(range, error);
      throw error;
    }
  }).catch(async (error: unknown) => {
    if (!(error instanceof TakenError)) throw error;
    const { scope, protocol } = wish;
    throw await portTransaction((tx) => conflictOver(tx, scope, { protocol, range: error.range }, error.cause));
  });
}

/** The constraint refused a range; only who has it is still to be found out. */
class TakenError extends Error {
  constructor(
    readonly range: PortRange,
    cause: unknown,
  ) {
    super('taken', { cause });
  }
}

/**
 * Ends a reservation that a person made, or one that is active and that main no longer needs. Done twice it is done once.
 * @throws NotFoundError; ConflictError where an open request has it: that one is cancelled instead.
 */
export async function releaseByHand(release: { id: string; reason: string; by: string }): Promise<void> {
  const { id, reason, by } = release;
  await portTransaction(async (tx) => {
    const row = await tx.portReservation.findUnique({ where: { id } });
    if (!row) throw new NotFoundError('There is no such reservation. Load the page again.');
    await lockScopes(tx, [row.scope]);
    const { count } = await tx.portReservation.updateMany({
      where: { id, OR: [{ state: 'active' }, { state: 'reserved', requestId: null }] },
      data: { state: 'released', leaseUntil: null, reason, releasedBy: by },
    });
    if (count > 0) return announce(tx, 'ports');
    const now = await tx.portReservation.findUniqueOrThrow({ where: { id } });
    if (now.state !== 'released') throw heldByRequest(now);
  });
}

function heldByRequest({ requestId, service }: PortReservation): ConflictError {
  return new ConflictError(
    `Request ${requestId ?? ''} is under way and needs this port. Cancel the request: that gives back everything that it has.`,
    { owner: { label: `${service}, request ${requestId ?? ''}`, href: `/requests/${requestId ?? ''}` } },
  );
}

/** The lowest free ports of the pool. Both protocols count: a number means one thing to people. Needs the lock. */
function chooseRange(
  reserved: readonly PortRange[],
  { pool, size, seen }: Extract<HandReservation['wanted'], { kind: 'auto' }>,
): PortRange {
  const used = [...reserved, ...seen.map(({ range }) => range).filter((range) => overlaps(range, pool))];
  const free = firstFreeRange(pool, size, used);
  if (free) return free;
  const count = pool.to - pool.from + 1;
  throw new ConflictError(
    `Pool ${pool.name} (${pool.from}-${pool.to}) has no ${size === 1 ? 'free port' : `${size} free ports in a row`}: ${countUsedPorts(pool, used)} of ${count} are taken. Choose another pool, release what is not needed, or widen the pool.`,
    { owner: { label: `pool ${pool.name}`, href: `/ports#pool-${pool.name}` } },
  );
}

/** What is reserved of a range, neighbours as one, once no lease of the host is over: one question where none is, since others wait at the lock. */
async function readReserved(
  tx: Transaction,
  scope: string,
  within: PortRange,
  onExpired: OnExpired,
): Promise<PortRange[]> {
  const [row] = await tx.$queryRaw<{ overdue: boolean; taken: string | null }[]>`
    SELECT EXISTS (SELECT 1 FROM port_reservations
                    WHERE scope = ${scope} AND state = 'held' AND lease_until <= clock_timestamp()) AS overdue,
           (SELECT range_agg(int4range(port_from, port_to, '[]'))::text FROM port_reservations
             WHERE scope = ${scope} AND state IN ('held', 'reserved', 'active')
               AND int4range(port_from, port_to, '[]') && int4range(${within.from}::int, ${within.to}::int, '[]')) AS taken`;
  if (row?.overdue) {
    await expireHolds(tx, scope, onExpired);
    return readReserved(tx, scope, within, onExpired);
  }
  // A multirange as PostgreSQL writes it: {[7880,7883),[7890,7891)}.
  return [...(row?.taken ?? '').matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, after]) => ({
    from: Number(from),
    to: Number(after) - 1,
  }));
}

function requireUnseen(wish: HandReservation): PortRange {
  const { wanted, protocol, scope } = wish;
  if (wanted.kind !== 'range') throw new Error('only a range is compared with what files say');
  const other = wanted.others.find((one) => one.protocol === protocol && overlaps(one.range, wanted.range));
  if (!other) return wanted.range;
  const place = other.line === undefined ? other.path : `${other.path}:${other.line}`;
  throw new ConflictError(
    `Port ${formatPortRange(wanted.range)}/${protocol} on ${scope} is taken: ${other.service} has ${formatPortRange(other.range)} (${place}). Choose another one.`,
    { owner: { label: other.service, href: `/services/${encodeURIComponent(other.service)}` } },
  );
}

/** What was asked, in words that are compared when the key comes again. */
function askedBy({ scope, protocol, service, portName, reason, wanted }: HandReservation): string {
  const ports = wanted.kind === 'auto' ? ['auto', wanted.pool.name, wanted.size] : [formatPortRange(wanted.range)];
  return JSON.stringify([scope, protocol, service, portName, reason, ...ports]);
}

async function findAnswered(tx: Transaction, wish: HandReservation): Promise<HandReserved | undefined> {
  if (wish.idempotencyKey === undefined) return undefined;
  const row = await tx.portReservation.findUnique({ where: { idempotencyKey: wish.idempotencyKey } });
  if (!row) return undefined;
  if (row.asked !== askedBy(wish))
    throw new InputError('This Idempotency-Key was used for another reservation. Send a new one.');
  return { id: row.id, range: { from: row.portFrom, to: row.portTo }, pool: row.pool ?? undefined };
}

async function insertByHand(tx: Transaction, wish: HandReservation, range: PortRange): Promise<HandReserved> {
  const pool = wish.wanted.kind === 'auto' ? wish.wanted.pool.name : wish.wanted.pool;
  const { idempotencyKey = null } = wish;
  const asked = idempotencyKey === null ? null : askedBy(wish);
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO port_reservations
      (scope, protocol, port_from, port_to, state, pool, service, port_name, reserved_by, reserved_because,
       idempotency_key, asked, updated_at)
    VALUES (${wish.scope}, ${wish.protocol}, ${range.from}, ${range.to}, 'reserved', ${pool ?? null}, ${wish.service},
      ${wish.portName}, ${wish.by}, ${wish.reason}, ${idempotencyKey}, ${asked}, now())
    RETURNING id::text`;
  if (!row) throw new Error('PostgreSQL gave no id for the reservation');
  return { id: row.id, range, pool };
}
