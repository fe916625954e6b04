import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import {
  commitFiles,
  openPullRequest,
  readBytes,
  REPOSITORY,
  startTestGitHub,
  TOKENS,
  type TestGitHub,
} from './test-github';

let test: TestGitHub;

beforeEach(async () => {
  test = await startTestGitHub();
});

afterEach(() => test.close());

const at = (number: number) => ({ ...REPOSITORY, pull_number: number });
const stateFile = () => join(test.dataDir, 'state.json');

it('everything is there after a restart', async () => {
  const client = test.octokit();
  await openPullRequest(client, 'slipway/one', { 'a.txt': 'a\r\n' });
  await client.issues.createComment({ ...REPOSITORY, issue_number: 1, body: 'Said before' });
  await client.issues.addLabels({ ...REPOSITORY, issue_number: 1, labels: ['slipway'] });
  await test.octokit(TOKENS.operator).pulls.createReview({ ...at(1), event: 'APPROVE' });
  const { sha } = (await client.pulls.get(at(1))).data.head;
  await client.checks.create({ ...REPOSITORY, name: 'lint', head_sha: sha, conclusion: 'success' });
  await client.repos.createCommitStatus({ ...REPOSITORY, sha, state: 'success' });
  await openPullRequest(client, 'slipway/two', { 'b.txt': 'b\n' });
  await client.pulls.merge(at(2));

  const seen = async () => {
    const again = test.octokit();
    const answers = await Promise.all([
      again.pulls.get(at(1)),
      again.pulls.get(at(2)),
      again.pulls.listReviews(at(1)),
      again.issues.listComments({ ...REPOSITORY, issue_number: 1 }),
      again.checks.listForRef({ ...REPOSITORY, ref: sha }),
      again.repos.getCombinedStatusForRef({ ...REPOSITORY, ref: sha }),
      again.git.getTree({ ...REPOSITORY, tree_sha: 'main', recursive: '1' }),
      again.repos.listCommits(REPOSITORY),
    ]);
    return JSON.stringify(answers.map(({ data }) => data)).replaceAll(new URL(test.github.url).host, '');
  };
  const before = await seen();
  await test.restart();
  expect(await seen()).toBe(before);
  expect((await readBytes(test.octokit(), 'a.txt', 'slipway/one')).toString()).toBe('a\r\n');
  expect(await openPullRequest(test.octokit(), 'slipway/three', { 'c.txt': 'c\n' })).toBe(3);
});

it('a killed write leaves the state behind Git; the start catches up', async () => {
  const client = test.octokit();
  await openPullRequest(client, 'one', { 'a.txt': 'a\n' });
  await openPullRequest(client, 'two', { 'b.txt': 'b\n' });
  await openPullRequest(client, 'three', { 'c.txt': 'c\n' });
  const behind = await readFile(stateFile(), 'utf8');
  await client.pulls.merge(at(1));
  const moved = await commitFiles(client, 'two', { 'd.txt': 'd\n' });
  await client.git.deleteRef({ ...REPOSITORY, ref: 'heads/three' });
  await test.github.close();
  await writeFile(stateFile(), behind);
  await test.restart();
  const pulls = await Promise.all([1, 2, 3].map(async (number) => (await test.octokit().pulls.get(at(number))).data));
  expect(pulls.map(({ state, merged }) => [state, merged])).toEqual([
    ['closed', true],
    ['open', false],
    ['closed', false],
  ]);
  expect(pulls[1]?.head.sha).toBe(moved);
});

it.each([
  ['cut off', '{"version":1,', 'holds no valid JSON'],
  ['of something else', '{"version":7}', 'is not the state of this GitHub stand-in'],
])('a state file that is %s stops the start and is named', async (_, content, message) => {
  await test.github.close();
  await mkdir(test.dataDir, { recursive: true });
  const kept = await readFile(stateFile(), 'utf8');
  await writeFile(stateFile(), content);
  const start = test.restart();
  await expect(start).rejects.toThrow(message);
  await expect(start).rejects.toThrow(stateFile());
  expect(await readFile(stateFile(), 'utf8')).toBe(content);
  await writeFile(stateFile(), kept);
  await test.restart();
});

it('another repository’s data is refused', async () => {
  await expect(test.restart({ repository: 'ravenhelm/other' })).rejects.toThrow('belongs to ravenhelm/platform');
  await test.restart();
});
