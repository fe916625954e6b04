import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { retryRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { listTaken } from '@/lib/ports/queries';
import { forgetPauses } from '@/lib/queue/upstream-pauses';
import { expire } from './expire';
import { openPullRequest } from './open-pull-request';
import { currentRepository } from './read-repository';
import { UnreadableRequestError } from './request-row';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
const portless = { ports: [], routing: undefined };
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(async () => {
  platform.github.faults.clear();
  platform.githubProxy.rewrite = undefined;
  await platform.notionApi('DELETE', '/_slipway/faults');
});
afterAll(() => platform.end());

const stepOf = async (id: number, name: string) => (await getRequest(id)).steps.find((step) => step.name === name);
const portOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).find((port) => port.service === service);
const branches = async (id: number) =>
  platform.api<unknown[]>('GET', `/git/matching-refs/heads/${(await getRequest(id)).branch}`);
const nextJob = async (key: string) => {
  const [job] = await db().$queryRaw<{ run_at: Date }[]>`
    SELECT run_at FROM graphile_worker.jobs WHERE key = ${key} AND locked_at IS NULL`;
  return job?.run_at;
};

/** Refused as GitHub refuses, tried, mended, tried again by a person: then it stands. */
async function failsThenRetried(
  name: string,
  respond: { status: number; body?: unknown; headers?: Record<string, string> },
  says: RegExp,
): Promise<void> {
  const id = await submitOne(platform.dana, specOf(name));
  platform.github.faults.add({ method: 'POST', path: '/git/', respond, times: 50 });
  await openPullRequest(id);
  const failed = await getRequest(id);
  expect(failed).toMatchObject({ state: 'failed', failure: expect.stringMatching(says) as string });
  expect(failed.failureRef).toMatch(/^slw-/);
  expect(failed.timeline.at(-1)).toMatchObject({ kind: 'failed', status: 'failed' });
  expect(await portOf(name)).toMatchObject({ state: 'held' });
  platform.github.faults.clear();

  const before = (await portOf(name))?.leaseUntil?.getTime() ?? 0;
  await retryRequest(id, platform.dana);
  await openPullRequest(id);
  expect(await getRequest(id)).toMatchObject({ state: 'in_review', failure: undefined });
  expect((await portOf(name))?.state).toBe('reserved');
  expect(before).toBeGreaterThan(Date.now());
}

describe('GitHub refuses', () => {
  test('the token', () =>
    failsThenRetried(
      'unauthorised',
      { status: 401, body: { message: 'Bad credentials' } },
      /refused the token.*GITHUB_TOKEN/,
    ));
  test('to push', () =>
    failsThenRetried(
      'unprivileged',
      { status: 403, body: { message: 'Resource not accessible' } },
      /does not let this token/,
    ));
  test('the repository', () =>
    failsThenRetried(
      'unfindable',
      { status: 404, body: { message: 'Not Found' } },
      /has no repository ravenhelm\/platform/,
    ));
  test('because it is empty', () =>
    failsThenRetried('hollow', { status: 409, body: { message: 'Git Repository is empty.' } }, /is empty/));
});

describe('GitHub is slow, limits or breaks off', () => {
  test.each([
    [
      'limit-a',
      'primary limit',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 1800) },
      },
      1500,
    ],
    ['limit-b', 'secondary limit', { status: 403, headers: { 'retry-after': '120' } }, 100],
    ['limit-c', 'too many requests', { status: 429 }, 50],
  ])('%s: waits as long as the %s says, and the ports stay held', async (name, _what, respond, atLeastSeconds) => {
    const id = await submitOne(platform.dana, specOf(name));
    platform.github.faults.add({ method: 'POST', path: '/git/', respond, times: 50 });
    await openPullRequest(id);
    const waits = ((await nextJob(`open-pull-request:${id}`))?.getTime() ?? 0) - Date.now();
    expect(waits).toBeGreaterThan(atLeastSeconds * 1000);
    expect(await stepOf(id, 'branch')).toMatchObject({ status: 'pending', attempts: 0 });
    expect((await getRequest(id)).state).toBe('opening');
    platform.github.faults.clear();
    await db().upstreamPause.deleteMany();
    forgetPauses('GitHub');
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
  });

  test.each([
    ['away-a', { respond: { status: 502 } }],
    ['away-b', { drop: 'before' as const }],
    ['away-c', { drop: 'after' as const }],
    ['away-d', { respond: { status: 201, body: { nothing: 'that we know' } } }],
  ])('%s: is tried again until it works, and makes nothing twice', async (name, fault) => {
    const id = await submitOne(platform.dana, specOf(name));
    for (const path of ['/git/trees$', '/git/refs$', '/pulls$']) {
      platform.github.faults.add({ method: 'POST', path, ...fault });
    }
    for (let attempt = 0; attempt < 4; attempt += 1) await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    expect(await branches(id)).toHaveLength(1);
    const { branch } = await getRequest(id);
    expect(await platform.api('GET', `/pulls?state=all&head=ravenhelm:${branch}`)).toHaveLength(1);
  });

  test('in the end it is given up, with the reason, and a person may try again', async () => {
    const id = await submitOne(platform.dana, specOf('hopeless'));
    platform.github.faults.add({ method: 'POST', path: '/git/', respond: { status: 503 }, times: 100 });
    for (let attempt = 0; attempt < 8; attempt += 1) await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'failed' });
    expect(await stepOf(id, 'branch')).toMatchObject({ status: 'failed', attempts: 8, maxAttempts: 8 });
  });
});

test('what a newer version wrote is left as it is, for a worker of that version', async () => {
  const id = await submitOne(platform.dana, specOf('newcomer'));
  const { manifest } = await db().changeRequest.findUniqueOrThrow({ where: { id } });
  const write = (value: unknown) =>
    db().changeRequest.update({ where: { id }, data: { manifest: value as Prisma.InputJsonValue } });
  await write({ ...(manifest as object), fieldOfTomorrow: true });
  for (let attempt = 0; attempt < 4; attempt += 1)
    await expect(openPullRequest(id)).rejects.toBeInstanceOf(UnreadableRequestError);
  const [row, steps] = await Promise.all([
    db().changeRequest.findUniqueOrThrow({ where: { id } }),
    db().requestStep.count({ where: { requestId: id } }),
  ]);
  expect([row.state, row.failureRef, steps]).toEqual(['submitted', null, 0]);
  expect(await portOf('newcomer')).toMatchObject({ state: 'held' });
  // The worker that knows the field.
  await write(manifest);
  await openPullRequest(id);
  expect((await getRequest(id)).state).toBe('in_review');
});

describe('what is pushed is what was seen', () => {
  test('a byte that changes on the way is noticed, and no branch is made', async () => {
    const id = await submitOne(platform.dana, specOf('tampered'));
    platform.githubProxy.rewrite = (method, path, body) => {
      if (method !== 'POST' || !path.endsWith('/git/trees')) return body;
      const tree = JSON.parse(body.toString('utf8')) as { tree: { content?: string }[] };
      const [first] = tree.tree;
      if (first?.content !== undefined) first.content = first.content.replace('\n', '\r\n');
      return Buffer.from(JSON.stringify(tree));
    };
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'failed' });
    expect((await getRequest(id)).failure).toContain('other bytes');
    expect(await branches(id)).toHaveLength(0);
  });

  test('a file more in a tree, or another mode, is noticed before the branch', async () => {
    const id = await submitOne(platform.dana, specOf('retargeted'));
    platform.githubProxy.rewrite = (method, path, body) => {
      if (method !== 'POST' || !path.endsWith('/git/trees')) return body;
      const tree = JSON.parse(body.toString('utf8')) as { tree: object[] };
      tree.tree.push({ path: 'README.md', mode: '100644', type: 'blob', content: 'Gone.\n' });
      return Buffer.from(JSON.stringify(tree));
    };
    await openPullRequest(id);
    expect((await getRequest(id)).failure).toContain('README.md');
    expect(await branches(id)).toHaveLength(0);
    const { branch } = await getRequest(id);
    expect(await platform.api('GET', `/pulls?state=all&head=ravenhelm:${branch}`)).toHaveLength(0);

    platform.githubProxy.rewrite = (method, path, body) =>
      method === 'POST' && path.endsWith('/git/trees')
        ? Buffer.from(body.toString('utf8').replace('"100644"', '"100755"'))
        : body;
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).failure).toContain('another mode');
    expect(await branches(id)).toHaveLength(0);
  });

  test('a base that is not what the preview was made from is noticed', async () => {
    const id = await submitOne(platform.dana, specOf('rebased'));
    const registry = (await currentRepository()).tree.read('config/port_registry.yaml') ?? '';
    const { sha } = await platform.api<{ sha: string }>('POST', '/_slipway/push', {
      login: 'operator',
      message: 'chore: a line more',
      files: { 'config/port_registry.yaml': `# A line more.\n${registry}` },
    });
    await db().changeRequest.update({ where: { id }, data: { baseSha: sha } });
    await openPullRequest(id);
    expect((await getRequest(id)).failure).toContain('is not what the preview was made from');
    expect(await branches(id)).toHaveLength(0);
  });

  test('a branch of that name with somebody else’s commits is left alone', async () => {
    const id = await submitOne(platform.dana, specOf('squatted', portless));
    const { branch } = await getRequest(id);
    await platform.api('POST', '/git/refs', {
      ref: `refs/heads/${branch}`,
      sha: (await platform.api<{ object: { sha: string } }>('GET', '/git/ref/heads/main')).object.sha,
    });
    const pushed = await platform.api<{ sha: string }>('POST', '/_slipway/push', {
      login: 'operator',
      branch,
      message: 'feat: mine',
      files: { 'docs/mine.md': 'Mine.\n' },
    });
    await openPullRequest(id);
    expect((await getRequest(id)).failure).toContain('a person touched it');
    const head = await platform.api<{ object: { sha: string } }>('GET', `/git/ref/heads/${branch}`);
    expect(head.object.sha).toBe(pushed.sha);
  });
});

describe('the tracker is away', () => {
  test('the pull request opens all the same; what is owed is shown, tried again, and written once', async () => {
    const id = await submitOne(platform.dana, specOf('untracked', portless));
    await platform.notionApi('POST', '/_slipway/down', { down: true });
    await openPullRequest(id);
    await updateTracker(id);
    const owing = await getRequest(id);
    expect(owing).toMatchObject({ state: 'in_review', owedCount: 2 });
    expect(owing.owed.map((step) => step.name)).toEqual(['tracker-issue', 'runbook-page']);
    expect(owing.owed[0]?.nextAttemptAt).toBeDefined();
    expect(owing.timeline.filter((event) => event.status === 'owed')).toHaveLength(2);
    expect(await nextJob(`update-tracker:${id}`)).toBeInstanceOf(Date);
    await updateTracker(id);
    expect((await getRequest(id)).timeline.filter((event) => event.status === 'owed')).toHaveLength(2);

    await platform.notionApi('POST', '/_slipway/down', { down: false });
    await retryRequest(id, platform.dana);
    await updateTracker(id);
    const done = await getRequest(id);
    expect(done.owed).toEqual([]);
    expect(done.steps.every((step) => step.status === 'done')).toBe(true);
    const pull = await platform.api<{ body: string }>('GET', `/pulls/${done.pull?.number ?? 0}`);
    expect(pull.body).toContain(done.links.issue);
    expect(pull.body).toContain(done.links.runbookPage);
  });

  test('an answer that was lost after the work makes no second page', async () => {
    const id = await submitOne(platform.dana, specOf('once-only', portless));
    await openPullRequest(id);
    await platform.notionApi('POST', '/_slipway/faults', {
      method: 'POST',
      path: '^/v1/pages$',
      times: 2,
      action: { kind: 'drop-after' },
    });
    await updateTracker(id);
    expect((await getRequest(id)).owedCount).toBe(2);
    await updateTracker(id);
    expect((await getRequest(id)).owed).toEqual([]);
    const requests = await platform.notionApi<{ method: string; path: string }[]>('GET', '/_slipway/requests');
    expect(requests.filter(({ method, path }) => method === 'POST' && path === '/v1/pages')).toHaveLength(2);
  });

  test('what a person wrote in the pull request’s text stays', async () => {
    const id = await submitOne(platform.dana, specOf('annotated', portless));
    await openPullRequest(id);
    const { pull } = await getRequest(id);
    await platform.api('PATCH', `/pulls/${pull?.number ?? 0}`, { body: 'My own words.' });
    await updateTracker(id);
    const { links } = await getRequest(id);
    const { body } = await platform.api<{ body: string }>('GET', `/pulls/${pull?.number ?? 0}`);
    expect(body).toContain('My own words.');
    expect(body).toContain(links.issue);
  });
});

describe('a lease that ran out', () => {
  const lapse = async (id: number) => {
    await db().portReservation.updateMany({ where: { requestId: id }, data: { leaseUntil: new Date(Date.now() - 1) } });
    await expire();
    expect((await getRequest(id)).state).toBe('failed');
  };

  test('a retry takes everything anew', async () => {
    const id = await submitOne(platform.dana, specOf('revived'));
    await lapse(id);
    expect(await portOf('revived')).toBeUndefined();
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    expect(await portOf('revived')).toMatchObject({ state: 'reserved' });
    expect(await db().hostClaim.count({ where: { requestId: id, releasedAt: null } })).toBe(1);
  });

  test('unless somebody else has it by then: it says who', async () => {
    const ports = [{ name: 'http', internal: 7980, external: 47_001, why: 'HTTP API' }];
    const id = await submitOne(platform.dana, specOf('outrun', { ports }));
    await lapse(id);
    const other = await submitOne(platform.dana, specOf('outrunner', { ports }));
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    const { state, failure } = await getRequest(id);
    expect(state).toBe('failed');
    expect(failure).toContain(`outrunner, request ${other}`);
    expect(await portOf('outrun')).toBeUndefined();
  });

  test('that runs out while the worker is at it stops the worker', async () => {
    const id = await submitOne(platform.dana, specOf('overtaken'));
    platform.github.faults.add({ method: 'POST', path: '/pulls$', hold: 'before' });
    const working = openPullRequest(id);
    await expect.poll(() => platform.github.faults.heldCount).toBe(1);
    await lapse(id);
    platform.github.faults.release();
    await working;
    expect(await getRequest(id)).toMatchObject({ state: 'failed', pull: undefined });
    expect((await getRequest(id)).timeline.map((event) => event.kind)).not.toContain('pull-request');
    // Tried again it finds the pull request that was opened all the same.
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    const { branch } = await getRequest(id);
    expect(await platform.api('GET', `/pulls?state=all&head=ravenhelm:${branch}`)).toHaveLength(1);
  });
});

describe('the repository cannot be read', () => {
  test('while GitHub is away people submit on the last known main', async () => {
    platform.github.faults.add({ path: '.*', drop: 'before', times: 20 });
    const id = await submitOne(platform.dana, specOf('undeterred'));
    platform.github.faults.clear();
    expect((await getRequest(id)).state).toBe('submitted');
  });

  test('a profile that is not valid is said to be so, with its line', async () => {
    const { tree } = await currentRepository({ maxAgeMs: 0 });
    const profile = tree.read('slipway.yaml') ?? '';
    const write = (text: string) =>
      platform.api('POST', '/_slipway/push', {
        login: 'operator',
        message: 'chore: x',
        files: { 'slipway.yaml': text },
      });
    await write(profile.replace('platform:', 'platfrom:'));
    const attempt = submitOne(platform.dana, specOf('unprofiled'));
    await expect(attempt).rejects.toThrow(/slipway\.yaml.* is not valid.*(platform|platfrom)/);
    await write(profile);
    await submitOne(platform.dana, specOf('unprofiled'));
  });
});
