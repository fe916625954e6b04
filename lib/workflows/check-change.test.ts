// Only what a change adds stands in the way: base and result compared, by the real tools. And what could not be looked at is never a pass.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gatherProject } from '@/lib/generator/checks/compose-projects';
import { treeOf } from '@/lib/generator/overlay';
import { Profile } from '@/lib/generator/profile';
import { resolvedSpec } from '@/lib/generator/test-resolved-spec';
import { worker } from '@/lib/generator/test-specs';
import type { FileChange, Plan } from '@/lib/generator/types';
import { checkChange, checkWithTools } from './check-change';
import { compareFindings } from './tool-checks/shellcheck';

const profile = Profile.parse({
  platform: { name: 'x', domain: 'x.test' },
  compose: { stacks: { main: 'main.yml' }, defaultStack: 'main' },
  helm: { charts: 'charts', environments: ['dev', 'prod'] },
});
const manifest = resolvedSpec(worker);

function planOf(base: Record<string, string>, after: Record<string, string>): Plan {
  const files: FileChange[] = Object.entries(after).map(([path, text]) => ({
    path,
    before: base[path] ?? null,
    after: text,
    executable: false,
  }));
  const nothing = { conflicts: [], refusals: [], findings: [], followUps: [] };
  return { ...nothing, action: 'add', outcome: 'changes', commits: [], files, digest: '' };
}

/** The results of the tools for a tree with some files written over it, by id. */
async function check(base: Record<string, string>, after: Record<string, string>) {
  const { checks } = await checkWithTools({ plan: planOf(base, after), manifest, profile, tree: treeOf(base) });
  return new Map(checks.map((one) => [one.id, one]));
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-check-change-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that says its version, and breaks at everything else that `unless` does not let pass. */
function breaking(version: string, unless = ''): string {
  const path = join(folder, 'breaking');
  const says = `case "$*" in *version*) echo '${version}'; exit 0;; esac`;
  writeFileSync(path, `#!/bin/sh\n${says}\n${unless}\nkill -9 $$\n`);
  chmodSync(path, 0o755);
  return path;
}

const sound = 'services:\n  a:\n    image: a:1\n';
const more = `${sound}  b:\n    image: b:1\n`;
const broken = `${sound}    networks: [gone]\n`;

describe('Compose projects', () => {
  it('are accepted with variables, includes, environment files and what they extend', async () => {
    const base = {
      'main.yml': 'include:\n  - base/base.yml\nservices: {}\n',
      'base/base.yml': 'networks:\n  net: {}\n',
      'base/common.yml': 'services:\n  c:\n    image: c:1\n',
    };
    const after = `${base['main.yml'].replace(' {}', '')}  a:\n    extends:\n      file: base/common.yml\n      service: c\n    env_file:\n      - .env\n      - path: ./own.env\n    environment:\n      KEY: \${KEY:?see the runbook}\n    ports:\n      - "\${PORT}:80"\n      - "\${OTHER_PORT}:80"\n    networks: [net]\n`;
    const result = (await check(base, { 'main.yml': after })).get('compose-config');
    expect(result).toMatchObject({ status: 'pass' });
    expect(result?.detail).toBe('main.yml: accepted');
  });

  it('with an old fault warn, and with a new one fail', async () => {
    const old = await check({ 'main.yml': broken }, { 'main.yml': `${broken}  b:\n    image: b:1\n` });
    expect(old.get('compose-config')).toMatchObject({ status: 'warn' });
    expect(old.get('compose-config')?.detail).toContain('There before the change');
    expect((await check({ 'main.yml': sound }, { 'main.yml': broken })).get('compose-config')?.status).toBe('fail');
    const another = `${broken}    volumes: ["gone:/x"]\n`.replace('networks: [gone]\n', 'networks: [lost]\n');
    const changed = await check({ 'main.yml': broken }, { 'main.yml': another });
    expect(changed.get('compose-config')?.status).toBe('fail');
    expect((await check({}, { 'main.yml': broken })).get('compose-config')?.status).toBe('fail');
  });

  it('are judged as everybody who includes what the change touches', async () => {
    const base = {
      'main.yml': `include: [shared.yml]\n${broken.replace('gone', 'net')}`,
      'shared.yml': 'networks:\n  net: {}\n',
    };
    const result = await check(base, { 'shared.yml': 'networks:\n  other: {}\n' });
    expect(result.get('compose-config')).toMatchObject({ status: 'fail' });
  });

  it.each([
    ['another folder', 'include:\n  - ../../elsewhere/base.yml\n'],
    ['an absolute path', 'services:\n  z:\n    extends: {file: /etc/compose.yml, service: z}\n'],
    ['the network', 'include:\n  - https://x.test/platform.git\n'],
    ['a path in a variable', 'include:\n  - ${PLATFORM}/base.yml\n'],
  ])('that read %s are not run, and say so', async (_name, text) => {
    const result = (await check({}, { 'main.yml': text })).get('compose-config');
    expect(result?.status).toBe('not-run');
    expect(result?.summary).toContain('not in the repository');
  });

  it.each([
    ['a folder that is there', './', 'here/'],
    ['nothing', '""', ''],
    ['a folder without its slash', 'base', ''],
    ['what another is in', 'own', 'own/more.env'],
    ['what is in a file', 'base/base.yml/own.env', ''],
  ])('whose environment file is %s are told as not run', async (_name, first, second) => {
    const base = { 'base/base.yml': sound };
    const files = `    env_file: [${first}${second === '' ? '' : `, ${second}`}]\n`;
    const result = (await check(base, { 'main.yml': `${sound}${files}` })).get('compose-config');
    expect(result).toMatchObject({ status: 'not-run', summary: expect.stringContaining('not in the repo') as unknown });
  });

  it('keep the file that is named as an environment file too', () => {
    const text = `${sound}    env_file: main.yml\n`;
    expect(gatherProject(treeOf({ 'main.yml': text }), 'main.yml').files.get('main.yml')).toBe(text);
  });
});

describe('scripts', () => {
  const old = '#!/bin/sh\necho $1\n';
  it('may keep what was there, and gain no more of it', async () => {
    const kept = (await check({ 'a.sh': old }, { 'a.sh': `${old}echo hello\n` })).get('shellcheck');
    expect(kept).toMatchObject({ status: 'pass' });
    expect(kept?.detail).toContain('There before the change: a.sh:2');
    const gained = (await check({ 'a.sh': old }, { 'a.sh': `#!/bin/sh\necho $2\n${old.slice(10)}` })).get('shellcheck');
    expect(gained).toMatchObject({ status: 'fail' });
    expect(gained?.summary).toContain('a.sh:2:');
  });

  it('are told by their first line where the name does not say', async () => {
    expect((await check({}, { 'bin/run': '#!/usr/bin/env bash\nrm -f $1\n' })).get('shellcheck')?.status).toBe('fail');
    expect((await check({}, { 'a.txt': 'rm -f $1\n' })).get('shellcheck')?.summary).toBe('No shell script is touched.');
  });

  it('compare by rule and words, as often as they are there', () => {
    const finding = (line: number, code = 1) => ({ line, code, level: 'info' as const, message: 'm' });
    expect(compareFindings([finding(1)], [finding(5)], new Set())).toEqual({ added: [], kept: [finding(5)] });
    expect(compareFindings([finding(1)], [finding(2), finding(5)], new Set([2])).added).toEqual([finding(2)]);
    expect(compareFindings([finding(1)], [finding(1, 2)], new Set()).added).toHaveLength(1);
  });
});

describe('charts', () => {
  const chart = {
    'charts/c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\nicon: https://x.test/i.png\n',
    'charts/c/values.yaml': 'a: 1\n',
    'charts/c/values-dev.yaml': 'a: 2\n',
    'charts/c/templates/x.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: "{{ .Values.a }}"\n',
  };
  const faulty = {
    ...chart,
    'charts/c/templates/y.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d\nextra: 1\n',
  };

  it('are rendered for the environments that they have values for; what is new of it is given back', async () => {
    const tree = treeOf(chart);
    const template = chart['charts/c/templates/x.yaml'];
    const plan = planOf(chart, { 'charts/c/templates/z.yaml': template.replace('name: c', 'name: z') });
    const { checks, rendered } = await checkChange({ plan, manifest, profile, tree });
    expect(checks.find(({ id }) => id === 'helm-template')?.detail).toBe('charts/c (dev): renders');
    expect(rendered.map(({ environment }) => environment)).toEqual(['dev']);
    expect(rendered[0]?.text.match(/kind: ConfigMap/g)).toHaveLength(1);
    expect(rendered[0]?.text).toContain('name: z');
  });

  it('are never taken for an option of Helm, whatever their folder is called', async () => {
    const marker = join(folder, 'ran');
    const odd = 'charts/--post-renderer=sh';
    const template = chart['charts/c/templates/x.yaml'].replace('a: "{{ .Values.a }}"', `a: $(touch ${marker})`);
    const files = {
      [`${odd}/Chart.yaml`]: chart['charts/c/Chart.yaml'],
      [`${odd}/values.yaml`]: 'a: 1\n',
      [`${odd}/templates/x.yaml`]: template,
    };
    const found = await check({}, files);
    expect(existsSync(marker)).toBe(false);
    expect(found.get('helm-template')).toMatchObject({ status: 'pass' });
  });

  it('with an old fault warn; a new one fails', async () => {
    const old = await check(faulty, { 'charts/c/values.yaml': 'a: 3\n' });
    expect(old.get('kubernetes-schema')?.status).toBe('warn');
    const fresh = await check(chart, { 'charts/c/templates/y.yaml': faulty['charts/c/templates/y.yaml'] });
    expect(fresh.get('kubernetes-schema')?.status).toBe('fail');
  });

  it('that would have to be fetched are not run', async () => {
    const far = `${chart['charts/c/Chart.yaml']}dependencies:\n  - name: redis\n    version: 1.0.0\n    repository: https://x.test/charts\n`;
    const found = await check({ ...chart, 'charts/c/Chart.yaml': far }, { 'charts/c/values.yaml': 'a: 3\n' });
    for (const id of ['helm-lint', 'helm-template', 'kubernetes-schema', 'kubernetes-references'])
      expect(found.get(id)?.status, id).toBe('not-run');
  });

  it('that do not render have no objects to pass', async () => {
    const endless = chart['charts/c/templates/x.yaml'].replace('}}"', '}}{{ if }}"');
    const found = await check(chart, { 'charts/c/templates/x.yaml': endless });
    expect(found.get('helm-template')?.status).toBe('fail');
    for (const id of ['kubernetes-schema', 'kubernetes-references'])
      expect(found.get(id), id).toMatchObject({
        status: 'not-run',
        summary: expect.stringContaining('does not render') as unknown,
      });
  });

  it('may keep a fault whose line has moved', async () => {
    const path = 'charts/c/templates/x.yaml';
    const base = { ...chart, [path]: `${chart[path]}  b: {{ required "say b" .Values.b }}\n` };
    const found = await check(base, { [path]: `# One line more.\n${base[path]}` });
    expect(found.get('helm-template')).toMatchObject({ status: 'warn' });
  });

  it('show the keys of a secret and never its values', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  one: "Zmlyc3Q="\nstringData: {two: second, "3": third}\n';
    const list = secret.replace(/^/gm, '    ').replace('    a', '  - a').trimEnd();
    const added = {
      'charts/c/templates/s.yaml': secret,
      'charts/c/templates/l.yaml': `apiVersion: v1\nkind: List\nitems:\n${list}\n`,
    };
    const { rendered } = await checkWithTools({ plan: planOf(chart, added), manifest, profile, tree: treeOf(chart) });
    const text = rendered.map((one) => one.text).join('');
    expect(text.match(/kind: Secret/g)).toHaveLength(2);
    expect(text.match(/(?:one|two|"?3"?): \(not shown\)/g)).toHaveLength(6);
    expect(text).not.toMatch(/Zmlyc3Q|second|third/);
  });

  it('of a kind that we have no schema for are not passed over', async () => {
    const text = 'apiVersion: x.test/v1\nkind: Odd\nmetadata:\n  name: c\n';
    expect((await check({}, { 'k8s/odd.yaml': text })).get('kubernetes-schema')?.status).toBe('not-run');
  });
});

describe('a tool that is not here', () => {
  const variables = ['SLIPWAY_HELM', 'SLIPWAY_DOCKER_COMPOSE', 'SLIPWAY_SHELLCHECK'];
  afterEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
  });

  it('is told as not run, with how to provide it, and only where it is needed', async () => {
    for (const name of variables) process.env[name] = '/nonexistent';
    const found = await check(
      {},
      { 'main.yml': more, 'a.sh': '#!/bin/sh\n', 'charts/c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n' },
    );
    for (const id of [
      'compose-config',
      'shellcheck',
      'helm-lint',
      'helm-template',
      'kubernetes-schema',
      'kubernetes-references',
    ])
      expect(found.get(id), id).toMatchObject({
        status: 'not-run',
        summary: expect.stringContaining('/nonexistent') as unknown,
      });
    expect((await check({}, { 'README.md': 'x\n' })).get('compose-config')?.status).toBe('pass');
  });

  it('that breaks at one project, or at a base, leaves no verdict on that alone', async () => {
    const unless = 'while [ $# -gt 0 ]; do [ "$1" = -f ] && file="$2"; shift; done';
    const refuse = `${unless}\ngrep -q refused "$file" && { echo "not this" >&2; exit 1; }\ngrep -q accepted "$file" && exit 0`;
    process.env['SLIPWAY_DOCKER_COMPOSE'] = breaking('2.99.0', refuse);
    const judge = async (base: Record<string, string>, after: Record<string, string>) =>
      (await check(base, after)).get('compose-config');
    expect(await judge({ 'main.yml': more }, { 'main.yml': `${sound}# refused\n` })).toMatchObject({
      status: 'not-run',
      summary: expect.stringContaining('ended by a signal') as unknown,
    });
    expect(await judge({ 'main.yml': more }, { 'main.yml': `${sound}# accepted\n` })).toMatchObject({ status: 'pass' });
  });

  it('that breaks gives no verdict, which is neither a pass nor a fault', async () => {
    process.env['SLIPWAY_SHELLCHECK'] = breaking('version: 9.9.9');
    const plan = planOf({}, { 'a.sh': '#!/bin/sh\n' });
    const { checks, withoutVerdict } = await checkWithTools({ plan, manifest, profile, tree: treeOf({}) });
    expect(checks.find(({ id }) => id === 'shellcheck')).toMatchObject({
      status: 'not-run',
      summary: 'It could not be judged: shellcheck was ended by a signal.',
    });
    expect(withoutVerdict.map(({ id }) => id)).toEqual(['shellcheck']);
  });
});
