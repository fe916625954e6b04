import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  commitFiles,
  openPullRequest,
  readBytes,
  refusal,
  REPOSITORY,
  startTestGitHub,
  type TestGitHub,
} from '../test-github';

let test: TestGitHub;
let ports: string;

beforeEach(async () => {
  test = await startTestGitHub();
  ports = (await readBytes(test.octokit(), 'config/ports.yaml')).toString();
});

afterEach(() => test.close());

const at = (number: number) => ({ ...REPOSITORY, pull_number: number });
const mainSha = async () => (await test.octokit().git.getRef({ ...REPOSITORY, ref: 'heads/main' })).data.object.sha;

describe('merging', () => {
  it('keeps what others merged in between, byte for byte, in a commit with two parents', async () => {
    const client = test.octokit();
    const one = ports.replace('port-2: 8002\n', 'port-2: 8002\nnew-a: 9001\n');
    const two = ports.replace('port-15: 8015\n', 'port-15: 8015\nnew-b: 9002\n');
    await openPullRequest(client, 'one', { 'config/ports.yaml': one, 'config/no-end.txt': 'A\nb\nc\nd\nlast' });
    await openPullRequest(client, 'two', {
      'config/ports.yaml': two,
      'config/windows.txt': 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\n',
      'config/no-end.txt': 'a\nb\nc\nD\nlast',
      'logo.bin': null,
    });
    await client.pulls.merge(at(1));
    const base = await mainSha();
    expect((await client.pulls.get(at(2))).data).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    const merged = await client.pulls.merge(at(2));
    expect(merged.data).toMatchObject({ merged: true, sha: await mainSha() });
    const commit = await client.git.getCommit({ ...REPOSITORY, commit_sha: merged.data.sha });
    const head = (await client.pulls.get(at(2))).data.head.sha;
    expect(commit.data.parents.map(({ sha }) => sha)).toEqual([base, head]);
    expect(commit.data.message).toBe('Merge pull request #2 from ravenhelm/two\n\nAdd two');
    expect((await readBytes(client, 'config/ports.yaml')).toString()).toBe(
      two.replace('port-2: 8002\n', 'port-2: 8002\nnew-a: 9001\n'),
    );
    expect((await readBytes(client, 'config/no-end.txt')).toString()).toBe('A\nb\nc\nD\nlast');
    expect((await readBytes(client, 'config/windows.txt')).toString()).toMatch(/^one\r\n.*five\r\nsix\r\n$/s);
    expect(await refusal(client.repos.getContent({ ...REPOSITORY, path: 'logo.bin' }))).toMatchObject({ status: 404 });
    // What the pull request changed does not grow by what others changed.
    const files = await client.pulls.listFiles(at(2));
    expect(files.data.map(({ filename }) => filename)).toEqual([
      'config/no-end.txt',
      'config/ports.yaml',
      'config/windows.txt',
      'logo.bin',
    ]);
    const { data } = await client.pulls.get(at(2));
    expect(data).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: merged.data.sha,
      commits: 1,
      changed_files: 4,
    });
    expect(data.merged_by?.login).toBe('slipway-bot');
  });

  it('refuses what conflicts, and leaves main alone', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'config/ports.yaml': `${ports}new: 9001\n` });
    await openPullRequest(client, 'two', { 'config/ports.yaml': `${ports}new: 9002\n` });
    await client.pulls.merge(at(1));
    const base = await mainSha();
    expect((await client.pulls.get(at(2))).data).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
      merge_commit_sha: null,
    });
    expect(await refusal(client.pulls.merge(at(2)))).toMatchObject({
      status: 405,
      message: 'Pull Request is not mergeable',
    });
    expect(await mainSha()).toBe(base);
    expect((await readBytes(client, 'config/ports.yaml')).toString()).toBe(`${ports}new: 9001\n`);
  });

  it.each([
    ['two new files of one name and different content', { 'new.txt': '1\n' }, { 'new.txt': '2\n' }, false],
    [
      'two new files of one name and the same content',
      { 'new.txt': '1\n' },
      { 'new.txt': '1\n', 'other.txt': '' },
      true,
    ],
    ['a removal and a change', { 'README.md': null }, { 'README.md': '# Other\n' }, false],
    ['a removal on both sides', { 'README.md': null }, { 'README.md': null, 'other.txt': '' }, true],
    ['a removal beside an addition in one folder', { 'bin/start.sh': null }, { 'bin/other.sh': 'x\n' }, true],
    ['a file where the other needs a folder', { new: 'x\n' }, { 'new/inner.txt': 'y\n' }, false],
  ])('sees %s as it is', async (_, one, two, mergeable) => {
    const client = test.octokit();
    await openPullRequest(client, 'one', one);
    await openPullRequest(client, 'two', two);
    await client.pulls.merge(at(1));
    expect((await client.pulls.get(at(2))).data.mergeable).toBe(mergeable);
    const outcome = await client.pulls.merge(at(2)).catch((error: { status: number }) => error);
    expect(outcome.status).toBe(mergeable ? 200 : 405);
  });

  it('shows the second of two at the same time the new base', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'config/ports.yaml': ports.replace('8002', '9002') });
    await openPullRequest(client, 'two', { 'config/ports.yaml': ports.replace('8015', '9015') });
    await openPullRequest(client, 'three', { 'config/ports.yaml': ports.replace('8002', '7002') });
    const outcomes = await Promise.allSettled([1, 2, 3].map((number) => client.pulls.merge(at(number))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const expected = ports.replace('8002', '9002').replace('8015', '9015');
    expect((await readBytes(client, 'config/ports.yaml')).toString()).toBe(expected);
  });

  it('refuses another head than the caller saw, a second merge, a draft and a rebase', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'a.txt': 'a\n' });
    const old = (await client.pulls.get(at(1))).data.head.sha;
    const sha = await commitFiles(client, 'one', { 'b.txt': 'b\n' });
    expect(await refusal(client.pulls.merge({ ...at(1), sha: old }))).toMatchObject({
      status: 409,
      message: 'Head branch was modified. Review and try the merge again.',
    });
    expect(await refusal(client.pulls.merge({ ...at(1), merge_method: 'rebase' }))).toMatchObject({ status: 405 });
    await client.pulls.merge({ ...at(1), sha });
    expect(await refusal(client.pulls.merge(at(1)))).toMatchObject({ status: 405 });
    expect(await refusal(client.pulls.update({ ...at(1), state: 'open' }))).toMatchObject({ status: 422 });
    await commitFiles(client, 'draft', { 'c.txt': 'c\n' });
    await client.pulls.create({ ...REPOSITORY, title: 'D', head: 'draft', base: 'main', draft: true });
    expect(await refusal(client.pulls.merge(at(2)))).toMatchObject({
      status: 405,
      message: 'Pull Request is still a draft',
    });
  });

  it('squashes into one commit with one parent', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'a.txt': 'a\n' });
    await commitFiles(client, 'one', { 'b.txt': 'b\n' }, { message: 'Second' });
    const base = await mainSha();
    const { data } = await client.pulls.merge({ ...at(1), merge_method: 'squash' });
    const commit = await client.git.getCommit({ ...REPOSITORY, commit_sha: data.sha });
    expect(commit.data.parents.map(({ sha }) => sha)).toEqual([base]);
    expect(commit.data.message).toBe('Add one (#1)\n\n* Change files\n\n* Second');
    expect((await readBytes(client, 'b.txt')).toString()).toBe('b\n');
  });

  it('notices that a push brought the commits into the base', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'a.txt': 'a\n' });
    const { data } = await client.pulls.get(at(1));
    await client.git.updateRef({ ...REPOSITORY, ref: 'heads/main', sha: data.head.sha });
    expect((await client.pulls.get(at(1))).data).toMatchObject({ state: 'closed', merged: true });
  });

  it('merges a change of the mode with a change of the text', async () => {
    const client = test.octokit();
    const script = (await readBytes(client, 'bin/start.sh')).toString();
    const push = (branch: string, file: object) =>
      test.control('POST', 'push', { branch, message: 'm', login: 'operator', files: { 'bin/start.sh': file } });
    await push('text', { text: `${script}echo more\n` });
    await push('bit', { text: script, executable: false });
    for (const head of ['text', 'bit']) await client.pulls.create({ ...REPOSITORY, title: head, head, base: 'main' });
    await client.pulls.merge(at(1));
    await client.pulls.merge(at(2));
    const tree = await client.git.getTree({ ...REPOSITORY, tree_sha: 'main', recursive: '1' });
    expect(tree.data.tree.find(({ path }) => path === 'bin/start.sh')?.mode).toBe('100644');
    expect((await readBytes(client, 'bin/start.sh')).toString()).toBe(`${script}echo more\n`);
  });
});

describe('updating a branch', () => {
  it('merges the base into it', async () => {
    const client = test.octokit();
    await openPullRequest(client, 'one', { 'a.txt': 'a\n' });
    const update = () => client.pulls.updateBranch(at(1));
    expect(await refusal(update())).toMatchObject({ status: 422 });
    await commitFiles(client, 'main', { 'z.txt': 'z\n' });
    expect(await refusal(client.pulls.updateBranch({ ...at(1), expected_head_sha: await mainSha() }))).toMatchObject({
      status: 422,
    });
    expect((await update()).status).toBe(202);
    expect((await readBytes(client, 'z.txt', 'one')).toString()).toBe('z\n');
    expect((await client.pulls.listFiles(at(1))).data.map(({ filename }) => filename)).toEqual(['a.txt']);
  });
});
