/** From the merge to the state that main shows, where something comes in between: another request, a GitHub that does not answer, a person's edit, a revert. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError } from '@/lib/errors';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest, retryRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { createActor } from '@/lib/requests/test-requests';
import { findHostOwner } from '@/lib/services/hosts';
import type { Manifest, ManifestInput } from '@/lib/services/manifest';
import { getService } from '@/lib/services/queries';
import { DraftContent } from '@/lib/wizard/draft-content';
import { endMerged } from './end-merged';
import { expire } from './expire';
import { findNameHolder } from './name-holder';
import { openPullRequest } from './open-pull-request';
import { previewService } from './preview-service';
import { confirmedRepository, currentRepository } from './read-repository';
import { submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

let platform: TestPlatform;
let owen: Actor;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ environment: withoutTools });
  owen = await createActor('Owen', 'operator');
  // Read once: the first test is not to pay for all of main's files.
  await currentRepository({ maxAgeMs: 0 });
});
afterEach(async () => {
  platform.github.faults.clear();
  await db().upstreamPause.deleteMany();
});
afterAll(() => platform.end());

const port = (external: number, name = 'http', internal = 7980) => ({ name, internal, external, why: 'HTTP API' });
const stateOf = async (id: number) => (await getRequest(id)).state;
const pullOf = async (id: number) => `/pulls/${(await getRequest(id)).pull?.number ?? 0}`;
const portsOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01'))
    .filter((one) => one.service === service)
    .map(({ state, range, requestId, portName }) => ({ state, from: range.from, requestId, portName }));
const has = (id: number, from: number, state = 'active', portName = 'http') => ({
  state,
  from,
  requestId: id,
  portName,
});
const titlesOf = async (id: number) => (await getRequest(id)).timeline.map(({ title }) => title);

/** A request whose pull request is open. */
async function opened(name: string, fields: Partial<ManifestInput> = {}, key?: string): Promise<number> {
  const id = await submitOne(platform.dana, specOf(name, fields), key);
  await openPullRequest(id);
  expect(await stateOf(id)).toBe('in_review');
  return id;
}

/** Merges on GitHub, and hears of it. */
async function merge(id: number): Promise<void> {
  await platform.api('PUT', `${await pullOf(id)}/merge`);
  await syncPullRequest(id);
}

async function close(id: number): Promise<void> {
  await platform.api('PATCH', await pullOf(id), { state: 'closed' });
  await syncPullRequest(id);
  expect(await stateOf(id)).toBe('closed');
}

async function live(name: string, fields: Partial<ManifestInput> = {}, key?: string): Promise<number> {
  const id = await opened(name, fields, key);
  await merge(id);
  await syncRepository();
  expect(await stateOf(id)).toBe('live');
  return id;
}

async function openedChange(manifest: Manifest, key = `change of ${manifest.name}`): Promise<number> {
  // As a browser sends it: without the keys that say nothing.
  const content = DraftContent.parse(JSON.parse(JSON.stringify(manifest)));
  const { digest } = await previewService(content, { changes: manifest.name });
  const wish = { manifest, digest: digest ?? '', idempotencyKey: key, actor: platform.dana };
  const result = await submitService({ action: 'change', ...wish });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  await openPullRequest(result.requestId);
  return result.requestId;
}

const mainSha = async () => (await platform.api<{ object: { sha: string } }>('GET', '/git/ref/heads/main')).object.sha;

/** Pushes, as a person, every text file of main in which `edit` changes something. @returns the commit. */
async function edit(branch: string, change: (text: string) => string): Promise<string> {
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  const files = tree.paths.flatMap((path) => {
    const text = tree.read(path);
    return text === undefined || change(text) === text ? [] : [[path, change(text)] as const];
  });
  const pushed = { login: 'operator', branch, message: 'chore: by hand', files: Object.fromEntries(files) };
  return (await platform.api<{ sha: string }>('POST', '/_slipway/push', pushed)).sha;
}

/** @returns the commit. */
async function pushNote(branch: string, path: string): Promise<string> {
  const pushed = { login: 'operator', branch, message: `docs: ${path}`, files: { [path]: 'A note.\n' } };
  return (await platform.api<{ sha: string }>('POST', '/_slipway/push', pushed)).sha;
}

/** Main gets back the files that it had at a commit. */
async function revertMain(to: string): Promise<void> {
  const {
    tree: { sha: tree },
  } = await platform.api<{ tree: { sha: string } }>('GET', `/git/commits/${to}`);
  const { sha } = await platform.api<{ sha: string }>('POST', '/git/commits', {
    ...{ message: 'revert: by hand', tree, parents: [await mainSha()] },
  });
  await platform.api('PATCH', '/git/refs/heads/main', { sha });
}

/** Reopens a closed request's pull request; a person has rebased its branch on main by then. */
async function reopenRebased(id: number, change: (text: string) => string): Promise<void> {
  const { branch } = await getRequest(id);
  const rebased = `rebased-${id}`;
  await platform.api('POST', '/git/refs', { ref: `refs/heads/${rebased}`, sha: await mainSha() });
  const sha = await edit(rebased, change);
  // GitHub reopens none whose branch was force-pushed.
  await platform.api('PATCH', await pullOf(id), { state: 'open' });
  await platform.api('PATCH', `/git/refs/heads/${branch}`, { sha, force: true });
}

const replacing = (from: number, to: number) => (text: string) => text.replaceAll(String(from), String(to));

describe('another request is live by the time that a closed one is merged', () => {
  test('a change: the one that was merged last stands for the service, and an innocent one is live as well', async () => {
    const first = await live('overtaken', { ports: [port(46_501)] });
    const closed = await openedChange(specOf('overtaken', { ports: [port(46_502)] }));
    await close(closed);
    const second = await openedChange(specOf('overtaken', { ports: [port(46_503)] }), 'the second change');
    await merge(second);
    await syncRepository();
    expect(await getRequest(first)).toMatchObject({ state: 'live', supersededBy: second });
    await reopenRebased(closed, replacing(46_503, 46_502));
    await merge(closed);
    // GitHub's times are whole seconds: two merges may have the same one.
    const { mergedAt } = await db().changeRequest.findUniqueOrThrow({ where: { id: closed } });
    await db().changeRequest.update({ where: { id: second }, data: { mergedAt } });
    const innocent = await opened('innocent', { ports: [port(46_504)] });
    await merge(innocent);
    await syncRepository();
    expect(await stateOf(innocent)).toBe('live');
    expect(await getRequest(closed)).toMatchObject({ state: 'live', supersededBy: undefined });
    expect(await getRequest(second)).toMatchObject({ state: 'live', supersededBy: closed });
    expect(await portsOf('overtaken')).toEqual([has(closed, 46_502)]);
    const { manifest } = await getService('overtaken');
    expect(manifest?.ports[0]).toMatchObject({ external: { from: 46_502 } });
    expect(await findHostOwner(db(), { host: 'overtaken.ravenhelm.test', path: '/' })).toMatchObject({
      href: `/requests/${closed}`,
    });
  }, 120_000);

  test('an addition: the same; and one that was merged before, but heard of after, is history', async () => {
    const closed = await opened('added-twice', { ports: [port(46_511)] });
    await close(closed);
    const second = await live('added-twice', { ports: [port(46_512)] }, 'added again');
    await reopenRebased(closed, replacing(46_512, 46_511));
    await platform.api('PUT', `${await pullOf(closed)}/merge`);
    // Heard of late: what stands was merged after it.
    await db().changeRequest.update({ where: { id: second }, data: { mergedAt: new Date(Date.now() + 60_000) } });
    await syncPullRequest(closed);
    expect(await stateOf(closed)).toBe('merged');
    await syncRepository();
    expect(await getRequest(closed)).toMatchObject({ state: 'live', supersededBy: second });
    expect(await getRequest(second)).toMatchObject({ state: 'live', supersededBy: undefined });
    expect((await portsOf('added-twice')).map(({ requestId }) => requestId)).toEqual([second]);
  });

  test('what one merged request cannot do stops neither the others nor the rest of the run', async () => {
    const broken = await opened('cannot', { ports: [port(46_521)] });
    await merge(broken);
    const fine = await opened('can', { ports: [port(46_522)] });
    await merge(fine);
    const { mergeSha = '' } = await getRequest(broken);
    platform.github.faults.add({ path: `/compare/${mergeSha}`, respond: { status: 502 }, times: 1 });
    await expect(syncRepository()).rejects.toThrow('GitHub');
    expect([await stateOf(broken), await stateOf(fine)]).toEqual(['merged', 'live']);
    platform.github.faults.add({
      path: `/compare/${mergeSha}`,
      respond: { status: 429, headers: { 'retry-after': '60' } },
      times: 1,
    });
    await syncRepository();
    expect(await stateOf(broken)).toBe('merged');
    // No failure: it comes back when GitHub may be asked again.
    expect(
      await db().$queryRaw`
      SELECT 1 FROM graphile_worker.jobs WHERE key = 'sync-repository' AND run_at > now() + interval '30 seconds'`,
    ).toHaveLength(1);
    await db().upstreamPause.deleteMany();
    await syncRepository();
    expect(await stateOf(broken)).toBe('live');
  });
});

describe('a change is live only on a main that has it', () => {
  test('not while GitHub does not say where main stands', async () => {
    const first = await live('waiting', { ports: [port(46_531)] });
    const id = await openedChange(specOf('waiting', { ports: [port(46_532)] }));
    await merge(id);
    platform.github.faults.add({
      path: '/git/ref/heads',
      respond: { status: 503 },
      times: 20,
    });
    await expect(syncRepository()).rejects.toThrow('GitHub');
    expect(await stateOf(id)).toBe('merged');
    expect(await portsOf('waiting')).toEqual([has(first, 46_531), has(id, 46_532, 'reserved')]);
    platform.github.faults.clear();
    await syncRepository();
    expect(await portsOf('waiting')).toEqual([has(id, 46_532)]);
  });

  test('nor by the answer to a question that somebody asked before the merge', async () => {
    const before = await mainSha();
    platform.github.faults.add({ path: '/git/ref/heads', hold: 'after' });
    const asking = currentRepository({ maxAgeMs: 0 });
    await expect.poll(() => platform.github.faults.heldCount).toBe(1);
    const sha = await pushNote('main', 'docs/moved.md');
    const confirming = confirmedRepository();
    platform.github.faults.release();
    expect((await asking).sha).toBe(before);
    expect((await confirming).sha).toBe(sha);
  });

  test('nor on a commit that is older than the merge, whoever says that main stands there', async () => {
    const first = await live('stale', { ports: [port(46_535)] });
    const id = await openedChange(specOf('stale', { ports: [port(46_536)] }));
    const before = await mainSha();
    await merge(id);
    platform.github.faults.add({
      path: '/git/ref/heads',
      respond: {
        status: 200,
        body: { ref: 'refs/heads/main', node_id: 'x', url: 'x', object: { type: 'commit', sha: before, url: 'x' } },
      },
    });
    await syncRepository();
    expect(await stateOf(id)).toBe('merged');
    expect(await portsOf('stale')).toEqual([has(first, 46_535), has(id, 46_536, 'reserved')]);
    expect((await titlesOf(id)).at(-1)).toBe('Merged by operator');
    await syncRepository();
    expect(await portsOf('stale')).toEqual([has(id, 46_536)]);
  });

  test('also of a service that runs in Kubernetes alone, where a change makes no file: its chart is that of the addition', async () => {
    const source = { kind: 'image' as const, image: 'livekit/egress:v1.9.0' };
    const clustered = (replicas: number) => ({
      ...{ ports: [], routing: undefined },
      runtime: { source, kubernetes: { environments: ['dev' as const], replicas } },
    });
    await live('clustered', clustered(1));
    const id = await openedChange(specOf('clustered', clustered(2)));
    expect((await getRequest(id)).files.filter(({ isNew }) => isNew)).toEqual([]);
    await merge(id);
    await syncRepository();
    expect(await stateOf(id)).toBe('live');
    await pushNote('main', 'docs/clustered.md');
    await syncRepository();
    expect((await getService('clustered')).manifest?.runtime.kubernetes).toMatchObject({ replicas: 2 });
    const holder = await findNameHolder(db(), await currentRepository({ maxAgeMs: 0 }), 'clustered', 'add');
    expect(holder?.message).toMatch(/^There is a service clustered already/);
  });
});

describe('merged, and main does not show it', () => {
  test('a reverted addition: told once, ended by an operator alone, everything is free and stays ended', async () => {
    const id = await opened('undone', { ports: [port(46_541)] });
    const before = await mainSha();
    await merge(id);
    await revertMain(before);
    await syncRepository();
    await syncRepository();
    expect(await stateOf(id)).toBe('merged');
    expect((await titlesOf(id)).filter((title) => title === 'main does not show it')).toHaveLength(1);
    await expect(cancelRequest(id, platform.dana)).rejects.toThrow(ConflictError);
    await expect(endMerged({ id, reason: 'reverted' }, platform.dana)).rejects.toThrow(NotAllowedError);
    await endMerged({ id, reason: 'It broke the proxy.' }, owen);
    expect(await stateOf(id)).toBe('cancelled');
    expect(await portsOf('undone')).toEqual([]);
    expect(await findHostOwner(db(), { host: 'undone.ravenhelm.test', path: '/' })).toBeUndefined();
    // GitHub goes on saying that it was merged.
    await syncPullRequest(id);
    expect(await stateOf(id)).toBe('cancelled');
    await live('undone', { ports: [port(46_541)] }, 'once more');
  });

  test('a reverted change: the service stays as it was, and the new port is free again', async () => {
    const first = await live('wavered', { ports: [port(46_542)] });
    const id = await openedChange(specOf('wavered', { ports: [port(46_543)] }));
    const before = await mainSha();
    await merge(id);
    await revertMain(before);
    await syncRepository();
    expect(await portsOf('wavered')).toEqual([has(first, 46_542), has(id, 46_543, 'reserved')]);
    // Two at once, as with two windows: done once.
    await Promise.all([endMerged({ id, reason: 'reverted' }, owen), endMerged({ id, reason: 'reverted' }, owen)]);
    expect(await portsOf('wavered')).toEqual([has(first, 46_542)]);
    await syncRepository();
    expect((await getService('wavered')).manifest?.ports[0]).toMatchObject({ external: { from: 46_542 } });
    expect(await getRequest(first)).toMatchObject({ state: 'live', supersededBy: undefined });
  });

  test('merged into another branch: told, not live, and an operator may end it', async () => {
    await platform.api('POST', '/git/refs', { ref: 'refs/heads/release', sha: await mainSha() });
    // As when somebody gives the pull request another target.
    platform.githubProxy.rewrite = (method, path, body) =>
      method === 'POST' && path.endsWith('/pulls')
        ? Buffer.from(JSON.stringify({ ...(JSON.parse(body.toString('utf8')) as object), base: 'release' }))
        : body;
    const id = await opened('elsewhere', { ports: [port(46_544)] });
    platform.githubProxy.rewrite = undefined;
    await merge(id);
    await syncRepository();
    expect(await stateOf(id)).toBe('merged');
    expect(await titlesOf(id)).toContain('main does not have the merge');
    await endMerged({ id, reason: 'The branch is dropped.' }, owen);
    expect(await portsOf('elsewhere')).toEqual([]);
  });

  test('what main shows is not ended', async () => {
    const id = await opened('standing', { ports: [port(46_545)] });
    await merge(id);
    await expect(endMerged({ id, reason: 'no' }, owen)).rejects.toThrow('Revert');
    await syncRepository();
    expect(await stateOf(id)).toBe('live');
    await expect(endMerged({ id, reason: 'no' }, owen)).rejects.toThrow(ConflictError);
  });
});

describe('a reviewer changes the numbers', () => {
  const two = (http: number, metrics: number) => [port(http), port(metrics, 'metrics', 7981)];

  test.each([
    ['shifts', 46_551, [46_552, 46_553]],
    ['swaps', 46_556, [46_557, 46_556]],
  ] as const)('%s two ports: both are active with the numbers that main says', async (name, from, [http, metrics]) => {
    const id = await opened(name, { ports: two(from, from + 1) });
    const { branch, headSha = '' } = await getRequest(id);
    const names = new Map([
      [from, http],
      [from + 1, metrics],
    ]);
    const number = new RegExp(`\\b(${from}|${from + 1})\\b`, 'g');
    await editBranch(branch, headSha, (text) => text.replace(number, (found) => String(names.get(Number(found)))));
    await merge(id);
    await syncRepository();
    expect(await stateOf(id)).toBe('live');
    expect((await portsOf(name)).sort((a, b) => a.portName.localeCompare(b.portName))).toEqual([
      has(id, http),
      has(id, metrics, 'active', 'metrics'),
    ]);
    expect((await titlesOf(id)).filter((title) => title.includes('somebody else'))).toEqual([]);
  });
});

/** Pushes, as a person, onto a request's branch: its files with `change` applied to them. */
async function editBranch(branch: string, sha: string, change: (text: string) => string): Promise<void> {
  const { tree } = await platform.api<{ tree: { path: string; type: string }[] }>(
    'GET',
    `/git/trees/${sha}?recursive=1`,
  );
  const paths = tree.filter(({ type, path }) => type === 'blob' && /\.(ya?ml|md)$/.test(path)).map(({ path }) => path);
  const files: Record<string, string> = {};
  for (const path of paths) {
    const { content } = await platform.api<{ content: string }>('GET', `/contents/${encodeURI(path)}?ref=${sha}`);
    const text = Buffer.from(content, 'base64').toString('utf8');
    if (change(text) !== text) files[path] = change(text);
  }
  await platform.api('POST', '/_slipway/push', { login: 'operator', branch, message: 'chore: other ports', files });
}

describe('two imports at once', () => {
  test('one that began before another finished does not write its older commit over the newer one', async () => {
    await syncRepository();
    const before = await currentRepository({ maxAgeMs: 0 });
    const where = { repository_branch: { repository: before.fullName, branch: before.branch } };
    await pushNote('main', 'docs/a-note.md');
    const older = (await currentRepository({ maxAgeMs: 0 })).sha;
    const newer = 'f'.repeat(40);
    const other = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query(`UPDATE repository_heads SET imported_sha = $1, sha = $1 WHERE branch = 'main'`, [newer]);
      const syncing = syncRepository();
      await expect
        .poll(
          async () => db().$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          { timeout: 20_000 },
        )
        .toHaveLength(1);
      await other.query('COMMIT');
      await syncing;
    } finally {
      await other.end();
    }
    expect((await db().repositoryHead.findUniqueOrThrow({ where })).importedSha).toBe(newer);
    const seen = await db().service.findMany({ where: { seenSha: older } });
    expect(seen).toEqual([]);
    // It looks again by itself.
    expect(
      await db().$queryRaw<unknown[]>`
      SELECT 1 FROM graphile_worker.jobs WHERE key = 'sync-repository' AND queue_name = 'sync-repository'`,
    ).toHaveLength(1);
  });
});

describe('without a port', () => {
  const FIFTEEN_DAYS_MS = 15 * 24 * 3600_000;
  const portless: Partial<ManifestInput> = {
    ...{ ports: [{ name: 'http', internal: 7980, external: 'none', why: 'HTTP API' }], routing: undefined },
  };
  const numbersOf = (id: number) => db().runbookClaim.count({ where: { requestId: id, releasedAt: null } });
  const age = async (id: number) => {
    const then = new Date(Date.now() - FIFTEEN_DAYS_MS);
    await db().requestStep.updateMany({ where: { requestId: id }, data: { startedAt: then } });
    await db().changeRequest.update({ where: { id }, data: { updatedAt: then } });
  };

  test('a failed request gives back what it has after the time of a lease, and takes it again when it is tried again', async () => {
    const id = await submitOne(platform.dana, specOf('portless', portless));
    expect(await db().portReservation.count({ where: { requestId: id } })).toBe(0);
    await db().changeRequest.update({ where: { id }, data: { state: 'failed', failure: 'No tries left.' } });
    await expire();
    expect(await numbersOf(id)).toBe(1);
    await age(id);
    await expire();
    await expire();
    expect([await stateOf(id), await numbersOf(id)]).toEqual(['failed', 0]);
    expect((await titlesOf(id)).filter((title) => title === 'Given back')).toHaveLength(1);
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect([await stateOf(id), await numbersOf(id)]).toEqual(['in_review', 1]);
  });

  test('one that nobody took up fails; one that was tried a moment ago goes on', async () => {
    const forgotten = await submitOne(platform.dana, specOf('forgotten', portless));
    const tried = await submitOne(platform.dana, specOf('tried', portless));
    await age(forgotten);
    await age(tried);
    await db().requestStep.create({ data: { requestId: tried, name: 'check', startedAt: new Date() } });
    await expire();
    expect([await stateOf(forgotten), await stateOf(tried)]).toEqual(['failed', 'submitted']);
    expect([await numbersOf(forgotten), await numbersOf(tried)]).toEqual([0, 1]);
  });
});
