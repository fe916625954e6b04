import { readFile } from 'node:fs/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commitFiles, readBytes, refusal, REPOSITORY, startTestGitHub, type TestGitHub } from '../test-github';

let test: TestGitHub;
let main: string;

beforeEach(async () => {
  test = await startTestGitHub();
  main = (await test.octokit().git.getRef({ ...REPOSITORY, ref: 'heads/main' })).data.object.sha;
});

afterEach(() => test.close());

describe('the first commit', () => {
  it('holds the folder with its bytes and executable bits', async () => {
    const { data } = await test.octokit().git.getTree({ ...REPOSITORY, tree_sha: 'main', recursive: '1' });
    const modes = Object.fromEntries(data.tree.map((entry) => [entry.path, entry.mode]));
    expect(modes).toEqual({
      'README.md': '100644',
      bin: '040000',
      'bin/start.sh': '100755',
      config: '040000',
      'config/no-end.txt': '100644',
      'config/ports.yaml': '100644',
      'config/windows.txt': '100644',
      'logo.bin': '100644',
    });
    expect(await readBytes(test.octokit(), 'config/windows.txt')).toEqual(
      Buffer.from('one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n'),
    );
    expect(await readBytes(test.octokit(), 'logo.bin')).toEqual(Buffer.from([0, 1, 2, 3, 255]));
  });
});

describe('refs', () => {
  it('are created, found, moved and deleted', async () => {
    const client = test.octokit();
    await client.git.createRef({ ...REPOSITORY, ref: 'refs/heads/slipway/one', sha: main });
    await client.git.createRef({ ...REPOSITORY, ref: 'refs/heads/slipway/two', sha: main });
    const found = await client.git.listMatchingRefs({ ...REPOSITORY, ref: 'heads/slipway/' });
    expect(found.data.map(({ ref }) => ref)).toEqual(['refs/heads/slipway/one', 'refs/heads/slipway/two']);
    const sha = await commitFiles(client, 'slipway/one', { 'new.txt': 'new\n' });
    expect((await client.repos.getBranch({ ...REPOSITORY, branch: 'slipway/one' })).data.commit.sha).toBe(sha);
    await client.git.deleteRef({ ...REPOSITORY, ref: 'heads/slipway/one' });
    await client.git.deleteRef({ ...REPOSITORY, ref: 'heads/slipway/two' });
    expect(await refusal(client.git.getRef({ ...REPOSITORY, ref: 'heads/slipway/one' }))).toMatchObject({
      status: 404,
    });
    // With both gone their folder is free to be a branch.
    await client.git.createRef({ ...REPOSITORY, ref: 'refs/heads/slipway', sha: main });
    expect((await client.repos.listBranches(REPOSITORY)).data.map(({ name }) => name)).toEqual(['main', 'slipway']);
  });

  it.each([
    ['one that exists', 'refs/heads/main', undefined, 'Reference already exists'],
    ['one whose object is unknown', 'refs/heads/new', 'a'.repeat(40), 'Object does not exist'],
    ['one below a branch', 'refs/heads/main/below', undefined, 'Reference cannot be created'],
    ['one with a bad name', 'refs/heads/a..b', undefined, 'refs/heads/a..b is not a valid ref name.'],
  ])('are refused: %s', async (_, ref, sha, message) => {
    const call = test.octokit().git.createRef({ ...REPOSITORY, ref, sha: sha ?? main });
    expect(await refusal(call)).toMatchObject({ status: 422, message });
  });

  it('move only forward, unless forced', async () => {
    const client = test.octokit();
    const ahead = await commitFiles(client, 'work', { 'a.txt': '1\n' });
    const move = (sha: string, force: boolean) =>
      client.git.updateRef({ ...REPOSITORY, ref: 'heads/work', sha, force });
    expect(await refusal(move(main, false))).toMatchObject({ status: 422, message: 'Update is not a fast forward' });
    expect(await refusal(move('b'.repeat(40), true))).toMatchObject({ status: 422, message: 'Object does not exist' });
    expect((await move(main, true)).data.object.sha).toBe(main);
    expect((await move(ahead, false)).data.object.sha).toBe(ahead);
    const unknown = client.git.updateRef({ ...REPOSITORY, ref: 'heads/none', sha: main });
    expect(await refusal(unknown)).toMatchObject({ status: 422, message: 'Reference does not exist' });
    const gone = client.git.deleteRef({ ...REPOSITORY, ref: 'heads/none' });
    expect(await refusal(gone)).toMatchObject({ status: 422, message: 'Reference does not exist' });
  });

  it('lose no race: of two creations one is refused', async () => {
    const create = () => test.octokit().git.createRef({ ...REPOSITORY, ref: 'refs/heads/race', sha: main });
    const outcomes = await Promise.allSettled([create(), create(), create()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('objects', () => {
  it('keep bytes and have the ids that Git gives them', async () => {
    const client = test.octokit();
    const text = await client.git.createBlob({ ...REPOSITORY, content: 'hello\n', encoding: 'utf-8' });
    expect(text.data.sha).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    const bytes = Buffer.from([0, 255, 13, 10]);
    const blob = await client.git.createBlob({ ...REPOSITORY, content: bytes.toString('base64'), encoding: 'base64' });
    const read = await client.git.getBlob({ ...REPOSITORY, file_sha: blob.data.sha });
    expect(Buffer.from(read.data.content, 'base64')).toEqual(bytes);
    expect(await refusal(client.git.getBlob({ ...REPOSITORY, file_sha: 'c'.repeat(40) }))).toMatchObject({
      status: 404,
    });
  });

  it('trees start from a base, replace, add and remove', async () => {
    const client = test.octokit();
    const blob = await client.git.createBlob({ ...REPOSITORY, content: 'x\n', encoding: 'utf-8' });
    const { data } = await client.git.createTree({
      ...REPOSITORY,
      base_tree: main,
      tree: [
        { path: 'deep/er/new.txt', mode: '100644', type: 'blob', sha: blob.data.sha },
        { path: 'README.md', mode: '100755', type: 'blob', content: 'changed\n' },
        { path: 'bin/start.sh', mode: '100755', type: 'blob', sha: null },
      ],
    });
    const whole = await client.git.getTree({ ...REPOSITORY, tree_sha: data.sha, recursive: '1' });
    const files = whole.data.tree.filter(({ type }) => type === 'blob').map(({ path, mode }) => `${mode} ${path}`);
    expect(files).toContain('100755 README.md');
    expect(files).toContain('100644 deep/er/new.txt');
    expect(files.some((file) => file.includes('bin/'))).toBe(false);
    expect(files).toHaveLength(6);
  });

  it('trees refuse what does not exist', async () => {
    const client = test.octokit();
    const tree = (path: string, sha: string | null, base = main) =>
      client.git.createTree({ ...REPOSITORY, base_tree: base, tree: [{ path, mode: '100644', type: 'blob', sha }] });
    expect(await refusal(tree('none.txt', null))).toMatchObject({ status: 422, message: 'GitRPC::BadObjectState' });
    expect(await refusal(tree('a.txt', 'd'.repeat(40)))).toMatchObject({ status: 422 });
    expect(await refusal(tree('a/../b', null))).toMatchObject({ status: 422 });
    expect(await refusal(tree('README.md', null, 'e'.repeat(40)))).toMatchObject({ status: 404 });
  });

  it('say when a tree was cut short', async () => {
    await test.control('PUT', 'limits', { treeEntries: 3 });
    const { data } = await test.octokit().git.getTree({ ...REPOSITORY, tree_sha: main, recursive: '1' });
    expect([data.truncated, data.tree.length]).toEqual([true, 3]);
  });

  it('commits keep author, message and time, and refuse what does not exist', async () => {
    const client = test.octokit();
    const { tree } = (await client.git.getCommit({ ...REPOSITORY, commit_sha: main })).data;
    const author = { name: 'Erin', email: 'erin@ravenhelm.test', date: '2026-03-01T10:00:00Z' };
    const message = 'Subject\n\nBody with trailing space \n';
    const made = await client.git.createCommit({ ...REPOSITORY, message, tree: tree.sha, parents: [main], author });
    const { data } = await client.git.getCommit({ ...REPOSITORY, commit_sha: made.data.sha });
    expect([data.message, data.author, data.committer]).toEqual([message, author, author]);
    const commit = (treeSha: string, parent: string) =>
      client.git.createCommit({ ...REPOSITORY, message: 'm', tree: treeSha, parents: [parent] });
    expect(await refusal(commit('f'.repeat(40), main))).toMatchObject({ message: 'Tree SHA does not exist' });
    expect(await refusal(commit(tree.sha, 'f'.repeat(40)))).toMatchObject({ status: 422 });
  });

  it('lie in a bare repository that main points into', async () => {
    const ref = await readFile(`${test.dataDir}/repo.git/refs/heads/main`, 'utf8');
    expect(ref.trim()).toBe(main);
  });
});

describe('contents', () => {
  it('are read as file, folder and raw bytes, at any ref', async () => {
    const client = test.octokit();
    await commitFiles(client, 'work', { 'config/new.txt': 'new\n' });
    const folder = await client.repos.getContent({ ...REPOSITORY, path: 'config', ref: 'work' });
    expect(Array.isArray(folder.data) && folder.data.map(({ name }) => name)).toContain('new.txt');
    const raw = await client.repos.getContent({
      ...REPOSITORY,
      path: 'config/new.txt',
      ref: 'work',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('new\n');
    const missing = client.repos.getContent({ ...REPOSITORY, path: 'config/new.txt' });
    expect(await refusal(missing)).toMatchObject({ status: 404, message: 'Not Found' });
    const noRef = client.repos.getContent({ ...REPOSITORY, path: 'README.md', ref: 'none' });
    expect(await refusal(noRef)).toMatchObject({ status: 404, message: 'No commit found for the ref none' });
  });

  it('are written one file at a time, only over what the caller has seen', async () => {
    const client = test.octokit();
    const content = Buffer.from('# Changed\n').toString('base64');
    const put = (path: string, sha?: string) =>
      client.repos.createOrUpdateFileContents({
        ...REPOSITORY,
        path,
        message: 'm',
        content,
        ...(sha === undefined ? {} : { sha }),
      });
    expect((await put('docs/new.md')).status).toBe(201);
    expect(await refusal(put('README.md'))).toMatchObject({ status: 422 });
    expect(await refusal(put('README.md', 'a'.repeat(40)))).toMatchObject({ status: 409 });
    const old = await client.repos.getContent({ ...REPOSITORY, path: 'README.md' });
    const sha = Array.isArray(old.data) ? '' : old.data.sha;
    expect((await put('README.md', sha)).status).toBe(200);
    expect((await readBytes(client, 'README.md')).toString()).toBe('# Changed\n');
  });
});

describe('history', () => {
  it('lists commits, also those of one path, and compares', async () => {
    const client = test.octokit();
    await commitFiles(client, 'work', { 'a.txt': '1\n' }, { message: 'First' });
    const head = await commitFiles(
      client,
      'work',
      { 'README.md': '# Other\n', 'logo.bin': null },
      { message: 'Second' },
    );
    await commitFiles(client, 'main', { 'b.txt': '1\n' }, { message: 'Meanwhile' });
    const ofPath = await client.repos.listCommits({ ...REPOSITORY, sha: 'work', path: 'README.md' });
    expect(ofPath.data.map(({ commit }) => commit.message)).toEqual(['Second', 'Import the platform repository']);
    const one = await client.repos.getCommit({ ...REPOSITORY, ref: head });
    expect(one.data.files?.map(({ filename, status }) => `${status} ${filename}`)).toEqual([
      'modified README.md',
      'removed logo.bin',
    ]);
    const { data } = await client.repos.compareCommitsWithBasehead({ ...REPOSITORY, basehead: 'main...work' });
    expect([data.status, data.ahead_by, data.behind_by, data.merge_base_commit.sha]).toEqual(['diverged', 2, 1, main]);
    expect(data.files?.find(({ filename }) => filename === 'README.md')?.patch).toBe(
      '@@ -1 +1 @@\n-# Platform\n+# Other',
    );
    expect(data.files?.find(({ filename }) => filename === 'a.txt')?.patch).toBe('@@ -0,0 +1 @@\n+1');
    expect(data.files?.find(({ filename }) => filename === 'logo.bin')).not.toHaveProperty('patch');
    const unknown = client.repos.compareCommitsWithBasehead({ ...REPOSITORY, basehead: 'main...none' });
    expect(await refusal(unknown)).toMatchObject({ status: 404 });
  });
});
