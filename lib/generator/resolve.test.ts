import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { overlaps } from '@/lib/services/port-range';
import { treeOf } from './overlay';
import { Profile } from './profile';
import { mergeConflicts, resolveFromTree, resolvePorts } from './resolve';
import type { PortObservation } from './types';

const profile = Profile.parse({
  platform: { name: 'x', host: 'h1', domain: 'x.test' },
  naming: { containerPrefix: 'px-' },
  categories: { media: { pool: 'realtime' } },
  ports: { registry: 'ports.yaml' },
  traefik: { dynamic: 'dynamic.yml' },
  runbooks: { folder: 'docs/runbooks', catalog: 'docs/catalog.md' },
});
const pools = [
  { name: 'realtime', from: 7880, to: 7889, description: '' },
  { name: 'tools', from: 8900, to: 8901, description: '' },
];
const manifest = (input: Partial<ManifestInput> & { name?: string } = {}) =>
  Manifest.parse({
    name: 'relay',
    purpose: 'x',
    category: 'media',
    owner: 'o',
    runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
    ...input,
  });
const port = (
  name: string,
  internal: number | string,
  external: number | string = 'auto',
  protocol: 'tcp' | 'udp' = 'tcp',
) => ({ name, internal, external, protocol, why: 'w' }) as NonNullable<ManifestInput['ports']>[number];
const seen = (service: string, from: number, to = from, more: Partial<PortObservation> = {}): PortObservation => ({
  source: 'registry',
  service,
  protocol: 'tcp',
  range: { from, to },
  path: 'ports.yaml',
  line: 3,
  ...more,
});
const numbers = (result: ReturnType<typeof resolvePorts>) => result.ports.map((one) => one.external);

describe('resolvePorts', () => {
  it('takes the lowest free ports of the category’s pool, around files, reservations and each other', () => {
    const result = resolvePorts(
      manifest({ ports: [port('a', 80), port('b', 81), port('c', 82, 7884), port('d', 83)] }),
      profile,
      {
        observations: [seen('livekit', 7880), seen('turn', 7882, 7882, { source: 'compose' })],
        pools,
        taken: [{ service: 'other', protocol: 'udp', range: { from: 7883, to: 7883 } }],
      },
    );
    expect(numbers(result)).toEqual([7881, 7885, 7884, 7886].map((from) => ({ from, to: from })));
    expect(result.conflicts).toEqual([]);
  });

  it('takes as many in a row as the container has', () => {
    const result = resolvePorts(manifest({ ports: [port('rtc', '100-103', 'auto', 'udp')] }), profile, {
      observations: [seen('x', 7882)],
      pools,
      taken: [],
    });
    expect(numbers(result)).toEqual([{ from: 7883, to: 7886 }]);
  });

  it('keeps the numbers that this service has, by name, by the port inside, by order', () => {
    const spec = manifest({ ports: [port('http', 80), port('ws', 81), port('admin', 82), port('new', 99)] });
    const observations = [
      seen('px-relay', 7889, 7889, { source: 'compose', internal: { from: 81, to: 81 } }),
      seen('relay', 7888, 7888, { portName: 'admin' }),
      seen('relay', 7887, 7887, { internal: { from: 80, to: 80 } }),
      seen('relay-svc', 7887, 7887, { source: 'traefik' }),
    ];
    const result = resolvePorts(spec, profile, { observations, pools, taken: [] });
    expect(numbers(result).map((one) => (one === 'none' ? one : one.from))).toEqual([7887, 7889, 7888, 7880]);
    expect(result.conflicts).toEqual([]);
  });

  it('tells who has an explicit port, in which file and line', () => {
    const spec = manifest({
      ports: [port('http', 80, 7880), port('rtc', '90-91', '7881-7882', 'udp'), port('free', 92, 7885)],
    });
    const { conflicts } = resolvePorts(spec, profile, {
      observations: [seen('livekit', 7880), seen('livekit', 7880, 7880, { source: 'compose' }), seen('tcp-only', 7881)],
      pools,
      taken: [{ service: 'voice', protocol: 'udp', range: { from: 7882, to: 7890 }, heldBy: 'request 12 of dana' }],
    });
    expect(conflicts).toMatchObject([
      { kind: 'port', field: 'ports.0.external', owner: 'livekit', path: 'ports.yaml', line: 3 },
      { kind: 'port', field: 'ports.1.external', owner: 'voice' },
    ]);
    expect(conflicts[0]?.message).toContain('ports.yaml:3');
    expect(conflicts[1]?.message).toContain('request 12 of dana');
  });

  it('finds no conflict with the service itself, nor with a router that only points to it', () => {
    const { conflicts } = resolvePorts(manifest({ ports: [port('http', 80, 7880)] }), profile, {
      observations: [seen('relay', 7880), seen('relay-legacy', 7880, 7880, { source: 'traefik' })],
      pools,
      taken: [{ service: 'relay', protocol: 'tcp', range: { from: 7880, to: 7880 } }],
    });
    expect(conflicts).toEqual([]);
  });

  it('names a pool that is full and how full it is', () => {
    const spec = manifest({ ports: [port('a', '1-9')] });
    const { conflicts } = resolvePorts(spec, profile, { observations: [seen('x', 7885, 7899)], pools, taken: [] });
    expect(conflicts[0]?.message).toContain(
      'Pool realtime (7880-7889) has no 9 free ports in a row: 5 of 10 are taken',
    );
  });

  it('asks for a number where the category has no pool', () => {
    const spec = manifest({ category: 'unheard', ports: [port('a', 1)] });
    const { conflicts, ports } = resolvePorts(spec, profile, { observations: [], pools, taken: [] });
    expect(conflicts).toMatchObject([
      {
        field: 'ports.0.external',
        message: expect.stringContaining('no port pool for the category unheard') as string,
      },
    ]);
    expect(ports[0]?.external).toBe('none');
  });

  it('never gives a port that somebody has, and always one of the pool', () => {
    const range = fc
      .tuple(fc.integer({ min: 7875, max: 7895 }), fc.nat(3))
      .map(([from, more]) => ({ from, to: from + more }));
    fc.assert(
      fc.property(
        fc.array(range, { maxLength: 6 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        (taken, sizes) => {
          const spec = manifest({
            ports: sizes.map((size, index) => port(`p${index}`, `${1000 + index * 10}-${1000 + index * 10 + size}`)),
          });
          const result = resolvePorts(spec, profile, {
            observations: taken.map((one, index) => seen(`s${index}`, one.from, one.to)),
            pools,
            taken: [],
          });
          const given = numbers(result).filter((one) => one !== 'none');
          expect(given.length + result.conflicts.length).toBe(sizes.length);
          given.forEach((one, index) => {
            expect(one.from).toBeGreaterThanOrEqual(7880);
            expect(one.to).toBeLessThanOrEqual(7889);
            for (const other of [...taken, ...given.slice(0, index)]) expect(overlaps(one, other)).toBe(false);
          });
        },
      ),
    );
  });
});

describe('resolveFromTree', () => {
  const files = {
    'ports.yaml': 'ranges:\n  realtime: {start: 7880, end: 7889}\nports:\n  - port: 7880\n    service: livekit\n',
    'docs/catalog.md':
      '| Runbook | Tags |\n|---|---|\n| [RUNBOOK-001](docs/runbooks/RUNBOOK-001-a.md) | `a` |\n| RUNBOOK-007 (planned) | `b` |\n',
    'docs/runbooks/RUNBOOK-001-a.md': '# RUNBOOK-001: A\n',
    'docs/runbooks/RUNBOOK-003-relay2.md': '# RUNBOOK-005: Renumbered\n',
    'docs/runbooks/onboarding.md': '# Onboarding\n',
  };
  const spec = manifest({ ports: [port('http', 80)] });

  it('reads the repository: its ports, its pools, the numbers that files, headings and rows claim', () => {
    const { resolved, conflicts } = resolveFromTree(spec, profile, treeOf(files), { date: '2026-11-03' });
    expect(conflicts).toEqual([]);
    expect(resolved.ports[0]?.external).toEqual({ from: 7881, to: 7881 });
    expect(resolved.runbook).toEqual({ number: 8 });
    expect(resolved.date).toBe('2026-11-03');
  });

  it('counts what is held outside the repository', () => {
    const { resolved } = resolveFromTree(spec, profile, treeOf(files), {
      date: '2026-11-03',
      taken: [{ service: 'x', protocol: 'tcp', range: { from: 7881, to: 7885 } }],
      takenRunbooks: [11],
    });
    expect(resolved.ports[0]?.external).toEqual({ from: 7886, to: 7886 });
    expect(resolved.runbook).toEqual({ number: 12 });
  });

  it('keeps number and date of the page that the service has', () => {
    const tree = treeOf({
      ...files,
      'docs/runbooks/RUNBOOK-004-relay.md': '# RUNBOOK-004: relay\n\n| | |\n|---|---|\n| Written | 2026-01-31 |\n',
    });
    const { resolved } = resolveFromTree(spec, profile, tree, { date: '2026-11-03' });
    expect(resolved.runbook).toEqual({ number: 4 });
    expect(resolved.date).toBe('2026-01-31');
  });

  it('gives no runbook where none is asked for or the platform keeps none', () => {
    const quiet = manifest({ docs: { runbook: false } });
    const { runbooks: _, ...without } = profile;
    expect(resolveFromTree(quiet, profile, treeOf(files), { date: '2026-11-03' }).resolved.runbook).toBeUndefined();
    expect(resolveFromTree(spec, without, treeOf(files), { date: '2026-11-03' }).resolved.runbook).toBeUndefined();
  });
});

describe('mergeConflicts', () => {
  it('tells one quarrel once', () => {
    const one = { kind: 'port', field: 'ports.0.external', message: 'a', owner: 'x', path: 'p' } as const;
    expect(
      mergeConflicts(
        [one],
        [
          { ...one, message: 'said otherwise' },
          { ...one, owner: 'y' },
        ],
      ),
    ).toHaveLength(2);
  });

  it('says nothing more of a port that could not be decided', () => {
    const none = { kind: 'port', field: 'ports.0.external', message: 'the pool is full', path: 'p' } as const;
    expect(mergeConflicts([none], [{ ...none, field: 'routing', message: 'not published' }])).toEqual([none]);
  });
});
