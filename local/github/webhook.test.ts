import { createHmac } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { problemsAgainst } from './published-shapes';
import { commitFiles, openPullRequest, REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from './test-github';
import { startReceiver, type Receiver } from './test-receiver';

const SECRET = 'a secret for the webhook';
let test: TestGitHub;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startTestGitHub({ webhook: { url: receiver.url, secret: SECRET } });
  await settle();
});

afterEach(async () => {
  await test.close();
  await receiver.close();
});

const settle = () => test.control('POST', 'webhook/idle');
const at = (number: number) => ({ ...REPOSITORY, pull_number: number });
const names = () => receiver.received.map(({ event, payload }) => [event, payload.action ?? '']);
const deliveries = async () =>
  (await test.control('GET', 'deliveries')).deliveries as {
    guid: string;
    event: string;
    statusCode: number;
    redelivery: boolean;
  }[];

async function eventsOf(work: () => Promise<unknown>) {
  receiver.received.length = 0;
  await work();
  await settle();
  return names();
}

describe('a delivery', () => {
  it('is signed over its exact bytes and says what it is', () => {
    const [ping] = receiver.received;
    expect(ping?.event).toBe('ping');
    expect(ping?.headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', SECRET)
        .update(ping?.body ?? '')
        .digest('hex')}`,
    );
    expect(ping?.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
    expect(ping?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
    expect(ping?.headers['content-type']).toBe('application/json');
  });

  it('is made once and recorded, whatever the answer; a person can send it again', async () => {
    receiver.status = 500;
    await eventsOf(() => test.octokit().issues.create({ ...REPOSITORY, title: 'One' }));
    expect(receiver.received).toHaveLength(1);
    const failed = (await deliveries()).at(-1);
    expect(failed).toMatchObject({ event: 'issues', statusCode: 500, redelivery: false });
    receiver.status = 200;
    await test.control('POST', `deliveries/${failed?.guid}/redeliver`);
    await settle();
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
    expect(receiver.received[1]?.headers['x-github-delivery']).toBe(failed?.guid);
    expect((await deliveries()).at(-1)).toMatchObject({ guid: failed?.guid, statusCode: 200, redelivery: true });
  });

  it('to nobody is recorded too, and does not hold up the work', async () => {
    await test.control('PUT', 'webhook', { url: 'http://127.0.0.1:9/nobody', secret: SECRET });
    await test.octokit().issues.create({ ...REPOSITORY, title: 'One' });
    await settle();
    expect((await deliveries()).map(({ event, statusCode }) => [event, statusCode]).slice(-2)).toEqual([
      ['ping', 0],
      ['issues', 0],
    ]);
  });

  it('of a ping comes with a new address only', async () => {
    await test.restart();
    await settle();
    expect(names()).toEqual([['ping', '']]);
  });
});

describe('events', () => {
  it('tell a push with its commits', async () => {
    const sha = await commitFiles(test.octokit(), 'main', { 'a.txt': 'a\n', 'README.md': null });
    await settle();
    const push = receiver.received.at(-1);
    expect(push?.event).toBe('push');
    expect(push?.payload).toMatchObject({
      ref: 'refs/heads/main',
      after: sha,
      created: false,
      deleted: false,
      forced: false,
      commits: [
        { id: sha, added: ['a.txt'], removed: ['README.md'], modified: [], author: { username: 'slipway-bot' } },
      ],
      head_commit: { id: sha },
      pusher: { name: 'slipway-bot' },
      sender: { login: 'slipway-bot' },
      repository: { full_name: 'ravenhelm/platform' },
    });
  });

  it('follow a pull request through its life, with the shapes of the API', async () => {
    const client = test.octokit();
    expect(await eventsOf(() => openPullRequest(client, 'work', { 'a.txt': 'a\n' }))).toEqual([
      ['create', ''],
      ['push', ''],
      ['pull_request', 'opened'],
    ]);
    expect(await eventsOf(() => commitFiles(client, 'work', { 'b.txt': 'b\n' }))).toEqual([
      ['push', ''],
      ['pull_request', 'synchronize'],
    ]);
    expect(await eventsOf(() => client.pulls.update({ ...at(1), title: 'Other' }))).toEqual([
      ['pull_request', 'edited'],
    ]);
    expect(receiver.received[0]?.payload.changes).toEqual({ title: { from: 'Add work' } });
    expect(await eventsOf(() => client.pulls.update({ ...at(1), state: 'closed' }))).toEqual([
      ['pull_request', 'closed'],
    ]);
    expect(receiver.received[0]?.payload.pull_request).toMatchObject({ merged: false });
    expect(await eventsOf(() => client.pulls.update({ ...at(1), state: 'open' }))).toEqual([
      ['pull_request', 'reopened'],
    ]);
    const operator = test.octokit(TOKENS.operator);
    expect(await eventsOf(() => operator.pulls.createReview({ ...at(1), event: 'APPROVE' }))).toEqual([
      ['pull_request_review', 'submitted'],
    ]);
    expect(receiver.received[0]?.payload).toMatchObject({ review: { state: 'approved', user: { login: 'operator' } } });
    expect(problemsAgainst('pull-request-simple', receiver.received[0]?.payload.pull_request)).toEqual([]);
    expect(
      await eventsOf(() => operator.issues.createComment({ ...REPOSITORY, issue_number: 1, body: 'Fine' })),
    ).toEqual([['issue_comment', 'created']]);
    expect(problemsAgainst('issue-comment', receiver.received[0]?.payload.comment)).toEqual([]);
    expect(await eventsOf(() => operator.pulls.merge(at(1)))).toEqual([
      ['pull_request', 'closed'],
      ['push', ''],
    ]);
    const merged = receiver.received[0]?.payload.pull_request;
    expect(problemsAgainst('pull-request', merged)).toEqual([]);
    expect(merged).toMatchObject({ merged: true, merged_by: { login: 'operator' } });
    expect(problemsAgainst('repository', receiver.received[0]?.payload.repository)).toEqual([]);
    expect(problemsAgainst('simple-user', receiver.received[0]?.payload.sender)).toEqual([]);
  });

  it('tell a deleted branch and what it closed', async () => {
    await openPullRequest(test.octokit(), 'work', { 'a.txt': 'a\n' });
    await settle();
    expect(await eventsOf(() => test.octokit().git.deleteRef({ ...REPOSITORY, ref: 'heads/work' }))).toEqual([
      ['push', ''],
      ['delete', ''],
      ['pull_request', 'closed'],
    ]);
    expect(receiver.received[0]?.payload).toMatchObject({ deleted: true, after: '0'.repeat(40), head_commit: null });
  });

  it('tell checks and statuses', async () => {
    const client = test.octokit();
    const sha = await commitFiles(client, 'work', { 'a.txt': 'a\n' });
    await settle();
    const check = () => client.checks.create({ ...REPOSITORY, name: 'lint', head_sha: sha, conclusion: 'success' });
    expect(await eventsOf(check)).toEqual([['check_run', 'completed']]);
    expect(problemsAgainst('check-run', receiver.received[0]?.payload.check_run)).toEqual([]);
    expect(await eventsOf(() => client.repos.createCommitStatus({ ...REPOSITORY, sha, state: 'success' }))).toEqual([
      ['status', ''],
    ]);
  });

  it('are not sent for what was refused', async () => {
    const refused = () =>
      test
        .octokit()
        .pulls.create({ ...REPOSITORY, title: 'T', head: 'none', base: 'main' })
        .catch(() => 0);
    expect(await eventsOf(refused)).toEqual([]);
  });
});
