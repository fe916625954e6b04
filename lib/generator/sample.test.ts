// The whole generator on the whole sample repository: what an owner of such a repository would ask of any change.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { exampleSpec } from '@/cli/example-spec';
import { parseSpec } from '@/cli/read-spec';
import { runChecks } from './checks/index';
import { formatPatch } from './patch';
import { planAddition } from './plan';
import { mergeConflicts, resolveFromTree } from './resolve';
import { applyPlan, sampleFolder, sampleProfile, sampleTree } from './test-sample';
import { transcriber } from './test-specs';
import type { Tree } from './types';

const sample = sampleTree();
const profile = sampleProfile(sample);
const example = parseSpec(exampleSpec);

function service(change: Partial<ManifestInput> & { name: string }): Manifest {
  return Manifest.parse({
    purpose: 'Does something useful',
    category: 'platform',
    owner: 'platform',
    ports: [{ name: 'http', internal: 8080, why: 'API' }],
    runtime: { source: { kind: 'image', image: 'example/thing:1.0' }, compose: {} },
    ...change,
  });
}

const specs: [string, Manifest][] = [
  ['the annotated example', 'manifest' in example ? example.manifest : service({ name: 'x' })],
  ['five fields', service({ name: 'five-fields' })],
  ['everything at once', Manifest.parse({ ...transcriber, runtime: { ...transcriber.runtime, dependsOn: [] } })],
  [
    'media in a range of UDP ports, own sign-in',
    service({
      name: 'media-relay',
      category: 'realtime',
      ports: [
        { name: 'signal', internal: 7000, why: 'Signalling' },
        { name: 'rtc', protocol: 'udp', internal: '7100-7103', why: 'Media' },
      ],
      security: { access: 'own-oauth' },
      routing: { host: 'media-relay.ravenhelm.test', sse: true },
    }),
  ],
  [
    'public, built here, under a path, with an alias',
    service({
      name: 'status-page',
      security: { access: 'public', publicReason: 'Customers look at it when sign-in is down' },
      runtime: { source: { kind: 'build', context: 'services/status-page' }, compose: { stack: 'observability' } },
      routing: { host: 'status.ravenhelm.test', aliases: ['up.ravenhelm.test'], path: '/public' },
    }),
  ],
  [
    'inside the network alone',
    service({
      name: 'inner',
      ports: [{ name: 'grpc', internal: 9000, external: 'none', why: 'gRPC' }],
      docs: { runbook: false },
    }),
  ],
  [
    'Kubernetes alone',
    service({ name: 'cloud-only', runtime: { source: { kind: 'image', image: 'example/cloud:2' }, kubernetes: {} } }),
  ],
];

function planOn(tree: Tree, manifest: Manifest) {
  const { resolved, conflicts } = resolveFromTree(manifest, profile, tree, { date: '2026-11-03' });
  const plan = planAddition({ manifest: resolved, profile, tree });
  return { resolved, plan, conflicts: mergeConflicts(conflicts, plan.conflicts) };
}

let repo = '';
beforeAll(() => {
  repo = join(mkdtempSync(join(tmpdir(), 'slipway-sample-')), 'platform');
  cpSync(sampleFolder, repo, { recursive: true });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', 'base');
});
afterAll(() => rmSync(join(repo, '..'), { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: repo, encoding: 'utf8', stdio: 'pipe' });
}

describe.each(specs)('%s', (_, manifest) => {
  const { resolved, plan, conflicts } = planOn(sample, manifest);

  it('is planned without an obstacle, and passes every check', () => {
    expect(conflicts).toEqual([]);
    expect(plan.refusals).toEqual([]);
    const results = runChecks({ plan, manifest: resolved, profile, tree: sample });
    expect(results.filter((result) => result.status !== 'pass')).toEqual([]);
  });

  it('reserves its ports in a first commit of one file', () => {
    expect(plan.commits[0]).toMatchObject({ key: 'ports', files: [{ path: profile.ports?.registry }] });
  });

  it('planned again on the result is nothing, with the same numbers', () => {
    const again = planOn(applyPlan(sample, plan), manifest);
    expect(again.conflicts).toEqual([]);
    expect(again.plan).toMatchObject({ outcome: 'unchanged', files: [], commits: [] });
    expect(again.resolved.ports).toEqual(resolved.ports);
    expect(again.resolved.runbook).toEqual(resolved.runbook);
  });

  it('is a patch that Git takes, deletes no line, and gives every byte back when it is reversed', () => {
    const patch = join(repo, '..', 'change.patch');
    writeFileSync(patch, formatPatch(plan));
    git('apply', '--check', patch);
    git('apply', '--index', patch);
    const rows = git('diff', '--cached', '--numstat').trim().split('\n');
    expect(rows.map((row) => row.split('\t')[2])).toEqual(plan.files.map((file) => file.path).sort());
    expect(rows.filter((row) => row.split('\t')[1] !== '0')).toEqual([]);
    for (const file of plan.files) expect(git('show', `:${file.path}`)).toBe(file.after);
    git('apply', '--index', '-R', patch);
    expect(git('status', '--porcelain')).toBe('');
  });
});

describe('a service that is there and differs', () => {
  const { plan } = planOn(sample, service({ name: 'five-fields' }));
  const after = applyPlan(sample, plan);

  it.each<[string, Partial<ManifestInput>, string]>([
    ['another image', { runtime: { source: { kind: 'image', image: 'example/thing:2.0' }, compose: {} } }, 'name'],
    ['another number', { ports: [{ name: 'http', internal: 8080, external: 19_999, why: 'API' }] }, 'port'],
    ['another port inside', { ports: [{ name: 'http', internal: 9090, why: 'API' }] }, 'name'],
  ])('is a conflict: %s', (_, change, kind) => {
    expect(
      planOn(after, service({ name: 'five-fields', ...change })).conflicts.map((conflict) => conflict.kind),
    ).toContain(kind);
  });

  it('is a conflict for whoever wants its name, its port or its host', () => {
    const taken = planOn(
      sample,
      service({
        name: 'livekit',
        ports: [{ name: 'http', internal: 80, external: 7880, why: 'x' }],
        routing: { host: 'grafana.ravenhelm.test' },
      }),
    );
    // The port is livekit's own, so that it is no quarrel of this service.
    expect(new Set(taken.conflicts.map((conflict) => conflict.kind))).toEqual(new Set(['name', 'host']));
    const port = planOn(
      sample,
      service({ name: 'newcomer', ports: [{ name: 'http', internal: 80, external: 7880, why: 'x' }] }),
    );
    expect(port.conflicts).toMatchObject([{ kind: 'port', owner: 'livekit', path: 'config/port_registry.yaml' }]);
  });
});
