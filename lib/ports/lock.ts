/**
 * What a transaction does before it writes port rows: it takes the lock of each host machine whose rows it writes, and ends there what is overdue. All writers
 * (reserve.ts, reserve-by-hand.ts) take a `PortTransaction`, so that none can be called without; the database's function `reserve_next_ports` does the same
 * by itself.
 */
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';

declare const locked: unique symbol;

/** A transaction that has the lock of the host machines whose port rows it writes, with no hold on them whose lease was over. Made by `lockPorts` alone. */
export type PortTransaction = Prisma.TransactionClient & { readonly [locked]: true };

/** Fails the requests whose holds have just ended; called inside the same transaction. */
export type OnExpired = (ports: PortTransaction, requestIds: number[]) => Promise<void>;

/** The host machines whose rows are written: by name, and those on which these requests have or had something. */
export interface PortHosts {
  scopes?: readonly string[];
  requests?: readonly number[];
}

/**
 * Takes the lock of each host machine until the transaction ends, in one order for everybody, and ends what is overdue there. Comes before the first row that
 * the transaction locks: whoever has the lock writes rows of requests too, and two that wait for each other cost a second try.
 * @returns the same transaction, for the writers of port rows.
 */
export async function lockPorts(
  tx: Prisma.TransactionClient,
  hosts: PortHosts,
  onExpired: OnExpired,
): Promise<PortTransaction> {
  const scopes = [...new Set([...(hosts.scopes ?? []), ...(await scopesOf(tx, hosts.requests ?? []))])].sort();
  for (const scope of scopes)
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`slipway ports ${scope}`}, 0))`;
  const ports = tx as PortTransaction;
  for (const scope of scopes) await expireHolds(ports, scope, onExpired);
  return ports;
}

/** A request's rows never move to another host, so that reading them before the lock is no race. */
async function scopesOf(tx: Prisma.TransactionClient, requests: readonly number[]): Promise<string[]> {
  if (requests.length === 0) return [];
  const rows = await tx.portReservation.findMany({
    where: { requestId: { in: [...requests] } },
    distinct: ['scope'],
    select: { scope: true },
  });
  return rows.map(({ scope }) => scope);
}

/** Ends the holds of a host machine whose lease is over, and hands their requests to `onExpired`. */
async function expireHolds(ports: PortTransaction, scope: string, onExpired: OnExpired): Promise<void> {
  const rows = await ports.$queryRaw<{ request_id: number | null }[]>`
    UPDATE port_reservations
       SET state = 'released', lease_until = NULL, reason = 'the lease ran out', updated_at = now()
     WHERE scope = ${scope} AND state = 'held' AND lease_until <= clock_timestamp()
    RETURNING request_id`;
  if (rows.length === 0) return;
  await announce(ports, 'ports');
  const ids = [...new Set(rows.flatMap((row) => (row.request_id === null ? [] : [row.request_id])))];
  if (ids.length > 0) await onExpired(ports, ids);
}
