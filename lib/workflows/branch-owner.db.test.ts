import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { takeBranchOver } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { StoredResolved } from '@/lib/requests/stored';
import { openPullRequest } from './open-pull-request';
import { processWebhook } from './process-webhook';
import { repositoryAt } from './read-repository';
import { refreshRequest } from './refresh-request';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => {
  platform.github.faults.clear();
  platform.githubProxy.fault = undefined;
});
afterAll(() => platform.end());

const numberOf = async (id: number) => (await getRequest(id)).pull?.number ?? 0;
const pullOf = async (id: number) =>
  platform.api<{ head: { sha: string }; state: string }>('GET', `/pulls/${await numberOf(id)}`);
const mainSha = async () => (await platform.api<{ object: { sha: string } }>('GET', '/git/ref/heads/main')).object.sha;
const eventsOf = async (id: number, kind: string) =>
  (await getRequest(id)).timeline.filter((event) => event.kind === kind);
const push = (branch: string, files: Record<string, string>) =>
  platform.api('POST', '/_slipway/push', { login: 'operator', branch, message: 'docs: by hand', files });
const hasJob = async (key: string) =>
  (await db().$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs WHERE key = ${key}`).length > 0;
/** For how many seconds the job was put off. */
const pauseBefore = async (key: string) => {
  const [job] = await db().$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM run_at - created_at)::float AS seconds FROM graphile_worker.jobs WHERE key = ${key}`;
  return job?.seconds;
};
const removeJob = (key: string) => db().$executeRaw`SELECT graphile_worker.remove_job(${key})`;

let nextPort = 46_700;
async function opened(name: string): Promise<number> {
  const ports = [{ name: 'http', internal: 7980, external: nextPort++, why: 'HTTP API' }];
  const id = await submitOne(platform.dana, specOf(name, { ports }));
  await openPullRequest(id);
  expect((await getRequest(id)).state).toBe('in_review');
  return id;
}

describe('whose the branch is', () => {
  test('set back to a commit of Slipway’s that is not its last: it is told, and the branch is not ours any more', async () => {
    const id = await opened('set-back');
    const { branch, headSha } = await getRequest(id);
    const step = await db().requestStep.findUniqueOrThrow({
      where: { requestId_name: { requestId: id, name: 'branch' } },
    });
    const [first = ''] = (step.result as { commits: string[] }).commits;
    expect(first).not.toBe(headSha);
    await platform.api('PATCH', `/git/refs/heads/${branch}`, { sha: first, force: true });
    await push('main', { 'docs/meanwhile.md': 'Meanwhile.\n' });
    await syncRepository();
    await refreshRequest(id);
    await syncPullRequest(id);
    expect(await eventsOf(id, 'commit')).toMatchObject([{ title: `The branch was set back to ${first.slice(0, 7)}` }]);
    expect((await getRequest(id)).branchTaken).toBeDefined();
    const { judgedSha } = await db().changeRequest.findUniqueOrThrow({ where: { id } });
    expect(judgedSha).not.toBe(await mainSha());

    await takeBranchOver(id, platform.dana);
    await refreshRequest(id);
    const tree = (await repositoryAt((await pullOf(id)).head.sha)).tree;
    for (const { path } of (await getRequest(id)).files) expect(tree.read(path), path).toContain('set-back');
  });

  test('while GitHub has not noticed Slipway’s last commit in the pull request: it stays ours, and is looked at again', async () => {
    const id = await opened('lagging');
    const number = await numberOf(id);
    const stale = await pullOf(id);
    const { branch } = await getRequest(id);
    await push(branch, { 'docs/theirs.md': 'Theirs.\n' });
    await syncPullRequest(id);
    await takeBranchOver(id, platform.dana);
    await refreshRequest(id);
    expect((await getRequest(id)).headSha).not.toBe(stale.head.sha);

    platform.githubProxy.fault = (method, path) =>
      method === 'GET' && path.endsWith(`/pulls/${number}`) ? { status: 200, body: stale } : undefined;
    await db().changeRequest.update({ where: { id }, data: { pullUpdatedAt: null } });
    await syncPullRequest(id);
    await removeJob(`refresh-request:${id}`);
    await refreshRequest(id);
    expect((await getRequest(id)).branchTaken).toBeUndefined();
    expect(await hasJob(`refresh-request:${id}`)).toBe(true);
  });

  test('while GitHub has not noticed a person’s commit in its list: it is looked at again after a pause, and then theirs', async () => {
    const id = await opened('unnoticed');
    const { branch } = await getRequest(id);
    const commits = `/pulls/${await numberOf(id)}/commits`;
    const stale = await platform.api<object[]>('GET', commits);
    await push(branch, { 'docs/unnoticed.md': 'Theirs.\n' });
    await push('main', { 'docs/unnoticed.md': 'Somebody else’s.\n' });
    await syncRepository();
    await removeJob(`refresh-request:${id}`);
    platform.githubProxy.fault = (method, path) =>
      method === 'GET' && path.includes(commits) ? { status: 200, body: stale } : undefined;
    await refreshRequest(id);
    expect((await getRequest(id)).branchTaken).toBeUndefined();
    expect(await pauseBefore(`refresh-request:${id}`)).toBeGreaterThan(1);

    platform.githubProxy.fault = undefined;
    await refreshRequest(id);
    expect(await getRequest(id)).toMatchObject({ branchTaken: { by: 'Owen Operator' } });
    expect(await eventsOf(id, 'conflict')).toHaveLength(1);
  });
});

describe('a person’s branch', () => {
  test('asked twice to take it over where that is impossible, Slipway answers twice', async () => {
    const id = await opened('impossible');
    const port = nextPort - 1;
    const path = 'compose/docker-compose.integrations.yml';
    const text = (await repositoryAt(await mainSha())).tree.read(path) ?? '';
    const robbed = `services:\n  robber:\n    image: nginx:1.27\n    ports:\n      - "${port}:80"\n\n`;
    await push('main', { [path]: text.replace(/^services:\n/m, robbed) });
    await syncRepository();
    await refreshRequest(id);
    expect(await eventsOf(id, 'refresh')).toHaveLength(1);
    await push((await getRequest(id)).branch, { 'docs/impossible.md': 'Mine.\n' });
    await syncPullRequest(id);
    for (const answers of [2, 3]) {
      await takeBranchOver(id, platform.dana);
      await refreshRequest(id);
      await refreshRequest(id);
      const events = await eventsOf(id, 'refresh');
      expect(events).toHaveLength(answers);
      expect(events.at(-1)?.title).toBe('Cannot follow main');
    }
    await push('main', { [path]: text });
    await syncRepository();
  });

  test('that main conflicts with is told when main is imported, and a check of its last commit is looked at', async () => {
    const id = await opened('theirs');
    const { branch } = await getRequest(id);
    await push(branch, { 'docs/the-same.md': 'Mine.\n' });
    await syncPullRequest(id);
    const { head } = await pullOf(id);

    await db().webhookDelivery.create({
      data: { id: 'a-check', event: 'check_run', payload: { check_run: { head_sha: head.sha } } },
    });
    await removeJob(`sync-pull-request:${id}`);
    await processWebhook('a-check');
    expect(await hasJob(`sync-pull-request:${id}`)).toBe(true);

    await push('main', { 'docs/the-same.md': 'Somebody else’s.\n' });
    await removeJob(`refresh-request:${id}`);
    await syncRepository();
    expect(await hasJob(`refresh-request:${id}`)).toBe(true);
    await refreshRequest(id);
    expect(await eventsOf(id, 'conflict')).toMatchObject([{ title: 'Conflicts with main' }]);
  });
});

describe('closed while a newer plan is on its way to the branch', () => {
  test('what it claimed is given back with the rest; reopened, the branch gets a plan whose number is claimed', async () => {
    const id = await opened('half-way');
    const resolvedOf = async () => {
      const { resolved } = await db().changeRequest.findUniqueOrThrow({ where: { id } });
      return StoredResolved.parse(resolved).runbook?.number ?? 0;
    };
    const claimed = async () =>
      (await db().runbookClaim.findMany({ where: { requestId: id, releasedAt: null } })).map(({ number }) => number);
    const before = await resolvedOf();
    expect(await claimed()).toEqual([before]);
    const padded = String(before).padStart(3, '0');
    await push('main', { [`docs/runbooks/RUNBOOK-${padded}-elsewhere.md`]: `# RUNBOOK-${padded}: Elsewhere\n` });
    await syncRepository();
    platform.github.faults.add({ method: 'PATCH', path: '/git/refs/', respond: { status: 503 }, times: 50 });
    await refreshRequest(id);
    platform.github.faults.clear();
    expect(await claimed()).toHaveLength(2);

    await platform.api('PATCH', `/pulls/${await numberOf(id)}`, { state: 'closed' });
    await syncPullRequest(id);
    expect(await claimed()).toEqual([]);
    await platform.api('PATCH', `/pulls/${await numberOf(id)}`, { state: 'open' });
    await syncPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    await refreshRequest(id);
    expect(await resolvedOf()).not.toBe(before);
    expect(await claimed()).toEqual([await resolvedOf()]);
    const refreshes = await db().requestRefresh.findMany({ where: { requestId: id }, orderBy: { number: 'asc' } });
    expect(refreshes.map(({ outcome }) => outcome)).toEqual(['dropped', 'applied']);
  });
});

test('merged before Slipway noted what it had put on the branch: what was merged is what the request says', async () => {
  const id = await opened('unnoted');
  const { branch } = await getRequest(id);
  await push(branch, { 'docs/unnoted.md': 'Theirs.\n' });
  await push('main', { 'docs/later.md': 'Later.\n' });
  await syncPullRequest(id);
  await takeBranchOver(id, platform.dana);
  // The branch is moved, and the pull request's text cannot be renewed.
  platform.github.faults.add({ method: 'PATCH', path: '/pulls/', respond: { status: 503 }, times: 50 });
  await refreshRequest(id);
  platform.github.faults.clear();
  const { head } = await pullOf(id);
  expect((await getRequest(id)).headSha).not.toBe(head.sha);
  await platform.api('PUT', `/pulls/${await numberOf(id)}/merge`);
  await syncPullRequest(id);
  const request = await getRequest(id);
  expect(request).toMatchObject({ state: 'merged', headSha: head.sha });
  const [refresh, ...more] = await db().requestRefresh.findMany({ where: { requestId: id } });
  expect(more).toEqual([]);
  expect(refresh).toMatchObject({ outcome: 'applied', digest: request.digest });
  expect(request.steps.some(({ name }) => name === 'refresh')).toBe(false);
});
