/**
 * The request that says how a service stands in main: what a change or a removal leads away from. There is one for each service at most (unique index
 * `change_requests_one_live_per_service`); services from before Slipway have none.
 */
import type { Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';

/** @returns undefined where Slipway did not add the service, or it is removed. */
export async function findLiveRequest(
  database: Database,
  repository: string,
  serviceName: string,
): Promise<ChangeRequest | undefined> {
  const row = await database.changeRequest.findFirst({
    where: { repository, serviceName, state: 'live', action: { not: 'remove' }, supersededById: null },
  });
  return row ?? undefined;
}

/** Names of the services that main has by a request of Slipway's. */
export async function listLiveServices(database: Database, repository: string): Promise<string[]> {
  const rows = await database.changeRequest.findMany({
    where: { repository, state: 'live', action: { not: 'remove' }, supersededById: null },
    select: { serviceName: true },
    orderBy: { serviceName: 'asc' },
  });
  return rows.map((row) => row.serviceName);
}

/** @throws ConflictError where there is none, with what to do instead. */
export async function requireLiveRequest(
  database: Database,
  repository: string,
  serviceName: string,
): Promise<ChangeRequest> {
  const live = await findLiveRequest(database, repository, serviceName);
  if (live) return live;
  throw new ConflictError(
    `Slipway has no live request for ${serviceName}: it was added by hand, is not merged yet, or is removed. Change its files in the repository, or wait for its request.`,
    { owner: { label: serviceName, href: `/services/${serviceName}` } },
  );
}

/**
 * What stood in main before is history: `id` takes its place.
 * @returns whether it stood there until now.
 */
export async function supersede(tx: Prisma.TransactionClient, predecessorId: number, id: number): Promise<boolean> {
  const { count } = await tx.changeRequest.updateMany({
    where: { id: predecessorId, state: 'live', supersededById: null },
    data: { supersededById: id },
  });
  return count > 0;
}
