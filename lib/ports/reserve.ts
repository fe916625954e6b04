/**
 * Writes the port rows of requests. The exclusion constraint `port_reservations_no_overlap` is the truth; the advisory lock that every writer takes (lock.ts)
 * makes "the next free one" mean something, and turns a race into a clear answer.
 */
import { postgresCode, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PortReservation } from '@/lib/generated/prisma/client';
import { withSavepoint } from '@/lib/savepoint';
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import type { PortTransaction } from './lock';

/** PostgreSQL: exclusion_violation. */
export const EXCLUSION_VIOLATION = '23P01';

/** How long a submitted request keeps its ports while there is no pull request yet. */
export const LEASE_DAYS = 14;

/** The end of a lease that begins now. */
export function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_DAYS * 24 * 60 * 60 * 1000);
}

/** Ports to be reserved for one port of one service. */
export interface NewClaim {
  protocol: 'tcp' | 'udp';
  range: PortRange;
  service: string;
  portName: string;
  pool?: string | undefined;
}

/**
 * Holds ports on one host machine for a request until `leaseUntil`, or (without a lease) reserves them until the request ends.
 * @throws ConflictError naming who has one of them, with a link; nothing is held then.
 */
export async function reservePorts(
  tx: PortTransaction,
  input: {
    scope: string;
    claims: readonly NewClaim[];
    requestId: number;
    leaseUntil: Date | undefined;
  },
): Promise<void> {
  for (const claim of input.claims) {
    try {
      await withSavepoint(tx, () => insertHold(tx, input, claim));
    } catch (error) {
      if (postgresCode(error) !== EXCLUSION_VIOLATION) throw error;
      throw await conflictOver(tx, input.scope, claim, error);
    }
  }
  if (input.claims.length > 0) await announce(tx, 'ports');
}

/**
 * The pull request stands: what was held is reserved until the request ends.
 * @returns whether the request had all of its ports still; false where a lease had run out.
 */
export async function markReserved(tx: PortTransaction, requestId: number): Promise<boolean> {
  const gone = await tx.portReservation.count({ where: { requestId, state: 'released' } });
  const kept = await tx.portReservation.updateMany({
    where: { requestId, state: 'held' },
    data: { state: 'reserved', leaseUntil: null },
  });
  if (kept.count > 0) await announce(tx, 'ports');
  const live = await tx.portReservation.count({ where: { requestId, state: { in: ['reserved', 'active'] } } });
  return gone === 0 || live > 0;
}

/** A port of a request as the repository's main has it after the merge. */
export interface ObservedPort {
  portName: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
}

/**
 * Main shows what a request did: the ports that main gives to its service are active for it. What else it had is given back, and so is all that the request
 * had whose place it takes. That comes first, since a service's ports may have changed their numbers among themselves.
 * @returns the ports that somebody else has: main publishes them all the same, which a person has to mend.
 */
export async function activatePorts(
  tx: PortTransaction,
  input: {
    requestId: number;
    /** The live request whose place it takes. */
    replacedId: number | undefined;
    scope: string;
    service: string;
    observed: readonly ObservedPort[];
  },
): Promise<ObservedPort[]> {
  const { requestId, replacedId, scope, service, observed } = input;
  const requests = replacedId === undefined ? [requestId] : [requestId, replacedId];
  const before = await tx.portReservation.findMany({
    where: { requestId: { in: requests }, state: { not: 'released' } },
  });
  const kept = before.filter((row) => row.requestId === requestId && observed.some((port) => isRowOf(row, port)));
  await tx.portReservation.updateMany({
    where: { id: { in: before.filter((row) => !kept.includes(row)).map(({ id }) => id) } },
    data: { state: 'released', leaseUntil: null, reason: `request ${requestId} is live` },
  });
  await tx.portReservation.updateMany({
    where: { id: { in: kept.map(({ id }) => id) } },
    data: { state: 'active', leaseUntil: null },
  });
  const clashes: ObservedPort[] = [];
  for (const port of observed) {
    if (kept.some((row) => isRowOf(row, port))) continue;
    const { portName, protocol, range } = port;
    const earlier = before.find((row) => row.portFrom <= range.to && range.from <= row.portTo);
    const pool = (earlier ?? before.find((row) => row.portName === portName))?.pool ?? null;
    const values = { scope, protocol, portFrom: range.from, portTo: range.to, service, portName, requestId, pool };
    try {
      await withSavepoint(tx, () => tx.portReservation.create({ data: { ...values, state: 'active' } }));
    } catch (error) {
      if (postgresCode(error) !== EXCLUSION_VIOLATION) throw error;
      clashes.push(port);
    }
  }
  await announce(tx, 'ports');
  return clashes;
}

function isRowOf(row: PortReservation, { portName, protocol, range }: ObservedPort): boolean {
  const isSameRange = row.portFrom === range.from && row.portTo === range.to;
  return isSameRange && row.portName === portName && row.protocol === protocol;
}

/** Gives back everything that the request holds or has reserved. @returns how many rows. */
export async function releasePorts(tx: PortTransaction, requestId: number, reason: string): Promise<number> {
  const { count } = await tx.portReservation.updateMany({
    where: { requestId, state: { in: ['held', 'reserved', 'active'] } },
    data: { state: 'released', leaseUntil: null, reason },
  });
  if (count > 0) await announce(tx, 'ports');
  return count;
}

/** Lengthens the lease of what a request still holds. @returns how many rows. */
export async function renewLease(tx: PortTransaction, requestId: number, leaseUntil: Date): Promise<number> {
  const { count } = await tx.portReservation.updateMany({ where: { requestId, state: 'held' }, data: { leaseUntil } });
  if (count > 0) await announce(tx, 'ports');
  return count;
}

async function insertHold(
  tx: PortTransaction,
  input: { scope: string; requestId: number; leaseUntil: Date | undefined },
  claim: NewClaim,
): Promise<void> {
  const state = input.leaseUntil ? 'held' : 'reserved';
  await tx.$executeRaw`
    INSERT INTO port_reservations
      (scope, protocol, port_from, port_to, state, pool, service, port_name, request_id, lease_until, updated_at)
    VALUES (${input.scope}, ${claim.protocol}, ${claim.range.from}, ${claim.range.to}, ${state}::reservation_state,
      ${claim.pool ?? null}, ${claim.service}, ${claim.portName}, ${input.requestId}, ${input.leaseUntil ?? null}::timestamptz, now())`;
}

/** Who has a port that the constraint has just refused, as an error for people. */
export async function conflictOver(
  database: Database,
  scope: string,
  claim: Pick<NewClaim, 'protocol' | 'range'>,
  cause: unknown,
): Promise<ConflictError> {
  const [owner] = await database.$queryRaw<
    { service: string; request_id: number | null; reserved_by: string | null; port_from: number; port_to: number }[]
  >`
    SELECT service, request_id, reserved_by, port_from, port_to FROM port_reservations
     WHERE scope = ${scope} AND protocol = ${claim.protocol} AND state IN ('held', 'reserved', 'active')
       AND int4range(port_from, port_to, '[]') && int4range(${claim.range.from}::int, ${claim.range.to}::int, '[]')
     LIMIT 1`;
  const wanted = `${formatPortRange(claim.range)}/${claim.protocol}`;
  if (!owner) {
    return new ConflictError(`Port ${wanted} on ${scope} was taken a moment ago. Choose another one.`, {}, { cause });
  }
  const by = owner.reserved_by === null ? '' : `, reserved by ${owner.reserved_by}`;
  const label = owner.request_id === null ? `${owner.service}${by}` : `${owner.service}, request ${owner.request_id}`;
  const href = owner.request_id === null ? '/ports#reservations' : `/requests/${owner.request_id}`;
  const has = formatPortRange({ from: owner.port_from, to: owner.port_to });
  return new ConflictError(
    `Port ${wanted} on ${scope} is taken: ${label} has ${has}. Choose another one.`,
    { owner: { label, href } },
    { cause },
  );
}
