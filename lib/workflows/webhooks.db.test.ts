/** What GitHub sends, and what somebody else may send in its name; and that nothing depends on it arriving. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POST } from '@/app/api/webhooks/github/route';
import { signatureOf } from '@/local/github/webhook';
import { db } from '@/lib/db';
import { getRequest } from '@/lib/requests/queries';
import { openPullRequest } from './open-pull-request';
import { processWebhook } from './process-webhook';
import { reconcile } from './reconcile';
import { syncPullRequest } from './sync-pull-request';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

const MEGABYTE = 1024 * 1024;
const portless = { ports: [], routing: undefined };
let platform: TestPlatform;
let id: number;
let number: number;

beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
  id = await submitOne(platform.dana, specOf('listener', portless));
  await openPullRequest(id);
  number = (await getRequest(id)).pull?.number ?? 0;
  await db().$executeRaw`DELETE FROM graphile_worker._private_jobs`;
});
afterAll(() => platform.end());

const secret = () => platform.environment.GITHUB_WEBHOOK_SECRET ?? '';
const bodyOf = (action: string) =>
  JSON.stringify({ action, pull_request: { number }, repository: { full_name: 'ravenhelm/platform' } });

/** Sends as GitHub does. @returns status and milliseconds. */
async function send(
  body: string | ReadableStream,
  more: { event?: string; delivery?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; ms: number; delivery: string }> {
  const delivery = more.delivery ?? randomUUID();
  const started = performance.now();
  const answer = await POST(
    new Request('http://portal.test/api/webhooks/github', {
      method: 'POST',
      headers: {
        'x-github-event': more.event ?? 'pull_request',
        'x-github-delivery': delivery,
        ...(typeof body === 'string' ? { 'x-hub-signature-256': signatureOf(secret(), body) } : {}),
        ...more.headers,
      },
      body,
      // A stream is sent without its length.
      ...(typeof body === 'string' ? {} : { duplex: 'half' }),
    }),
  );
  await answer.text();
  return { status: answer.status, ms: performance.now() - started, delivery };
}
const stored = (delivery: string) => db().webhookDelivery.findUnique({ where: { id: delivery } });
const jobs = async (key: string) =>
  (await db().$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs WHERE key = ${key}`).length;

describe('what comes in', () => {
  test('a signature that is not of these bytes stores nothing', async () => {
    const body = bodyOf('closed');
    for (const signature of [
      signatureOf('another secret', body),
      signatureOf(secret(), `${body} `),
      signatureOf(secret(), body).toUpperCase(),
    ]) {
      const { status, delivery } = await send(body, { headers: { 'x-hub-signature-256': signature } });
      expect([status, await stored(delivery)]).toEqual([401, null]);
    }
  });

  test('sent again it counts once, before and after it was worked on', async () => {
    const body = bodyOf('edited');
    const { status, delivery } = await send(body);
    expect(status).toBe(202);
    expect((await send(body, { delivery })).status).toBe(200);
    expect(await jobs(`process-webhook:${delivery}`)).toBe(1);
    await processWebhook(delivery);
    const worked = await stored(delivery);
    expect(worked?.outcome).toBe(`request ${id}`);
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`sync-pull-request:${id}`})`;
    expect((await send(body, { delivery })).status).toBe(200);
    await processWebhook(delivery);
    expect(await stored(delivery)).toEqual(worked);
    expect(await jobs(`sync-pull-request:${id}`)).toBe(0);
  });

  test('in the wrong order, and untrue: what GitHub says when it is asked is what counts', async () => {
    await platform.api('PATCH', `/pulls/${number}`, { state: 'closed' });
    await platform.api('PATCH', `/pulls/${number}`, { state: 'open' });
    for (const action of ['reopened', 'closed', 'closed']) {
      const { delivery } = await send(bodyOf(action));
      await processWebhook(delivery);
      await syncPullRequest(id);
      expect((await getRequest(id)).state).toBe('in_review');
    }
  });

  test('an event that nobody knows is kept, and nothing is done', async () => {
    const { status, delivery } = await send(JSON.stringify({ action: 'sparkled', glitter: [1, 2] }), {
      event: 'unicorn_sighting',
    });
    expect(status).toBe(202);
    await processWebhook(delivery);
    expect(await stored(delivery)).toMatchObject({
      outcome: 'not about a pull request',
      payload: { action: 'sparkled' },
    });
  });

  test('ten megabytes are answered in under a second and take no room; what is not signed is not even read', async () => {
    const large = JSON.stringify({ ...(JSON.parse(bodyOf('edited')) as object), diff: 'x'.repeat(10 * MEGABYTE) });
    const taken = await send(large);
    expect(taken.status).toBe(202);
    expect(taken.ms).toBeLessThan(1000);
    expect(JSON.stringify((await stored(taken.delivery))?.payload).length).toBeLessThan(300);

    let read = 0;
    const endless = () =>
      new ReadableStream(
        {
          pull: (controller) => {
            read += MEGABYTE;
            controller.enqueue(new Uint8Array(MEGABYTE));
          },
        },
        { highWaterMark: 0 },
      );
    expect((await send(endless())).status).toBe(401);
    expect(read).toBe(0);
    const signed = { 'x-hub-signature-256': signatureOf(secret(), 'of something') };
    const announced = { ...signed, 'content-length': String(26 * MEGABYTE) };
    expect((await send(endless(), { headers: announced })).status).toBe(422);
    expect(read).toBe(0);
    expect((await send(endless(), { headers: signed })).status).toBe(422);
    expect(read).toBeLessThanOrEqual(26 * MEGABYTE);
  });
});

describe('nothing comes in', () => {
  const titles = async (request: number) => (await getRequest(request)).timeline.map(({ title }) => title);

  test('for an hour: the poll finds reviews, requests for them, comments, those on lines, checks, the merge and the deleted branch', async () => {
    const head = (await getRequest(id)).headSha ?? '';
    await platform.api('POST', `/pulls/${number}/reviews`, { event: 'REQUEST_CHANGES', body: 'The name, please.' });
    await platform.api('POST', `/issues/${number}/comments`, { body: 'Looking.' });
    await platform.api('POST', `/pulls/${number}/requested_reviewers`, { reviewers: ['reader'] });
    type Changed = { filename: string; patch: string }[];
    const [changed] = await platform.api<Changed>('GET', `/pulls/${number}/files`);
    const line = Number(/^@@ -\S+ \+(\d+)/.exec(changed?.patch ?? '')?.[1]);
    const on = { commit_id: head, path: changed?.filename, line };
    await platform.api('POST', `/pulls/${number}/comments`, { ...on, body: 'Here.' });
    await platform.api('POST', '/check-runs', {
      name: 'lint',
      head_sha: head,
      status: 'completed',
      conclusion: 'failure',
    });
    await platform.api('POST', `/statuses/${head}`, { state: 'success', context: 'ci/build' });
    const worker = platform.startWorker();
    const soon = { timeout: 30_000, interval: 200 };
    await expect
      .poll(() => titles(id), soon)
      .toEqual(
        expect.arrayContaining([
          'operator asked for changes',
          'operator commented',
          'operator asked reader for a review',
          `operator commented on ${on.path}, line ${line}`,
          'lint fails on GitHub',
        ]),
      );
    expect((await getRequest(id)).githubChecks).toEqual([
      { name: 'ci/build', state: 'pass', url: undefined },
      { name: 'lint', state: 'fail', url: expect.stringContaining('#check-') as string },
    ]);

    // A check moves nothing that GitHub's list of pull requests shows; the poll looks at it after half a minute.
    await platform.api('POST', '/check-runs', {
      name: 'lint',
      head_sha: head,
      status: 'completed',
      conclusion: 'success',
    });
    await db().$executeRaw`UPDATE change_requests SET github_checks_at = now() - interval '11 minutes'`;
    await reconcile();
    await expect.poll(() => titles(id), soon).toContain('Checks on GitHub pass');
    await platform.api('PUT', `/pulls/${number}/merge`);
    await platform.api('DELETE', `/git/refs/heads/${(await getRequest(id)).branch}`);
    await reconcile();
    await expect.poll(async () => (await getRequest(id)).state, soon).toMatch(/merged|live/);
    await expect.poll(() => titles(id), soon).toContain('Branch deleted on GitHub');
    await worker.stop();
  }, 120_000);

  test('and more changed than GitHub lists at once: the poll reads on until it has seen what it knew', async () => {
    const quiet = await submitOne(platform.dana, specOf('unheard', portless));
    await openPullRequest(quiet);
    await syncPullRequest(quiet);
    await reconcile();
    const { pull, headSha } = await getRequest(quiet);
    await platform.api('POST', `/issues/${pull?.number ?? 0}/comments`, { body: 'Buried.' });
    for (let other = 0; other < 101; other += 1) {
      await platform.api('POST', '/git/refs', { ref: `refs/heads/busy-${other}`, sha: headSha });
      await platform.api('POST', '/pulls', { title: `Busy ${other}`, head: `busy-${other}`, base: 'main' });
    }
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`sync-pull-request:${quiet}`})`;
    await db().$executeRaw`UPDATE change_requests SET github_checks_at = now()`;
    platform.github.faults.forgetRequests();
    await reconcile();
    expect(platform.github.faults.requests('GET', /\/pulls\?.*page=2/)).toHaveLength(1);
    expect(await jobs(`sync-pull-request:${quiet}`)).toBe(1);
    // And not again when nothing more has changed. GitHub's times are whole seconds, and all of one second is always looked at again.
    const second = () => Math.floor(Date.now() / 1000);
    const last = second();
    await expect.poll(second, { timeout: 5_000, interval: 50 }).toBeGreaterThan(last);
    await platform.api('POST', `/issues/${pull?.number ?? 0}/comments`, { body: 'Later.' });
    await reconcile();
    await syncPullRequest(quiet);
    platform.github.faults.forgetRequests();
    await reconcile();
    expect(platform.github.faults.requests('GET', /\/pulls\?/)).toHaveLength(1);
  }, 120_000);
});
