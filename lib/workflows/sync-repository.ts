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
import { enqueue } from '@/lib/queue/enqueue';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { publishedPorts, StoredResolved } from '@/lib/requests/stored';
import { recordSeenServices, type SeenService } from '@/lib/services/catalog';
import { retryingTransaction } from '@/lib/transactions';
import { endOfWait } from './github-limits';
import { goLive } from './go-live';
import { importPorts, readLast, refreshPortFindings } from './port-findings';
import { confirmedRepository, type Repository } from './read-repository';
import { areInMain, listMadeFiles } from './service-files';

/**
 * Reads main and imports it if that commit was not imported yet; then looks for the services of merged requests, for each by itself.
 * @throws UpstreamError where GitHub does not say where main stands; the first error of a merged request that is none of GitHub's limits, when
 * everything else is done.
 */
export async function syncRepository(): Promise<void> {
  const { fullName, baseBranch } = env().github;
  const before = await findImported(fullName, baseBranch);
  // Read before main is: what was merged by then is in the answer.
  const merged = await db().changeRequest.findMany({
    where: { state: 'merged', repository: fullName },
    orderBy: [{ mergedAt: 'asc' }, { id: 'asc' }],
  });
  const repository = await askMain();
  if (!repository) return;
  const outcome = await importCommit(repository, before, merged.length > 0);
  // Another run has imported meanwhile, and may know a newer commit.
  if (outcome === 'overtaken') return enqueue(db(), 'sync-repository', {}, { key: 'sync-repository' });
  const failures = await moveOn(repository, merged);
  await refreshPortFindings(repository);
  if (outcome === 'imported') await refreshOpenRequests(repository);
  await tellFailures(failures);
}

/** Where GitHub asks to wait the job comes back then. @throws the first error that is none of its limits. */
async function tellFailures(failures: readonly unknown[]): Promise<void> {
  const faults = failures.filter((error) => !endOfWait(error));
  if (faults.length > 0) throw faults[0];
  const later = endOfWait(failures[0]);
  if (later) await comeBack(later);
}

async function comeBack(runAt: Date): Promise<void> {
  await enqueue(db(), 'sync-repository', {}, { key: 'sync-repository', runAt });
}

/** Undefined where GitHub asks to wait: then the job comes back, at the latest with the clock. */
async function askMain(): Promise<Repository | undefined> {
  try {
    return await confirmedRepository();
  } catch (error) {
    const later = endOfWait(error);
    if (!later) throw error;
    await comeBack(later);
    return undefined;
  }
}

/** Those that were merged first come first. @returns what went wrong: a request that cannot go live stands in nobody else's way. */
async function moveOn(repository: Repository, merged: readonly ChangeRequest[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const request of merged) {
    try {
      await goLive(repository, request);
    } catch (error) {
      log('repository').error({ err: error, requestId: request.id }, 'a merged request cannot go live yet');
      failures.push(error);
    }
  }
  return failures;
}

/** The commit that was imported last; null before the first import. */
async function findImported(repository: string, branch: string): Promise<string | null> {
  const row = await db().repositoryHead.findUnique({ where: { repository_branch: { repository, branch } } });
  return row?.importedSha ?? null;
}

/**
 * @param before what was imported last when this run began: only that is replaced.
 * @param awaited whether merged requests wait to be found: then the commit is read again even if it is known.
 */
async function importCommit(
  repository: Repository,
  before: string | null,
  awaited: boolean,
): Promise<'imported' | 'known' | 'overtaken'> {
  const { fullName, branch, sha, readAt } = repository;
  const values = { sha, checkedAt: readAt, importedSha: sha };
  const where = { repository: fullName, branch, importedSha: before };
  if (before === sha && !awaited) {
    const { count } = await db().repositoryHead.updateMany({ where, data: values });
    return count > 0 ? 'known' : 'overtaken';
  }
  // With their plans, which hold every file's bytes: read only for a commit that has to be looked at.
  const merged = await db().changeRequest.findMany({
    where: {
      ...{ state: { in: ['merged', 'live'] }, action: { not: 'remove' } },
      ...{ supersededById: null, givenBackAt: null, repository: fullName },
    },
    // Of a live request and a change that is merged the change says what the service is, as in the catalog.
    orderBy: [{ mergedAt: { sort: 'desc', nulls: 'last' } }, { state: 'asc' }, { id: 'desc' }],
  });
  const seen = await seenServices(repository, merged);
  const lastRead = await readLast(repository, before);
  const replaced = await retryingTransaction(
    async (tx) => {
      await tx.repositoryHead.createMany({
        data: [{ repository: fullName, branch, sha, checkedAt: readAt }],
        skipDuplicates: true,
      });
      const { count } = await tx.repositoryHead.updateMany({ where, data: values });
      if (count === 0) return false;
      await recordSeenServices(tx, sha, seen);
      await importPorts(tx, repository, lastRead);
      await announce(tx, 'repository', 'services', 'ports');
      return true;
    },
    { maxWait: 10_000, timeout: 60_000 },
  );
  if (!replaced) return 'overtaken';
  log('repository').info({ repository: fullName, sha, services: seen.length }, 'imported');
  return before === sha ? 'known' : 'imported';
}

async function seenServices({ tree, profile }: Repository, merged: readonly ChangeRequest[]): Promise<SeenService[]> {
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
    if (names.has(serviceName)) continue;
    const made = await listMadeFiles(db(), request);
    if (!areInMain(made, tree.paths)) continue;
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
      places: made.map((path) => ({ path })),
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
