// The real tools, and what is kept from them: our environment, our files, our time. Their absence fails these tests, except where it is what is tested.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolSettings } from '@/lib/env';
import { composeConfig } from './compose';
import { toolEnvironment } from './environment';
import { findTool, type Tool, type ToolName } from './find-tool';
import { judgeChart } from './helm';
import { repositoryIn, withPrivateFolder } from './private-folder';
import { runProgram } from './run-program';
import { shellFindings } from './shellcheck';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tool(name: ToolName): Promise<Tool> {
  const found = await findTool(name);
  if (found.kind === 'absent') throw new Error(`${found.how} \`make test\` gets it.`);
  return found;
}

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const environment = { PATH: '/usr/bin:/bin' };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Killed and not yet collected by whoever adopted it: as good as gone.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a program', () => {
  it('gets arguments as they are, its input, and no environment but its own', async () => {
    const result = await runProgram('/bin/sh', ['-c', 'cat; echo "$1"; env', 'sh', '$(id) "x"'], {
      folder,
      environment,
      input: 'typed\n',
    });
    expect(result).toMatchObject({ ended: 'exit', code: 0 });
    const [typed, argument, ...variables] = result.out.trim().split('\n');
    expect([typed, argument]).toEqual(['typed', '$(id) "x"']);
    expect(variables.map((line) => line.split('=')[0]).sort()).toEqual(['NODE_ENV', 'PATH', 'PWD']);
  });

  it('is ended with its children when its time is up', async () => {
    const note = join(folder, 'child.pid');
    const child = script('child.sh', `echo $$ > ${note}; exec sleep 600`);
    const result = await runProgram('/bin/sh', ['-c', `${child} & wait`], { folder, environment, timeoutMs: 2000 });
    expect(result.ended).toBe('timeout');
    const pid = Number(readFileSync(note, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('does not wait for a child that it left behind', async () => {
    const result = await runProgram('/bin/sh', ['-c', 'sleep 20 & echo done'], { folder, environment });
    expect(result).toMatchObject({ ended: 'exit', code: 0, out: 'done\n' });
    expect(result.durationMs).toBeLessThan(15_000);
  });

  it('is ended when it prints without end, and told of when it cannot be started', async () => {
    const endless = await runProgram('/bin/sh', ['-c', 'while :; do echo y; done'], {
      folder,
      environment,
      mostOutput: 10_000,
    });
    expect(endless.ended).toBe('too-much-output');
    expect(endless.out.length).toBeLessThanOrEqual(10_000);
    const gone = await runProgram(join(folder, 'gone'), [], { folder, environment });
    expect(gone.ended).toBe('not-started');
  });

  it('gets no more memory than it may have, and its children neither', async () => {
    const call = { folder, environment, mostMemory: 64 * 1024 * 1024 };
    // `tail` keeps a line until it ends, and this one never does.
    const greedy = await runProgram('/usr/bin/tail', ['/dev/zero'], call);
    expect(greedy).toMatchObject({ ended: 'too-much-memory', out: '' });
    const child = await runProgram('/bin/sh', ['-c', 'tail /dev/zero; echo "ended with $?"'], call);
    expect(child.out).toBe('ended with 1\n');
    const few = await runProgram('/bin/sh', ['-c', 'head -c 1000000 /dev/zero | tail | wc -c'], call);
    expect(few.out.trim()).toBe('1000000');
  });
});

describe('a private folder', () => {
  it('holds the files alone, and is gone afterwards', async () => {
    let seen = '';
    const text = await withPrivateFolder(new Map([['a/b.txt', 'é\r\n']]), (made) => {
      seen = made;
      return Promise.resolve(readFileSync(join(repositoryIn(made), 'a/b.txt'), 'utf8'));
    });
    expect(text).toBe('é\r\n');
    expect(existsSync(seen)).toBe(false);
  });

  it('takes no path that leads out of it', async () => {
    const outside = new Map([['../../escaped', 'x']]);
    await expect(withPrivateFolder(outside, () => Promise.resolve())).rejects.toThrow(RangeError);
  });

  it('names neither a daemon nor a cluster nor a home of ours', () => {
    const variables = toolEnvironment('/private');
    expect(Object.values(variables).join(' ')).not.toContain(process.env.HOME ?? '/root');
    expect(variables['KUBECONFIG']).toMatch(/^\/private\//);
    expect(variables['DOCKER_HOST']).toMatch(/^unix:\/\/\/private\//);
  });
});

describe('finding a tool', () => {
  const nowhere = { places: {}, ownFolder: '/nonexistent', path: '' };

  it.each(['helm', 'compose', 'shellcheck'] as const)('%s is here, and runs', async (name) => {
    expect((await tool(name)).version).toMatch(/^\d+\.\d+/);
  });

  it('says how to provide what is not here', async () => {
    const found = await findTool('compose', nowhere);
    expect(found).toMatchObject({ kind: 'absent' });
    expect('how' in found && found.how).toContain('SLIPWAY_DOCKER_COMPOSE');
  });

  it('takes what a setting names, and nothing else then', async () => {
    const here = await tool('shellcheck');
    const named = await findTool('shellcheck', { ...nowhere, places: { shellcheck: here.command } });
    expect(named).toMatchObject({ kind: 'found', command: here.command });
    const wrong = await findTool('shellcheck', { ...nowhere, places: { shellcheck: '/bin/false' }, path: '/usr/bin' });
    expect(wrong).toMatchObject({ kind: 'absent' });
  });

  it('looks beside the application, and in no other folder that it is started from', () => {
    const own = (folder: string, program?: string) => toolSettings({}, { folder, program }).ownFolder;
    expect(own('/app', '/app/cli/main.ts')).toBe('/app/.tools/bin');
    expect(own('/app', '/app/node_modules/next/dist/bin/next')).toBe('/app/.tools/bin');
    expect(own('/somebody/platform', '/app/cli/main.ts')).toBeUndefined();
    expect(own('/app', '/app-2/cli/main.ts')).toBeUndefined();
    expect(own('/app')).toBeUndefined();
  });

  it('leaves out what a relative PATH leads to', async () => {
    script('shellcheck', 'echo version: 0.1.0');
    const path = relative(process.cwd(), folder);
    expect(await findTool('shellcheck', { ...nowhere, path: folder })).toMatchObject({ kind: 'found' });
    expect(await findTool('shellcheck', { ...nowhere, path: `${path}::.` })).toMatchObject({ kind: 'absent' });
  });

  it('leaves out an edition that is too old', async () => {
    script('docker-compose', 'echo 1.29.2');
    expect(await findTool('compose', { ...nowhere, ownFolder: folder })).toMatchObject({ kind: 'absent' });
  });
});

describe('docker compose', () => {
  const config = async (files: Record<string, string>, variables: Record<string, string> = {}) =>
    composeConfig(await tool('compose'), { main: ['c.yml'], files: new Map(Object.entries(files)), variables });

  it('accepts a project whose variables have values, profiles and all', async () => {
    const text = 'services:\n  a:\n    image: "a:${TAG:?which}"\n    profiles: [x]\n    env_file: .env\n';
    expect(await config({ 'c.yml': text, '.env': '' }, { TAG: '1' })).toEqual({ kind: 'accepted' });
    expect(await config({ 'c.yml': text, '.env': '' })).toMatchObject({ kind: 'refused' });
  });

  it('says what is wrong, without where we put the files', async () => {
    const answer = await config({ 'c.yml': 'services:\n  a:\n    image: a\n    networks: [gone]\n' });
    expect(answer).toMatchObject({ kind: 'refused' });
    expect('message' in answer && answer.message).toContain('undefined network gone');
    expect('message' in answer && answer.message).not.toContain(tmpdir());
  });

  it('fetches nothing from elsewhere', async () => {
    const answer = await config({ 'c.yml': 'include:\n  - https://github.com/docker/awesome-compose.git\n' });
    expect(answer).toMatchObject({ kind: 'refused' });
  });
});

describe('helm', () => {
  const files = (template: string) =>
    new Map([
      ['c/Chart.yaml', 'apiVersion: v2\nname: c\nversion: 0.1.0\nicon: https://x.test/i.png\n'],
      ['c/values.yaml', 'a: 1\n'],
      ['c/values-dev.yaml', 'a: 2\n'],
      ['c/templates/x.yaml', template],
    ]);
  const judge = async (template: string) =>
    judgeChart(await tool('helm'), {
      chart: 'c',
      release: 'c',
      namespace: 'ns',
      values: ['c/values-dev.yaml'],
      files: files(template),
      hasLocalDependencies: false,
    });
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: {{ .Release.Namespace }}\ndata:\n  a: "{{ .Values.a }}"\n';

  it('lints and renders with the values of the environment', async () => {
    const { lint, template } = await judge(map);
    expect(lint).toMatchObject({ ok: true });
    expect(template).toMatchObject({ ok: true });
    expect(template.rendered).toContain('a: "2"');
    expect(template.rendered).toContain('namespace: ns');
  });

  it('says what is wrong, without where we put the files', async () => {
    const { lint, template } = await judge(`${map}  b: {{ required "say b" .Values.b }}\n`);
    // Lint lets a missing value pass: that is why both are asked.
    expect([lint.ok, template.ok]).toEqual([true, false]);
    expect(template.message).toContain('say b');
    expect((await judge(`${map}{{ end }}`)).lint.ok).toBe(false);
    expect(`${lint.message}${template.message}`).not.toContain(tmpdir());
  });

  it('takes neither a release for an option nor a values file for two', async () => {
    const marker = join(folder, 'post-rendered');
    const all = new Map([...files(map), ['c/x,y.yaml', 'a: 3\n']]);
    const call = { chart: 'c', namespace: '--debug', files: all, hasLocalDependencies: false };
    const runs = script('post-renderer', `touch ${marker}; cat`);
    const option = await judgeChart(await tool('helm'), { ...call, release: `--post-renderer=${runs}`, values: [] });
    expect(option.template.ok).toBe(false);
    expect(existsSync(marker)).toBe(false);
    const { template } = await judgeChart(await tool('helm'), { ...call, release: 'c', values: ['c/x,y.yaml'] });
    expect(template.rendered).toContain('a: "3"');
  });

  it('gives no verdict on a chart that takes all the memory there is', async () => {
    await expect(judge('a: {{ repeat 2000000000 "x" | len }}\n')).rejects.toThrow('wanted more memory');
    expect((await judge('a: {{ fail "out of memory" }}\n')).template.ok).toBe(false);
  });

  it('takes a chart that stands beside it', async () => {
    const all = new Map([
      ...files('{{ include "lib.map" . }}\n'),
      [
        'c/Chart.yaml',
        'apiVersion: v2\nname: c\nversion: 0.1.0\nicon: https://x.test/i.png\ndependencies:\n  - name: lib\n    version: 0.1.0\n    repository: file://../lib\n',
      ],
      ['lib/Chart.yaml', 'apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n'],
      ['lib/templates/_map.tpl', `{{- define "lib.map" }}\n${map}{{- end }}\n`],
    ]);
    const call = { chart: 'c', release: 'c', namespace: undefined, values: [], files: all, hasLocalDependencies: true };
    const { template } = await judgeChart(await tool('helm'), call);
    expect(template.message).toBe('');
    expect(template.rendered).toContain('kind: ConfigMap');
  });
});

describe('shellcheck', () => {
  it('gives findings with their place, and reads no other file', async () => {
    const found = await shellFindings(
      await tool('shellcheck'),
      '#!/bin/sh\n# shellcheck source=/etc/passwd\n. /etc/passwd\necho $1\n',
    );
    expect(found).toContainEqual(expect.objectContaining({ line: 4, code: 2086, level: 'info' }));
    expect(found.every(({ line }) => line <= 4)).toBe(true);
    expect(await shellFindings(await tool('shellcheck'), '#!/bin/sh\necho hello\n')).toEqual([]);
  });
});
