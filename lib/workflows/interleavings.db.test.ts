/**
 * Random lives: several services at once, people and GitHub doing what they please in any order, workers killed in between. Whatever the order, no port has two
 * owners, nothing that has ended holds anything, and every request has an outcome that GitHub agrees with.
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { isSlipwayError } from '@/lib/errors';
import { cancelRequest, retryRequest, takeBranchOver } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { workingStates } from '@/lib/requests/states';
import { expire } from './expire';
import { previewRemoval } from './preview-removal';
import { submitRemoval } from './submit-service';
import { specOf, startTestPlatform, submitOne, type TestPlatform, type TestWorker } from './test-platform';

/** Compose, Helm and shellcheck are not what this is about, and take most of the time. */
const withoutTools = {
  SLIPWAY_HELM: '/nowhere/helm',
  SLIPWAY_DOCKER_COMPOSE: '/nowhere/docker-compose',
  SLIPWAY_SHELLCHECK: '/nowhere/shellcheck',
};
const patience = { timeout: 90_000, interval: 250 };
const SERVICES = 3;

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
  | 'remove'
  | 'move-main'
  | 'github-away'
  | 'kill-worker'
  | 'wait';

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
      'remove',
      'move-main',
      'github-away',
      'kill-worker',
    ),
  },
);
const lives = fc.array(fc.tuple(deed, fc.nat({ max: SERVICES - 1 })), { minLength: 12, maxLength: 24 });

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

const stateOf = async (id: number) => (await getRequest(id)).state;

/** What is queued and may still run, and who waits to be worked on; in words, for whoever reads why it did not end. */
async function unrest(): Promise<string[]> {
  const jobs = await db().$queryRaw<{ task_identifier: string; key: string | null; last_error: string | null }[]>`
    SELECT task_identifier, key, last_error FROM graphile_worker.jobs
     WHERE attempts < max_attempts AND run_at < now() + interval '10 minutes'`;
  const working = await db().changeRequest.findMany({ where: { state: { in: [...workingStates] } } });
  return [
    ...jobs.map(({ task_identifier: task, key, last_error: error }) => `${key ?? task}: ${error ?? 'waits'}`),
    ...working.map(({ id, state }) => `request ${id} is ${state}`),
  ];
}

async function expectOrder(): Promise<void> {
  const twice = await db().$queryRaw<unknown[]>`
    SELECT 1 FROM port_reservations a JOIN port_reservations b
      ON a.id < b.id AND a.scope = b.scope AND a.protocol = b.protocol
     AND int4range(a.port_from, a.port_to, '[]') && int4range(b.port_from, b.port_to, '[]')
   WHERE a.state <> 'released' AND b.state <> 'released'`;
  expect(twice).toEqual([]);
  const requests = await db().changeRequest.findMany({
    include: { ports: true, hosts: true, timeline: true, supersededBy: { select: { action: true } } },
  });
  for (const request of requests) {
    const label = `request ${request.id} (${request.action} ${request.serviceName}), ${request.state}`;
    const holds =
      request.ports.some(({ state }) => state !== 'released') || request.hosts.some(({ releasedAt }) => !releasedAt);
    if (request.state === 'closed' || request.state === 'cancelled' || request.supersededBy)
      expect(holds, `${label} holds nothing`).toBe(false);
    if (['in_review', 'merged', 'live'].includes(request.state) && request.action === 'add' && !request.supersededBy)
      expect(holds, `${label} has its ports`).toBe(true);
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
}

test('whatever happens in whatever order, what is promised holds', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (deeds) => {
      run += 1;
      worker = platform.startWorker();
      await worker.ready;
      const nameOf = (index: number) => `life-${run}-${'abc'[index] ?? 'x'}`;
      // Two at a time, as people and GitHub do.
      for (let at = 0; at < deeds.length; at += 2)
        await Promise.all(deeds.slice(at, at + 2).map(([what, index]) => act(what, nameOf(index))));
      platform.github.faults.clear();
      await expect.poll(unrest, patience).toEqual([]);
      await expectOrder();
      await worker.stop();
    }),
    {
      numRuns: Number(process.env.SLIPWAY_LIVES ?? 4),
      ...(process.env.SLIPWAY_SEED ? { seed: Number(process.env.SLIPWAY_SEED) } : {}),
      endOnFailure: true,
    },
  );
}, 600_000);
