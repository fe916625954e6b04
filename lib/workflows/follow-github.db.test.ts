import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import type { ManifestInput } from '@/lib/services/manifest';
import { cancelOnGitHub } from './cancel-request';
import { expire } from './expire';
import { openPullRequest } from './open-pull-request';
import { reconcile } from './reconcile';
import { syncPullRequest } from './sync-pull-request';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => platform.github.faults.clear());
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
    expect(await stateOf(id)).toBe('merged');
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
  });
});
