import { describe, expect, it } from 'vitest';
import { Manifest } from '@/lib/services/manifest';
import { detectProfile } from '../detect';
import { treeOf } from '../overlay';
import { resolveFromTree } from '../resolve';

const published = 'services:\n  a:\n    image: a:1\n    ports: ["9090:9090", "9100:9100", "80:80"]\n';

/** Where a service without a wish of its own is published, and what was inferred of the ports. */
function auto(files: Record<string, string>) {
  const tree = treeOf(files);
  const { profile, inferences } = detectProfile(tree);
  const manifest = Manifest.parse({
    name: 'search',
    purpose: 'Finds things.',
    category: 'platform',
    owner: 'platform',
    ports: [{ name: 'http', internal: '8080', why: 'API' }],
    runtime: { source: { kind: 'image', image: 'search:1' }, compose: {} },
  });
  const { resolved, conflicts } = resolveFromTree(manifest, profile, tree, { date: '2026-11-21' });
  return { external: resolved.ports[0]?.external, conflicts, profile, inferences };
}

describe('the pool of a platform that names no range', () => {
  it('is where Compose publishes most, without a registry', () => {
    const { external, conflicts, profile, inferences } = auto({ 'docker-compose.yml': published });
    expect(conflicts).toEqual([]);
    expect(external).toEqual({ from: 9000, to: 9000 });
    expect(profile.ports).toEqual({
      section: 'ports',
      pools: { default: { start: 9000, end: 9999, description: 'inferred' } },
    });
    expect(inferences).toContainEqual(
      expect.objectContaining({
        key: 'ports.pools.default',
        evidence: '2 of 3 ports that Compose publishes are in there',
      }),
    );
  });

  it('takes the registry’s word first, and has a usual place where nothing is in use', () => {
    const registry = 'ports:\n  - { service: b, port: 3001 }\n';
    expect(auto({ 'docker-compose.yml': published, 'ports.yaml': registry }).external).toEqual({
      from: 3000,
      to: 3000,
    });
    for (const empty of ['ports: []\n', '# Nobody yet.\n', 'ports:\n'])
      expect(auto({ 'compose.yaml': 'services: {}\n', 'ports.yaml': empty }).external).toEqual({
        from: 8000,
        to: 8000,
      });
  });

  it('is that of the registry that can be read and says something', () => {
    const registry = 'ports:\n  - { service: b, port: 3001 }\n';
    const files = { 'compose.yaml': 'services: {}\n', 'ports.yml': '\tx', 'config/port_registry.yaml': registry };
    expect(auto(files)).toMatchObject({
      external: { from: 3000 },
      profile: { ports: { registry: 'config/port_registry.yaml' } },
    });
  });

  it('is not guessed where a registry cannot be read: what is taken nobody knows', () => {
    const { conflicts, profile } = auto({ 'docker-compose.yml': published, 'ports.yaml': 'a: 1\na: 2\n' });
    expect(profile.ports).toMatchObject({ registry: 'ports.yaml', pools: {} });
    expect(conflicts).toEqual([
      expect.objectContaining({
        path: 'ports.yaml',
        line: 2,
        message: expect.stringContaining('Mend the file') as string,
      }),
    ]);
  });

  it('is no matter where nothing publishes ports on a machine', () => {
    const cluster = { 'ports.yaml': 'apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - { name: a, port: 80 }\n' };
    const { external, conflicts, profile } = auto(cluster);
    expect({ external, conflicts, ports: profile.ports }).toEqual({
      external: 'none',
      conflicts: [],
      ports: undefined,
    });
  });
});
