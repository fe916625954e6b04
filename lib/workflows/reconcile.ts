/**
 * The poll behind the webhooks: pull requests that moved without our hearing of it, and requests that should be worked on and for which no job waits.
 * With it a lost webhook or a lost job costs a minute and nothing else.
 */
import { listPullRequestsSince } from '@/lib/adapters/github/pull-request';
import { listBranches } from '@/lib/adapters/github/read-tree';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { enqueue } from '@/lib/queue/enqueue';
import { enqueueForRequest, type RequestJob } from '@/lib/requests/jobs';
import { workingStates } from '@/lib/requests/states';
import { github } from './connections';
import { endOfWait } from './github-limits';
import { BRANCH_PREFIX } from './request-row';

/** What is younger may still be on its way. */
const PATIENCE_MS = 30_000;

/** So many open requests are looked at in one run for what GitHub's list does not say, at three questions each: twice as many within two minutes. */
const OPEN_AT_ONCE = 40;
/** And so many ended ones, whose branch GitHub's list of branches does not have. */
const GONE_AT_ONCE = 5;

/** One question to GitHub for every hundred pull requests that changed and one for all branches, however many requests there are. */
export async function reconcile(): Promise<void> {
  await wakeForgotten();
  await wakeDeliveries();
  try {
    await followMoved();
    await followBranches();
  } catch (error) {
    const later = endOfWait(error);
    if (!later) throw error;
    // The next run is a minute away: it finds out whether the wait is over.
    log('reconcile').info({ until: later }, 'GitHub asks to wait');
    return;
  }
  await followChecks();
}

/** Pull requests that changed since the poll looked last. Beyond what can be read at once every request's own is asked. */
async function followMoved(): Promise<void> {
  const { fullName: repository, baseBranch: branch } = env().github;
  const followed = await db().changeRequest.findMany({
    where: {
      repository,
      OR: [
        { state: { in: ['in_review', 'closed', 'cancelled', 'failed'] }, pullNumber: { not: null } },
        // GitHub may have opened what nobody heard of.
        { state: { in: ['failed', 'cancelled'] }, steps: { some: { name: 'branch' } } },
      ],
    },
    select: { id: true, pullNumber: true, pullUpdatedAt: true, branch: true },
  });
  if (followed.length === 0) return;
  const where = { repository, branch };
  const head = await db().repositoryHead.findUnique({ where: { repository_branch: where } });
  const { pulls, complete } = await listPullRequestsSince(github(), head?.pullsSeenAt ?? new Date(0));
  const byNumber = new Map(pulls.map((pull) => [pull.number, pull]));
  const byBranch = new Map(pulls.map((pull) => [pull.branch, pull]));
  for (const request of followed) {
    const { pullNumber } = request;
    const pull = pullNumber === null ? byBranch.get(request.branch) : byNumber.get(pullNumber);
    const moved = pull?.updatedAt.getTime();
    if (moved === undefined ? complete : moved === request.pullUpdatedAt?.getTime()) continue;
    await enqueueForRequest(db(), 'sync-pull-request', request.id);
  }
  // Only now: whoever dies before has seen nothing.
  const [newest] = pulls;
  if (newest) await db().repositoryHead.updateMany({ where, data: { pullsSeenAt: newest.updatedAt } });
}

/**
 * Checks of open pull requests and whether they merge cleanly, those first that were looked at longest ago: decided or not, a check may run again. What GitHub
 * says as before it does not count (lib/adapters/github/remembered-answers.ts), so that requests at rest cost nothing of its hourly budget.
 */
async function followChecks(): Promise<void> {
  const due = await db().changeRequest.findMany({
    where: {
      repository: env().github.fullName,
      state: 'in_review',
      pullNumber: { not: null },
      OR: [{ githubChecksAt: null }, { githubChecksAt: { lt: new Date(Date.now() - PATIENCE_MS) } }],
    },
    orderBy: { githubChecksAt: { sort: 'asc', nulls: 'first' } },
    take: OPEN_AT_ONCE,
    select: { id: true },
  });
  for (const { id } of due) await enqueueForRequest(db(), 'sync-pull-request', id);
}

/** Branches of ended requests that are not there any more, by one question to GitHub: only those are looked at. */
async function followBranches(): Promise<void> {
  const standing = await db().changeRequest.findMany({
    where: {
      repository: env().github.fullName,
      state: { in: ['closed', 'merged', 'live'] },
      pullNumber: { not: null },
      timeline: { none: { key: 'branch-gone' } },
    },
    orderBy: { githubChecksAt: { sort: 'asc', nulls: 'first' } },
    select: { id: true, branch: true },
  });
  if (standing.length === 0) return;
  const branches = await listBranches(github(), BRANCH_PREFIX);
  const gone = standing.filter(({ branch }) => !branches.has(branch));
  for (const { id } of gone.slice(0, GONE_AT_ONCE)) await enqueueForRequest(db(), 'sync-pull-request', id);
}

/** Requests that wait for the worker although nothing is queued: its job used up its tries, or was lost with a restored backup. */
async function wakeForgotten(): Promise<void> {
  const now = Date.now();
  const quiet = { updatedAt: { lt: new Date(now - PATIENCE_MS) } };
  const cancelling = await db().changeRequest.findMany({
    where: { cancelAskedAt: { not: null }, state: { in: [...workingStates, 'in_review', 'failed'] }, ...quiet },
    select: { id: true },
  });
  const working = await db().changeRequest.findMany({
    where: { cancelAskedAt: null, state: { in: [...workingStates] }, ...quiet },
    select: { id: true },
  });
  const owed = await db().requestStep.findMany({
    where: { status: 'owed', nextAttemptAt: { lt: new Date(now - PATIENCE_MS) } },
    distinct: ['requestId'],
    select: { requestId: true },
  });
  const waiting: [RequestJob, number][] = [
    ...(await behindMain(quiet)).map((id): [RequestJob, number] => ['refresh-request', id]),
    ...cancelling.map(({ id }): [RequestJob, number] => ['cancel-request', id]),
    ...working.map(({ id }): [RequestJob, number] => ['open-pull-request', id]),
    ...owed.map(({ requestId }): [RequestJob, number] => ['update-tracker', requestId]),
  ];
  for (const [job, id] of waiting) {
    // A cancellation that waits for a person is not tried again by itself.
    if (job === 'cancel-request' && (await stepFailed(id, 'cancel'))) continue;
    if (!(await hasJob(`${job}:${id}`))) await enqueueForRequest(db(), job, id);
  }
}

/** Open requests that were not looked at on main as it was imported last, and those that were on their way to it. */
async function behindMain(quiet: { updatedAt: { lt: Date } }): Promise<number[]> {
  const { fullName: repository, baseBranch: branch } = env().github;
  const head = await db().repositoryHead.findUnique({ where: { repository_branch: { repository, branch } } });
  if (!head?.importedSha) return [];
  const behind = await db().changeRequest.findMany({
    where: {
      repository,
      baseBranch: branch,
      state: 'in_review',
      cancelAskedAt: null,
      ...quiet,
      OR: [
        { branchTakenAt: null, judgedSha: null },
        { branchTakenAt: null, judgedSha: { not: head.importedSha } },
        { takeOverAskedBy: { not: null } },
        { refreshes: { some: { endedAt: null } } },
      ],
      // One that waits for a person is not tried again by itself.
      steps: { none: { name: 'refresh', status: 'failed' } },
    },
    select: { id: true },
  });
  return behind.map(({ id }) => id);
}

async function wakeDeliveries(): Promise<void> {
  const forgotten = await db().webhookDelivery.findMany({
    where: { processedAt: null, receivedAt: { lt: new Date(Date.now() - PATIENCE_MS) } },
    select: { id: true },
    take: 100,
  });
  for (const { id } of forgotten) {
    const key = `process-webhook:${id}`;
    if (!(await hasJob(key))) await enqueue(db(), 'process-webhook', { deliveryId: id }, { key });
  }
}

async function stepFailed(requestId: number, name: string): Promise<boolean> {
  const step = await db().requestStep.findUnique({ where: { requestId_name: { requestId, name } } });
  return step?.status === 'failed';
}

/** A job that may still run; one that used up its tries stays in the table and does not count. */
async function hasJob(key: string): Promise<boolean> {
  const rows = await db().$queryRaw<unknown[]>`
    SELECT 1 FROM graphile_worker.jobs WHERE key = ${key} AND (attempts < max_attempts OR locked_at IS NOT NULL) LIMIT 1`;
  return rows.length > 0;
}
