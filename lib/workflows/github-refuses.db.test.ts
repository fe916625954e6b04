/** GitHub refuses for good, or would have other bytes than the person saw: the request fails, says why, and a Retry goes on when it is mended. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest, retryRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { currentRepository } from './read-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
const portless = { ports: [], routing: undefined };
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => {
  platform.github.faults.clear();
  platform.githubProxy.rewrite = undefined;
  platform.githubProxy.fault = undefined;
});
afterAll(() => platform.end());

const stepOf = async (id: number, name: string) => (await getRequest(id)).steps.find((step) => step.name === name);
const portOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).find((port) => port.service === service);
const branches = async (id: number) =>
  platform.api<unknown[]>('GET', `/git/matching-refs/heads/${(await getRequest(id)).branch}`);
const pulls = async (id: number) =>
  platform.api<{ state: string }[]>('GET', `/pulls?state=all&head=ravenhelm:${(await getRequest(id)).branch}`);

/** A rule of the repository, as GitHub says it. */
const rule = { status: 422, body: { message: 'Repository rule violations found', errors: ['Not this name'] } };

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

describe('a rule of the repository refuses', () => {
  test('the branch: it is said in GitHub’s words, and nobody is said to have touched it', async () => {
    const id = await submitOne(platform.dana, specOf('unruly', portless));
    platform.github.faults.add({ method: 'POST', path: '/git/refs$', respond: rule, times: 10 });
    await openPullRequest(id);
    const { state, failure } = await getRequest(id);
    expect(state).toBe('failed');
    expect(failure).toMatch(/would not create the branch .*Repository rule violations found; Not this name/);
    platform.github.faults.clear();
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
  });

  test('that the pull request is closed, or its branch deleted: nothing is given back before it is', async () => {
    const id = await submitOne(platform.dana, specOf('unclosed'));
    await openPullRequest(id);
    await cancelRequest(id, platform.dana);
    const refusedAt = async (method: string, path: string, says: RegExp) => {
      platform.github.faults.add({ method, path, respond: rule, times: 10 });
      await cancelOnGitHub(id);
      platform.github.faults.clear();
      expect(await stepOf(id, 'cancel')).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(says) as string,
      });
      expect(await getRequest(id)).toMatchObject({ state: 'in_review' });
      expect((await getRequest(id)).timeline.at(-1)).toMatchObject({ title: 'Could not cancel yet' });
      expect(await portOf('unclosed')).toMatchObject({ state: 'reserved' });
      await retryRequest(id, platform.dana);
    };
    await refusedAt('PATCH', '/pulls/', /would not close pull request/);
    expect(await pulls(id)).toMatchObject([{ state: 'open' }]);
    await refusedAt('DELETE', '/git/refs', /would not delete the branch/);
    expect(await pulls(id)).toMatchObject([{ state: 'closed' }]);
    expect(await branches(id)).toHaveLength(1);
    await cancelOnGitHub(id);
    expect((await getRequest(id)).state).toBe('cancelled');
    expect(await branches(id)).toEqual([]);
    expect(await portOf('unclosed')).toBeUndefined();
  });
});

describe('GitHub’s answers are of no use', () => {
  test('none can be read: it is tried again until it works, and makes nothing twice', async () => {
    const id = await submitOne(platform.dana, specOf('unreadable'));
    for (const path of ['/git/trees$', '/git/refs$', '/pulls$'])
      platform.github.faults.add({ method: 'POST', path, respond: { status: 201, body: { nothing: 'that we know' } } });
    for (let attempt = 0; attempt < 4; attempt += 1) await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    expect(await branches(id)).toHaveLength(1);
    expect(await pulls(id)).toHaveLength(1);
  });

  test('in the end it is given up, with the reason, and a person may try again', async () => {
    const id = await submitOne(platform.dana, specOf('hopeless'));
    platform.github.faults.add({ method: 'POST', path: '/git/', respond: { status: 503 }, times: 100 });
    for (let attempt = 0; attempt < 8; attempt += 1) await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'failed' });
    expect(await stepOf(id, 'branch')).toMatchObject({ status: 'failed', attempts: 8, maxAttempts: 8 });
  });
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

  test('a branch that shows another file than the plan has no pull request', async () => {
    const id = await submitOne(platform.dana, specOf('shown-otherwise'));
    const readme = { filename: 'README.md', status: 'modified', sha: '0'.repeat(40), additions: 1, deletions: 0 };
    platform.githubProxy.fault = (method, path) =>
      method === 'GET' && path.includes('/compare/')
        ? { status: 200, body: { status: 'ahead', files: [readme] } }
        : undefined;
    await openPullRequest(id);
    expect((await getRequest(id)).failure).toContain('the branch also changes README.md');
    expect(await branches(id)).toHaveLength(1);
    expect(await pulls(id)).toEqual([]);

    platform.githubProxy.fault = undefined;
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'in_review' });
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
