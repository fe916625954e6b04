/** The adapter against the GitHub stand-in: what GitHub refuses, and that everything it makes is found again. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startGitHub, type RunningGitHub } from '@/local/github/server';
import { ConflictError, UpstreamError } from '@/lib/errors';
import { createGitHub, type GitHub } from './client';
import { listCommitChecks } from './commit-checks';
import { deleteBranch, ensureBranch, requireBytesOfBase, requireSameBytes, type CommitToMake } from './ensure-branch';
import { commentOnce, listActivity } from './pull-activity';
import {
  closePullRequest,
  decoratePullRequest,
  ensurePullRequest,
  findPullRequest,
  getPullRequest,
} from './pull-request';
import { listTree, readBlobs, readHead, type BlobCache } from './read-tree';

const tokens = { portal: 'portal-token-for-tests', reader: 'reader-token-for-tests', operator: 'operator-token-tests' };
let folder: string;
let stand: RunningGitHub;
let github: GitHub;

const configOf = (token: string, name = 'platform') => ({
  apiUrl: stand.apiUrl,
  credentials: { kind: 'token' as const, token },
  owner: 'ravenhelm',
  repository: name,
  fullName: `ravenhelm/${name}`,
  baseBranch: 'main',
  writeLimits: undefined,
  webhookSecret: 'not-needed-here-at-all',
});

async function start(name: string, files: Record<string, string | Buffer>): Promise<RunningGitHub> {
  const seed = join(folder, name, 'seed');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(seed, path, '..'), { recursive: true });
    await writeFile(join(seed, path), content);
  }
  await mkdir(seed, { recursive: true });
  return startGitHub({
    port: 0,
    dataDir: join(folder, name, 'data'),
    seedDir: seed,
    repository: 'ravenhelm/platform',
    webhook: undefined,
    tokens: [
      { login: 'slipway-bot', name: 'Slipway', permission: 'push', token: tokens.portal },
      { login: 'operator', name: 'Owen', permission: 'admin', token: tokens.operator },
      { login: 'reader', name: 'Rita', permission: 'read', token: tokens.reader },
    ],
  });
}

beforeAll(async () => {
  Object.assign(process.env, {
    SLIPWAY_DEPLOYMENT: 'local',
    SLIPWAY_URL: 'http://slipway.test',
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
    NEXTAUTH_SECRET: 'slipway-local-test-secret-of-thirty-two-characters',
    SLIPWAY_LINK_SECRETS: 'slipway-local-test-links-of-thirty-two-characters',
    LOG_LEVEL: 'silent',
    OIDC_ISSUER: 'http://identity.test',
    OIDC_CLIENT_ID: 'slipway',
    GITHUB_TOKEN: tokens.portal,
    GITHUB_REPOSITORY: 'ravenhelm/platform',
    GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-for-tests',
  });
  folder = await mkdtemp(join(tmpdir(), 'slipway-github-adapter-'));
  stand = await start('main', {
    'config/ports.yaml': 'ports:\r\n  - 1\r\n',
    'docs/no-newline.md': 'The end',
    'docs/ümläut.md': 'Ä\n',
    'bin/run.sh': '#!/bin/sh\n',
    'logo.dat': Buffer.from([0, 1, 2, 255]),
  });
  github = createGitHub(configOf(tokens.portal));
});
afterEach(() => stand.faults.clear());
afterAll(async () => {
  await stand.close();
  await rm(folder, { recursive: true, force: true });
});

const control = (method: string, path: string, body: unknown) =>
  fetch(`${stand.url}/_slipway/${path}`, { method, body: JSON.stringify(body) });
const push = async (branch: string, files: Record<string, string>) => {
  const answer = await control('POST', 'push', { login: 'operator', message: 'chore: by hand', branch, files });
  return ((await answer.json()) as { sha: string }).sha;
};
const head = () => readHead(github, 'main');
const failure = async (attempt: Promise<unknown>): Promise<UpstreamError> => {
  const error: unknown = await attempt.then(
    () => new Error('it worked'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
};

const signature = { name: 'Slipway', email: 'slipway@slipway.test', date: new Date('2026-11-21T08:00:00Z') };
const fileChange = (path: string, before: string | null, after: string | null, executable = false): CommitToMake => ({
  subject: `chore: change ${path}`,
  body: '',
  files: [{ path, before, after, executable }],
});
const commits = (name: string): CommitToMake[] => [
  fileChange('config/ports.yaml', 'ports:\r\n  - 1\r\n', `ports:\r\n  - 1\r\n  - ${name}\r\n`),
  { ...fileChange(`docs/${name}.md`, null, `# ${name}\n`), body: 'Why:\n\n- because' },
  fileChange(`bin/${name}.sh`, null, '#!/bin/sh\n', true),
];
const branchOf = async (name: string) => ({
  branch: `slipway/${name}`,
  base: await head(),
  commits: commits(name),
  signature,
});

describe('refusals', () => {
  test('a wrong token is not tried again, and the message says what to do', async () => {
    const error = await failure(readHead(createGitHub(configOf('wrong')), 'main'));
    expect(error).toMatchObject({ retryable: false, system: 'GitHub' });
    expect(error.publicMessage).toContain('GITHUB_TOKEN');
  });

  test('a token that may only read cannot push', async () => {
    const error = await failure(ensureBranch(createGitHub(configOf(tokens.reader)), await branchOf('reader')));
    expect(error.retryable).toBe(false);
    expect(error.publicMessage).toContain('ravenhelm/platform');
  });

  test('a repository that is not there, and a branch that is not there, are told apart', async () => {
    const repository = await failure(readHead(createGitHub(configOf(tokens.portal, 'elsewhere')), 'main'));
    expect(repository.publicMessage).toContain('no repository ravenhelm/elsewhere');
    const branch = await failure(readHead(github, 'trunk'));
    expect(branch.publicMessage).toContain('no branch trunk');
    expect(branch.retryable).toBe(false);
  });

  test('an empty repository is said to be empty', async () => {
    stand.faults.add({ path: '/git/ref', respond: { status: 409, body: { message: 'Git Repository is empty.' } } });
    const error = await failure(readHead(github, 'main'));
    expect(error.publicMessage).toContain('is empty');
    expect(error.retryable).toBe(false);
  });

  test('limits are waited out for as long as GitHub says', async () => {
    await control('PUT', 'rate-limit', { limit: 0, windowSeconds: 600 });
    const primary = await failure(readHead(github, 'main'));
    // A token that may not read checks sees none; one that is limited is not told that there are none.
    expect((await failure(listCommitChecks(github, 'main'))).retryAfterSeconds).toBeGreaterThan(0);
    await control('PUT', 'rate-limit', { limit: 5000, contentPerMinute: 0, retryAfterSeconds: 77 });
    const secondary = await failure(ensurePullRequest(github, { branch: 'none', base: 'main', title: 'x', body: '' }));
    await control('PUT', 'rate-limit', { contentPerMinute: null });
    expect(primary.retryable && secondary.retryable).toBe(true);
    expect(primary.retryAfterSeconds).toBeGreaterThan(0);
    expect(primary.retryAfterSeconds).toBeLessThanOrEqual(600);
    expect(secondary.retryAfterSeconds).toBe(77);
  });

  test.each([
    ['a gateway’s page', { respond: { status: 502, body: '<html>' } }],
    ['a broken connection', { drop: 'before' as const }],
    ['an answer of another shape', { respond: { status: 200, body: [] } }],
  ])('%s is tried again', async (_name, fault) => {
    stand.faults.add({ path: '/git/ref', ...fault });
    expect((await failure(readHead(github, 'main'))).retryable).toBe(true);
  });

  test('a call that hangs ends', async () => {
    stand.faults.add({ path: '/git/ref', hold: 'before' });
    const error = await failure(readHead(createGitHub(configOf(tokens.portal), { timeoutMs: 200 }), 'main'));
    expect(error.publicMessage).toContain('did not answer');
    expect(error.retryable).toBe(true);
  });

  test('no message and no cause carries the token', async () => {
    const error = await failure(readHead(createGitHub(configOf('wrong-token-in-full')), 'main'));
    expect(JSON.stringify([error.publicMessage, error.stack, error.cause])).not.toContain('wrong-token-in-full');
  });
});

describe('reading', () => {
  test('a list that GitHub cuts off is read folder by folder, and is the same', async () => {
    const sha = await head();
    const whole = await listTree(github, sha);
    await control('PUT', 'limits', { treeEntries: 4 });
    const walked = await listTree(github, sha);
    await control('PUT', 'limits', { treeEntries: 3 });
    const error = await failure(listTree(github, sha));
    await control('PUT', 'limits', { treeEntries: 100_000 });
    expect(walked).toEqual(whole);
    // What GitHub does not list must not look as if it were not there.
    expect(error.publicMessage).toContain('more files than GitHub lists');
    expect(whole.map((entry) => entry.path)).toContain('docs/ümläut.md');
    expect(whole.find((entry) => entry.path === 'bin/run.sh')).toMatchObject({ size: 10 });
  });

  test('bytes come as they are, and once', async () => {
    const kept = new Map<string, Buffer>();
    const cache: BlobCache = {
      get: (shas) =>
        Promise.resolve(
          new Map(shas.flatMap((sha) => (kept.has(sha) ? [[sha, kept.get(sha) ?? Buffer.alloc(0)] as const] : []))),
        ),
      put: (blobs) => {
        for (const [sha, bytes] of blobs) kept.set(sha, bytes);
        return Promise.resolve();
      },
    };
    const entries = await listTree(github, await head());
    const shas = entries.map((entry) => entry.sha);
    const blobs = await readBlobs(github, shas, cache);
    const read = (path: string) => blobs.get(entries.find((entry) => entry.path === path)?.sha ?? '');
    expect(read('config/ports.yaml')?.toString()).toBe('ports:\r\n  - 1\r\n');
    expect(read('docs/no-newline.md')?.toString()).toBe('The end');
    expect(read('logo.dat')).toEqual(Buffer.from([0, 1, 2, 255]));
    stand.faults.forgetRequests();
    await readBlobs(github, shas, cache);
    expect(stand.faults.requests()).toHaveLength(0);
  });
});

describe('branches', () => {
  test('made twice it is the same branch, to the last hash', async () => {
    const input = await branchOf('twice');
    const first = await ensureBranch(github, input);
    const again = await ensureBranch(github, input);
    expect(again).toEqual(first);
    expect(first.commits).toHaveLength(3);
    await requireBytesOfBase(github, input.base, input.commits);
    await requireSameBytes(github, input.base, first.head, input.commits);
    const entries = await listTree(github, first.head);
    expect(entries.find((entry) => entry.path === 'bin/twice.sh')?.executable).toBe(true);
  });

  test('of two that make it at once, both find it made', async () => {
    const input = await branchOf('at-once');
    const [one, two] = await Promise.all([ensureBranch(github, input), ensureBranch(github, input)]);
    expect(one).toEqual(two);
  });

  test('a person’s commit on top stays, and is no obstacle', async () => {
    const input = await branchOf('on-top');
    const made = await ensureBranch(github, input);
    const theirs = await push(input.branch, { 'docs/more.md': 'More.\n' });
    expect(await ensureBranch(github, input)).toEqual(made);
    expect(await deleteBranch(github, input.branch, made.head)).toBe('touched');
    expect((await listTree(github, theirs)).map((entry) => entry.path)).toContain('docs/more.md');
  });

  test('a branch with other commits is never overwritten', async () => {
    const input = await branchOf('squatted');
    await ensureBranch(github, { ...input, commits: commits('somebody') });
    await expect(ensureBranch(github, input)).rejects.toThrow(ConflictError);
  });

  test('another base, another file and a line less are noticed', async () => {
    const input = await branchOf('strict');
    const base = input.base;
    const otherBase = [fileChange('config/ports.yaml', 'ports:\n  - 1\n', 'ports:\n  - 1\n  - 2\n')];
    expect((await failure(requireBytesOfBase(github, base, otherBase))).publicMessage).toContain('config/ports.yaml');
    const exists = [fileChange('docs/no-newline.md', null, 'x')];
    expect((await failure(requireBytesOfBase(github, base, exists))).publicMessage).toContain('docs/no-newline.md');
    const { head: made } = await ensureBranch(github, input);
    const fewer = input.commits.slice(0, 2);
    expect((await failure(requireSameBytes(github, base, made, fewer))).publicMessage).toContain('bin/strict.sh');
    const more = [...input.commits, fileChange('docs/missing.md', null, 'x')];
    expect((await failure(requireSameBytes(github, base, made, more))).publicMessage).toContain('docs/missing.md');
    const rewriting = {
      ...input,
      branch: 'slipway/rewriting',
      commits: [fileChange('docs/no-newline.md', 'The end', 'Other')],
    };
    const rewritten = await ensureBranch(github, rewriting);
    const removed = await failure(requireSameBytes(github, base, rewritten.head, rewriting.commits));
    expect(removed.publicMessage).toContain('loses 1 line');
  });

  test('a file that a commit deletes is gone, and one that is to stay must be there', async () => {
    const input = await branchOf('without');
    const removal = {
      ...input,
      branch: 'slipway/without',
      commits: [fileChange('docs/no-newline.md', 'The end', null)],
    };
    const { head: made } = await ensureBranch(github, removal);
    expect((await listTree(github, made)).map((entry) => entry.path)).not.toContain('docs/no-newline.md');
    const remove = { mayRemoveLines: true };
    await requireBytesOfBase(github, input.base, removal.commits);
    await requireSameBytes(github, input.base, made, removal.commits, remove);
    const unasked = await failure(requireSameBytes(github, input.base, made, removal.commits));
    expect(unasked.publicMessage).toContain('loses 1 line');
    const kept = [fileChange('docs/no-newline.md', 'The end', 'The end.')];
    const lost = await failure(requireSameBytes(github, input.base, made, kept, remove));
    expect(lost.publicMessage).toContain('docs/no-newline.md is deleted');
  });

  test('deleted once', async () => {
    const input = await branchOf('gone');
    const made = await ensureBranch(github, input);
    expect(await deleteBranch(github, input.branch, made.head)).toBe('deleted');
    expect(await deleteBranch(github, input.branch, made.head)).toBe('absent');
  });
});

describe('pull requests', () => {
  const openOne = async (name: string) => {
    const input = await branchOf(name);
    const made = await ensureBranch(github, input);
    const wanted = { branch: input.branch, base: 'main', title: `feat: ${name}`, body: 'Why.' };
    return { input, made, wanted, ...(await ensurePullRequest(github, wanted)) };
  };

  test('opened once, also when the answer is lost', async () => {
    const { wanted, pull, created } = await openOne('pr-once');
    expect(created).toBe(true);
    expect(await ensurePullRequest(github, wanted)).toEqual({ pull, created: false });

    const input = await branchOf('pr-lost');
    await ensureBranch(github, input);
    const lost = { ...wanted, branch: input.branch };
    stand.faults.add({ method: 'POST', path: '/pulls$', drop: 'after' });
    await failure(ensurePullRequest(github, lost));
    expect((await ensurePullRequest(github, lost)).created).toBe(false);
  });

  test('of two that open it at once, both have the one', async () => {
    const input = await branchOf('pr-at-once');
    await ensureBranch(github, input);
    const wanted = { branch: input.branch, base: 'main', title: 'feat: x', body: '' };
    const answers = await Promise.all([ensurePullRequest(github, wanted), ensurePullRequest(github, wanted)]);
    expect(answers[0].pull.number).toBe(answers[1].pull.number);
    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
  });

  test('where GitHub will not open it, its own reason is told', async () => {
    const wanted = { branch: 'no-such-branch', base: 'main', title: 'x', body: '' };
    const error = await failure(ensurePullRequest(github, wanted));
    expect(error.retryable).toBe(false);
    expect(error.publicMessage).toContain('GitHub would not open the pull request');
  });

  test('labels and reviewers are set, and what GitHub refuses there is only told', async () => {
    const { pull } = await openOne('pr-decorated');
    const refused = await decoratePullRequest(github, pull.number, {
      labels: ['enhancement'],
      reviewers: ['operator', 'nobody-here'],
      teamReviewers: [],
    });
    expect(refused).toEqual(['ask nobody-here for a review']);
    const answer = await fetch(`${stand.apiUrl}/repos/ravenhelm/platform/pulls/${pull.number}`, {
      headers: { authorization: `Bearer ${tokens.portal}` },
    });
    const seen = (await answer.json()) as { labels: { name: string }[]; requested_reviewers: { login: string }[] };
    expect(seen.labels.map((label) => label.name)).toEqual(['enhancement']);
    expect(seen.requested_reviewers.map((person) => person.login)).toEqual(['operator']);
  });

  test('closed once, with one comment; a merged one stays merged', async () => {
    const { pull, wanted } = await openOne('pr-closed');
    expect(await closePullRequest(github, pull.number, 'Cancelled by Dana.')).toBe('closed');
    expect(await closePullRequest(github, pull.number, 'Cancelled by Dana.')).toBe('closed');
    await commentOnce(github, pull.number, 'Cancelled by Dana.');
    expect((await listActivity(github, pull.number, pull.url)).map((one) => one.body)).toEqual(['Cancelled by Dana.']);

    // More than GitHub gives on one page: what is said there once is still found.
    for (let count = 0; count < 100; count += 1) {
      await github.rest.issues.createComment({ ...github.at, issue_number: pull.number, body: `Remark ${count}` });
    }
    await commentOnce(github, pull.number, 'Remark 99');
    expect(await listActivity(github, pull.number, pull.url)).toHaveLength(101);
    // A closed one means no: it is found, not opened again.
    expect(await ensurePullRequest(github, wanted)).toMatchObject({ created: false, pull: { state: 'closed' } });

    const merged = await openOne('pr-merged');
    await fetch(`${stand.apiUrl}/repos/ravenhelm/platform/pulls/${merged.pull.number}/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${tokens.operator}` },
    });
    expect(await closePullRequest(github, merged.pull.number, 'Too late.')).toBe('merged');
    const after = await getPullRequest(github, merged.pull.number);
    expect(after).toMatchObject({ state: 'merged', mergedBy: 'operator' });
    expect(after.mergeSha).toBe(await head());
    expect((await findPullRequest(github, merged.input.branch))?.state).toBe('merged');
  });
});
