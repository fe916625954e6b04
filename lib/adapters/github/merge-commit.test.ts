/** The merge commit that brings a branch up to main: nothing is written, and no branch moved, unless its bytes are those that were planned. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { commitFiles, REPOSITORY, startTestGitHub, TOKENS, type TestGitHub } from '@/local/github/test-github';
import { UpstreamError } from '@/lib/errors';
import { createGitHub, type GitHub } from './client';
import type { FileToCommit } from './ensure-branch';
import { makeMergeCommit, moveBranch } from './merge-commit';

let stand: TestGitHub;
let github: GitHub;
let base: string;
let onto: string;

beforeAll(async () => {
  process.env.LOG_LEVEL = 'silent';
  stand = await startTestGitHub();
  github = createGitHub({
    apiUrl: stand.github.apiUrl,
    credentials: { kind: 'token', token: TOKENS.bot },
    owner: REPOSITORY.owner,
    repository: REPOSITORY.repo,
    fullName: `${REPOSITORY.owner}/${REPOSITORY.repo}`,
    baseBranch: 'main',
    writeLimits: undefined,
  });
  onto = await commitFiles(stand.octokit(), 'slipway/one', { 'services/one.yaml': 'one\n' });
  base = await commitFiles(stand.octokit(TOKENS.operator), 'main', { 'README.md': '# Platform, moved on\n' });
});
afterEach(() => stand.github.faults.clear());
afterAll(() => stand.close());

type Entry = NonNullable<Parameters<GitHub['rest']['git']['createTree']>[0]>['tree'][number];
const planned: FileToCommit[] = [
  { path: 'services/one.yaml', before: null, after: 'one, planned anew\n', executable: false },
];
const make = (files: FileToCommit[] = planned) =>
  makeMergeCommit(github, {
    ...{ onto, base, files, subject: 'Merge main', body: 'Why.' },
    signature: { name: 'Slipway', email: 'slipway@slipway.test', date: new Date('2026-11-21T08:00:00Z') },
  });
const written = () => stand.github.faults.requests('POST', /\/git\/commits$/).length;

test('its parents are the branch and main, its tree is main with the plan, and made twice it is the same', async () => {
  const sha = await make();
  expect(await make()).toBe(sha);
  const { data } = await stand.octokit().git.getCommit({ ...REPOSITORY, commit_sha: sha });
  expect(data.parents.map((parent) => parent.sha)).toEqual([onto, base]);
  expect(await moveBranch(github, 'slipway/one', { from: onto, to: sha })).toBe('moved');
  const { data: tree } = await stand.octokit().git.getTree({ ...REPOSITORY, tree_sha: sha, recursive: 'true' });
  expect(tree.tree.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'services/one.yaml']));
});

test('where GitHub has other bytes than were planned, no commit is written', async () => {
  // Another file, another mode, a file less: each as a tree that GitHub might have written in place of the one that was meant.
  const { data: main } = await stand.octokit().git.getCommit({ ...REPOSITORY, commit_sha: base });
  const file = {
    path: 'services/one.yaml',
    mode: '100644' as const,
    type: 'blob' as const,
    content: 'one, planned anew\n',
  };
  const wrong: [string, Entry[]][] = [
    ['services/one.yaml has other bytes', [{ ...file, content: 'one, planned anew\r\n' }]],
    ['services/one.yaml has another mode', [{ ...file, mode: '100755' }]],
    ['services/two.yaml is there as well', [file, { ...file, path: 'services/two.yaml' }]],
    ['README.md is gone', [file, { path: 'README.md', mode: '100644', type: 'blob', sha: null }]],
  ];
  const before = written();
  for (const [difference, entries] of wrong) {
    const { data } = await github.rest.git.createTree({
      ...REPOSITORY,
      base_tree: main.tree.sha,
      tree: entries,
    });
    stand.github.faults.add({ method: 'POST', path: '/git/trees$', respond: { status: 201, body: data }, times: 1 });
    await expect(make()).rejects.toThrow(UpstreamError);
    stand.github.faults.add({ method: 'POST', path: '/git/trees$', respond: { status: 201, body: data }, times: 1 });
    await expect(make()).rejects.toMatchObject({ publicMessage: expect.stringContaining(difference) as string });
  }
  expect(written()).toBe(before);
});

test('where main is not what the plan was made from, no commit is written', async () => {
  const before = written();
  const stale: FileToCommit[] = [{ path: 'README.md', before: '# Platform\n', after: '# Mine\n', executable: false }];
  await expect(make(stale)).rejects.toMatchObject({
    publicMessage: expect.stringContaining('README.md') as string,
    retryable: false,
  });
  expect(written()).toBe(before);
});

test('a branch that a person moved is left alone, and so is one that is gone', async () => {
  const from = await commitFiles(stand.octokit(), 'slipway/theirs', { 'services/two.yaml': 'two\n' });
  const theirs = await commitFiles(stand.octokit(TOKENS.operator), 'slipway/theirs', { 'notes.md': 'Mine.\n' });
  const to = await make();
  expect(await moveBranch(github, 'slipway/theirs', { from, to })).toBe('elsewhere');
  const { data } = await stand.octokit().git.getRef({ ...REPOSITORY, ref: 'heads/slipway/theirs' });
  expect(data.object.sha).toBe(theirs);
  expect(await moveBranch(github, 'slipway/gone', { from, to })).toBe('elsewhere');
});
