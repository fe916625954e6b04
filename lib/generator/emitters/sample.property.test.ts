/**
 * Every emitter on the sample repository, whatever people have done to its files meanwhile: remarks and blank lines anywhere they may stand, other
 * line endings, no line break at the end. Each adds what it owns and touches nothing else; taken out again, the muddled bytes are back.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../apply-edits';
import { helperConfigFaults } from '../hcl/spiffe-helper';
import { spiffeNamesOf } from '../naming';
import { overlay } from '../overlay';
import type { Profile } from '../profile';
import { planAddition } from '../plan';
import { planRemoval } from '../plan-removal';
import { findRuns } from '../take-out';
import { textLines } from '../test-mess';
import { arbitraryMuddle, muddle } from '../test-muddle';
import { testRepository } from '../test-repositories';
import { resolvedSpec } from '../test-resolved-spec';
import { applyPlan } from '../test-sample';
import { expectSameFiles } from '../test-trees';
import type { Emitter, OwnedPart, ResolvedManifest, Tree } from '../types';
import { cutRanges } from '../yaml/remove';
import { proveInsertionOnly, proveSplice } from '../yaml/test-prove';
import { emitters } from './index';
import { spiffeConfigEmitter } from './spiffe/config';
import type { ManifestInput } from '@/lib/services/manifest';

const README = 'README.md';
const inventory = 'config/grafana/services.json';
const { tree: files, profile: own } = testRepository('sample');
/** The sample names no list of services in its README, and its inventory is a dashboard, which takes no entry: here there are both. */
const sample = overlay(
  files,
  new Map([
    [
      README,
      `${files.read(README) ?? ''}\n## Services\n\n- gateway: The way in\n- postgres: Databases\n\n## Help\n\nAsk.\n`,
    ],
    [
      inventory,
      `${JSON.stringify({ services: [service('redis'), service('norns')], about: 'What runs here' }, null, 2)}\n`,
    ],
  ]),
);
const profile: Profile = {
  ...own,
  ...(own.runbooks ? { runbooks: { ...own.runbooks, readme: { file: README, heading: 'Services' } } } : {}),
  ...(own.observability ? { observability: { ...own.observability, inventory } } : {}),
};

function service(name: string) {
  return { name, title: name.toUpperCase(), url: `https://${name}.ravenhelm.test`, tags: ['core'], port: 4000 };
}

/** What nothing is written into, and new files are made to look like: the configuration of SPIFFE helpers, dashboards. */
const models = sample.paths.filter((path) =>
  /^config\/(?:spiffe-helper\/.*\.conf|grafana\/dashboards\/.*\.json)$/.test(path),
);

/** What people keep by hand and every service with everything is written into, beside its stack's file. */
const kept = [
  README,
  inventory,
  'config/port_registry.yaml',
  'config/prometheus/prometheus.yml',
  'docs/wiki/Architecture_Index.md',
  'docs/wiki/Runbook_Catalog.md',
  'localstack/init/init-aws.sh',
  'ravenhelm-proxy/dynamic.yml',
  'spire/init-spire.sh',
];

/** A service in each stack, among them those with CRLF, indent 4 and no line break at the end, with an entry in every list that the sample keeps. */
const specs: readonly ManifestInput[] = (
  [
    ['livekit-egress', 'realtime', 7893],
    ['prompt-store', 'models', 11440],
    ['schema-lint', 'events', 29100],
    ['log-viewer', 'observability', 3120],
    ['issue-bot', 'source', 8910],
    ['agent-desk', 'ai', 2031],
    ['key-server', 'auth', 8096],
    ['queue-mirror', 'messaging', 4230],
  ] as const
).map(([name, category, port]) => ({
  name,
  purpose: 'Does things',
  category,
  owner: 'platform',
  ports: [
    { name: 'http', internal: 8080, external: port, why: 'API: health, and more' },
    { name: 'inside', internal: 9000, external: 'none', why: 'Metrics' },
  ],
  security: {
    mtls: true,
    secrets: [
      { name, environment: 'X_SECRET_NAME', purpose: 'Key' },
      { name: `${name}/own`, environment: 'Y_SECRET_NAME', purpose: 'Key', source: 'generated' },
    ],
  },
  runtime: {
    source: { kind: 'image', image: 'example/thing:1.2' },
    compose: {},
    environment: [{ name: 'FLAG', value: 'on' }],
    volumes: [{ source: { kind: 'volume', name: `${name.replaceAll('-', '_')}_data` }, target: '/data' }],
    healthCheck: {},
  },
  routing: { host: `${name}.ravenhelm.test`, sse: true },
  observability: {
    metrics: { port: 'inside' },
    probe: true,
    dashboard: true,
    alerts: [{ name: 'Down', expression: 'up == 0', summary: 'It does not answer' }],
  },
  messaging: { queues: [{ name: `${name}-jobs`, environment: 'JOBS_QUEUE_URL', topics: [`${name}-events`] }] },
}));

/** One emitter's turn; which files that were there it added to. */
function take(emitter: Emitter, manifest: ResolvedManifest, tree: Tree): { tree: Tree; edited: string[] } {
  const context = { manifest, profile, tree };
  if (!emitter.applies(context)) return { tree, edited: [] };
  const emission = emitter.emit(context);
  const applied = applyEdits(tree, emission.edits);
  expect([
    emitter.name,
    emission.conflicts ?? [],
    emission.refusals ?? [],
    applied.conflicts,
    applied.refusals,
  ]).toEqual([emitter.name, [], [], [], []]);
  const after = overlay(tree, new Map([...applied.files].map(([path, { text }]) => [path, text])));
  expect(emitter.emit({ ...context, tree: after }).edits).toEqual([]);
  const { parts } = emitter.owned({ ...context, tree: after });
  const edited = [...applied.files.keys()].filter((path) => tree.paths.includes(path));
  for (const path of edited)
    expectOwnLinesAlone(
      path,
      tree.read(path) ?? '',
      after.read(path) ?? '',
      parts.filter((part) => part.path === path),
    );
  return { tree: after, edited };
}

/** Every line that was there stands as it was; every line with words that was not is the service's. */
function expectOwnLinesAlone(path: string, before: string, after: string, parts: readonly OwnedPart[]): void {
  const own = findRuns(path, after, parts).runs.flatMap((run) => run.members);
  expect([path, textLines(cutRanges(after, own))]).toEqual([path, textLines(before)]);
  expect([path, endingsOf(after)]).toEqual([path, endingsOf(before)]);
  const meant = parts.flatMap((part) => (part.kind === 'yaml' ? [part.at] : []));
  const proof = /\.ya?ml$/.test(path)
    ? proveSplice(before, after, meant)
    : proveInsertionOnly(ended(before), ended(after));
  expect([path, proof]).toMatchObject([path, { ok: true }]);
}

function endingsOf(text: string): { final: boolean; plain: boolean; windows: boolean } {
  return { final: text.endsWith('\n'), plain: /(^|[^\r])\n/.test(text), windows: text.includes('\r\n') };
}

/** With a line break at the end, so that a last line which others follow now is told from one that was changed. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}${text.includes('\r\n') ? '\r\n' : '\n'}`;
}

describe('the emitters on the sample repository', () => {
  it.each(specs)(
    'add $name to whatever the files have become, nothing else, and it goes again',
    (spec) => {
      const manifest = resolvedSpec(spec, 35);
      const shared = planAddition({ manifest, profile, tree: sample }).files.filter((file) => file.before !== null);
      const paths = shared.map((file) => file.path).sort();
      const stack = profile.categories[manifest.category]?.stack ?? '';
      expect(paths).toEqual(expect.arrayContaining([...kept, profile.compose?.stacks[stack]]));
      fc.assert(
        fc.property(arbitraryMuddle, (change) => {
          const files = new Map(
            [...paths, ...models].map((path) => [path, muddle(path, sample.read(path) ?? '', change)]),
          );
          const muddled = overlay(sample, files);
          let tree = muddled;
          const edited = new Set<string>();
          for (const emitter of emitters) {
            const turn = take(emitter, manifest, tree);
            for (const path of turn.edited) edited.add(path);
            tree = turn.tree;
          }
          expect([...edited].sort()).toEqual(paths);
          const helper = spiffeNamesOf(manifest, profile)?.configPath ?? '';
          // A file of its own takes what people write into it, is not written again, and goes with the service.
          tree = overlay(tree, new Map([[helper, muddle(helper, tree.read(helper) ?? '', change)]]));
          expect([helper, helperConfigFaults(tree.read(helper) ?? '')]).toEqual([helper, []]);
          expect(spiffeConfigEmitter.emit({ manifest, profile, tree }).edits).toEqual([]);
          const removal = planRemoval({ manifest, profile, tree });
          expect({ conflicts: removal.conflicts, refusals: removal.refusals }).toEqual({ conflicts: [], refusals: [] });
          expectSameFiles(applyPlan(tree, removal), muddled);
        }),
        { numRuns: 6 },
      );
    },
    240_000,
  );
});
