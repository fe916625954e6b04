// The command as people run it: a process of its own, on a copy of the sample repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFolder } from '@/lib/generator/test-sample';
import { runCommand } from './run-command';
import { decodeText, readCheckout, repositoryAround } from './read-checkout';
import { explainSystemError, UsageError } from './usage-error';

const project = fileURLToPath(new URL('..', import.meta.url));
let folder = '';
let repo = '';
let spec = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
  repo = join(folder, 'platform');
  cpSync(sampleFolder, repo, { recursive: true });
  execFileSync('git', ['init', '-q', repo]);
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', 'base');
  spec = write('spec.yaml', (await slipway('example')).out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: repo, encoding: 'utf8', stdio: 'pipe' });
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** In this process: a second of start-up for each call would be the most of the test. */
async function slipway(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const streams = { out: '', err: '' };
  const code = await runCommand(
    args,
    { out: (text) => (streams.out += text), err: (text) => (streams.err += text), clock: () => 0 },
    folder,
  );
  return { code, ...streams };
}

/** As a process of its own, the way `npm run slipway` starts it. */
function slipwayProcess(input: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
    cwd: project,
    encoding: 'utf8',
    input,
    env: { ...process.env, INIT_CWD: folder },
  });
  if (result.error) throw result.error;
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Without the real tools, which have a test of their own below. */
const plan = (...args: string[]) =>
  slipway('plan', '--repo', repo, '--spec', spec, '--date', '2026-11-03', '--checks', 'fast', ...args);

describe('slipway plan', () => {
  it('prints a patch of added lines alone that Git takes, and then has nothing more to do', async () => {
    const first = await plan('--format', 'patch');
    expect(first.err).toBe('');
    expect(first.code).toBe(0);
    const patch = write('change.patch', first.out);
    git('apply', '--check', patch);
    git('apply', patch);
    git('add', '-A');
    const deleted = git('diff', '--cached', '--numstat')
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1]);
    expect(new Set(deleted)).toEqual(new Set(['0']));

    const json = JSON.parse((await plan('--format', 'json')).out) as { outcome: string; files: unknown[] };
    expect(json).toMatchObject({ outcome: 'unchanged', files: [] });
    expect(await plan('--format', 'patch')).toMatchObject({ code: 0, out: '' });

    git('apply', '-R', patch);
    git('add', '-A');
    expect(git('status', '--porcelain')).toBe('');
  });

  it('prints the same bytes every time, and everything as JSON', async () => {
    const one = await plan('--format', 'json');
    const shown = JSON.parse(one.out) as Record<string, unknown> & {
      files: { path: string }[];
      checks: { status: string }[];
    };
    expect(shown).toMatchObject({ outcome: 'changes', conflicts: [], refusals: [], profile: { source: 'file' } });
    expect(shown.checks.map((check) => check.status)).not.toContain('fail');
    expect(shown.files.length).toBeGreaterThan(10);
    expect((await plan('--format', 'patch')).out).toBe((await plan('--format', 'patch')).out);
    expect((await plan()).out).toContain(`Digest ${String(shown['digest'])}`);
  });

  it('takes a spec as JSON and from standard input, as a process of its own', async () => {
    write('spec.json', JSON.stringify(parse(readFileSync(spec, 'utf8'))));
    const wanted = { code: 0, out: (await plan('--format', 'patch')).out, err: '' };
    const args = ['plan', '--repo', 'platform', '--date', '2026-11-03', '--format', 'patch', '--spec'];
    expect(await slipway(...args, 'spec.json')).toEqual(wanted);
    expect(slipwayProcess(readFileSync(spec, 'utf8'), ...args, '-')).toEqual(wanted);
    expect(slipwayProcess('', 'plan')).toMatchObject({ code: 1, out: '' });
  });

  it('names every problem of a spec with its line, and leaves stdout empty', async () => {
    const bad = write(
      'bad.yaml',
      'name: Not A Name\npurpose: x\ncategory: ai\nports:\n  - name: http\n    internal: 99999\n    why: x\nrutime: {}\n',
    );
    const { code, out, err } = await slipway('plan', '--repo', repo, '--spec', bad, '--format', 'patch');
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const place of [
      'bad.yaml:1: name:',
      'bad.yaml:6: ports.0.internal:',
      'owner: This field is missing',
      'bad.yaml:8: rutime:',
    ])
      expect(err).toContain(place);
    expect(err).toContain('5 problems');
  });

  it('names a syntax fault and an invalid profile', async () => {
    expect((await slipway('plan', '--repo', repo, '--spec', write('broken.yaml', 'name: [x\n'))).err).toMatch(
      /broken\.yaml:\d/,
    );
    const other = join(folder, 'other');
    cpSync(repo, other, { recursive: true });
    writeFileSync(join(other, 'slipway.yaml'), 'version: 1\nplatform:\n  nam: x\n');
    const { code, err } = await slipway('plan', '--repo', other, '--spec', spec);
    expect(code).toBe(2);
    expect(err).toContain('slipway.yaml:3: platform.nam');
  });

  it('tells who has a port, and prints no patch', async () => {
    const taken = write('taken.yaml', readFileSync(spec, 'utf8').replace('external: auto', 'external: 7880'));
    const { code, out, err } = await slipway('plan', '--repo', repo, '--spec', taken, '--format', 'patch');
    expect(code).toBe(3);
    expect(out).toBe('');
    expect(err).toMatch(/config\/port_registry\.yaml:\d+: 7880\/tcp is taken: livekit/);
    expect(err.match(/7880\/tcp is taken/g)).toHaveLength(1);
  });

  it('leaves alone what it cannot edit safely, and prints what to paste', async () => {
    const other = join(folder, 'unsafe');
    cpSync(repo, other, { recursive: true });
    const registry = join(other, 'config/port_registry.yaml');
    writeFileSync(registry, `${readFileSync(registry, 'utf8')}\nports: []\n`);
    const numbered = write('numbered.yaml', readFileSync(spec, 'utf8').replace('external: auto', 'external: 7899'));
    const { code, out, err } = await slipway('plan', '--repo', other, '--spec', numbered, '--format', 'patch');
    expect(code).toBe(4);
    expect(out).toContain('+++ b/charts/voice-transcriber/Chart.yaml');
    expect(out).not.toContain('port_registry.yaml');
    expect(err).toMatch(/config\/port_registry\.yaml:\d+: left alone\./);
    expect(err).toContain('Paste under');
    expect(err).toContain('voice-transcriber');
    // Without the registry nobody knows which port is free.
    const auto = await slipway('plan', '--repo', other, '--spec', spec, '--format', 'patch');
    expect(auto).toMatchObject({ code: 4, out: '' });
    expect(auto.err).toContain('No free port can be chosen');
  });

  it('infers a profile where there is none, and says so', async () => {
    const other = join(folder, 'inferred');
    cpSync(repo, other, { recursive: true });
    rmSync(join(other, 'slipway.yaml'));
    const fits = write('fits.yaml', readFileSync(spec, 'utf8').replace('category: ai', 'category: agents'));
    const { code, out, err } = await slipway('plan', '--repo', other, '--spec', fits, '--format', 'patch');
    expect(err).toContain('compose.defaultNetwork = "platform_net"');
    expect(code).toBe(0);
    expect(out).toContain('+++ b/config/port_registry.yaml');
  });
});

describe('wrong use', () => {
  it.each<[string, string[], string]>([
    ['no folder', ['plan', '--spec', 'x'], '--repo DIR'],
    ['no spec', ['plan', '--repo', '.'], '--spec FILE'],
    ['a folder that is not there', ['plan', '--repo', 'nowhere', '--spec', 'spec.yaml'], 'nowhere does not exist'],
    ['a file for a folder', ['plan', '--repo', 'spec.yaml', '--spec', 'spec.yaml'], 'is a file, not a folder'],
    ['a spec that is not there', ['plan', '--repo', 'platform', '--spec', 'gone.yaml'], 'gone.yaml does not exist'],
    ['a folder for a spec', ['plan', '--repo', 'platform', '--spec', 'platform'], 'is a folder, not a file'],
    ['an unknown flag', ['plan', '--repo', 'platform', '--spec', 'spec.yaml', '--force'], '--force'],
    [
      'an unknown format',
      ['plan', '--repo', 'platform', '--spec', 'spec.yaml', '--format', 'xml'],
      'summary, patch, json',
    ],
    ['a day that is none', ['plan', '--repo', 'platform', '--spec', 'spec.yaml', '--date', 'today'], 'is not a day'],
    ['an unknown command', ['apply'], 'no command apply'],
  ])('is told: %s', async (_, args, message) => {
    const { code, out, err } = await slipway(...args);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('helps when asked, and when called with nothing', async () => {
    expect(await slipway('--help')).toMatchObject({ code: 0, err: '' });
    expect((await slipway('plan', '--help')).out).toContain('Exit codes');
    expect(await slipway()).toMatchObject({ code: 1 });
  });

  it('puts what the system refused into words', () => {
    expect(explainSystemError({ code: 'EACCES' }, '/x')).toContain('/x may not be read by this user');
    expect(explainSystemError({ code: 'ELOOP' }, '/x')).toContain('symbolic link');
    expect(explainSystemError(new Error('odd'), '/x')).toContain('odd');
  });
});

describe('schemas and example', () => {
  it('are JSON Schemas that take the example and refuse what is misspelt', async () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse((await slipway('schema')).out) as object,
    );
    const example = parse(readFileSync(spec, 'utf8')) as Record<string, unknown>;
    expect(validate(example)).toBe(true);
    expect(validate({ ...example, rutime: 1 })).toBe(false);
    const profile = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse((await slipway('schema', '--profile')).out) as object,
    );
    expect(profile(parse(readFileSync(join(repo, 'slipway.yaml'), 'utf8')))).toBe(true);
    expect(profile({ platform: {} })).toBe(false);
  });
});

describe('reading a checkout', () => {
  it('skips .git and node_modules, and reads no links, binaries, other encodings, large files', () => {
    const checkout = mkdtempSync(join(folder, 'checkout-'));
    const put = (name: string, bytes: string | Uint8Array) => writeFileSync(join(checkout, name), bytes);
    put('a.txt', '\ufeffone\r\n');
    put('bin', new Uint8Array([1, 0, 2]));
    put('latin1.txt', new Uint8Array([0x66, 0xfc]));
    put('large.txt', 'x'.repeat(2 * 1024 * 1024 + 1));
    symlinkSync('/etc/hostname', join(checkout, 'link'));
    symlinkSync('/etc', join(checkout, 'folder-link'));
    cpSync(join(repo, '.git'), join(checkout, '.git'), { recursive: true });
    const tree = readCheckout(checkout, () => undefined);
    expect(tree.paths).toEqual(['a.txt', 'bin', 'folder-link', 'large.txt', 'latin1.txt', 'link']);
    expect(tree.read('a.txt')).toBe('\ufeffone\r\n');
    for (const path of [
      'bin',
      'latin1.txt',
      'large.txt',
      'link',
      'folder-link',
      'folder-link/hostname',
      '../a.txt',
      'gone',
    ])
      expect(tree.read(path), path).toBeUndefined();
    const told: string[] = [];
    mkdirSync(join(checkout, 'module'));
    put('module/.git', 'gitdir: ../.git/modules/module\n');
    put('module/compose.yml', 'services: {}\n');
    writeFileSync(Buffer.concat([Buffer.from(join(checkout, 'caf')), Buffer.from([0xe9])]), 'x');
    expect(readCheckout(checkout, (message) => told.push(message)).paths).toEqual(tree.paths);
    expect(told.join('\n')).toMatch(/a submodule[\s\S]*not UTF-8|not UTF-8[\s\S]*a submodule/);
    expect(repositoryAround(join(checkout, 'module'))).toBeUndefined();
    mkdirSync(join(checkout, 'part/of/it'), { recursive: true });
    expect(repositoryAround(join(checkout, 'part/of/it'))).toBe(checkout);
    expect(() => readCheckout(join(checkout, 'gone'), () => undefined)).toThrow(UsageError);
    expect(decodeText(Buffer.from('é😀'))).toBe('é😀');
  });
});
