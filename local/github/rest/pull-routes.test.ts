import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  commitFiles,
  openPullRequest,
  refusal,
  REPOSITORY,
  startTestGitHub,
  TOKENS,
  type TestGitHub,
} from '../test-github';

let test: TestGitHub;

beforeEach(async () => {
  test = await startTestGitHub();
});

afterEach(() => test.close());

const at = (number: number) => ({ ...REPOSITORY, pull_number: number });

describe('opening a pull request', () => {
  it('answers with its commits and files, mergeability unknown, and finds it by its head', async () => {
    const client = test.octokit();
    await commitFiles(client, 'slipway/one', { 'one.txt': '1\n' }, { message: 'Reserve' });
    await commitFiles(client, 'slipway/one', { 'two.txt': '1\n2\n', 'README.md': '# New\n' }, { message: 'Add' });
    const { data } = await client.pulls.create({ ...REPOSITORY, title: 'One', head: 'slipway/one', base: 'main' });
    expect(data).toMatchObject({
      number: 1,
      state: 'open',
      body: null,
      mergeable: null,
      mergeable_state: 'unknown',
      merged: false,
    });
    expect([data.commits, data.changed_files, data.additions, data.deletions]).toEqual([2, 3, 4, 1]);
    expect(data.html_url).toBe(`${test.github.url}/ravenhelm/platform/pull/1`);
    expect((await client.pulls.get(at(1))).data).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    const commits = await client.pulls.listCommits(at(1));
    expect(commits.data.map(({ commit }) => commit.message)).toEqual(['Reserve', 'Add']);
    const files = await client.pulls.listFiles(at(1));
    expect(files.data.map(({ filename, status }) => `${status} ${filename}`)).toEqual([
      'modified README.md',
      'added one.txt',
      'added two.txt',
    ]);
    const byHead = (head: string, state: 'open' | 'closed' | 'all' = 'open') =>
      client.pulls.list({ ...REPOSITORY, head, state });
    expect((await byHead('ravenhelm:slipway/one')).data.map(({ number }) => number)).toEqual([1]);
    expect((await byHead('ravenhelm:slipway/two', 'all')).data).toEqual([]);
    expect((await byHead('ravenhelm:slipway/one', 'closed')).data).toEqual([]);
  });

  it('is refused a second time for one head, and works again after the first is closed', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'slipway/one', { 'one.txt': '1\n' });
    const again = () =>
      client.pulls.create({ ...REPOSITORY, title: 'Again', head: 'ravenhelm:slipway/one', base: 'main' });
    expect(await refusal(again())).toMatchObject({
      status: 422,
      message: 'Validation Failed',
      errors: [
        {
          resource: 'PullRequest',
          code: 'custom',
          message: 'A pull request already exists for ravenhelm:slipway/one.',
        },
      ],
    });
    await client.pulls.update({ ...at(1), state: 'closed' });
    expect((await again()).data.number).toBe(2);
    const reopened = client.pulls.update({ ...at(1), state: 'open' });
    expect(await refusal(reopened)).toMatchObject({ status: 422 });
  });

  it('lets one of two at the same time through', async () => {
    const client = test.octokit();
    await commitFiles(client, 'slipway/one', { 'one.txt': '1\n' });
    const open = () => client.pulls.create({ ...REPOSITORY, title: 'One', head: 'slipway/one', base: 'main' });
    const outcomes = await Promise.allSettled([open(), open()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['an unknown head', { head: 'none' }, [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]],
    ['a head of another owner', { head: 'other:work' }, [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]],
    ['an unknown base', { base: 'none' }, [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]],
    [
      'nothing between',
      { head: 'same' },
      [{ resource: 'PullRequest', code: 'custom', message: 'No commits between main and same' }],
    ],
    ['no title', { title: '' }, [{ resource: 'PullRequest', code: 'missing_field', field: 'title' }]],
  ])('is refused for %s', async (_, change, errors) => {
    const client = test.octokit();
    await commitFiles(client, 'work', { 'a.txt': 'a\n' });
    const { data } = await client.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
    await client.git.createRef({ ...REPOSITORY, ref: 'refs/heads/same', sha: data.object.sha });
    const call = client.pulls.create({ ...REPOSITORY, title: 'T', head: 'work', base: 'main', ...change });
    expect(await refusal(call)).toEqual({ status: 422, message: 'Validation Failed', errors });
  });
});

describe('the life of a pull request', () => {
  it('follows its branch', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const sha = await commitFiles(client, 'work', { 'b.txt': 'b\n' });
    const { data } = await client.pulls.get(at(1));
    expect([data.head.sha, data.commits]).toEqual([sha, 2]);
    expect((await client.git.getRef({ ...REPOSITORY, ref: 'pull/1/head' })).data.object.sha).toBe(sha);
  });

  it('has a body of 65,536 characters at most', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const longest = 'x'.repeat(65_536);
    expect((await client.pulls.update({ ...at(1), body: longest })).data.body).toBe(longest);
    expect(await refusal(client.pulls.update({ ...at(1), body: `${longest}x` }))).toMatchObject({ status: 422 });
    expect((await client.pulls.get(at(1))).data.body).toBe(longest);
  });

  it('changes title and body, is closed and reopened', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const edited = await client.pulls.update({ ...at(1), title: 'Better', body: 'Said again', state: 'closed' });
    expect(edited.data).toMatchObject({
      title: 'Better',
      body: 'Said again',
      state: 'closed',
      merged: false,
      mergeable: null,
    });
    expect((await client.pulls.update({ ...at(1), state: 'open' })).data).toMatchObject({
      state: 'open',
      closed_at: null,
    });
  });

  it('is closed with its branch, and then cannot be reopened', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    await client.git.deleteRef({ ...REPOSITORY, ref: 'heads/work' });
    expect((await client.pulls.get(at(1))).data).toMatchObject({ state: 'closed', merged: false });
    expect(await refusal(client.pulls.update({ ...at(1), state: 'open' }))).toMatchObject({
      status: 422,
      errors: [{ message: 'state cannot be changed. The work branch has been deleted.' }],
    });
  });

  it('can be told late whether it can be merged, as on GitHub', async () => {
    const client = test.octokit();
    await test.control('PUT', 'limits', { lazyMergeability: true });
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    expect((await client.pulls.get(at(1))).data.mergeable).toBeNull();
    expect((await client.pulls.get(at(1))).data.mergeable).toBe(true);
    await commitFiles(client, 'main', { 'z.txt': 'z\n' });
    expect((await client.pulls.get(at(1))).data.mergeable).toBeNull();
    expect((await client.pulls.get(at(1))).data.mergeable).toBe(true);
  });

  it('is a diff as text on demand', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const answer = await client.pulls.get({ ...at(1), mediaType: { format: 'diff' } });
    const data: unknown = answer.data;
    expect(data).toContain('diff --git a/a.txt b/a.txt\nnew file mode 100644\n');
    expect(data).toContain('--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+a\n');
  });

  it('answers 404 for what is not there', async () => {
    expect(await refusal(test.octokit().pulls.get(at(7)))).toMatchObject({ status: 404, message: 'Not Found' });
  });
});

describe('reviews', () => {
  it('approve, but never by the author', async () => {
    await openPullRequest(test.octokit(), 'work', { 'a.txt': 'a\n' });
    const approve = (token: string) => test.octokit(token).pulls.createReview({ ...at(1), event: 'APPROVE' });
    expect(await refusal(approve(TOKENS.bot))).toEqual({
      status: 422,
      message: 'Unprocessable Entity',
      errors: ['Can not approve your own pull request'],
    });
    expect((await approve(TOKENS.operator)).data).toMatchObject({ state: 'APPROVED', user: { login: 'operator' } });
    expect((await test.octokit().pulls.listReviews(at(1))).data.map(({ state }) => state)).toEqual(['APPROVED']);
  });

  it('can be asked of people with a part in the repository', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const ask = (reviewers: string[]) => client.pulls.requestReviewers({ ...at(1), reviewers });
    expect((await ask(['operator'])).data.requested_reviewers?.map(({ login }) => login)).toEqual(['operator']);
    expect(await refusal(ask(['slipway-bot']))).toMatchObject({
      status: 422,
      message: 'Review cannot be requested from pull request author.',
    });
    expect(await refusal(ask(['nobody']))).toMatchObject({ status: 422 });
    await test.octokit(TOKENS.operator).pulls.createReview({ ...at(1), event: 'APPROVE' });
    expect((await client.pulls.get(at(1))).data.requested_reviewers).toEqual([]);
  });
});
