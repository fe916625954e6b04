/**
 * The poll behind the webhooks: pull requests that moved without our hearing of it, and requests that should be worked on and for which no job waits.
 * With it a lost webhook or a lost job costs a minute and nothing else.
 */
import { listRecentPullRequests } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { enqueue } from '@/lib/queue/enqueue';
import { enqueueForRequest, type RequestJob } from '@/lib/requests/jobs';
import { workingStates } from '@/lib/requests/states';
import { github } from './connections';

/** What is younger may still be on its way. */
const PATIENCE_MS = 30_000;

/** One question to GitHub, however many requests are open. */
export async function reconcile(): Promise<void> {
  await wakeForgotten();
  await wakeDeliveries();
  await followMoved();
}

async function followMoved(): Promise<void> {
  const followed = await db().changeRequest.findMany({
    where: { repository: env().github.fullName, state: { in: ['in_review', 'closed'] }, pullNumber: { not: null } },
    select: { id: true, pullNumber: true, pullUpdatedAt: true },
  });
  if (followed.length === 0) return;
  const pulls = new Map((await listRecentPullRequests(github())).map((pull) => [pull.number, pull]));
  for (const request of followed) {
    const pull = request.pullNumber === null ? undefined : pulls.get(request.pullNumber);
    if (!pull || pull.updatedAt.getTime() === request.pullUpdatedAt?.getTime()) continue;
    await enqueueForRequest(db(), 'sync-pull-request', request.id);
  }
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
