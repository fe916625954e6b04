/**
 * For tests: a GitHub of their own in a temporary folder, and clients whose every answer is checked against GitHub's published
 * shapes. Also what tests of the portal use when they need a GitHub.
 */
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Octokit } from '@octokit/rest';

import type { GitHubAccount } from './accounts';
import { problemsOfAnswer } from './published-shapes';
import { startGitHub, type GitHubOptions, type RunningGitHub } from './server';

export const REPOSITORY = { owner: 'ravenhelm', repo: 'platform' };

export const TOKENS = {
  bot: 'token-of-the-bot',
  operator: 'token-of-the-operator',
  reader: 'token-of-the-reader',
  stranger: 'token-of-the-stranger',
} as const;

const ACCOUNTS: GitHubAccount[] = [
  { token: TOKENS.bot, login: 'slipway-bot', name: 'Slipway', email: 'bot@ravenhelm.test', permission: 'push' },
  {
    token: TOKENS.operator,
    login: 'operator',
    name: 'Owen Operator',
    email: 'owen@ravenhelm.test',
    permission: 'admin',
  },
  { token: TOKENS.reader, login: 'reader', name: 'Rea Reader', permission: 'read' },
  { token: TOKENS.stranger, login: 'stranger', name: 'Stan Stranger', permission: 'none' },
];

const FILES: Record<string, string | Buffer> = {
  'README.md': '# Platform\n',
  'config/ports.yaml': Array.from({ length: 20 }, (_, index) => `port-${index}: ${8000 + index}\n`).join(''),
  'config/windows.txt': 'one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n',
  'config/no-end.txt': 'a\nb\nc\nd\nlast',
  'bin/start.sh': '#!/bin/sh\necho start\n',
  'logo.bin': Buffer.from([0, 1, 2, 3, 255]),
};

export interface TestGitHub {
  github: RunningGitHub;
  dataDir: string;
  /** A client for one of `TOKENS`, or any other token; it throws where an answer has not GitHub's shape. */
  octokit(token?: string): Octokit;
  /** One call under /_slipway/. */
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** Stops and starts again on the same data. */
  restart(options?: Partial<GitHubOptions>): Promise<void>;
  close(): Promise<void>;
}

async function writeSeed(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    if (path.endsWith('.sh')) await chmod(join(folder, path), 0o755);
  }
}

/** Checks each answer on its way to the test. */
function checked(client: Octokit): Octokit {
  const check = (options: { method: string; url: string }, status: number, body: unknown) => {
    const operation = `${options.method} ${options.url}`;
    // The raw and diff media types answer with text.
    if (typeof body === 'string' || body instanceof ArrayBuffer) return;
    const problems = problemsOfAnswer(operation, status, body);
    if (problems !== undefined && problems.length > 0) {
      throw new Error(`${operation} ${status} has not GitHub's shape: ${problems.join('; ')}`);
    }
  };
  client.hook.after('request', (response, options) => check(options, response.status, response.data));
  client.hook.error('request', (error, options) => {
    const { status, response } = error as { status?: number; response?: { data: unknown } };
    if (status !== undefined && status >= 400) check(options, status, response?.data);
    throw error;
  });
  return client;
}

/** Starts a stand-in on a port of its own. `files` replaces what main begins with. */
export async function startTestGitHub(
  options: Partial<GitHubOptions> & { files?: Record<string, string | Buffer> } = {},
): Promise<TestGitHub> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-github-'));
  const { files = FILES, ...rest } = options;
  const seedDir = join(folder, 'seed');
  const dataDir = join(folder, 'data');
  await writeSeed(seedDir, files);
  const settings: GitHubOptions = {
    port: 0,
    dataDir,
    seedDir,
    repository: 'ravenhelm/platform',
    webhook: undefined,
    tokens: ACCOUNTS,
    ...rest,
  };
  const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: () => undefined };
  const self: TestGitHub = {
    github: await startGitHub(settings),
    dataDir,
    octokit(token = TOKENS.bot) {
      return checked(new Octokit({ auth: token, baseUrl: self.github.apiUrl, log: silent }));
    },
    async control(method, path, body) {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      return plainRequest(`${self.github.url}/_slipway/${path}`, init);
    },
    async restart(changes = {}) {
      await self.github.close();
      self.github = await startGitHub({ ...settings, ...changes });
    },
    async close() {
      await self.github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return self;
}

// Node's fetch marks its requests as those of a page; a plain request is a program's.
async function plainRequest(
  address: string,
  init: { method: string; body?: string },
): Promise<Record<string, unknown>> {
  const call = request(address, { method: init.method });
  call.end(init.body);
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  if (response.statusCode >= 400)
    throw new Error(`${init.method} ${address}: ${response.statusCode} ${JSON.stringify(body)}`);
  return body;
}

/** The files of one commit on a new or existing branch; null removes. @returns the commit. */
export async function commitFiles(
  client: Octokit,
  branch: string,
  files: Record<string, string | null>,
  { message = 'Change files', from = 'main' }: { message?: string; from?: string } = {},
): Promise<string> {
  const known = await client.git.listMatchingRefs({ ...REPOSITORY, ref: `heads/${branch}` });
  const own = known.data.find(({ ref }) => ref === `refs/heads/${branch}`);
  const parent = own?.object.sha ?? (await client.git.getRef({ ...REPOSITORY, ref: `heads/${from}` })).data.object.sha;
  const tree = await client.git.createTree({
    ...REPOSITORY,
    base_tree: parent,
    tree: Object.entries(files).map(([path, content]) => ({
      path,
      mode: '100644' as const,
      type: 'blob' as const,
      ...(content === null ? { sha: null } : { content }),
    })),
  });
  const commit = await client.git.createCommit({ ...REPOSITORY, message, tree: tree.data.sha, parents: [parent] });
  const { sha } = commit.data;
  if (own === undefined) await client.git.createRef({ ...REPOSITORY, ref: `refs/heads/${branch}`, sha });
  else await client.git.updateRef({ ...REPOSITORY, ref: `heads/${branch}`, sha });
  return sha;
}

/** A branch with these files and a pull request from it. @returns its number. */
export async function openPullRequest(
  client: Octokit,
  branch: string,
  files: Record<string, string | null>,
): Promise<number> {
  await commitFiles(client, branch, files);
  const { data } = await client.pulls.create({
    ...REPOSITORY,
    title: `Add ${branch}`,
    head: branch,
    base: 'main',
    body: 'Why',
  });
  return data.number;
}

/** The bytes of a file on a branch, exactly. */
export async function readBytes(client: Octokit, path: string, ref = 'main'): Promise<Buffer> {
  const { data } = await client.repos.getContent({ ...REPOSITORY, path, ref });
  if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) throw new Error(`${path} is no file.`);
  return Buffer.from(data.content, 'base64');
}

/** What a refused call was refused with. @throws Error where it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string; errors: unknown }> {
  try {
    await call;
  } catch (error) {
    const { status, response } = error as {
      status?: number;
      response?: { data: { message: string; errors?: unknown } };
    };
    if (status === undefined || response === undefined) throw error;
    return { status, message: response.data.message, errors: response.data.errors };
  }
  throw new Error('The call was not refused.');
}
