/** Conditional requests against the GitHub stand-in: what has not changed is not counted, what has changed is seen. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from '@/local/github/test-github';
import { UpstreamError } from '@/lib/errors';
import { createGitHub } from './client';
import { readHead } from './read-tree';
import { rememberAnswers } from './remembered-answers';

let stand: TestGitHub;
beforeAll(async () => {
  stand = await startTestGitHub();
});
beforeEach(() => stand.github.faults.forgetRequests());
afterAll(() => stand.close());

const client = () =>
  createGitHub({
    apiUrl: stand.github.apiUrl,
    credentials: { kind: 'token', token: TOKENS.bot },
    owner: REPOSITORY.owner,
    repository: REPOSITORY.repo,
    fullName: `${REPOSITORY.owner}/${REPOSITORY.repo}`,
    baseBranch: 'main',
    writeLimits: undefined,
  });
const answers = () => stand.github.faults.requests('GET').map(({ status }) => status);
const push = (text: string) =>
  stand.control('POST', 'push', { login: 'operator', message: 'by hand', files: { 'README.md': text } });

test('what has not changed is confirmed and not counted; a change is seen at the next question', async () => {
  const octokit = stand.octokit();
  rememberAnswers(octokit);
  const first = await octokit.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  const again = await octokit.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  expect(again.data).toEqual(first.data);
  expect(again.status).toBe(200);
  expect(again.headers['x-ratelimit-remaining']).toBe(first.headers['x-ratelimit-remaining']);
  const { sha } = await push('Moved.\n');
  expect((await octokit.git.getRef({ ...REPOSITORY, ref: 'heads/main' })).data.object.sha).toBe(sha);
  expect(answers()).toEqual([200, 304, 200]);
});

test('nobody changes what the next one is given', async () => {
  const octokit = stand.octokit();
  rememberAnswers(octokit);
  for (let time = 0; time < 3; time += 1) {
    const { data } = await octokit.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
    expect(data.ref).toBe('refs/heads/main');
    data.ref = 'another';
  }
  expect(answers()).toEqual([200, 304, 304]);
});

test('an answer that cannot be read is not confirmed, but asked for anew', async () => {
  const github = client();
  const sha = await readHead(github, 'main');
  const { headers } = await stand.octokit().git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  const other = client();
  const broken = { status: 200, body: { cut: 'off' }, headers: { etag: headers.etag ?? '' } };
  stand.github.faults.add({ path: '/git/ref/', respond: broken });
  await expect(readHead(other, 'main')).rejects.toThrow(UpstreamError);
  expect(await readHead(other, 'main')).toBe(sha);
});

test('what was not asked for the longest time goes when there is too much', async () => {
  const octokit = stand.octokit();
  const { data } = await octokit.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  rememberAnswers(octokit, 2 * JSON.stringify(data).length + 100);
  for (const branch of ['one', 'two', 'three'])
    await octokit.git.createRef({ ...REPOSITORY, ref: `refs/heads/${branch}`, sha: data.object.sha });
  stand.github.faults.forgetRequests();
  for (const branch of ['one', 'two', 'one', 'three', 'one', 'two'])
    await octokit.git.getRef({ ...REPOSITORY, ref: `heads/${branch}` });
  expect(answers()).toEqual([200, 200, 304, 200, 304, 200]);
});
