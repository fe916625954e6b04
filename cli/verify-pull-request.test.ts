// `slipway verify --pr N` against the GitHub stand-in: a pull request made as the worker makes it, then tampered with.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub, type GitHub } from '@/lib/adapters/github/client';
import { ensureBranch } from '@/lib/adapters/github/ensure-branch';
import { ensurePullRequest, updatePullRequest } from '@/lib/adapters/github/pull-request';
import { readHead } from '@/lib/adapters/github/read-tree';
import { env } from '@/lib/env';
import { describePullRequest } from '@/lib/generator/pull-request';
import { sampleFolder } from '@/lib/generator/test-sample';
import type { Plan, ResolvedManifest } from '@/lib/generator/types';
import type { Profile } from '@/lib/generator/profile';
import { startGitHub, type RunningGitHub } from '@/local/github/server';
import { runCommand } from './run-command';

const root = fileURLToPath(new URL('..', import.meta.url));
const token = 'a-token-of-the-portal-for-tests';
const branch = 'slipway/1-voice-transcriber';

let folder = '';
let stand: RunningGitHub;
let github: GitHub;
let number = 0;
let body = '';
let digest = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-verify-pull-'));
  stand = await startGitHub({
    port: 0,
    dataDir: join(folder, 'github'),
    seedDir: sampleFolder,
    repository: 'ravenhelm/platform',
    webhook: undefined,
    tokens: [{ login: 'slipway-bot', name: 'Slipway', permission: 'push', token }],
  });
  Object.assign(process.env, {
    SLIPWAY_DEPLOYMENT: 'local',
    SLIPWAY_URL: 'http://slipway.test',
    // Nobody is there: verifying asks no database.
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
    NEXTAUTH_SECRET: 'slipway-local-test-secret-of-thirty-two-characters',
    OIDC_ISSUER: 'http://identity.test',
    OIDC_CLIENT_ID: 'slipway',
    GITHUB_API_URL: stand.apiUrl,
    GITHUB_TOKEN: token,
    GITHUB_REPOSITORY: 'ravenhelm/platform',
    GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-for-tests',
  });
  github = createGitHub(env().github);
  await openPullRequest();
});
afterAll(async () => {
  await stand.close();
  rmSync(folder, { recursive: true, force: true });
});

async function slipway(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const streams = { out: '', err: '' };
  const code = await runCommand(
    args,
    { out: (text) => (streams.out += text), err: (text) => (streams.err += text), clock: () => performance.now() },
    folder,
  );
  return { code, ...streams };
}

const verify = () => slipway('verify', '--pr', String(number));

/** Plans on the sample repository and makes branch and pull request of it with the adapter that the worker uses. */
async function openPullRequest(): Promise<void> {
  writeFileSync(join(folder, 'spec.yaml'), (await slipway('example')).out);
  const date = ['--date', '2026-11-03'];
  const checks = ['--checks', 'none'];
  const { out } = await slipway(
    ...['plan', '--repo', sampleFolder, '--spec', 'spec.yaml', '--format', 'json', ...date, ...checks],
  );
  const plan = JSON.parse(out) as Plan & { resolved: ResolvedManifest; profile: { value: Profile } };
  const head = await readHead(github, 'main');
  if (head.kind !== 'head') throw new Error('the stand-in has no main');
  const signature = { name: 'Slipway', email: 'slipway@slipway.test', date: new Date('2026-11-03T08:00:00Z') };
  await ensureBranch(github, { branch, base: head.sha, commits: plan.commits, signature });
  const described = describePullRequest({
    plan,
    resolved: plan.resolved,
    profile: plan.profile.value,
    checks: [],
    links: {},
    baseSha: head.sha,
  });
  ({ body } = described);
  ({ digest } = plan);
  ({
    pull: { number },
  } = await ensurePullRequest(github, { branch, base: 'main', ...described }));
}

describe('slipway verify --pr', () => {
  it('finds a pull request as it was planned', async () => {
    const found = await verify();
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toContain(`change set ${digest}`);
  });

  it('is a command: it needs the portal’s settings, and neither database nor server', async () => {
    const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
      const args = ['--import', 'tsx', join(root, 'cli/main.ts'), 'verify', '--pr', String(number)];
      const child = execFile(process.execPath, args, { cwd: root, env: process.env }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, out: stdout + stderr }),
      );
    });
    expect(out).toMatch(/^Verified: add voice-transcriber on [0-9a-f]{7}, \d+ files, change set [0-9a-f]{64}\.\n$/);
    expect(code).toBe(0);
  });

  it('tells of an edited digest and of a record that was cut', async () => {
    await updatePullRequest(github, number, body.replaceAll(digest, '0'.repeat(64)));
    expect(await verify()).toMatchObject({
      code: 5,
      err: expect.stringContaining('The digest is another one') as string,
    });
    await updatePullRequest(github, number, body.replace(/(slipway:spec [^ ]+)[^ ]{20} /, '$1 '));
    expect(await verify()).toMatchObject({ code: 5, err: expect.stringContaining('cut or edited') as string });
    await updatePullRequest(github, number, body);
    expect(await verify()).toMatchObject({ code: 0 });
  });

  it('tells of a commit that somebody added, by its file', async () => {
    await fetch(`${stand.url}/_slipway/push`, {
      method: 'POST',
      body: JSON.stringify({
        branch,
        message: 'chore: by hand',
        login: 'slipway-bot',
        files: { 'sneaked-in.txt': 'x' },
      }),
    });
    const { code, err } = await verify();
    expect(code).toBe(5);
    expect(err).toContain('sneaked-in.txt is changed on the branch and no part of the plan');
  });

  it('tells of a pull request that is not there, and of a GitHub that does not answer', async () => {
    expect(await slipway('verify', '--pr', '404')).toMatchObject({ code: 1, out: '' });
    stand.faults.add({ path: '/pulls/', times: 20, respond: { status: 503 } });
    const { code, err } = await verify();
    stand.faults.clear();
    expect(code).toBe(1);
    expect(err).toContain('GitHub could not');
  });
});
