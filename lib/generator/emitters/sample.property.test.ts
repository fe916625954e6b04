/**
 * The emitters on the sample repository, whatever people have added to its files meanwhile: remarks and blank lines anywhere they may
 * stand, other line endings, no line break at the end.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, visit } from 'yaml';
import { applyEdits } from '../apply-edits';
import { overlay } from '../overlay';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { Emitter, Tree } from '../types';
import { splitLines } from '../yaml/lines';
import { parseYaml } from '../yaml/parse';
import { proveSplice } from '../yaml/test-prove';
import { composeEmitter } from './compose/emit';
import { portRegistryEmitter } from './port-registry/emit';
import { traefikEmitter } from './traefik/emit';
import type { ManifestInput } from '@/lib/services/manifest';

const root = fileURLToPath(new URL('../../../local/platform/', import.meta.url));

function readSample(): Tree {
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/').replace(/\/+/g, '/');
    if (entry.isFile()) files.set(path.slice(root.length), readFileSync(path, 'utf8'));
  }
  return { paths: [...files.keys()].sort(), read: (path) => files.get(path) };
}

const sample = readSample();
const profile = Profile.parse(parse(sample.read('slipway.yaml') ?? ''));
const emitters: readonly Emitter[] = [portRegistryEmitter, composeEmitter, traefikEmitter];

/** Each stack, among them those with CRLF, indent 4 and no line break at the end. */
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
  security: { secrets: [{ name, environment: 'X_SECRET_NAME', purpose: 'Key' }] },
  runtime: {
    source: { kind: 'image', image: 'example/thing:1.2' },
    compose: {},
    environment: [{ name: 'FLAG', value: 'on' }],
    volumes: [{ source: { kind: 'volume', name: `${name.replaceAll('-', '_')}_data` }, target: '/data' }],
    healthCheck: {},
  },
  routing: { host: `${name}.ravenhelm.test`, sse: true },
}));

interface Mess {
  crlf: boolean;
  final: boolean;
  lines: { at: number; text: string }[];
}

const mess: fc.Arbitrary<Mess> = fc.record({
  crlf: fc.boolean(),
  final: fc.boolean(),
  lines: fc.array(
    fc.record({
      at: fc.nat(),
      text: fc.constantFrom(
        '',
        '# remark',
        '  # remark',
        '      # - "1:1"',
        '# ==== BANNER ====',
        '  # --- x ---',
        '    ',
      ),
    }),
    { maxLength: 25 },
  ),
});

/** The text as other people may have left it: no line is added within a text of several lines, which would change that text. */
function muddle(text: string, { crlf, final, lines }: Mess): string {
  const plain = text.replaceAll('\r\n', '\n');
  const all = splitLines(plain);
  const free = freeLines(plain);
  for (const { at, text: line } of lines) all[free[at % free.length] ?? 0] += `${line}\n`;
  const joined = all.join('');
  const ended = final ? joined : joined.replace(/\n+$/, '');
  return crlf ? ended.replaceAll('\n', '\r\n') : ended;
}

const free = new Map<string, number[]>();

/** Indexes of the lines that another may follow. */
function freeLines(text: string): number[] {
  const known = free.get(text);
  if (known) return known;
  const parsed = parseYaml(text, 'sample');
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  const taken = new Set<number>();
  visit(parsed.yaml.document, {
    Scalar: (_, { range }) => {
      if (range)
        for (let line = parsed.yaml.lineOf(range[0]); line < parsed.yaml.lineOf(range[1]); line++) taken.add(line);
    },
  });
  const lines = splitLines(text).flatMap((line, index) =>
    line.endsWith('\n') && !taken.has(index + 1) ? [index] : [],
  );
  free.set(text, lines);
  return lines;
}

describe('the emitters on the sample repository', () => {
  it.each(specs)('add $name to whatever the files have become, and nothing else', (spec) => {
    const manifest = resolvedSpec(spec);
    const stack = profile.categories[manifest.category]?.stack ?? '';
    const touched = [
      profile.ports?.registry ?? '',
      profile.compose?.stacks[stack] ?? '',
      profile.traefik?.dynamic ?? '',
    ];
    let added = 0;
    fc.assert(
      fc.property(mess, (change) => {
        const files = new Map(touched.map((path) => [path, muddle(sample.read(path) ?? '', change)]));
        let tree = overlay(sample, files);
        for (const emitter of emitters) {
          const emission = emitter.emit({ manifest, profile, tree });
          expect(emission.conflicts ?? []).toEqual([]);
          expect(emission.refusals ?? []).toEqual([]);
          const applied = applyEdits(tree, emission.edits);
          expect(applied.refusals).toEqual([]);
          expect(applied.files.size).toBe(1);
          for (const [path, { text }] of applied.files) {
            const before = tree.read(path) ?? '';
            expect(text.endsWith('\n')).toBe(before.endsWith('\n'));
            expect(/(^|[^\r])\n/.test(text)).toBe(/(^|[^\r])\n/.test(before));
            expect(proveSplice(before, text, addedPaths(before, text))).toMatchObject({ ok: true });
            tree = overlay(tree, new Map([[path, text]]));
            added += 1;
          }
          expect(emitter.emit({ manifest, profile, tree })).toMatchObject({ edits: [] });
          expect(emitter.emit({ manifest, profile, tree }).conflicts ?? []).toEqual([]);
        }
      }),
      { numRuns: 6 },
    );
    expect(added).toBeGreaterThanOrEqual(18);
  });
});

/** Where an emitter may add: entries of the list of ports and of its groups, of services and volumes, of routers and services. */
function addedPaths(before: string, after: string): (string | number)[][] {
  const old = parseYaml(before, 'before');
  const now = parseYaml(after, 'after');
  if (!old.ok || !now.ok) throw new Error('It does not parse.');
  const paths: (string | number)[][] = [];
  const groups = [['platform'], ['shared'], ['agents']];
  for (const parent of [['ports'], ...groups, ['services'], ['volumes'], ['http', 'routers'], ['http', 'services']]) {
    const there = valueAt(old.yaml.toJs(), parent);
    const here = valueAt(now.yaml.toJs(), parent);
    if (Array.isArray(here) && Array.isArray(there)) {
      const known = new Set(there.map((one) => JSON.stringify(one)));
      here.forEach((one, index) => known.has(JSON.stringify(one)) || paths.push([...parent, index]));
    } else if (there === undefined && here !== undefined) paths.push(parent);
    else if (!Array.isArray(here))
      for (const key of Object.keys(here ?? {})) if (!(key in (there ?? {}))) paths.push([...parent, key]);
  }
  return paths;
}

function valueAt(value: unknown, path: readonly string[]): object | undefined {
  let current = value;
  for (const step of path) current = (current as Record<string, unknown> | undefined)?.[step];
  return typeof current === 'object' && current !== null ? current : undefined;
}
