/** Host names that requests claim: a host and path belong to one request at a time (unique index `host_claims_one_owner`). */
import { postgresCode, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { Prisma } from '@/lib/generated/prisma/client';
import { withSavepoint } from '@/lib/savepoint';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

export interface HostAndPath {
  host: string;
  path: string;
}

/** @throws ConflictError naming the request that has one of them, with a link; nothing is claimed then. */
export async function claimHosts(
  tx: Prisma.TransactionClient,
  requestId: number,
  hosts: readonly HostAndPath[],
): Promise<void> {
  for (const { host, path } of hosts) {
    try {
      await withSavepoint(tx, () => tx.hostClaim.create({ data: { host, path, requestId } }));
    } catch (error) {
      if (postgresCode(error) !== UNIQUE_VIOLATION) throw error;
      const owner = await findHostOwner(tx, { host, path });
      throw new ConflictError(
        `The host ${host}${path === '/' ? '' : path} belongs to ${owner?.label ?? 'another request'}. Choose another one.`,
        { path: 'routing.host', ...(owner ? { owner } : {}) },
        { cause: error },
      );
    }
  }
}

/** The request that claims a host and path at this moment. */
export async function findHostOwner(
  database: Database,
  { host, path }: HostAndPath,
): Promise<{ label: string; href: string; service: string } | undefined> {
  const claim = await database.hostClaim.findFirst({
    where: { host, path, releasedAt: null },
    select: { request: { select: { id: true, serviceName: true } } },
  });
  if (!claim) return undefined;
  const { id, serviceName } = claim.request;
  return { label: `${serviceName}, request ${id}`, href: `/requests/${id}`, service: serviceName };
}

/** A change is in main: what its predecessor claims and the change keeps is the change's from now on, the rest is given back. */
export async function handHostsOn(
  tx: Prisma.TransactionClient,
  { from, to, keeps }: { from: number; to: number; keeps: readonly HostAndPath[] },
): Promise<void> {
  const kept = { requestId: from, releasedAt: null, OR: keeps.map(({ host, path }) => ({ host, path })) };
  if (keeps.length > 0) await tx.hostClaim.updateMany({ where: kept, data: { requestId: to } });
  await releaseHosts(tx, from);
}

/** Gives the request's hosts back. */
export async function releaseHosts(tx: Prisma.TransactionClient, requestId: number): Promise<void> {
  await tx.hostClaim.updateMany({ where: { requestId, releasedAt: null }, data: { releasedAt: new Date() } });
}
