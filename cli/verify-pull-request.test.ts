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
import { gitHubSettings } from '@/lib/env';
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
let settings: Record<string, string> = {};
let opened: { plan: Planned; base: string };

type Planned = Plan & { resolved: ResolvedManifest; profile: { value: Profile } };
const signature = { name: 'Slipway', email: 'slipway@slipway.test', date: new Date('2026-11-03T08:00:00Z') };

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
  // Nothing else is set: neither database nor sign-in nor webhook.
  settings = { GITHUB_API_URL: stand.apiUrl, GITHUB_TOKEN: token, GITHUB_REPOSITORY: 'ravenhelm/platform' };
  Object.assign(process.env, settings);
  github = createGitHub(gitHubSettings());
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
  const plan = JSON.parse(out) as Planned;
  const base = await readHead(github, 'main');
  opened = { plan, base };
  ({ digest } = plan);
  ({ number, body } = await openOn(branch, base));
}

/** The planned commits on top of any commit, with a body that names that commit. */
async function openOn(name: string, baseSha: string, into = 'main'): Promise<{ number: number; body: string }> {
  const { plan } = opened;
  await ensureBranch(github, { branch: name, base: baseSha, commits: plan.commits, signature });
  const { resolved, profile } = plan;
  const described = describePullRequest({ plan, resolved, profile: profile.value, checks: [], links: {}, baseSha });
  const { pull } = await ensurePullRequest(github, { branch: name, base: into, ...described });
  return { number: pull.number, body: described.body };
}

describe('slipway verify --pr', () => {
  it('finds a pull request as it was planned', async () => {
    const found = await verify();
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toContain(`change set ${digest}`);
  });

  /** As a program of its own, with no other settings than these. */
  const run = (set: Record<string, string>) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const args = ['--import', 'tsx', join(root, 'cli/main.ts'), 'verify', '--pr', String(number)];
      const options = { cwd: root, env: { NODE_ENV: 'test' as const, PATH: process.env.PATH ?? '', ...set } };
      const child = execFile(process.execPath, args, options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, out: stdout + stderr }),
      );
    });

  it('is a command: it needs GitHub’s settings, and neither the portal’s others nor database nor server', async () => {
    const { code, out } = await run(settings);
    expect(out).toMatch(/^Verified: add voice-transcriber on [0-9a-f]{7}, \d+ files, change set [0-9a-f]{64}\.\n$/);
    expect(code).toBe(0);
  });

  it('names the settings that it lacks, and no others', async () => {
    const { code, out } = await run({});
    expect(code).toBe(1);
    expect(out.match(/^ {2}- \w+/gm)).toEqual(['  - GITHUB_REPOSITORY', '  - GITHUB_TOKEN']);
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

  it('tells of planned commits on top of another one, though the record names that as its base', async () => {
    const file = { path: 'backdoor.sh', before: null, after: 'open\n', executable: true };
    const commits = [{ subject: 'chore: by hand', body: '', files: [file] }];
    const side = await ensureBranch(github, { branch: 'side', base: opened.base, commits, signature });
    const forged = await openOn('slipway/2-voice-transcriber', side.head);
    const { code, out, err } = await slipway('verify', '--pr', String(forged.number));
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain(`The record names ${side.head.slice(0, 12)}`);
    expect(err).toContain(`left its target branch at ${opened.base.slice(0, 12)}`);

    // The same towards that side branch, where the merge base would be right.
    const aside = await openOn('slipway/3-voice-transcriber', side.head, 'side');
    const other = await slipway('verify', '--pr', String(aside.number));
    expect(other).toMatchObject({ code: 5, err: 'It goes into side, and Slipway plans for main.\n' });
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

  it.each(['squash', 'merge'] as const)('finds one as it was planned after a merge by %s', async (method) => {
    const { number: merged } = await openOn(`slipway/${method}-voice-transcriber`, opened.base);
    await github.rest.pulls.merge({ ...github.at, pull_number: merged, merge_method: method });
    expect(await slipway('verify', '--pr', String(merged))).toMatchObject({ code: 0, err: '' });
  });
});
