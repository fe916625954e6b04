/**
 * The request that says how a service stands in main: what a change or a removal leads away from. There is one for each service at most (unique index
 * `change_requests_one_live_per_service`); services from before Slipway have none.
 */
import { db, type Database } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { openStates } from './states';
import { publishedPorts, StoredResolved } from './stored';

/** What stands in main: no later request took its place, and nobody gave it back. */
const standing = {
  state: 'live',
  action: { not: 'remove' },
  supersededById: null,
  givenBackAt: null,
} as const satisfies Prisma.ChangeRequestWhereInput;

/** @returns undefined where Slipway did not add the service, or it is removed. */
export async function findLiveRequest(
  database: Database,
  repository: string,
  serviceName: string,
): Promise<ChangeRequest | undefined> {
  const row = await database.changeRequest.findFirst({
    where: { repository, serviceName, ...standing },
  });
  return row ?? undefined;
}

/** Whether Slipway has a live request for the service: then it may be changed and removed. */
export async function isServiceLive(database: Database, repository: string, serviceName: string): Promise<boolean> {
  return (await database.changeRequest.count({ where: { repository, serviceName, ...standing } })) > 0;
}

/** The services that stand in main by a request of Slipway's, with that request. */
export async function listLiveServices(
  database: Database,
  repository: string,
): Promise<{ service: string; requestId: number }[]> {
  const rows = await database.changeRequest.findMany({
    where: { repository, ...standing },
    select: { id: true, serviceName: true },
    orderBy: { serviceName: 'asc' },
  });
  return rows.map(({ id, serviceName }) => ({ service: serviceName, requestId: id }));
}

/** A change or a removal that is not at its end: it explains what main no longer has, or does not have yet. */
export interface ServiceUnderWay {
  service: string;
  removes: boolean;
  mergedAt: Date | undefined;
  /** What the service publishes when it is through. */
  publishes: ReturnType<typeof publishedPorts>;
}

/** Changes and removals that are under way. */
export async function listChangesUnderWay(database: Database, repository: string): Promise<ServiceUnderWay[]> {
  const rows = await database.changeRequest.findMany({
    where: { repository, state: { in: [...openStates] }, action: { not: 'add' } },
    select: { serviceName: true, action: true, mergedAt: true, resolved: true },
  });
  return rows.map(({ serviceName, action, mergedAt, resolved }) => ({
    service: serviceName,
    removes: action === 'remove',
    mergedAt: mergedAt ?? undefined,
    publishes: action === 'remove' ? [] : publishedPorts(StoredResolved.parse(resolved)),
  }));
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
    where: { id: predecessorId, ...standing },
    data: { supersededById: id },
  });
  return count > 0;
}

/**
 * What stood in main was taken out by hand and is gone for good.
 * @returns whether it stood there until now.
 */
export async function endGivenBack(
  tx: Prisma.TransactionClient,
  id: number,
  { by, because }: { by: string; because: string },
): Promise<boolean> {
  const { count } = await tx.changeRequest.updateMany({
    where: { id, ...standing },
    data: { givenBackAt: new Date(), givenBackBy: by, givenBackBecause: because },
  });
  return count > 0;
}

/**
 * Who gave the service back, where that is the last that became of it: one that was added again since, and stands there or is removed, is not.
 * @returns the request that had stood for it.
 */
export async function findGivenBack(
  repository: string,
  serviceName: string,
  database: Database = db(),
): Promise<{ id: number; by: string; at: string } | undefined> {
  const row = await database.changeRequest.findFirst({
    where: { repository, serviceName, state: 'live', supersededById: null },
    orderBy: [{ liveAt: { sort: 'desc', nulls: 'last' } }, { id: 'desc' }],
    select: { id: true, givenBackBy: true, givenBackAt: true },
  });
  if (!row?.givenBackAt || row.givenBackBy === null) return undefined;
  return { id: row.id, by: row.givenBackBy, at: row.givenBackAt.toISOString() };
}
