import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { forgetPauses, pauseFor } from '@/lib/queue/upstream-pauses';
import { takeTurn } from '@/lib/queue/upstream-turns';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { refreshRequest } from './refresh-request';
import { syncPullRequest } from './sync-pull-request';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(async () => {
  platform.github.faults.clear();
  await platform.api('PUT', '/_slipway/rate-limit', { limit: 5000, contentPerMinute: null, windowSeconds: 3600 });
  await db().upstreamPause.deleteMany();
  forgetPauses('GitHub');
  delete process.env.GITHUB_WRITES_PER_MINUTE;
});
afterAll(() => platform.end());

const portless = { ports: [], routing: undefined };
const jobOf = async (key: string) => {
  const [job] = await db().$queryRaw<{ run_at: Date }[]>`SELECT run_at FROM graphile_worker.jobs WHERE key = ${key}`;
  return (job?.run_at.getTime() ?? 0) - Date.now();
};
const waitsOf = async (id: number) => (await getRequest(id)).timeline.filter(({ kind }) => kind === 'limit');
const waitingOf = async (id: number) => (await waitsOf(id)).map(({ title }) => title.split(' waits: ')[0]);
const written = () => platform.github.faults.requests().filter(({ method }) => method !== 'GET').length;

describe('a pause that GitHub asked for', () => {
  test('is kept by everybody, costs no try, and is said once', async () => {
    const first = await submitOne(platform.dana, specOf('limited-first', portless));
    const second = await submitOne(platform.dana, specOf('limited-second', portless));
    await platform.api('PUT', '/_slipway/rate-limit', { contentPerMinute: 3, retryAfterSeconds: 240 });
    await openPullRequest(first);
    expect(await pauseFor('GitHub', true)).toMatchObject({ scope: 'writes' });
    // Reading goes on: only writing was too much.
    expect(await pauseFor('GitHub', false)).toBeUndefined();

    platform.github.faults.forgetRequests();
    for (let again = 0; again < 12; again += 1) await openPullRequest(first);
    await openPullRequest(second);
    expect(written()).toBe(0);
    for (const id of [first, second]) {
      const request = await getRequest(id);
      expect(request.state).toBe('opening');
      expect(request.steps.find(({ name }) => name === 'branch')).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await jobOf(`open-pull-request:${id}`)).toBeGreaterThan(200_000);
      const [wait, ...more] = await waitsOf(id);
      expect(more).toEqual([]);
      expect(wait?.title).toContain('GitHub limits');
      expect(wait?.detail).toMatch(/Trying again at \d\d:\d\d UTC/);
    }

    await platform.api('PUT', '/_slipway/rate-limit', { contentPerMinute: null });
    await db().upstreamPause.deleteMany();
    forgetPauses('GitHub');
    for (const id of [first, second]) {
      await openPullRequest(id);
      expect((await getRequest(id)).state).toBe('in_review');
    }
  });

  test('holds reading back too where the hour is used up, and is kept by a cancellation and by a worker', async () => {
    const id = await submitOne(platform.dana, specOf('limited-hour', portless));
    await openPullRequest(id);
    // Its links stand, so that nothing of it waits but what this is about.
    await updateTracker(id);
    await platform.api('PUT', '/_slipway/rate-limit', { limit: 0, windowSeconds: 900 });
    await syncPullRequest(id);
    expect(await pauseFor('GitHub', false)).toMatchObject({ scope: 'all' });
    expect(await jobOf(`sync-pull-request:${id}`)).toBeGreaterThan(600_000);

    await refreshRequest(id);
    await syncPullRequest(id);
    await refreshRequest(id);
    // Each says once that it waits, and neither again because of the other.
    expect(await waitingOf(id)).toEqual(['Reading the pull request', 'Follow the base branch']);
    expect((await waitsOf(id))[0]?.detail).toMatch(/Trying again at \d\d:\d\d UTC/);

    platform.github.faults.forgetRequests();
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    const worker = platform.startWorker();
    await worker.ready;
    // Its first jobs are to read main and the pull requests; each job of the clock is gone when it was tried, or waits as long as GitHub asked.
    await expect
      .poll(
        async () =>
          (
            await db().$queryRaw<{ run_at: Date }[]>`
            SELECT run_at FROM graphile_worker.jobs
             WHERE key IN ('reconcile', 'sync-repository') AND run_at < now() + interval '10 minutes'`
          ).length,
        { timeout: 20_000 },
      )
      .toBe(0);
    await platform.killWorkers();
    expect(platform.github.faults.requests()).toEqual([]);
    expect(await waitingOf(id)).toEqual([
      'Reading the pull request',
      'Follow the base branch',
      'Close the pull request',
    ]);
    expect(await jobOf(`cancel-request:${id}`)).toBeGreaterThan(600_000);
    const budget = await db().upstreamBudget.findFirst({ where: { system: 'GitHub' } });
    expect(budget).toMatchObject({ resource: 'core' });
  });
});

describe('the row of those who write', () => {
  test('all workers together send no more than is allowed, and GitHub never has to refuse', async () => {
    const ids: number[] = [];
    for (const name of ['row-a', 'row-b', 'row-c']) ids.push(await submitOne(platform.dana, specOf(name, portless)));
    await db().upstreamTurn.deleteMany();
    process.env.GITHUB_WRITES_PER_MINUTE = '16';
    await platform.api('PUT', '/_slipway/rate-limit', { contentPerMinute: 16 });
    platform.github.faults.forgetRequests();
    await Promise.all(ids.map((id) => openPullRequest(id)));
    expect(written()).toBeGreaterThan(0);
    expect(written()).toBeLessThanOrEqual(16);
    expect(platform.github.faults.requests().filter(({ status }) => status === 403)).toEqual([]);
    const waiting = (await Promise.all(ids.map(waitsOf))).filter((waits) => waits.length > 0);
    expect(waiting.length).toBeGreaterThan(0);
    for (const waits of waiting) expect(waits).toHaveLength(1);
  });

  test('whoever asks again keeps the place, and nobody has two', async () => {
    const limits = { perMinute: 4, perHour: 100 };
    const take = (holder: string) => takeTurn('Test', holder, 3, limits);
    expect(await take('a')).toBeUndefined();
    const [b, c] = [await take('b'), await take('c')];
    expect((b?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50_000);
    expect((c?.getTime() ?? 0) - (b?.getTime() ?? 0)).toBe(60_000);
    const again = await Promise.all(Array.from({ length: 5 }, () => take('b')));
    expect(again.map((turn) => turn?.getTime())).toEqual(Array.from({ length: 5 }, () => b?.getTime()));
    expect(await db().upstreamTurn.count({ where: { system: 'Test' } })).toBe(3);
  });
});
