/**
 * Random lives: several services at once, people and GitHub doing what they please in any order, workers killed in between. Whatever the order, no port has two
 * owners, nothing that has ended holds anything, and every request has an outcome that GitHub agrees with.
 */
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { isSlipwayError } from '@/lib/errors';
import { cancelRequest, retryRequest, takeBranchOver } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import type { RequestState } from '@/lib/requests/states';
import { DraftContent } from '@/lib/wizard/draft-content';
import { expire } from './expire';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { submitRemoval, submitService } from './submit-service';
import { expectHoldings } from './test-holdings';
import { specOf, startTestPlatform, submitOne, type TestPlatform, type TestWorker } from './test-platform';
import { withoutTools } from './test-tools';

const patience = { timeout: 90_000, interval: 250 };
/** A job that could begin, or has begun, so long ago is stuck. */
const STUCK_MS = 90_000;
const SERVICES = 3;
const LIVES = Number(process.env.SLIPWAY_LIVES ?? 4);

let platform: TestPlatform;
let worker: TestWorker;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ environment: withoutTools });
});
afterEach(() => platform.killWorkers());
afterAll(() => platform.end());

type Deed =
  | 'submit'
  | 'cancel'
  | 'close'
  | 'reopen'
  | 'merge'
  | 'retry'
  | 'lose-lease'
  | 'commit'
  | 'take-over'
  | 'change'
  | 'remove'
  | 'move-main'
  | 'github-away'
  | 'kill-worker'
  | 'wait'
  | 'settle';

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Deed>('submit') },
  { weight: 3, arbitrary: fc.constantFrom<Deed>('merge', 'wait', 'cancel') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Deed>(
      'close',
      'reopen',
      'retry',
      'lose-lease',
      'commit',
      'take-over',
      'change',
      'remove',
      'move-main',
      'github-away',
      'kill-worker',
    ),
  },
);
const lives = fc.array(fc.tuple(deed, fc.nat({ max: SERVICES - 1 })), { minLength: 12, maxLength: 24 });
/** The first life of each run: every way in which a request ends, which chance seldom gets to. What stands in one line is done at once. */
const everyEnd: [Deed, Deed, Deed][] = [
  ['submit', 'wait', 'wait'],
  ['wait', 'submit', 'wait'],
  ['wait', 'wait', 'submit'],
  ['settle', 'wait', 'wait'],
  ['merge', 'cancel', 'close'],
  ['settle', 'wait', 'wait'],
  ['change', 'wait', 'reopen'],
  ['wait', 'submit', 'wait'],
  ['settle', 'wait', 'wait'],
  ['merge', 'wait', 'wait'],
  ['settle', 'wait', 'wait'],
  ['wait', 'merge', 'wait'],
  ['settle', 'wait', 'wait'],
  ['wait', 'wait', 'merge'],
  ['settle', 'wait', 'wait'],
  ['remove', 'wait', 'wait'],
  ['wait', 'change', 'wait'],
  ['wait', 'wait', 'change'],
  ['settle', 'wait', 'wait'],
  ['merge', 'wait', 'wait'],
  ['settle', 'wait', 'wait'],
];
/** Its end: a merge and a wish to cancel meet. Either may be first. */
const atOnce: [Deed, number][] = [
  ['cancel', 2],
  ['merge', 2],
  ['close', 1],
];

/** Where a request may rest. One that is merged is found in main, and goes on. */
const outcomes: RequestState[] = ['in_review', 'live', 'failed', 'closed', 'cancelled'];

let run = 0;
let pushes = 0;

/** Does one thing. A refusal that is said to the person is an answer; anything else is a fault. */
async function act(what: Deed, service: string): Promise<void> {
  try {
    await perform(what, service);
  } catch (error) {
    if (
      !isSlipwayError(error) &&
      !(error instanceof Error && /: (404|405|409|422|503) |not submitted: changed/.test(error.message))
    )
      throw error;
  }
}

async function perform(what: Deed, service: string): Promise<void> {
  const newest = await db().changeRequest.findFirst({ where: { serviceName: service }, orderBy: { id: 'desc' } });
  const id = newest?.id ?? 0;
  const pull = `/pulls/${newest?.pullNumber ?? 0}`;
  switch (what) {
    case 'submit':
      await submitOne(platform.dana, specOf(service), `submission after ${id} of ${service}`);
      return;
    case 'cancel':
      return cancelRequest(id, platform.dana);
    case 'retry':
      return retryRequest(id, platform.dana);
    case 'take-over':
      return takeBranchOver(id, platform.dana);
    case 'change': {
      const manifest = specOf(service, { routing: { host: `${service}-${id}.ravenhelm.test` } });
      const { digest } = await previewService(DraftContent.parse(manifest), { changes: service });
      const idempotencyKey = `change after ${id} of ${service}`;
      const wanted = { action: 'change' as const, manifest, digest: digest ?? '', idempotencyKey };
      const { kind } = await submitService({ ...wanted, actor: platform.dana });
      if (kind !== 'submitted') throw new Error(`not submitted: ${kind}`);
      return;
    }
    case 'remove': {
      const { digest } = await previewRemoval(service);
      const key = `removal after ${id} of ${service}`;
      await submitRemoval({ service, digest: digest ?? '', idempotencyKey: key, actor: platform.dana });
      return;
    }
    case 'close':
      await platform.api('PATCH', pull, { state: 'closed' });
      return;
    case 'reopen':
      await platform.api('PATCH', pull, { state: 'open' });
      return;
    case 'merge':
      await platform.api('PUT', `${pull}/merge`);
      return;
    case 'commit':
      if (newest?.headSha) await push(newest.branch, `docs/notes-${(pushes += 1)}.md`);
      return;
    case 'move-main':
      return push('main', `docs/elsewhere-${(pushes += 1)}.md`);
    case 'lose-lease':
      await db().$executeRaw`
        UPDATE port_reservations SET lease_until = now() - interval '1 second' WHERE request_id = ${id} AND state = 'held'`;
      return expire();
    case 'github-away':
      platform.github.faults.add({ path: '.*', respond: { status: 503 }, times: 3 });
      return;
    case 'kill-worker':
      await worker.kill();
      worker = platform.startWorker();
      return;
    case 'settle':
      await expect.poll(isSettled, patience).toBe(true);
      await expectRest();
      return expectOrder();
    case 'wait':
      if (id > 0) await expect.poll(async () => (await stateOf(id)) === 'submitted', patience).toBe(false);
  }
}

async function push(branch: string, path: string): Promise<void> {
  await platform.api('POST', '/_slipway/push', {
    login: 'operator',
    branch,
    message: `docs: ${path}`,
    files: { [path]: 'Something.\n' },
  });
}

/** Whether Slipway has caught up with what people did here and on GitHub: then only the jobs that it left are waited for. */
async function isSettled(): Promise<boolean> {
  const requests = await db().changeRequest.findMany({
    select: { state: true, cancelAskedAt: true, pullNumber: true },
  });
  for (const { state, cancelAskedAt, pullNumber } of requests) {
    if (!outcomes.includes(state) || (state === 'in_review' && cancelAskedAt !== null)) return false;
    if (pullNumber === null || state === 'failed') continue;
    const pull = await platform.api<{ state: string }>('GET', `/pulls/${pullNumber}`);
    if ((pull.state === 'open') !== (state === 'in_review')) return false;
  }
  return true;
}

const stateOf = async (id: number) => (await getRequest(id)).state;

/**
 * Waits until nothing is left to do. A try whose time has not come is waited for, however long the pauses between tries have become; what could begin and does
 * not is stuck. A request that is being worked on always has a job, at every moment: the poll would find it without one, but later.
 */
async function expectRest(): Promise<void> {
  for (let jobs = await openJobs(); jobs.length > 0; jobs = await openJobs()) {
    const stuck = jobs.filter(({ seconds }) => seconds * 1000 > STUCK_MS);
    expect(stuck, 'jobs that do not get on').toEqual([]);
    expect(await forgotten(), 'requests without a job').toEqual([]);
    await wait(250);
  }
  expect(await forgotten(), 'requests without a job').toEqual([]);
}

/** What is queued and may still run, and since how many seconds it could be done. */
function openJobs() {
  return db().$queryRaw<{ job: string; error: string | null; seconds: number }[]>`
    SELECT coalesce(key, task_identifier) AS job, last_error AS error, attempts,
           extract(epoch FROM now() - coalesce(locked_at, run_at))::float AS seconds
      FROM graphile_worker.jobs WHERE attempts < max_attempts OR locked_at IS NOT NULL`;
}

function forgotten() {
  return db().$queryRaw<unknown[]>`
    SELECT id, state FROM change_requests
     WHERE (state IN ('submitted', 'checking', 'opening') OR (state = 'in_review' AND cancel_asked_at IS NOT NULL))
       AND NOT EXISTS (SELECT FROM request_steps WHERE request_id = change_requests.id AND name = 'cancel' AND status = 'failed')
       AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs job
                        WHERE job.payload->>'requestId' = change_requests.id::text AND (job.attempts < job.max_attempts OR job.locked_at IS NOT NULL))`;
}

async function expectOrder(): Promise<void> {
  const twice = await db().$queryRaw<unknown[]>`
    SELECT 1 FROM port_reservations a JOIN port_reservations b
      ON a.id < b.id AND a.scope = b.scope AND a.protocol = b.protocol
     AND int4range(a.port_from, a.port_to, '[]') && int4range(b.port_from, b.port_to, '[]')
   WHERE a.state <> 'released' AND b.state <> 'released'`;
  expect(twice).toEqual([]);
  const requests = await db().changeRequest.findMany();
  for (const request of requests) {
    const label = `request ${request.id} (${request.action} ${request.serviceName}), ${request.state}`;
    expect(outcomes, `${label} has an outcome`).toContain(request.state);
    if (request.state === 'failed') expect(request.failure, `${label} says why`).toBeTruthy();
    if (request.pullNumber === null) continue;
    const pull = await platform.api<{ state: string; merged: boolean }>('GET', `/pulls/${request.pullNumber}`);
    const stands = pull.merged ? 'merged' : pull.state;
    const agree = { in_review: ['open'], merged: ['merged'], live: ['merged'], cancelled: ['closed'] };
    const wanted = agree[request.state as keyof typeof agree] as string[] | undefined;
    if (wanted) expect(wanted, `${label}: the pull request is ${stands}`).toContain(stands);
    const branchPulls = await platform.api<unknown[]>('GET', `/pulls?state=all&head=ravenhelm:${request.branch}`);
    expect(branchPulls, `${label} has one pull request`).toHaveLength(1);
  }
  await expectHoldings();
}

test(
  'whatever happens in whatever order, what is promised holds',
  async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (deeds) => {
        run += 1;
        worker = platform.startWorker();
        await worker.ready;
        const nameOf = (index: number) => `life-${run}-${'abc'[index] ?? 'x'}`;
        // Some at a time, as people and GitHub do.
        for (let at = 0; at < deeds.length; at += SERVICES)
          await Promise.all(deeds.slice(at, at + SERVICES).map(([what, index]) => act(what, nameOf(index))));
        platform.github.faults.clear();
        await expectRest();
        await expectOrder();
        await worker.stop();
      }),
      {
        numRuns: LIVES,
        examples: [
          [[...everyEnd.flatMap((deeds) => deeds.map((what, service): [Deed, number] => [what, service])), ...atOnce]],
        ],
        ...(process.env.SLIPWAY_SEED ? { seed: Number(process.env.SLIPWAY_SEED) } : {}),
        endOnFailure: true,
      },
    );
  },
  300_000 + LIVES * 60_000,
);
