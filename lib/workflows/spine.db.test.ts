/**
 * The spine: from reservation to a merged pull request and a live service, with real processes. The worker is killed (SIGKILL) at the borders of its
 * steps, also after GitHub or the tracker did the work and before our checkpoint was written; in the end everything stands there once.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { getRequest, listReviewQueue } from '@/lib/requests/queries';
import { listTaken } from '@/lib/ports/queries';
import { listWorkers } from '@/lib/queue/queries';
import { getService } from '@/lib/services/queries';
import { db } from '@/lib/db';
import { BACKLOG_DATA_SOURCE_ID, RUNBOOKS_DATA_SOURCE_ID } from '@/local/notion/ids';
import { blobSha } from '@/lib/adapters/github/blob-sha';
import { getRequestFiles } from '@/lib/requests/queries';
import { specOf, startTestPlatform, submitOne, type TestPlatform, type TestWorker } from './test-platform';

let platform: TestPlatform;
let worker: TestWorker;
const patience = { timeout: 45_000, interval: 100 };

beforeAll(async () => {
  platform = await startTestPlatform();
});
afterEach(async () => {
  platform.github.faults.clear();
  platform.notionProxy.holdAnswer = undefined;
  await platform.killWorkers();
});
afterAll(() => platform.end());

const stateOf = async (id: number) => (await getRequest(id)).state;

interface Pull {
  number: number;
  state: string;
  body: string;
  html_url: string;
}
const pullsOf = (branch: string) => platform.api<Pull[]>('GET', `/pulls?state=all&head=ravenhelm:${branch}`);
const branches = (branch: string) => platform.api<unknown[]>('GET', `/git/matching-refs/heads/${branch}`);
const pagesOf = async (dataSource: string, requestId: number) => {
  const { results } = await platform.notionApi<{ results: unknown[] }>('POST', `/v1/data_sources/${dataSource}/query`, {
    page_size: 100,
  });
  return results.filter((page) => JSON.stringify(page).includes(`/requests/${requestId}"`));
};

/** One branch, one pull request, one issue, one runbook page; the bytes of the preview; each event once. */
async function expectEverythingOnce(id: number): Promise<void> {
  const request = await getRequest(id);
  expect(await branches(request.branch)).toHaveLength(1);
  const pulls = await pullsOf(request.branch);
  expect(pulls).toHaveLength(1);
  expect(await pagesOf(BACKLOG_DATA_SOURCE_ID, id)).toHaveLength(1);
  expect(await pagesOf(RUNBOOKS_DATA_SOURCE_ID, id)).toHaveLength(1);
  const { commits, files } = await platform.api<{
    commits: { sha: string; commit: { message: string } }[];
    files: { filename: string; sha: string; deletions: number }[];
  }>('GET', `/compare/${request.baseSha}...${request.branch}`);
  expect(commits.map((commit) => commit.sha)).toEqual(request.commits.map((commit) => commit.sha));
  expect(commits.map((commit) => commit.commit.message.split('\n')[0])).toEqual(
    request.commits.map((commit) => commit.subject),
  );
  const wanted = (await getRequestFiles(id)).map((file) => [file.path, blobSha(Buffer.from(file.after ?? '')), 0]);
  expect(files.map((file) => [file.filename, file.sha, file.deletions]).sort()).toEqual(wanted.sort());
  const kinds = request.timeline.map((event) => event.kind);
  for (const kind of ['reserved', 'checked', 'commits', 'pull-request']) {
    expect(kinds.filter((one) => one === kind)).toHaveLength(1);
  }
  expect(kinds.filter((kind) => kind === 'tracker')).toHaveLength(3);
  for (const url of [request.links.issue, request.links.runbookPage]) expect(pulls[0]?.body).toContain(url);
}

test('from reservation to live, without a hitch, stopping politely in between', async () => {
  worker = platform.startWorker();
  const id = await submitOne(platform.dana, specOf('egress'));
  await expect.poll(() => stateOf(id), patience).toBe('in_review');
  await expect
    .poll(async () => (await getRequest(id)).steps.filter((step) => step.status === 'done').length, patience)
    .toBe(6);
  await expectEverythingOnce(id);
  expect((await getRequest(id)).allocations.ports[0]).toMatchObject({ state: 'reserved', leaseUntil: undefined });
  expect((await listReviewQueue()).map((item) => item.id)).toEqual([id]);
  expect(await worker.stop()).toBe(0);

  // Merged while no worker runs: the webhook is stored by the portal and worked on later.
  const { pull } = await getRequest(id);
  await platform.api('PUT', `/pulls/${pull?.number ?? 0}/merge`);
  worker = platform.startWorker();
  await expect.poll(() => stateOf(id), patience).toBe('live');
  const live = await getRequest(id);
  expect(live.allocations.ports[0]?.state).toBe('active');
  const kinds = live.timeline.map((event) => event.kind);
  // Whom GitHub asks for a review stands where its clock, which knows seconds, puts it: after the opening, before the merge.
  const asked = kinds.indexOf('review-request');
  expect(asked).toBeGreaterThan(kinds.indexOf('pull-request'));
  expect(asked).toBeLessThan(kinds.indexOf('merged'));
  expect(kinds.toSpliced(asked, 1).slice(0, 8)).toEqual([
    'reserved',
    'checked',
    'commits',
    'pull-request',
    'tracker',
    'tracker',
    'tracker',
    'merged',
  ]);
  expect(await getService('egress')).toMatchObject({ state: 'live', request: { id, state: 'live' } });
});

describe('killed on the way', () => {
  /** Runs a worker until `caught` says that it is where we want it, kills it there, and lets go what waits. */
  async function killWhen(caught: () => boolean): Promise<void> {
    const victim = platform.startWorker();
    await expect.poll(() => caught() || victimEnded(victim), patience).toBe(true);
    await victim.kill();
    platform.github.faults.clear();
    platform.notionProxy.holdAnswer = undefined;
  }
  const victimEnded = (victim: TestWorker) => {
    if (victim.output().includes('cannot start')) throw new Error(victim.output());
    return false;
  };
  const onGitHub = (method: string, path: string, hold: 'before' | 'after', skip = 0) => {
    platform.github.faults.add({ method, path, hold, skip });
    return () => platform.github.faults.heldCount > 0;
  };

  test('once at every border: everything stands there once, the timeline is whole, the ports become active', async () => {
    const id = await submitOne(platform.dana, specOf('survivor'));
    // Before anything was written, with a tree half way, with the commits made.
    await killWhen(onGitHub('GET', '/git/trees/', 'before'));
    await killWhen(onGitHub('POST', '/git/trees$', 'after', 1));
    await killWhen(onGitHub('POST', '/git/commits$', 'after'));
    // GitHub has the branch, and we have no checkpoint.
    await killWhen(onGitHub('POST', '/git/refs$', 'after'));
    expect(await stateOf(id)).toBe('opening');
    expect(await branches((await getRequest(id)).branch)).toHaveLength(1);
    // GitHub has the pull request, and we have no checkpoint.
    await killWhen(onGitHub('POST', '/pulls$', 'after'));
    expect((await getRequest(id)).pull).toBeUndefined();
    expect(await pullsOf((await getRequest(id)).branch)).toHaveLength(1);
    // The tracker has the issue, then the page, and we have no checkpoint.
    for (let page = 0; page < 2; page += 1) {
      platform.notionProxy.held = 0;
      platform.notionProxy.holdAnswer = (method, path) => method === 'POST' && path === '/v1/pages';
      await killWhen(() => platform.notionProxy.held > 0);
    }
    // The pull request names both, and we have no checkpoint.
    await killWhen(onGitHub('PATCH', '/pulls/', 'after'));

    worker = platform.startWorker();
    await expect
      .poll(async () => (await getRequest(id)).steps.map((step) => step.status), patience)
      .toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
    await expectEverythingOnce(id);
    expect(await stateOf(id)).toBe('in_review');
    expect((await getRequest(id)).steps.find((step) => step.name === 'branch')?.attempts).toBeGreaterThan(2);
    await worker.kill();

    // Merged, and killed while it reads of it, then while it reads the new main.
    const { pull, allocations } = await getRequest(id);
    await platform.api('PUT', `/pulls/${pull?.number ?? 0}/merge`);
    await killWhen(onGitHub('GET', `/pulls/${pull?.number ?? 0}$`, 'after'));
    expect(await stateOf(id)).toBe('in_review');
    platform.github.faults.add({ method: 'GET', path: '/git/ref/heads(/|%2F)main', hold: 'after', times: 3 });
    await killWhen(() => platform.github.faults.heldCount > 0);

    worker = platform.startWorker();
    await expect.poll(() => stateOf(id), patience).toBe('live');
    const live = await getRequest(id);
    for (const kind of ['merged', 'live']) expect(live.timeline.filter((event) => event.kind === kind)).toHaveLength(1);
    expect(live.allocations.ports[0]).toMatchObject({ state: 'active', external: allocations.ports[0]?.external });
    const taken = await listTaken(db(), 'ravenhelm-01');
    expect(taken.filter((port) => port.service === 'survivor')).toMatchObject([{ state: 'active' }]);
  }, 240_000);

  test('a worker that lives keeps its job, however long it takes, beside another worker', async () => {
    const id = await submitOne(platform.dana, specOf('patient'));
    const caught = onGitHub('POST', '/git/refs$', 'before');
    worker = platform.startWorker();
    await expect.poll(caught, patience).toBe(true);
    const other = platform.startWorker();
    await other.ready;
    // Both have looked for dead workers long after the grace that a young one has.
    await expect
      .poll(async () => {
        const rows = await db().$queryRaw<{ looked: bigint }[]>`
          SELECT count(*) AS looked FROM pg_stat_activity, graphile_worker.jobs
           WHERE datname = current_database() AND application_name = 'slipway-worker-lease'
             AND key = ${`open-pull-request:${id}`} AND query_start > locked_at + interval '3 seconds'`;
        return rows[0]?.looked;
      }, patience)
      .toBe(2n);
    expect(other.output()).not.toContain('took back');
    const alive = await listWorkers();
    expect(alive).toHaveLength(2);
    expect(Math.max(...alive.map(({ running }) => running))).toBeGreaterThan(0);
    platform.github.faults.release();
    await expect.poll(() => stateOf(id), patience).toBe('in_review');
    expect((await getRequest(id)).steps.find((step) => step.name === 'branch')?.attempts).toBe(1);
  });
});
