import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BACKLOG_DATA_SOURCE_ID, RUNBOOKS_DATA_SOURCE_ID } from '@/local/notion/ids';
import { db } from '@/lib/db';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { createRequest } from '@/lib/requests/test-requests';
import { transition } from '@/lib/requests/transition';
import type { ManifestInput } from '@/lib/services/manifest';
import { cancelOnGitHub } from './cancel-request';
import { expire } from './expire';
import { openPullRequest } from './open-pull-request';
import { reconcile } from './reconcile';
import { syncPullRequest } from './sync-pull-request';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => {
  platform.github.faults.clear();
  platform.githubProxy.fault = undefined;
  platform.notionProxy.fault = undefined;
});
afterAll(() => platform.end());

const stateOf = async (id: number) => (await getRequest(id)).state;
const numberOf = async (id: number) => (await getRequest(id)).pull?.number ?? 0;
const portsOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).filter((port) => port.service === service);
const eventsOf = async (id: number, kind: string) =>
  (await getRequest(id)).timeline.filter((event) => event.kind === kind);
const hasBranch = async (branch: string) =>
  (await platform.api<unknown[]>('GET', `/git/matching-refs/heads/${branch}`)).length > 0;
const hasJob = async (key: string) =>
  (await db().$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs WHERE key = ${key}`).length > 0;
const push = (branch: string) =>
  platform.api('POST', '/_slipway/push', {
    login: 'operator',
    branch,
    message: 'docs: mine',
    files: { 'docs/mine.md': `Mine, ${branch}.\n` },
  });

/** A request whose pull request is open. */
async function opened(name: string, fields: Partial<ManifestInput> = {}): Promise<number> {
  const id = await submitOne(platform.dana, specOf(name, fields));
  await openPullRequest(id);
  expect(await stateOf(id)).toBe('in_review');
  return id;
}

/** The poll alone hears of it: it queues the request's job, which runs then. */
async function heardByPoll(id: number): Promise<void> {
  await db().$executeRaw`SELECT graphile_worker.remove_job(${`sync-pull-request:${id}`})`;
  await reconcile();
  expect(await hasJob(`sync-pull-request:${id}`)).toBe(true);
  await syncPullRequest(id);
}

describe('a cancellation that was cut off', () => {
  test('between closing and deleting: what GitHub says of the closing waits for it, and it ends as cancelled', async () => {
    const id = await opened('half-cancelled');
    const { branch } = await getRequest(id);
    await cancelRequest(id, platform.dana);
    platform.github.faults.add({ method: 'DELETE', path: '/git/refs/', respond: { status: 503 }, times: 50 });
    await cancelOnGitHub(id);
    platform.github.faults.clear();
    const retry = await db().$queryRaw<{ run_at: Date }[]>`
      SELECT run_at FROM graphile_worker.jobs WHERE key = ${`cancel-request:${id}`}`;
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('in_review');
    expect(await portsOf('half-cancelled')).toHaveLength(1);
    expect(await db().$queryRaw`SELECT run_at FROM graphile_worker.jobs WHERE key = ${`cancel-request:${id}`}`).toEqual(
      retry,
    );
    await cancelOnGitHub(id);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await hasBranch(branch)).toBe(false);
    expect(await portsOf('half-cancelled')).toEqual([]);
  });

  test('and a merge that was faster: the wish and its step are over, and it is told', async () => {
    const id = await opened('half-merged');
    await cancelRequest(id, platform.dana);
    platform.github.faults.add({ method: 'PATCH', path: '/pulls/', respond: { status: 503 }, times: 50 });
    await cancelOnGitHub(id);
    platform.github.faults.clear();
    await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`);
    await syncPullRequest(id);
    await cancelOnGitHub(id);
    expect(await db().changeRequest.findUnique({ where: { id } })).toMatchObject({
      state: 'merged',
      cancelAskedAt: null,
    });
    expect((await getRequest(id)).steps.find(({ name }) => name === 'cancel')?.status ?? 'gone').not.toBe('pending');
    expect((await eventsOf(id, 'cancel')).filter(({ title }) => title.startsWith('Merged before'))).toHaveLength(1);
  });
});

describe('a request that failed after GitHub had opened its pull request', () => {
  /** GitHub did it, and nobody heard of it. */
  async function openedUnheard(name: string): Promise<{ id: number; number: number }> {
    const id = await submitOne(platform.dana, specOf(name));
    platform.github.faults.add({ method: 'POST', path: '/pulls$', drop: 'after', times: 1 });
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'opening', pull: undefined });
    const { branch } = await getRequest(id);
    const [pull] = await platform.api<{ number: number }[]>('GET', `/pulls?state=open&head=ravenhelm:${branch}`);
    return { id, number: pull?.number ?? 0 };
  }

  test('by its lease: it is found, and merged it is followed with what it takes', async () => {
    const { id, number } = await openedUnheard('lease-lost');
    await db().$executeRaw`
      UPDATE port_reservations SET lease_until = now() - interval '1 second' WHERE request_id = ${id} AND state = 'held'`;
    await expire();
    expect(await stateOf(id)).toBe('failed');
    expect(await portsOf('lease-lost')).toEqual([]);
    await heardByPoll(id);
    expect(await getRequest(id)).toMatchObject({ state: 'failed', pull: { number } });
    expect(await eventsOf(id, 'pull-request')).toMatchObject([{ title: `Pull request ${number} stands all the same` }]);
    expect((await getRequest(id)).branchTaken).toBeUndefined();

    await platform.api('PUT', `/pulls/${number}/merge`);
    await heardByPoll(id);
    expect(await stateOf(id)).toBe('merged');
    expect(await portsOf('lease-lost')).toMatchObject([{ state: 'reserved', leaseUntil: undefined }]);
    expect(await eventsOf(id, 'conflict')).toEqual([]);
  });

  test('by a refusal: what it holds still is reserved when it is merged', async () => {
    const { id, number } = await openedUnheard('refused-late');
    platform.github.faults.add({ method: 'GET', path: '/pulls\\?', respond: { status: 403 }, times: 50 });
    await openPullRequest(id);
    platform.github.faults.clear();
    expect(await stateOf(id)).toBe('failed');
    await platform.api('PUT', `/pulls/${number}/merge`);
    await heardByPoll(id);
    expect(await stateOf(id)).toBe('merged');
    expect(await portsOf('refused-late')).toMatchObject([{ state: 'reserved', leaseUntil: undefined }]);
  });

  test('cancelled before GitHub’s list had it: it is told once that it stands, and not that somebody reopened it', async () => {
    const { id, number } = await openedUnheard('unlisted');
    await push((await getRequest(id)).branch);
    platform.githubProxy.fault = (method, path) =>
      method === 'GET' && path.includes('/pulls?') ? { status: 200, body: [] } : undefined;
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    platform.githubProxy.fault = undefined;
    expect(await getRequest(id)).toMatchObject({ state: 'cancelled', pull: undefined });
    await heardByPoll(id);
    await heardByPoll(id);
    expect((await eventsOf(id, 'reopened')).map(({ title }) => title)).toEqual([
      `Pull request ${number} stands all the same`,
    ]);

    await platform.api('PATCH', `/pulls/${number}`, { state: 'closed' });
    await heardByPoll(id);
    expect(await eventsOf(id, 'closed')).toMatchObject([{ title: 'Closed again on GitHub' }]);
  });
});

describe('a cancelled request, whose branch a person kept', () => {
  test('reopened, it is told once; merged, it is followed: the poll alone hears of both', async () => {
    const id = await opened('undead');
    const { branch } = await getRequest(id);
    await push(branch);
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    expect(await hasBranch(branch)).toBe(true);
    const number = await numberOf(id);
    await heardByPoll(id);
    await platform.api('PATCH', `/pulls/${number}`, { state: 'open' });
    await heardByPoll(id);
    await platform.api('POST', `/issues/${number}/comments`, { body: 'Now?' });
    await heardByPoll(id);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await eventsOf(id, 'reopened')).toMatchObject([{ status: 'failed' }]);

    await platform.api('PUT', `/pulls/${number}/merge`);
    await heardByPoll(id);
    expect(await stateOf(id)).toBe('merged');
    expect(await portsOf('undead')).toMatchObject([{ state: 'reserved' }]);

    // As an operator ends it where main does not show it.
    await transition(db(), id, 'merged', 'cancelled');
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('cancelled');
  });
});

describe('the tracker, of a request that came to nothing', () => {
  const pagesOf = async (dataSource: string, id: number) => {
    const { results } = await platform.notionApi<{ results: { id: string }[] }>(
      'POST',
      `/v1/data_sources/${dataSource}/query`,
      { page_size: 100 },
    );
    return results.filter((page) => JSON.stringify(page).includes(`/requests/${id}"`));
  };
  const textOf = async (page: { id: string } | undefined) =>
    JSON.stringify(await platform.notionApi('GET', `/v1/blocks/${page?.id ?? ''}/children?page_size=10`));
  const noMoreOwed = async (id: number) => {
    expect((await getRequest(id)).owed).toEqual([]);
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`update-tracker:${id}`})`;
    await reconcile();
    expect(await hasJob(`update-tracker:${id}`)).toBe(false);
  };

  test('what was made and nobody heard of says that it was cancelled, and nothing is owed any more', async () => {
    const id = await opened('never-told');
    platform.notionProxy.fault = (method, path) =>
      method === 'POST' && path === '/v1/pages' ? 'lost-after' : undefined;
    await updateTracker(id);
    platform.notionProxy.fault = undefined;
    expect(await getRequest(id)).toMatchObject({ owedCount: 2, links: { issue: undefined } });
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    await updateTracker(id);
    const [issue, ...moreIssues] = await pagesOf(BACKLOG_DATA_SOURCE_ID, id);
    const [page, ...morePages] = await pagesOf(RUNBOOKS_DATA_SOURCE_ID, id);
    expect([moreIssues, morePages]).toEqual([[], []]);
    expect(JSON.stringify(issue)).toContain('"Idea"');
    expect(await textOf(page)).toContain(`There is no never-told: request ${id} was cancelled by Dana`);
    const { title } = (await eventsOf(id, 'tracker')).at(-1) ?? {};
    expect(title).toBe('The issue and the runbook page say that it was cancelled');
    await noMoreOwed(id);
  });

  test('what was never made is not made for it', async () => {
    const id = await opened('never-made');
    platform.notionProxy.fault = (method, path) =>
      method === 'POST' && path === '/v1/pages' ? 'lost-before' : undefined;
    await updateTracker(id);
    platform.notionProxy.fault = undefined;
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    await updateTracker(id);
    expect(await pagesOf(BACKLOG_DATA_SOURCE_ID, id)).toEqual([]);
    await noMoreOwed(id);
  });

  test('reopened, issue and page are as they were', async () => {
    const id = await opened('told-again');
    await updateTracker(id);
    const [page] = await pagesOf(RUNBOOKS_DATA_SOURCE_ID, id);
    const before = await textOf(page);
    for (const state of ['closed', 'open']) {
      await platform.api('PATCH', `/pulls/${await numberOf(id)}`, { state });
      await syncPullRequest(id);
      await updateTracker(id);
      expect((await textOf(page)).includes('There is no told-again')).toBe(state === 'closed');
    }
    expect((await textOf(page)).length).toBe(before.length);
    const [issue] = await pagesOf(BACKLOG_DATA_SOURCE_ID, id);
    expect(JSON.stringify(issue)).toContain('"In Review"');
  });
});

describe('the poll, of what GitHub’s list of pull requests does not say', () => {
  test('looks at an open request’s checks however many have ended, and at ended ones whose branch is gone', async () => {
    const open = await opened('checked');
    const kept = await opened('kept');
    await platform.api('PATCH', `/pulls/${await numberOf(kept)}`, { state: 'closed' });
    for (const id of [open, kept]) await syncPullRequest(id);
    // What changed only now counts as not yet seen.
    const { updated_at } = await platform.api<{ updated_at: string }>('GET', `/pulls/${await numberOf(kept)}`);
    await db().changeRequest.update({ where: { id: kept }, data: { pullUpdatedAt: new Date(updated_at) } });
    const gone: number[] = [];
    for (let count = 0; count < 25; count += 1) {
      const id = await createRequest(platform.dana, { state: 'closed' });
      await db().changeRequest.update({ where: { id }, data: { pullNumber: 1000 + count } });
      gone.push(id);
    }
    await db().$executeRaw`UPDATE change_requests SET github_checks_at = now() - interval '1 minute'
      WHERE github_checks_at IS NOT NULL`;
    await db().$executeRaw`SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE key IS NOT NULL`;
    platform.github.faults.forgetRequests();
    await reconcile();
    const looksAt = (id: number) => hasJob(`sync-pull-request:${id}`);
    expect(await looksAt(open)).toBe(true);
    expect(await looksAt(kept)).toBe(false);
    expect((await Promise.all(gone.map(looksAt))).filter(Boolean)).toHaveLength(5);
    // One question for the pull requests, and one for the branches.
    expect(platform.github.faults.requests()).toHaveLength(2);
  });
});
