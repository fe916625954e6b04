// A planned branch is verified in a real checkout; whatever is not as planned is found. And the other two actions, with the real tools.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeChangeRecord } from '@/lib/generator/change-record';
import { sampleFolder } from '@/lib/generator/test-sample';
import type { Plan, ResolvedManifest } from '@/lib/generator/types';
import { toolCheckIds } from '@/lib/workflows/check-change';
import { runCommand } from './run-command';

let folder = '';
let repo = '';
let base = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-verify-'));
  repo = join(folder, 'platform');
  cpSync(sampleFolder, repo, { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main', repo]);
  commit('base');
  base = git('rev-parse', 'HEAD').trim();
  write('spec.yaml', (await slipway('example')).out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: repo, encoding: 'utf8', stdio: 'pipe' });
}

function commit(subject: string): void {
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', subject);
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

async function slipway(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const streams = { out: '', err: '' };
  const code = await runCommand(
    args,
    { out: (text) => (streams.out += text), err: (text) => (streams.err += text), clock: () => performance.now() },
    folder,
  );
  return { code, ...streams };
}

type Shown = Plan & {
  resolved: ResolvedManifest;
  before?: ResolvedManifest;
  checks: { id: string; status: string; durationMs: number }[];
};

async function planned(...args: string[]): Promise<Shown> {
  const { out, err } = await slipway('plan', '--repo', 'platform', '--date', '2026-11-03', '--format', 'json', ...args);
  expect(err).toBe('');
  return JSON.parse(out) as Shown;
}

/** Puts the plan's commits onto a new branch, as the portal does. */
function makeBranch(name: string, plan: Plan, from = base): void {
  git('checkout', '-q', '-b', name, from);
  for (const { subject, files } of plan.commits) {
    for (const { path, after, executable } of files) {
      mkdirSync(dirname(join(repo, path)), { recursive: true });
      if (after === null) rmSync(join(repo, path));
      else writeFileSync(join(repo, path), after);
      if (executable) chmodSync(join(repo, path), 0o755);
    }
    commit(subject);
  }
}

describe('slipway verify', () => {
  let plan: Shown;
  const body = (digest = plan.digest, resolved = plan.resolved, baseSha = base) =>
    `What and why.\n\n${encodeChangeRecord({ action: 'add', baseSha, resolved })}\n\nChange set \`${digest}\`\n`;
  const verify = (text: string, head: string, ...more: string[]) =>
    slipway(
      ...['verify', '--repo', 'platform', '--base', 'main', '--head', head, '--body', write('body.md', text)],
      ...more,
    );

  beforeAll(async () => {
    plan = await planned('--spec', 'spec.yaml', '--checks', 'none');
    makeBranch('change', plan);
  });

  it('finds a branch as it was planned, by the record or by a resolved spec', async () => {
    const found = await verify(body(), 'change');
    expect(found.err).toBe('');
    expect(found).toMatchObject({ code: 0 });
    expect(found.out).toContain(`change set ${plan.digest}`);
    write('resolved.json', JSON.stringify(plan));
    const spec = ['--spec', 'resolved.json'];
    expect(await verify(`Change set \`${plan.digest}\``, 'change', ...spec)).toMatchObject({ code: 0 });
  });

  it.each<[string, () => void, string]>([
    [
      'a line more',
      () => append('config/port_registry.yaml', '# sneaked in\n'),
      'config/port_registry.yaml has other bytes',
    ],
    [
      'a file more',
      () => append('config/extra.yaml', 'a: 1\n'),
      'config/extra.yaml is changed on the branch and no part',
    ],
    ['another mode', () => chmodSync(join(repo, 'docs/wiki/Runbook_Catalog.md'), 0o755), 'another mode'],
    ['a file less', () => rmSync(join(repo, 'charts/voice-transcriber/values.yaml')), 'is not on the branch'],
  ])('tells of %s', async (name, tamper, message) => {
    const branch = `tampered-${name.replaceAll(' ', '-')}`;
    git('checkout', '-q', '-b', branch, 'change');
    tamper();
    commit('more');
    const { code, err } = await verify(body(), branch);
    expect(code).toBe(5);
    expect(err).toContain(message);
    git('checkout', '-q', 'main');
  });

  it('tells of another digest, another spec, a record that is gone, and commits of other words', async () => {
    expect((await verify(body('0'.repeat(64)), 'change')).err).toContain('The digest is another one');
    const other = { ...plan.resolved, purpose: 'Something else.' };
    expect((await verify(body(plan.digest, other), 'change')).err).toContain('The digest is another one');
    expect(await verify('Nothing.', 'change')).toMatchObject({ code: 5 });
    git('checkout', '-q', '-b', 'squashed', base);
    git('checkout', 'change', '--', '.');
    commit('all at once');
    expect((await verify(body(), 'squashed')).err).toContain('other commits');
    git('checkout', '-q', 'main');
  });

  it('tells of planned commits on top of another one, though the record names that as its base', async () => {
    git('checkout', '-q', '-b', 'side', base);
    append('config/extra.yaml', 'backdoor: 1\n');
    commit('chore: by hand');
    const side = git('rev-parse', 'side').trim();
    makeBranch('forged', plan, 'side');
    git('checkout', '-q', 'main');
    const forged = body(plan.digest, plan.resolved, side);
    const { code, out, err } = await verify(forged, 'forged');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain(`The record names ${side.slice(0, 12)}`);
    expect(err).toContain(`left its target branch at ${base.slice(0, 12)}`);
    // Everything else agrees: held against that commit, nothing would be found.
    expect(await verify(forged, 'forged', '--base', 'side')).toMatchObject({ code: 0 });
    expect((await verify(body(), 'forged')).err).toContain('config/extra.yaml is changed on the branch');
    // The resolved spec instead of a record brings no base of its own.
    expect(await verify(`Change set \`${plan.digest}\``, 'forged', '--spec', 'resolved.json')).toMatchObject({
      code: 5,
    });
  });

  it('finds a branch that the main branch has left behind, and one that was merged, by the commit before', async () => {
    git('checkout', '-q', '-b', 'later', base);
    append('config/extra.yaml', 'a: 1\n');
    commit('meanwhile');
    expect(await verify(body(), 'change', '--base', 'later')).toMatchObject({ code: 0 });
    mergeInto('change');
    expect(await verify(body(), 'change', '--base', 'later^')).toMatchObject({ code: 0 });
    expect(await verify(body(), 'change', '--base', 'later')).toMatchObject({ code: 5 });
    git('checkout', '-q', 'main');
  });

  it('tells of a merge among the commits, whatever it is called', async () => {
    const [subject = ''] = plan.commits.map((one) => one.subject).slice(-1);
    git('checkout', '-q', '-b', 'merging', 'change~1');
    git('checkout', '-q', '-b', 'other', base);
    append('config/extra.yaml', 'a: 1\n');
    commit('to be taken back');
    git('checkout', '-q', 'merging');
    mergeInto('other', '--strategy=ours', '-m', subject);
    git('checkout', 'change', '--', '.');
    commit(subject);
    const { code, err } = await verify(body(), 'merging');
    expect(code).toBe(5);
    expect(err).toContain('has a merge among its commits');
    git('checkout', '-q', 'main');
  });

  it('tells of a base that shares nothing, a revision that is not there, and wrong use', async () => {
    git('checkout', '-q', '--orphan', 'unrelated');
    commit('from nothing');
    git('checkout', '-q', 'main');
    expect((await verify(body(), 'change', '--base', 'unrelated')).err).toContain('share no commit');
    const baseless = ['verify', '--repo', 'platform', '--head', 'change', '--body', write('body.md', body())];
    expect(await slipway(...baseless)).toMatchObject({ code: 1, err: expect.stringContaining('--base') as string });
    expect((await verify(body(), 'nowhere')).err).toContain('has no commit nowhere');
    const elsewhere = await slipway(
      'verify',
      '--repo',
      'nowhere',
      '--base',
      'main',
      '--head',
      'change',
      '--body',
      write('body.md', body()),
    );
    expect(elsewhere).toMatchObject({ code: 1, err: expect.stringContaining('is no checkout') as string });
    expect(await verify(body(), 'change', '--spec', 'spec.yaml')).toMatchObject({ code: 2 });
    expect((await verify(body(), '--output=/tmp/x')).code).toBe(1);
    expect((await slipway('verify', '--pr', 'x')).err).toContain('no number');
    expect((await slipway('verify', '--repo', 'platform')).err).toContain('--body FILE');
  });

  function mergeInto(branch: string, ...more: string[]): void {
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'merge', '-q', '--no-ff', '--no-edit', ...more, branch);
  }

  function append(path: string, text: string): void {
    const file = join(repo, path);
    writeFileSync(file, `${path === 'config/extra.yaml' ? '' : readFileSync(file, 'utf8')}${text}`);
  }
});

describe('slipway plan with everything', () => {
  it('runs every check with the real tools, each with its time; none is left out', async () => {
    const { checks } = await planned('--spec', 'spec.yaml');
    expect(checks.filter(({ status }) => status !== 'pass')).toEqual([]);
    const ids = checks.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...toolCheckIds]));
    expect(new Set(ids).size).toBe(ids.length);
    const summary = await slipway('plan', '--repo', 'platform', '--spec', 'spec.yaml');
    expect(summary.out).toMatch(/^ {2}pass +\d+ ms {2}docker compose config: /m);
    process.env['SLIPWAY_SHELLCHECK'] = '/nonexistent';
    const without = await slipway('plan', '--repo', 'platform', '--spec', 'spec.yaml');
    Reflect.deleteProperty(process.env, 'SLIPWAY_SHELLCHECK');
    expect(without).toMatchObject({ code: 0 });
    expect(without.out).toMatch(/^ {2}not run +\d+ ms {2}shellcheck: SLIPWAY_SHELLCHECK names/m);
    const none = await planned('--spec', 'spec.yaml', '--checks', 'none');
    expect(none.checks).toEqual([]);
  });

  it('removes what it added, and changes it', async () => {
    const spec = readFileSync(join(folder, 'spec.yaml'), 'utf8');
    git('checkout', '-q', 'change');
    const removal = await planned('--spec', 'spec.yaml', '--action', 'remove', '--checks', 'fast');
    expect(removal.action).toBe('remove');
    for (const { path, after } of removal.files) expect(after, path).toBe(readAt(base, path));

    write('after.yaml', spec.replace('1.4.2', '1.5.0'));
    const change = await planned(
      '--spec',
      'after.yaml',
      '--before',
      'spec.yaml',
      '--action',
      'change',
      '--checks',
      'fast',
    );
    expect(change.files.length).toBeGreaterThan(0);
    for (const { after } of change.files) expect(after).toContain('1.5.0');

    const baseSha = git('rev-parse', 'change').trim();
    makeBranch('changed', change, 'change');
    const { resolved, before } = change;
    if (!before) throw new Error('a change says what it leads away from');
    const record = encodeChangeRecord({ action: 'change', baseSha, resolved, before });
    const body = write('changed.md', `${record}\n\nChange set \`${change.digest}\`\n`);
    const verified = await slipway(
      ...['verify', '--repo', 'platform', '--base', 'change', '--head', 'changed', '--body', body],
    );
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect((await slipway('plan', '--repo', 'platform', '--spec', 'spec.yaml', '--checks', 'none')).err).toContain(
      '--action change',
    );
    git('checkout', '-q', 'main');
  });

  it('says what an action needs', async () => {
    const args = ['plan', '--repo', 'platform', '--spec', 'spec.yaml'];
    expect((await slipway(...args, '--action', 'change')).err).toContain('--before');
    expect((await slipway(...args, '--before', 'spec.yaml')).err).toContain('--action change');
    expect((await slipway(...args, '--action', 'destroy')).err).toContain('add, remove, change');
    expect((await slipway(...args, '--checks', 'most')).err).toContain('all, fast, none');
  });
});

/** The file at a commit; null where it has none. */
function readAt(revision: string, path: string): string | null {
  try {
    return git('show', `${revision}:${path}`);
  } catch {
    return null;
  }
}
