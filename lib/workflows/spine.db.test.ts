/**
 * The spine: from reservation to a merged pull request and a live service, with real processes; in the end everything stands there once. What a worker
 * leaves that is killed on the way is in killed-opening.db.test.ts and killed-following.db.test.ts.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { getRequest, listReviewQueue } from '@/lib/requests/queries';
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

test('a worker that lives keeps its job, however long it takes, beside another worker', async () => {
  const id = await submitOne(platform.dana, specOf('patient'));
  platform.github.faults.add({ method: 'POST', path: '/git/refs$', hold: 'before' });
  worker = platform.startWorker();
  await expect.poll(() => platform.github.faults.heldCount, patience).toBeGreaterThan(0);
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
