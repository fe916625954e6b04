import { describe, expect, it } from 'vitest';
import { composeEmitter } from './emitters/compose/emit';
import { portRegistryEmitter } from './emitters/port-registry/emit';
import { traefikEmitter } from './emitters/traefik/emit';
import { overlay, treeOf } from './overlay';
import { planAddition } from './plan';
import { planChange } from './plan-change';
import { Profile } from './profile';
import { resolvedSpec } from './test-resolved-spec';
import { applyPlan } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Emitter, ResolvedManifest, Tree } from './types';
import type { ManifestInput } from '@/lib/services/manifest';

const profile = Profile.parse({
  platform: { name: 'Test', domain: 'x.test' },
  ports: { registry: 'ports.yaml' },
  compose: { stacks: { main: 'compose.yml', side: 'side.yml' }, defaultStack: 'main', defaultNetwork: 'default' },
  traefik: { dynamic: 'dynamic.yml', middlewares: { forwardAuth: ['protected'] } },
});
const spec: ManifestInput = {
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 80, external: 7880, why: 'API' }],
  runtime: {
    source: { kind: 'image', image: 'relay:1' },
    compose: {},
    environment: [{ name: 'MODE', value: 'fast' }],
    volumes: [{ source: { kind: 'volume', name: 'relay_data' }, target: '/data' }],
  },
  routing: { host: 'relay.x.test' },
};
const before = resolvedSpec(spec);
const withRuntime = (runtime: Partial<ManifestInput['runtime']>): ResolvedManifest =>
  resolvedSpec({ ...spec, runtime: { ...spec.runtime, ...runtime } });
const image2 = withRuntime({ source: { kind: 'image', image: 'relay:2' } });
const base = treeOf({
  'ports.yaml': 'ports:\n  - service: other\n    port: 7000\n',
  'compose.yml': 'services:\n  other:\n    image: other:1\n    environment:\n      A: "1"\n',
  'side.yml': 'services:\n  aside:\n    image: aside:1\n',
  'dynamic.yml':
    'http:\n  routers:\n    other:\n      rule: "Host(`other.x.test`)"\n      service: other-svc\n      middlewares: [protected]\n\n  services:\n    other-svc:\n      loadBalancer:\n        servers:\n          - url: "http://host.docker.internal:7000"\n  middlewares:\n    protected:\n      chain: { middlewares: [] }\n',
});
const emitters: readonly Emitter[] = [portRegistryEmitter, composeEmitter, traefikEmitter];
const addTo = (manifest: ResolvedManifest, tree: Tree = base) =>
  applyPlan(tree, planAddition({ manifest, profile, tree }, emitters));
const added = addTo(before);
const change = (after: ResolvedManifest, tree: Tree = added, of = emitters) =>
  planChange({ before, after, profile, tree }, of);
const edit = (path: string, from: string, to: string, tree: Tree = added): Tree => {
  const text = tree.read(path) ?? '';
  expect(text).toContain(from);
  return overlay(tree, new Map([[path, text.replace(from, to)]]));
};

describe('planChange', () => {
  it.each<[string, ResolvedManifest, string[]]>([
    ['the image', image2, ['compose.yml']],
    [
      'a port',
      resolvedSpec({ ...spec, ports: [{ name: 'http', internal: 80, external: 7881, why: 'API' }] }),
      ['ports.yaml', 'compose.yml', 'dynamic.yml'],
    ],
    ['the host', resolvedSpec({ ...spec, routing: { host: 'new.x.test' } }), ['dynamic.yml']],
    ['the environment', withRuntime({ environment: [{ name: 'REGION', value: 'eu' }] }), ['compose.yml']],
    ['no environment', withRuntime({ environment: [] }), ['compose.yml']],
    [
      'another volume',
      withRuntime({ volumes: [{ source: { kind: 'volume', name: 'relay_more' }, target: '/d' }] }),
      ['compose.yml'],
    ],
    ['no volume', withRuntime({ volumes: [] }), ['compose.yml']],
    ['no host', resolvedSpec({ ...spec, routing: undefined }), ['dynamic.yml']],
    ['another stack', withRuntime({ compose: { stack: 'side' } }), ['compose.yml', 'side.yml']],
    ['a build', withRuntime({ source: { kind: 'build', context: 'services/relay' } }), ['compose.yml']],
  ])('%s: only these files, as if added so, and back to the same bytes', (_, after, files) => {
    const plan = change(after);
    expect(plan).toMatchObject({ action: 'change', outcome: 'changes', conflicts: [], refusals: [] });
    expect(plan.files.map((file) => file.path).sort()).toEqual([...files].sort());
    for (const commit of plan.commits) expect(commit.subject).toMatch(/^(feat|docs|ci)(\([a-z0-9-]+\))?: .{1,60}$/);
    const changed = applyPlan(added, plan);
    expectSameFiles(changed, addTo(after));
    const back = planChange({ before: after, after: before, profile, tree: changed }, emitters);
    expectSameFiles(applyPlan(changed, back), added);
  });

  it('is nothing where the specs come to the same, whatever people edited', () => {
    expect(change(before)).toMatchObject({ outcome: 'unchanged', commits: [], files: [] });
    const tree = edit('compose.yml', 'image: relay:1', 'image: relay:dana');
    expect(change(before, tree)).toMatchObject({ outcome: 'unchanged', refusals: [] });
    const later = { ...before, date: '2027-01-01' };
    expect(change(later)).toMatchObject({ outcome: 'unchanged' });
  });

  it('keeps what people wrote in the service’s own blocks', () => {
    const tree = edit(
      'compose.yml',
      'image: relay:1\n',
      'image: relay:1   # since March\n    # Dana wants to know who it is.\n    user: "1000"\n',
      edit('dynamic.yml', 'service: relay-svc\n', 'service: relay-svc\n      priority: 5\n'),
    );
    const after = resolvedSpec({
      ...spec,
      ports: [{ name: 'http', internal: 80, external: 7881, why: 'API' }],
      runtime: { ...spec.runtime, source: { kind: 'image', image: 'relay:2' } },
      routing: { host: 'new.x.test' },
    });
    const plan = change(after, tree);
    expect(plan).toMatchObject({ conflicts: [], refusals: [] });
    const changed = applyPlan(tree, plan);
    expect(changed.read('compose.yml')).toBe(
      tree.read('compose.yml')?.replace('relay:1   #', 'relay:2   #').replace('7880:80', '7881:80'),
    );
    expect(changed.read('dynamic.yml')).toBe(
      tree.read('dynamic.yml')?.replace('relay.x.test', 'new.x.test').replace(':7880', ':7881'),
    );
    const back = planChange({ before: after, after: before, profile, tree: changed }, emitters);
    expectSameFiles(applyPlan(changed, back), tree);
  });

  it('changes blocks where people moved them, and adds beside them what is new', () => {
    const text = added.read('compose.yml') ?? '';
    const block = /\n? {2}relay:\n(?: {4}.*\n)+/.exec(text)?.[0] ?? '';
    const moved = text
      .replace(block, '')
      .replace('services:\n', `services:\n${block.trimStart().replace(/^/, '  ')}\n`);
    const tree = overlay(added, new Map([['compose.yml', moved]]));
    const after = withRuntime({
      source: { kind: 'image', image: 'relay:2' },
      volumes: [
        { source: { kind: 'volume', name: 'relay_data' }, target: '/data' },
        { source: { kind: 'volume', name: 'relay_more' }, target: '/more' },
      ],
    });
    const plan = change(after, tree);
    expect(plan).toMatchObject({ conflicts: [], refusals: [] });
    const changed = applyPlan(tree, plan).read('compose.yml') ?? '';
    expect(changed.indexOf('relay:2')).toBeLessThan(changed.indexOf('other:1'));
    expect(changed.split('\n').filter((line) => !moved.split('\n').includes(line))).toEqual([
      '    image: relay:2',
      '      - relay_more:/more',
      '  relay_more:',
    ]);
  });

  it('refuses what a person changed themselves, with what is to stand there', () => {
    const tree = edit('compose.yml', 'image: relay:1', 'image: relay:dana');
    const plan = change(image2, tree);
    const line = (tree.read('compose.yml') ?? '').split('\n').findIndex((one) => one.includes('relay:dana')) + 1;
    expect(plan.refusals).toMatchObject([
      { path: 'compose.yml', line, paste: { under: 'services.relay.image', text: 'relay:2\n' } },
    ]);
    expect(plan.refusals[0]?.reason).toContain('“relay:dana”');
    expect(change(image2, edit('compose.yml', 'image: relay:1', 'image: relay:2'))).toMatchObject({
      outcome: 'unchanged',
      refusals: [],
    });
  });

  it('shows what people wrote in a block that goes', () => {
    const tree = edit('dynamic.yml', 'service: relay-svc\n', 'service: relay-svc\n      priority: 5\n');
    const plan = change(resolvedSpec({ ...spec, routing: undefined }), tree);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        kind: 'hand-edited',
        path: 'dynamic.yml',
        message: expect.stringContaining('“priority: 5”') as string,
      }),
    );
  });

  it('has the conflicts of the new spec, and none with the service itself', () => {
    const taken = resolvedSpec({ ...spec, ports: [{ name: 'http', internal: 80, external: 7000, why: 'API' }] });
    expect(change(taken).conflicts).toMatchObject([{ kind: 'port', owner: 'other' }]);
    const host = resolvedSpec({ ...spec, routing: { host: 'other.x.test' } });
    expect(change(host).conflicts).toMatchObject([{ kind: 'host', owner: expect.any(String) as string }]);
  });

  it('is no new name, and nothing where the service is not there', () => {
    const renamed = change({ ...before, name: 'other-relay' });
    expect(renamed).toMatchObject({ outcome: 'changes', commits: [], conflicts: [{ kind: 'name', field: 'name' }] });
    expect(change(image2, base).conflicts).toMatchObject([
      { kind: 'name', message: expect.stringContaining('Add it') as string },
    ]);
  });

  it('merges a page line by line', () => {
    const page: Emitter = {
      name: 'page',
      commit: 'docs',
      applies: () => true,
      emit: ({ manifest, tree }) => ({
        edits:
          tree.read('relay.md') === undefined ? [{ kind: 'create', path: 'relay.md', text: pageOf(manifest) }] : [],
      }),
      owned: ({ tree }) => ({ parts: tree.paths.includes('relay.md') ? [{ kind: 'file', path: 'relay.md' }] : [] }),
    };
    const pageOf = ({ purpose }: ResolvedManifest) => `# Relay\n\n${purpose}\n\n## Steps\n\n1. Start\n`;
    const tree = overlay(added, new Map([['relay.md', `${pageOf(before)}2. Call Dana\n`]]));
    const after = { ...before, purpose: 'Passes on' };
    expect(change(after, tree, [page]).files).toMatchObject([{ after: `${pageOf(after)}2. Call Dana\n` }]);
    const mine = overlay(added, new Map([['relay.md', pageOf({ ...before, purpose: 'Mine' })]]));
    expect(change(after, mine, [page]).refusals).toMatchObject([
      { path: 'relay.md', line: 3, paste: { text: 'Passes on\n' } },
    ]);
    expect(change(after, overlay(tree, new Map([['relay.md', null]])), [page]).files).toEqual([]);
  });
});
