import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError } from '@/lib/errors';
import { listTaken } from '@/lib/ports/queries';
import { takeTurn } from '@/lib/queue/upstream-turns';
import { cancelRequest, takeBranchOver } from '@/lib/requests/commands';
import { getRequest, getRequestFiles } from '@/lib/requests/queries';
import { createActor } from '@/lib/requests/test-requests';
import type { ManifestInput } from '@/lib/services/manifest';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { repositoryAt } from './read-repository';
import { reconcile } from './reconcile';
import { refreshRequest } from './refresh-request';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.end());
afterEach(() => {
  platform.github.faults.clear();
  platform.githubProxy.rewrite = undefined;
  delete process.env.GITHUB_WRITES_PER_MINUTE;
});

interface Pull {
  head: { sha: string };
  mergeable: boolean;
  body: string;
}
interface Commit {
  parents: { sha: string }[];
  message: string;
}

const pullOf = async (id: number) => platform.api<Pull>('GET', `/pulls/${(await getRequest(id)).pull?.number ?? 0}`);
const headOf = async (id: number) => (await pullOf(id)).head.sha;
const commitOf = (sha: string) => platform.api<Commit>('GET', `/git/commits/${sha}`);
const mainSha = async () => (await platform.api<{ object: { sha: string } }>('GET', '/git/ref/heads/main')).object.sha;
const eventsOf = async (id: number, kind: string) =>
  (await getRequest(id)).timeline.filter((event) => event.kind === kind);
const portsOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).filter((port) => port.service === service);
const push = (branch: string, files: Record<string, string>) =>
  platform.api('POST', '/_slipway/push', { login: 'operator', branch, message: 'by hand', files });
const jobsFor = (id: number) => db().$queryRaw<unknown[]>`
  SELECT 1 FROM graphile_worker.jobs WHERE key = ${`refresh-request:${id}`}`;

const autoPort = { name: 'http', internal: 7980, why: 'HTTP API' };
let nextPort = 46_600;

async function opened(name: string, fields: Partial<ManifestInput> = {}): Promise<number> {
  // The pool of the sample's category is not for so many.
  const ports = [{ ...autoPort, external: nextPort++ }];
  const id = await submitOne(platform.dana, specOf(name, { ports, ...fields }));
  await openPullRequest(id);
  expect((await getRequest(id)).state).toBe('in_review');
  return id;
}

async function merge(id: number): Promise<void> {
  await platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
  await syncPullRequest(id);
  await syncRepository();
  expect((await getRequest(id)).state).toBe('live');
}

/** The branch's files are what the request says, and the rest is main's. */
async function expectPlanOnMain(id: number): Promise<void> {
  const [branch, main] = [await repositoryAt(await headOf(id)), await repositoryAt(await mainSha())];
  const files = new Map((await getRequestFiles(id)).map((file) => [file.path, file.after]));
  for (const path of new Set([...branch.tree.paths, ...main.tree.paths]))
    expect(branch.tree.read(path), path).toBe(files.get(path) ?? main.tree.read(path));
}

describe('main moves', () => {
  test('in the same place: a merge commit on top of the branch, the ports stay, the text is renewed, and it merges', async () => {
    const first = await opened('beside-a');
    const second = await opened('beside-b');
    const before = await getRequest(second);
    const [port] = await portsOf('beside-b');
    await merge(first);
    expect((await pullOf(second)).mergeable).toBe(false);
    expect(await jobsFor(second)).toHaveLength(1);
    await refreshRequest(second);

    const pull = await pullOf(second);
    expect(pull.mergeable).toBe(true);
    const main = await mainSha();
    expect((await commitOf(pull.head.sha)).parents.map(({ sha }) => sha)).toEqual([before.headSha, main]);
    const after = await getRequest(second);
    expect(after).toMatchObject({ state: 'in_review', baseSha: main, headSha: pull.head.sha });
    expect(after.digest).not.toBe(before.digest);
    expect(pull.body).toContain(after.digest);
    expect(pull.body).not.toContain(before.digest);
    expect(await portsOf('beside-b')).toEqual([port]);
    await expectPlanOnMain(second);
    const events = await eventsOf(second, 'refresh');
    expect(events).toMatchObject([{ status: 'done', title: `Brought up to main ${main.slice(0, 7)}` }]);
    expect(await eventsOf(second, 'commit')).toEqual([]);

    await refreshRequest(second);
    await syncPullRequest(second);
    expect(await headOf(second)).toBe(pull.head.sha);
    expect(await eventsOf(second, 'conflict')).toEqual([]);
    expect(await eventsOf(second, 'commit')).toEqual([]);
    await merge(second);
    expect((await previewOf(specOf('beside-b'))).plan.outcome).toBe('unchanged');
  });

  test('elsewhere: the branch is not touched, since a push would dismiss approvals', async () => {
    const id = await opened('undisturbed');
    const head = await headOf(id);
    await push('main', { 'docs/elsewhere.md': 'Elsewhere.\n' });
    await syncRepository();
    await refreshRequest(id);
    expect(await headOf(id)).toBe(head);
    expect(await eventsOf(id, 'refresh')).toEqual([]);
    const row = await db().changeRequest.findUniqueOrThrow({ where: { id } });
    expect(row.judgedSha).toBe(await mainSha());
  });

  test('elsewhere, and then in the same place: the text is one, though its checks ran again in between, and a tick stays', async () => {
    const first = await opened('before-it');
    const id = await opened('twice-moved');
    await push('main', { 'docs/elsewhere-too.md': 'Elsewhere.\n' });
    await syncRepository();
    await refreshRequest(id);
    const { number } = (await getRequest(id)).pull ?? {};
    const task = /^- \[ \] .+$/m.exec((await pullOf(id)).body)?.[0] ?? 'no task';
    const ticked = (await pullOf(id)).body.replace(task, () => task.replace('[ ]', '[x]'));
    await platform.api('PATCH', `/pulls/${number ?? 0}`, { body: ticked });
    await merge(first);
    await refreshRequest(id);
    const { body } = await pullOf(id);
    expect(body.split('## Checks')).toHaveLength(2);
    expect(body).toContain((await getRequest(id)).digest);
    expect(body).toContain(task.replace('[ ]', '[x]'));
  });

  test('in the same place, where people left no room for another text: theirs stays, it is said, and the branch is brought up', async () => {
    const first = await opened('before-full');
    const id = await opened('full-text');
    const { number } = (await getRequest(id)).pull ?? {};
    const theirs = (await pullOf(id)).body.replace('Adds ', 'Really adds ');
    const full = theirs.padEnd(65_536, 'and says why, ');
    await platform.api('PATCH', `/pulls/${number ?? 0}`, { body: full });
    await merge(first);
    await refreshRequest(id);
    const { body, head } = await pullOf(id);
    expect(body).toBe(full);
    expect(await getRequest(id)).toMatchObject({ state: 'in_review', headSha: head.sha, baseSha: await mainSha() });
    expect(await eventsOf(id, 'refresh')).toMatchObject([
      { status: 'info', title: 'No room for the new text in the pull request' },
      { status: 'done', title: expect.stringContaining('Brought up to main') as string },
    ]);
  });

  test('in one of its files, where the merge is what the plan would be: the branch is not touched', async () => {
    const id = await opened('still-the-same');
    const head = await headOf(id);
    const { tree } = await repositoryAt(await mainSha());
    const path = 'config/port_registry.yaml';
    await push('main', { [path]: `# Kept by the platform team.\n${tree.read(path) ?? ''}` });
    await syncRepository();
    await refreshRequest(id);
    expect(await headOf(id)).toBe(head);
    expect((await pullOf(id)).mergeable).toBe(true);
  });

  test('and takes its port: nothing is pushed, and it is said once who has it', async () => {
    const id = await opened('robbed', { ports: [{ ...autoPort, external: 46_501 }] });
    const head = await headOf(id);
    const path = 'compose/docker-compose.integrations.yml';
    const { tree } = await repositoryAt(await mainSha());
    const text = (tree.read(path) ?? '').replace(
      /^services:\n/m,
      'services:\n  robber:\n    image: nginx:1.27\n    ports:\n      - "46501:80"\n\n',
    );
    await push('main', { [path]: text });
    await syncRepository();
    await refreshRequest(id);
    await refreshRequest(id);
    expect(await headOf(id)).toBe(head);
    const events = await eventsOf(id, 'refresh');
    expect(events).toMatchObject([{ status: 'failed', title: 'Cannot follow main' }]);
    expect(events[0]?.detail).toContain('robber');
    await push('main', { [path]: tree.read(path) ?? '' });
    await syncRepository();
    await refreshRequest(id);
    expect(await eventsOf(id, 'refresh')).toHaveLength(1);
  });

  test('once more while it waits for its turn to write: only the newest main is put on the branch', async () => {
    const first = await opened('overtaken-a');
    const id = await opened('overtaken-b');
    const { headSha } = await getRequest(id);
    await merge(first);
    process.env.GITHUB_WRITES_PER_MINUTE = '4';
    await takeTurn('GitHub', 'somebody:1', 4, { perMinute: 4, perHour: 4 });
    await refreshRequest(id);
    expect((await getRequest(id)).headSha).toBe(headSha);
    await push('main', { 'docs/meanwhile.md': 'Meanwhile.\n' });
    delete process.env.GITHUB_WRITES_PER_MINUTE;
    await refreshRequest(id);
    const { parents } = await commitOf(await headOf(id));
    expect(parents.map(({ sha }) => sha)).toEqual([headSha, await mainSha()]);
    expect((await pullOf(id)).mergeable).toBe(true);
    expect(await eventsOf(id, 'refresh')).toHaveLength(1);
    const refreshes = await db().requestRefresh.findMany({ where: { requestId: id }, orderBy: { number: 'asc' } });
    expect(refreshes.map(({ outcome }) => outcome)).toEqual(['dropped', 'applied']);
  });

  test('ten requests on the same files: after one is merged the other nine merge again', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 10; count += 1) ids.push(await opened(`crowd-${count}`, { ports: [autoPort] }));
    const [first, ...others] = ids;
    if (first === undefined) throw new Error('nobody');
    await merge(first);
    for (const id of others) await refreshRequest(id);
    for (const id of others) expect((await pullOf(id)).mergeable).toBe(true);
    const ports = await Promise.all(ids.map(async (_, count) => (await portsOf(`crowd-${count}`))[0]?.range.from));
    expect(new Set(ports).size).toBe(10);
  }, 120_000);
});

describe('a person commits to the branch', () => {
  const mine = { 'docs/mine.md': 'Mine.\n' };

  test('it is theirs: not touched when main moves, and they are told of the conflict', async () => {
    const first = await opened('theirs-a');
    const id = await opened('theirs-b');
    const { branch } = await getRequest(id);
    await push(branch, mine);
    const head = await headOf(id);
    await merge(first);
    await refreshRequest(id);
    await syncPullRequest(id);
    expect(await headOf(id)).toBe(head);
    expect(await eventsOf(id, 'commit')).toMatchObject([{ actor: 'Owen Operator' }]);
    const [conflict] = await eventsOf(id, 'conflict');
    expect(conflict?.detail).toContain('take the branch over');
    expect(await getRequest(id)).toMatchObject({ branchTaken: { by: 'Owen Operator' } });
  });

  test('asked to, Slipway takes it over with a commit on top of theirs', async () => {
    const id = await opened('handed-back');
    const { branch } = await getRequest(id);
    await expect(takeBranchOver(id, platform.dana)).rejects.toThrow(ConflictError);
    await push(branch, { ...mine, 'config/port_registry.yaml': 'ports: []\n' });
    const theirs = await headOf(id);
    await syncPullRequest(id);
    const vera = await createActor('Vera of the branch', 'viewer');
    await expect(takeBranchOver(id, vera)).rejects.toThrow(NotAllowedError);
    await takeBranchOver(id, platform.dana);
    await takeBranchOver(id, platform.dana);
    await refreshRequest(id);
    expect((await commitOf(await headOf(id))).parents[0]?.sha).toBe(theirs);
    await expectPlanOnMain(id);
    expect(await eventsOf(id, 'take-over')).toMatchObject([{ actor: 'Dana' }]);
    expect((await getRequest(id)).branchTaken).toBeUndefined();
    await merge(id);
  });

  test('between our commit and the move of the branch: nothing is forced, and the branch is theirs', async () => {
    const first = await opened('raced-a');
    const id = await opened('raced-b');
    const { branch } = await getRequest(id);
    await merge(first);
    platform.github.faults.add({ method: 'PATCH', path: '/git/refs/', respond: { status: 503 }, times: 1 });
    await refreshRequest(id);
    await push(branch, mine);
    const head = await headOf(id);
    await refreshRequest(id);
    expect(await headOf(id)).toBe(head);
    await syncPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ branchTaken: { by: 'Owen Operator' } });
    expect(await db().requestRefresh.findMany({ where: { requestId: id } })).toMatchObject([{ outcome: 'dropped' }]);
  });
});

describe('cut off', () => {
  test.each([
    ['the commit was written', { method: 'POST', path: '/git/commits$', drop: 'after' as const, times: 1 }],
    ['the branch was moved', { method: 'PATCH', path: '/git/refs/', drop: 'after' as const, times: 1 }],
    ['the text was renewed', { method: 'PATCH', path: '/pulls/', drop: 'after' as const, times: 1 }],
  ])('after %s: the next try finds it, and there is one merge commit', async (what, fault) => {
    const name = what.replaceAll(' ', '-').slice(4);
    const first = await opened(`${name}-a`);
    const id = await opened(`${name}-b`);
    const { headSha } = await getRequest(id);
    await merge(first);
    platform.github.faults.add(fault);
    await refreshRequest(id);
    expect((await getRequest(id)).headSha).toBe(headSha);
    await refreshRequest(id);
    const after = await getRequest(id);
    expect(after.headSha).toBe(await headOf(id));
    expect((await commitOf(await headOf(id))).parents[0]?.sha).toBe(headSha);
    expect(await eventsOf(id, 'refresh')).toHaveLength(1);
    expect((await pullOf(id)).body.split(after.digest)).toHaveLength(2);
  });

  test('cancelled with the branch moved and not noted: the branch goes, the ports are free', async () => {
    const first = await opened('regret-a');
    const id = await opened('regret-b');
    await merge(first);
    platform.github.faults.add({ method: 'PATCH', path: '/pulls/', drop: 'before', times: 1 });
    await refreshRequest(id);
    platform.github.faults.clear();
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    expect((await getRequest(id)).state).toBe('cancelled');
    const { branch } = await getRequest(id);
    expect(await platform.api<unknown[]>('GET', `/git/matching-refs/heads/${branch}`)).toEqual([]);
    expect(await portsOf('regret-b')).toEqual([]);
  });

  test('with no job left, the poll finds the request that is behind main', async () => {
    const first = await opened('forgotten-a');
    const id = await opened('forgotten-b');
    await merge(first);
    await db().$executeRaw`SELECT graphile_worker.remove_job(${`refresh-request:${id}`})`;
    await db().$executeRaw`UPDATE change_requests SET updated_at = now() - interval '1 minute' WHERE id = ${id}`;
    await reconcile();
    expect(await jobsFor(id)).toHaveLength(1);
  });
});
