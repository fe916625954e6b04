/** As a GitHub App: tokens that are asked for with its key, that expire, and what is said where key or installation are wrong. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GitHubSettings } from '@/lib/env-github';
import { gitHubSettings } from '@/lib/env';
import { UpstreamError } from '@/lib/errors';
import { startTestGitHub, type TestGitHub } from '@/local/github/test-github';
import { createGitHub } from './client';
import { makeCommits } from './ensure-branch';
import { readHead } from './read-tree';

const HOUR_MS = 3_600_000;
// As GitHub gives it: PKCS #1.
const keys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
const own = keys();
let stand: TestGitHub;

beforeAll(async () => {
  Object.assign(process.env, { LOG_LEVEL: 'silent' });
  stand = await startTestGitHub({
    app: { appId: 4711, installationId: 90210, publicKey: own.publicKey, login: 'slipway-bot' },
    clock: () => new Date(),
  });
});
afterEach(() => {
  vi.useRealTimers();
  stand.github.faults.forgetRequests();
});
afterAll(() => stand.close());

const environment = (more: Record<string, string> = {}) => ({
  GITHUB_API_URL: stand.github.apiUrl,
  GITHUB_REPOSITORY: 'ravenhelm/platform',
  GITHUB_APP_ID: '4711',
  GITHUB_APP_INSTALLATION_ID: '90210',
  GITHUB_APP_PRIVATE_KEY: own.privateKey.replaceAll('\n', '\\n'),
  ...more,
});
const client = (more: Record<string, string> = {}) => {
  const settings: GitHubSettings = gitHubSettings(environment(more));
  return createGitHub(settings);
};
const asked = () => stand.github.faults.requests('POST', /access_tokens/).length;
const refused = async (more: Record<string, string>): Promise<UpstreamError> => {
  const error: unknown = await readHead(client(more), 'main').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
};

describe('a GitHub App', () => {
  test('reads and writes with one token for many requests, under an Enterprise Server’s address', async () => {
    const github = client();
    expect(stand.github.apiUrl).toMatch(/\/api\/v3$/);
    const { commits } = await makeCommits(github, {
      base: await readHead(github, 'main'),
      commits: [{ subject: 'x', body: '', files: [{ path: 'x.md', before: null, after: 'x\n', executable: false }] }],
      signature: { name: 'Slipway', email: 'slipway@slipway.test', date: new Date() },
    });
    expect(commits).toHaveLength(1);
    expect(asked()).toBe(1);
    expect(stand.github.faults.requests().every(({ path }) => !path.startsWith('/api'))).toBe(true);
  });

  test('a token whose hour is over is renewed before it is used', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const github = client();
    await readHead(github, 'main');
    vi.setSystemTime(Date.now() + HOUR_MS + 1000);
    await readHead(github, 'main');
    expect(asked()).toBe(2);
    expect(stand.github.faults.requests().filter(({ status }) => status === 401)).toEqual([]);
  });

  test('a token that GitHub took back is renewed when it is refused, once, and the request is sent again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const github = client();
    await readHead(github, 'main');
    // Younger ones are asked with again for a while: GitHub’s machines learn of a new token one after the other.
    vi.setSystemTime(Date.now() + 60_000);
    await stand.control('DELETE', 'app-tokens');
    expect(await readHead(github, 'main')).toMatch(/^[0-9a-f]{40}$/);
    expect(asked()).toBe(2);
    expect(stand.github.faults.requests('GET').map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  test('the key of another App says what to look at, and is not tried again', async () => {
    const error = await refused({ GITHUB_APP_PRIVATE_KEY: keys().privateKey });
    expect(error.publicMessage).toContain('GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY');
    expect(error.retryable).toBe(false);
    expect(asked()).toBe(1);
    expect(JSON.stringify([error.publicMessage, String(error.cause)])).not.toContain('PRIVATE KEY-----');
  });

  test.each([
    ['another App’s number', { GITHUB_APP_ID: '4712' }, 'GITHUB_APP_ID'],
    ['an installation that it does not have', { GITHUB_APP_INSTALLATION_ID: '90211' }, 'GITHUB_APP_INSTALLATION_ID'],
  ])('%s says so', async (_name, more, variable) => {
    const error = await refused(more);
    expect(error.publicMessage).toContain(variable);
    expect(error.retryable).toBe(false);
  });

  test('what is no key at all is said at the start, without its value', () => {
    const half = own.privateKey.slice(0, 300);
    expect(() => client({ GITHUB_APP_PRIVATE_KEY: half })).toThrow(/GITHUB_APP_PRIVATE_KEY: not a private key in PEM/);
    expect(() => client({ GITHUB_APP_PRIVATE_KEY: half })).not.toThrow(half.slice(40, 80));
  });
});
