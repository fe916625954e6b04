import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openPullRequest, refusal, REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from '../test-github';

let test: TestGitHub;

beforeEach(async () => {
  test = await startTestGitHub();
});

afterEach(() => test.close());

const at = (number: number) => ({ ...REPOSITORY, issue_number: number });

describe('issues', () => {
  it('share their numbers with pull requests', async () => {
    const client = test.octokit();
    const issue = await client.issues.create({
      ...REPOSITORY,
      title: 'Broken',
      body: 'How',
      labels: ['bug', 'new one'],
    });
    expect(issue.data).toMatchObject({ number: 1, state: 'open', title: 'Broken' });
    expect(await openPullRequest(client, 'work', { 'a.txt': 'a\n' })).toBe(2);
    const all = await client.issues.listForRepo({ ...REPOSITORY });
    expect(all.data.map(({ number, pull_request }) => [number, pull_request !== undefined])).toEqual([
      [2, true],
      [1, false],
    ]);
    const closed = await client.issues.update({ ...at(1), state: 'closed', state_reason: 'not_planned' });
    expect(closed.data).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect(await refusal(client.issues.get(at(9)))).toMatchObject({ status: 404 });
    expect(await refusal(client.pulls.get({ ...REPOSITORY, pull_number: 1 }))).toMatchObject({ status: 404 });
  });

  it('take comments, also on pull requests', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const { data } = await client.issues.createComment({ ...at(1), body: 'First' });
    expect(data.html_url).toBe(`${test.github.url}/ravenhelm/platform/pull/1#issuecomment-${data.id}`);
    await client.issues.updateComment({ ...REPOSITORY, comment_id: data.id, body: 'Better' });
    await test.octokit(TOKENS.operator).issues.createComment({ ...at(1), body: 'Second' });
    const comments = await client.issues.listComments(at(1));
    expect(comments.data.map(({ body, user }) => [user?.login, body])).toEqual([
      ['slipway-bot', 'Better'],
      ['operator', 'Second'],
    ]);
    expect((await client.pulls.get({ ...REPOSITORY, pull_number: 1 })).data.comments).toBe(2);
    expect(await refusal(client.issues.createComment({ ...at(1), body: '' }))).toMatchObject({ status: 422 });
  });

  it('take labels, made where they are missing', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const added = await client.issues.addLabels({ ...at(1), labels: ['slipway', 'bug'] });
    expect(added.data.map(({ name }) => name).sort()).toEqual(['bug', 'slipway']);
    expect((await client.pulls.get({ ...REPOSITORY, pull_number: 1 })).data.labels).toHaveLength(2);
    const removed = await client.issues.removeLabel({ ...at(1), name: 'bug' });
    expect(removed.data.map(({ name }) => name)).toEqual(['slipway']);
    const twice = client.issues.createLabel({ ...REPOSITORY, name: 'Slipway', color: '000000' });
    expect(await refusal(twice)).toMatchObject({
      status: 422,
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    });
  });
});

describe('checks and statuses', () => {
  it('make a pull request unstable until all succeed', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'work', { 'a.txt': 'a\n' });
    const pull = async () => (await client.pulls.get({ ...REPOSITORY, pull_number: 1 })).data;
    const { sha } = (await pull()).head;
    const check = await client.checks.create({ ...REPOSITORY, name: 'lint', head_sha: sha, status: 'in_progress' });
    expect(check.data.pull_requests?.[0]).toMatchObject({ number: 1 });
    expect((await pull()).mergeable_state).toBe('unstable');
    await client.checks.update({ ...REPOSITORY, check_run_id: check.data.id, conclusion: 'success' });
    expect((await pull()).mergeable_state).toBe('clean');
    const runs = await client.checks.listForRef({ ...REPOSITORY, ref: 'work' });
    expect(runs.data.check_runs.map(({ name, status, conclusion }) => [name, status, conclusion])).toEqual([
      ['lint', 'completed', 'success'],
    ]);
    const status = (state: 'failure' | 'success') =>
      client.repos.createCommitStatus({ ...REPOSITORY, sha, state, context: 'ci' });
    await status('failure');
    const combined = () => client.repos.getCombinedStatusForRef({ ...REPOSITORY, ref: 'work' });
    expect((await combined()).data).toMatchObject({ state: 'failure', total_count: 1 });
    expect((await pull()).mergeable_state).toBe('unstable');
    await status('success');
    expect((await combined()).data).toMatchObject({ state: 'success', total_count: 1 });
    expect((await client.repos.listCommitStatusesForRef({ ...REPOSITORY, ref: sha })).data).toHaveLength(2);
    expect((await pull()).mergeable_state).toBe('clean');
  });

  it('need a commit', async () => {
    const call = test.octokit().checks.create({ ...REPOSITORY, name: 'lint', head_sha: 'a'.repeat(40) });
    expect(await refusal(call)).toMatchObject({ status: 422, message: `No commit found for SHA: ${'a'.repeat(40)}` });
  });
});
