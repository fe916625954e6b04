import { describe, expect, it } from 'vitest';
import { portRegistryEmitter } from './emitters/port-registry/emit';
import { composeEmitter } from './emitters/compose/emit';
import { traefikEmitter } from './emitters/traefik/emit';
import { overlay, treeOf } from './overlay';
import { planAddition } from './plan';
import { planRemoval } from './plan-removal';
import { Profile } from './profile';
import { resolvedSpec } from './test-resolved-spec';
import { applyPlan } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Emitter, Tree } from './types';

const profile = Profile.parse({
  platform: { name: 'Test', domain: 'x.test' },
  ports: { registry: 'ports.yaml' },
  compose: { stacks: { main: 'compose.yml' }, defaultStack: 'main', defaultNetwork: 'default' },
  traefik: { dynamic: 'dynamic.yml', middlewares: { forwardAuth: ['protected'] } },
});
const manifest = resolvedSpec({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 80, external: 7880, why: 'API' }],
  runtime: {
    source: { kind: 'image', image: 'relay:1' },
    compose: {},
    volumes: [{ source: { kind: 'volume', name: 'relay_data' }, target: '/data' }],
  },
  routing: { host: 'relay.x.test' },
});
const base = treeOf({
  'ports.yaml': 'ports:\n  - service: other\n    port: 7000\n',
  'compose.yml': 'services:\n  other:\n    image: other:1\n    environment:\n      A: "1"\n',
  'dynamic.yml':
    'http:\n  routers:\n    other:\n      rule: "Host(`other.x.test`)"\n      service: other-svc\n      middlewares: [protected]\n\n  services:\n    other-svc:\n      loadBalancer:\n        servers:\n          - url: "http://host.docker.internal:7000"\n  middlewares:\n    protected:\n      chain: { middlewares: [] }\n',
});
const emitters: readonly Emitter[] = [portRegistryEmitter, composeEmitter, traefikEmitter];
const page: Emitter = {
  name: 'page',
  commit: 'docs',
  applies: () => true,
  emit: ({ tree }) => ({
    edits: tree.read('relay.md') === undefined ? [{ kind: 'create', path: 'relay.md', text: '# Relay\n' }] : [],
  }),
  owned: ({ tree }) => ({ parts: tree.paths.includes('relay.md') ? [{ kind: 'file', path: 'relay.md' }] : [] }),
};

const addition = planAddition({ manifest, profile, tree: base }, [...emitters, page]);
const added = applyPlan(base, addition);
const edit = (path: string, from: string, to: string, tree: Tree = added): Tree => {
  const text = tree.read(path) ?? '';
  expect(text).toContain(from);
  return overlay(tree, new Map([[path, text.replace(from, to)]]));
};
const remove = (tree: Tree, of: readonly Emitter[] = [...emitters, page]) =>
  planRemoval({ manifest, profile, tree }, of);

describe('planRemoval', () => {
  it('undoes the addition in reverse order, the ports alone and last', () => {
    expect(addition).toMatchObject({ conflicts: [], refusals: [] });
    const plan = remove(added);
    expect(plan).toMatchObject({ action: 'remove', outcome: 'changes', conflicts: [], refusals: [] });
    expect(plan.commits.map((commit) => [commit.key, commit.subject])).toEqual([
      ['docs', 'docs(relay): remove its pages'],
      ['routing', 'chore(relay): take relay.x.test off the proxy'],
      ['runtime', 'chore(relay): decommission the service'],
      ['ports', 'chore(ports): release 7880/tcp of relay'],
    ]);
    expect(plan.commits.at(-1)?.files.map((file) => file.path)).toEqual(['ports.yaml']);
    expect(plan.files).toContainEqual({ path: 'relay.md', before: '# Relay\n', after: null, executable: false });
    expectSameFiles(applyPlan(added, plan), base);
    expect(plan.findings.filter((finding) => finding.kind === 'hand-edited')).toEqual([]);
  });

  it('has nothing to do where nothing of the service is left', () => {
    expect(remove(base)).toMatchObject({ outcome: 'unchanged', commits: [], files: [], followUps: [] });
  });

  it('shows what people wrote in the service’s own blocks before it goes', () => {
    const tree = edit('compose.yml', 'image: relay:1\n', 'image: relay:1\n    user: "1000"\n');
    const plan = remove(edit('relay.md', '# Relay\n', '# Relay\n\nCall Dana first.\n', tree));
    expectSameFiles(applyPlan(tree, plan), base);
    const shown = plan.findings.filter((finding) => finding.kind === 'hand-edited');
    expect(shown).toMatchObject([
      { path: 'relay.md', line: 1, message: expect.stringContaining('“Call Dana first.”') as string },
      { path: 'compose.yml', message: expect.stringContaining('“user: "1000"”') as string },
    ]);
    expect(tree.read('compose.yml')?.split('\n')[(shown[1]?.line ?? 0) - 1]).toBe('  relay:');
  });

  it('leaves what others wrote beside the service', () => {
    const between = '\n  # ours\n  late:\n    image: late:1\n';
    const text = added.read('compose.yml') ?? '';
    const [before, after] = text.split(/(?=\nvolumes:)/);
    const tree = overlay(added, new Map([['compose.yml', `${before}${between}${after}`]]));
    expect(applyPlan(tree, remove(tree)).read('compose.yml')).toBe(`${base.read('compose.yml')}${between}`);
  });

  it('keeps a volume that another service mounts, and names it', () => {
    const tree = edit('compose.yml', 'image: other:1\n', 'image: other:1\n    volumes:\n      - relay_data:/theirs\n');
    const plan = remove(tree);
    expect(applyPlan(tree, plan).read('compose.yml')).toContain('relay_data:\n');
    expect(plan).toMatchObject({ conflicts: [], refusals: [] });
    expect(plan.findings.map((finding) => finding.message).join('\n')).toMatch(/relay_data.*other/);
  });

  it('does not take away what another service waits for', () => {
    const tree = edit('compose.yml', 'image: other:1\n', 'image: other:1\n    depends_on: [relay]\n');
    expect(remove(tree).conflicts).toMatchObject([{ path: 'compose.yml', owner: 'other' }]);
  });

  it('refuses what cannot be taken out as whole lines, with the text, and leaves that file alone', () => {
    const tree = overlay(added, new Map([['ports.yaml', 'ports:\n  - { service: other, port: 7000 }\n']]));
    const flow = overlay(
      tree,
      new Map([['ports.yaml', 'ports: [{ service: relay, port: 7880, internal_port: 80 }]\n']]),
    );
    const plan = remove(flow);
    expect(plan.refusals).toMatchObject([{ path: 'ports.yaml', line: 1, paste: { under: 'ports' } }]);
    expect(plan.files.map((file) => file.path)).not.toContain('ports.yaml');
  });

  it('refuses a file that does not parse, and one that is no text', () => {
    const broken = overlay(added, new Map([['compose.yml', `${added.read('compose.yml')}services:\n`]]));
    const compose: Emitter = {
      ...composeEmitter,
      owned: () => ({ parts: [{ kind: 'yaml', path: 'compose.yml', at: ['services', 'relay'] }] }),
    };
    expect(remove(broken, [compose]).refusals).toMatchObject([{ path: 'compose.yml' }]);
    const binary: Tree = { paths: ['logo.png'], read: () => undefined };
    const owner: Emitter = { ...page, owned: () => ({ parts: [{ kind: 'file', path: 'logo.png' }] }) };
    expect(remove(binary, [owner]).refusals).toMatchObject([{ path: 'logo.png' }]);
  });

  it('refuses where others take over what the service defines by an anchor', () => {
    const text = (added.read('compose.yml') ?? '')
      .replace('  relay:\n', '  relay: &relay\n')
      .replace('volumes:\n  relay_data:', '  late:\n    <<: *relay\nvolumes:\n  relay_data:');
    const plan = remove(overlay(added, new Map([['compose.yml', text]])));
    expect(plan.refusals).toMatchObject([{ path: 'compose.yml', reason: expect.stringContaining('anchor') as string }]);
  });

  it('asks only emitters that the service concerns and that own something', () => {
    const silent: Emitter = {
      name: 'silent',
      commit: 'docs',
      applies: () => true,
      emit: (context) => page.emit(context),
      owned: () => ({ parts: [] }),
    };
    expect(remove(added, [silent]).outcome).toBe('unchanged');
    expect(remove(added, [{ ...page, applies: () => false }]).outcome).toBe('unchanged');
  });
});
