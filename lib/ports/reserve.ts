/**
 * Writes the port rows of requests. The exclusion constraint `port_reservations_no_overlap` is the truth; the advisory lock that every writer takes (lock.ts)
 * makes "the next free one" mean something, and turns a race into a clear answer.
 */
import { postgresCode, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { announce } from '@/lib/events';
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
 * The service is in main: its ports are active, with the numbers that main says (a reviewer may have changed them in the pull request).
 * @returns the claims that somebody else has: main publishes them all the same, which a person has to mend.
 */
export async function markActive(
  tx: PortTransaction,
  requestId: number,
  observed: readonly ObservedPort[],
): Promise<ObservedPort[]> {
  const rows = await tx.portReservation.findMany({ where: { requestId, state: { not: 'released' } } });
  const clashes: ObservedPort[] = [];
  for (const row of rows) {
    const seen = observed.find((port) => port.portName === row.portName && port.protocol === row.protocol);
    const range = seen?.range ?? { from: row.portFrom, to: row.portTo };
    try {
      await withSavepoint(tx, () =>
        tx.portReservation.updateMany({
          where: { id: row.id },
          data: { state: 'active', leaseUntil: null, portFrom: range.from, portTo: range.to },
        }),
      );
    } catch (error) {
      if (postgresCode(error) !== EXCLUSION_VIOLATION || !seen) throw error;
      clashes.push(seen);
    }
  }
  await announce(tx, 'ports');
  return clashes;
}

/**
 * A change is in main: what main says is active for it, and what it and its predecessor had before is given back, in one go.
 * @returns the ports that somebody else has: main publishes them all the same, which a person has to mend.
 */
export async function activateChange(
  tx: PortTransaction,
  input: {
    predecessorId: number;
    requestId: number;
    scope: string;
    service: string;
    observed: readonly ObservedPort[];
  },
): Promise<ObservedPort[]> {
  const { predecessorId, requestId, scope, service, observed } = input;
  const before = await tx.portReservation.findMany({
    where: { requestId: { in: [predecessorId, requestId] }, state: { not: 'released' } },
  });
  await tx.portReservation.updateMany({
    where: { id: { in: before.map(({ id }) => id) } },
    data: { state: 'released', leaseUntil: null, reason: `request ${requestId} is live` },
  });
  const clashes: ObservedPort[] = [];
  for (const { portName, protocol, range } of observed) {
    const earlier = before.find((row) => row.portFrom <= range.to && range.from <= row.portTo);
    const values = { scope, protocol, portFrom: range.from, portTo: range.to, service, portName, requestId };
    try {
      await withSavepoint(tx, () =>
        tx.portReservation.create({ data: { ...values, state: 'active', pool: earlier?.pool ?? null } }),
      );
    } catch (error) {
      if (postgresCode(error) !== EXCLUSION_VIOLATION) throw error;
      clashes.push({ portName, protocol, range });
    }
  }
  await announce(tx, 'ports');
  return clashes;
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
