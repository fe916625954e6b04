import { get } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openPullRequest, readBytes, refusal, REPOSITORY, startTestGitHub, type TestGitHub } from './test-github';

let test: TestGitHub;

beforeEach(async () => {
  test = await startTestGitHub();
});

afterEach(() => test.close());

const labels = async () => (await test.octokit().issues.listLabelsForRepo(REPOSITORY)).data.map(({ name }) => name);
const create = (name: string) => test.octokit().issues.createLabel({ ...REPOSITORY, name, color: 'ffffff' });
const fault = (rule: object) => test.control('POST', 'faults', { method: 'POST', path: '/labels$', ...rule });

describe('faults', () => {
  it('answer the next matching requests, and only those', async () => {
    await fault({
      times: 2,
      respond: { status: 502, body: { message: 'Server Error' }, headers: { 'x-from': 'fault' } },
    });
    expect(await refusal(create('one'))).toMatchObject({ status: 502, message: 'Server Error' });
    expect(await labels()).not.toContain('one');
    expect(await refusal(create('one'))).toMatchObject({ status: 502 });
    expect((await create('one')).status).toBe(201);
  });

  it('let some pass first', async () => {
    await fault({ skip: 1, respond: { status: 500 } });
    expect((await create('one')).status).toBe(201);
    expect(await refusal(create('two'))).toMatchObject({ status: 500 });
  });

  it('drop the connection before or after the work', async () => {
    await fault({ drop: 'before' });
    await expect(create('before')).rejects.toThrow();
    expect(await labels()).not.toContain('before');
    await fault({ drop: 'after' });
    await expect(create('after')).rejects.toThrow();
    expect(await labels()).toContain('after');
  });

  it('hold a request after its work until it is let go', async () => {
    await fault({ hold: 'after' });
    let answered = false;
    const call = create('held').then(() => (answered = true));
    await expect.poll(async () => (await test.control('GET', 'faults')).held).toBe(1);
    expect(await labels()).toContain('held');
    expect(answered).toBe(false);
    expect(await test.control('POST', 'faults/release')).toEqual({ released: 1 });
    await call;
    expect(answered).toBe(true);
  });

  it('can be taken back', async () => {
    await fault({ respond: { status: 500 } });
    await test.control('DELETE', 'faults');
    expect((await create('one')).status).toBe(201);
  });

  it('are refused where they make no sense', async () => {
    await expect(fault({ path: '(' })).rejects.toThrow('422');
    await expect(fault({ explode: true })).rejects.toThrow('422');
  });
});

describe('the list of requests', () => {
  it('counts what came in and how it was answered', async () => {
    await test.control('DELETE', 'requests');
    await create('one');
    await refusal(create('one'));
    await labels();
    const seen = await test.control('GET', 'requests?method=POST&path=/labels');
    expect(seen).toMatchObject({
      count: 2,
      requests: [
        { method: 'POST', path: '/repos/ravenhelm/platform/labels', status: 201, login: 'slipway-bot' },
        { status: 422 },
      ],
    });
    expect((await test.control('GET', 'requests')).count).toBe(3);
  });
});

describe('a person’s push', () => {
  it('lands on the branch of an open pull request', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'slipway/one', { 'a.txt': 'a\n' });
    const files = { 'by-hand.txt': 'mine\r\n', 'a.txt': null, 'run.sh': { text: 'x', executable: true } };
    const push = { branch: 'slipway/one', message: 'By hand', login: 'operator', files };
    const { sha } = await test.control('POST', 'push', push);
    const { data } = await client.pulls.get({ ...REPOSITORY, pull_number: 1 });
    expect(data.head.sha).toBe(sha);
    expect((await readBytes(client, 'by-hand.txt', 'slipway/one')).toString()).toBe('mine\r\n');
    const commit = await client.repos.getCommit({ ...REPOSITORY, ref: 'slipway/one' });
    expect([commit.data.author?.login, commit.data.commit.message]).toEqual(['operator', 'By hand']);
  });
});

it('answers no page of a browser', async () => {
  const response = await fetch(`${test.github.url}/_slipway/requests`, { headers: { origin: 'http://evil.test' } });
  expect(response.status).toBe(403);
});

it('answers to no name that another site may have given it', async () => {
  const { port } = new URL(test.github.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: `evil.test:${port}` };
    get({ host: '127.0.0.1', port, path: '/ravenhelm/platform', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  expect(status).toBe(421);
});
