/**
 * Reservations that an operator makes and ends, with a reason and without a request: for what Slipway does not add itself. They last until they are
 * released. What files of the repository give to somebody is avoided as what others have reserved is.
 */
import { db, postgresCode, type Database } from '@/lib/db';
import { ConflictError, InputError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PortReservation, Prisma } from '@/lib/generated/prisma/client';
import { countUsedPorts, firstFreeRange, formatPortRange, overlaps, type PortRange } from '@/lib/services/port-range';
import type { OnExpired, PortTransaction } from './lock';
import { nextPorts } from './next-ports';
import { conflictOver, EXCLUSION_VIOLATION } from './reserve';
import type { Pool, SeenPort } from './strip';
import { portTransaction } from './transaction';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** The lowest `size` free ports in a row. `seen`: every port that a file gives to somebody. */
export interface AutoPorts {
  kind: 'auto';
  pool: Pool;
  size: number;
  seen: readonly SeenPort[];
}

/** These ports. `others`: what files give to other services. */
export interface ExactPorts {
  kind: 'range';
  range: PortRange;
  pool: string | undefined;
  others: readonly SeenPort[];
}

export interface HandReservation {
  /** The host machine that publishes the port. */
  scope: string;
  protocol: 'tcp' | 'udp';
  service: string;
  portName: string;
  /** For people, as is `by`. */
  reason: string;
  by: string;
  wanted: AutoPorts | ExactPorts;
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
  const { wanted } = wish;
  return wanted.kind === 'auto' ? reserveNext(wish, wanted, onExpired) : reserveExactly(wish, wanted, onExpired);
}

/** The database does all of it while it has the lock; what it does not do there (end leases, explain) is done around it. */
async function reserveNext(wish: HandReservation, wanted: AutoPorts, onExpired: OnExpired): Promise<HandReserved> {
  for (;;) {
    const earlier = await findAnswered(db(), wish);
    if (earlier) return earlier;
    try {
      const { idempotencyKey = null } = wish;
      const asked = idempotencyKey === null ? null : askedBy(wish);
      const {
        outcome,
        reservation: id,
        firstPort: from,
      } = await nextPorts({ ...wish, ...wanted, idempotencyKey, asked });
      if (outcome === 'reserved' && id !== null && from !== null)
        return { id, range: { from, to: from + wanted.size - 1 }, pool: wanted.pool.name };
      await portTransaction({ scopes: [wish.scope] }, onExpired, async (ports) =>
        requireRoom(await readReserved(ports, wish.scope, wanted.pool), wanted),
      );
    } catch (error) {
      // The same call, sent twice at once: the other one has committed by now, and is found.
      if (postgresCode(error) !== UNIQUE_VIOLATION) throw error;
    }
  }
}

async function reserveExactly(wish: HandReservation, wanted: ExactPorts, onExpired: OnExpired): Promise<HandReserved> {
  const { scope, protocol } = wish;
  const { range } = wanted;
  try {
    return await portTransaction({ scopes: [scope] }, onExpired, async (ports) => {
      const earlier = await findAnswered(ports, wish);
      if (earlier) return earlier;
      requireUnseen(wish, wanted);
      return insertByHand(ports, wish, wanted);
    });
  } catch (error) {
    // The refused transaction is over; who has it is asked after it.
    if (postgresCode(error) !== EXCLUSION_VIOLATION) throw error;
    throw await conflictOver(db(), scope, { protocol, range }, error);
  }
}

/**
 * Ends a reservation that a person made, or one that is active and that main no longer needs. Done twice it is done once.
 * @throws NotFoundError; ConflictError where an open request has it: that one is ended instead.
 */
export async function releaseByHand(
  release: { id: string; reason: string; by: string },
  onExpired: OnExpired,
): Promise<void> {
  const { id, reason, by } = release;
  const row = await db().portReservation.findUnique({ where: { id } });
  if (!row) throw new NotFoundError('There is no such reservation. Load the page again.');
  await portTransaction({ scopes: [row.scope] }, onExpired, async (tx) => {
    const { count } = await tx.portReservation.updateMany({
      where: { id, OR: [{ state: 'active' }, { state: 'reserved', ...ofNothingUnderWay }] },
      data: { state: 'released', leaseUntil: null, reason, releasedBy: by },
    });
    if (count > 0) return announce(tx, 'ports');
    const now = await tx.portReservation.findUniqueOrThrow({ where: { id } });
    if (now.state !== 'released') throw heldByRequest(now);
  });
}

/** Reserved, but no merge will make it active any more: by hand, or left over of a request that is live. */
const ofNothingUnderWay: Prisma.PortReservationWhereInput = {
  OR: [{ requestId: null }, { request: { state: 'live' } }],
};

function heldByRequest({ requestId, service }: PortReservation): ConflictError {
  return new ConflictError(
    `Request ${requestId ?? ''} is under way and needs this port. Cancel the request, or end it where it is merged: that gives back everything that it has.`,
    { owner: { label: `${service}, request ${requestId ?? ''}`, href: `/requests/${requestId ?? ''}` } },
  );
}

/** Both protocols count: a number means one thing to people. @throws ConflictError that says how full the pool is. */
function requireRoom(reserved: readonly PortRange[], { pool, size, seen }: AutoPorts): void {
  const used = [...reserved, ...seen.map(({ range }) => range).filter((range) => overlaps(range, pool))];
  if (firstFreeRange(pool, size, used)) return;
  const count = pool.to - pool.from + 1;
  throw new ConflictError(
    `Pool ${pool.name} (${pool.from}-${pool.to}) has no ${size === 1 ? 'free port' : `${size} free ports in a row`}: ${countUsedPorts(pool, used)} of ${count} are taken. Choose another pool, release what is not needed, or widen the pool.`,
    { owner: { label: `pool ${pool.name}`, href: `/ports#pool-${pool.name}` } },
  );
}

/** What is reserved of a range. */
async function readReserved(tx: PortTransaction, scope: string, within: PortRange): Promise<PortRange[]> {
  const rows = await tx.portReservation.findMany({
    where: {
      ...{ scope, state: { in: ['held', 'reserved', 'active'] } },
      ...{ portFrom: { lte: within.to }, portTo: { gte: within.from } },
    },
    select: { portFrom: true, portTo: true },
  });
  return rows.map(({ portFrom, portTo }) => ({ from: portFrom, to: portTo }));
}

function requireUnseen({ protocol, scope }: HandReservation, { range, others }: ExactPorts): void {
  const other = others.find((one) => one.protocol === protocol && overlaps(one.range, range));
  if (!other) return;
  const place = other.line === undefined ? other.path : `${other.path}:${other.line}`;
  throw new ConflictError(
    `Port ${formatPortRange(range)}/${protocol} on ${scope} is taken: ${other.service} has ${formatPortRange(other.range)} (${place}). Choose another one.`,
    { owner: { label: other.service, href: `/services/${encodeURIComponent(other.service)}` } },
  );
}

/** What was asked, in words that are compared when the key comes again. */
function askedBy({ scope, protocol, service, portName, reason, wanted }: HandReservation): string {
  const ports = wanted.kind === 'auto' ? ['auto', wanted.pool.name, wanted.size] : [formatPortRange(wanted.range)];
  return JSON.stringify([scope, protocol, service, portName, reason, ...ports]);
}

async function findAnswered(database: Database, wish: HandReservation): Promise<HandReserved | undefined> {
  if (wish.idempotencyKey === undefined) return undefined;
  const row = await database.portReservation.findUnique({ where: { idempotencyKey: wish.idempotencyKey } });
  if (!row) return undefined;
  if (row.asked !== askedBy(wish))
    throw new InputError('This Idempotency-Key was used for another reservation. Send a new one.');
  return { id: row.id, range: { from: row.portFrom, to: row.portTo }, pool: row.pool ?? undefined };
}

async function insertByHand(
  tx: PortTransaction,
  wish: HandReservation,
  { range, pool }: ExactPorts,
): Promise<HandReserved> {
  const { scope, protocol, service, portName, by, reason, idempotencyKey = null } = wish;
  const { id } = await tx.portReservation.create({
    data: {
      ...{ scope, protocol, service, portName, idempotencyKey, portFrom: range.from, portTo: range.to },
      ...{ state: 'reserved', pool: pool ?? null, reservedBy: by, reservedBecause: reason },
      asked: idempotencyKey === null ? null : askedBy(wish),
    },
  });
  await announce(tx, 'ports');
  return { id, range, pool };
}
