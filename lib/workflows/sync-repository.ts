/**
 * Brings the portal up to the repository's main: the catalog, what was found there that somebody should mend, and merged requests whose service is
 * there: they are live, their ports active with the numbers that main says.
 */
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { announce } from '@/lib/events';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { observeRunbooks, type ObservedRunbook } from '@/lib/generator/observe/runbooks';
import { observeServices } from '@/lib/generator/observe/services';
import { observeWords, type ServiceWords } from '@/lib/generator/observe/words';
import type { Profile } from '@/lib/generator/profile';
import { log } from '@/lib/log';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { publishedPorts, StoredResolved } from '@/lib/requests/stored';
import { recordSeenServices, type SeenService } from '@/lib/services/catalog';
import { retryingTransaction } from '@/lib/transactions';
import { filesAreThere, goLive, newFiles } from './go-live';
import { importPorts, refreshPortFindings } from './port-findings';
import { currentRepository, type Repository } from './read-repository';

/** Reads main and imports it if that commit was not imported yet; then looks for the services of merged requests. */
export async function syncRepository(): Promise<void> {
  const repository = await currentRepository({ maxAgeMs: 0 });
  const merged = await db().changeRequest.findMany({ where: { state: 'merged', repository: repository.fullName } });
  const imported = await importCommit(repository, merged.length > 0);
  for (const request of merged) await goLive(repository, request);
  await refreshPortFindings(repository);
  if (imported) await refreshOpenRequests(repository);
}

/**
 * @param awaited whether merged requests wait to be found: then the commit is read again even if it is known.
 * @returns whether the commit was new.
 */
async function importCommit(repository: Repository, awaited: boolean): Promise<boolean> {
  const { fullName, branch, sha, readAt } = repository;
  const where = { repository_branch: { repository: fullName, branch } };
  const before = await db().repositoryHead.findUnique({ where });
  if (before?.importedSha === sha && !awaited) {
    await db().repositoryHead.update({ where, data: { checkedAt: readAt } });
    return false;
  }
  // With their plans, which hold every file's bytes: read only for a commit that has to be looked at.
  const merged = await db().changeRequest.findMany({
    where: {
      ...{ state: { in: ['merged', 'live'] }, action: { not: 'remove' } },
      ...{ supersededById: null, givenBackAt: null, repository: fullName },
    },
  });
  const seen = seenServices(repository, merged);
  await retryingTransaction(
    async (tx) => {
      const values = { sha, checkedAt: readAt, importedSha: sha };
      await tx.repositoryHead.upsert({ where, create: { repository: fullName, branch, ...values }, update: values });
      await recordSeenServices(tx, sha, seen);
      await importPorts(tx, repository);
      await announce(tx, 'repository', 'services', 'ports');
    },
    { maxWait: 10_000, timeout: 60_000 },
  );
  log('repository').info({ repository: fullName, sha, services: seen.length }, 'imported');
  return before?.importedSha !== sha;
}

function seenServices({ tree, profile }: Repository, merged: readonly ChangeRequest[]): SeenService[] {
  const pages = observeRunbooks(tree, profile);
  const words = observeWords(tree, profile);
  const seen = observeServices(tree, profile).map((service): SeenService => ({
    name: service.name,
    stack: service.stack,
    host: service.host,
    ports: service.ports.map(({ range, protocol }) => ({ protocol, ...range })),
    places: service.places.map(({ path, line }) => (line === undefined ? { path } : { path, line })),
    runbookPath: runbookOf(service.name, pages),
    ...describedBy(service.name, words, profile),
  }));
  const names = new Set(seen.map((service) => service.name));
  for (const request of merged) {
    const { serviceName } = request;
    if (names.has(serviceName) || !filesAreThere(request, tree.paths)) continue;
    names.add(serviceName);
    seen.push({
      name: serviceName,
      stack: undefined,
      host: undefined,
      ports: publishedPorts(StoredResolved.parse(request.resolved)).map(({ name, protocol, range }) => ({
        name,
        protocol,
        ...range,
      })),
      places: newFiles(request).map((path) => ({ path })),
      runbookPath: runbookOf(serviceName, pages),
      category: undefined,
      owner: undefined,
      purpose: undefined,
    });
  }
  return seen;
}

/** The page of this name, or else the one whose name begins with it: `livekit-realtime-media` is livekit's. */
function runbookOf(name: string, pages: readonly ObservedRunbook[]): string | undefined {
  const page = pages.find(({ slug }) => slug === name) ?? pages.find(({ slug }) => slug.startsWith(`${name}-`));
  return page?.path;
}

/** What the registry says of a service that no request describes, and who owns its category. */
function describedBy(name: string, words: ReadonlyMap<string, ServiceWords>, profile: Profile) {
  const { category, purpose } = words.get(name) ?? {};
  const owner = category === undefined ? undefined : profile.categories[category]?.owner;
  return { category, owner, purpose };
}

/** Main moved: what was planned for it a moment ago may have to be planned again. */
async function refreshOpenRequests(repository: Repository): Promise<void> {
  const open = await db().changeRequest.findMany({
    where: { state: 'in_review', repository: env().github.fullName, baseBranch: repository.branch },
    select: { id: true },
  });
  for (const { id } of open) await enqueueForRequest(db(), 'refresh-request', id);
}
