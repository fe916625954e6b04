/**
 * The last step before a plan's bytes stand: whatever an emitter says is its own, a removal and a change that touch more are refused and the file is
 * left alone. The emitters here claim too much on purpose; that additions are proved is in apply-edits.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { treeOf } from './overlay';
import { planChange } from './plan-change';
import { planRemoval } from './plan-removal';
import { Profile } from './profile';
import { resolvedSpec } from './test-resolved-spec';
import type { Emitter, EmitContext, ResolvedManifest } from './types';

const profile = Profile.parse({ platform: { name: 'Test', domain: 'x.test' }, compose: { root: 'a.yml' } });
const withImage = (image: string) =>
  resolvedSpec({
    name: 'relay',
    purpose: 'Relays',
    category: 'media',
    owner: 'o',
    runtime: { source: { kind: 'image', image }, compose: {} },
  });
const [first, second] = [withImage('relay:1'), withImage('relay:2')];

const other = '  other:\n    image: other:1\n';
const imageOf = ({ runtime: { source } }: ResolvedManifest) => (source.kind === 'image' ? source.image : '');
const entry = ({ manifest }: Pick<EmitContext, 'manifest'>) => `  relay:\n    image: ${imageOf(manifest)}\n`;
const base = `services:\n${other}`;
const added = `${base}${entry({ manifest: first })}`;

interface Claim {
  /** Its nodes, where it is YAML. */
  at?: string[];
  /** A line that begins with these words is its own too. */
  line?: string;
}

/** Writes its entry at the end of a file, and takes for its own what it is told. */
function greedy(path: string, claim: (context: EmitContext) => Claim): Emitter {
  return {
    name: 'greedy',
    commit: 'runtime',
    applies: () => true,
    emit: (context) => {
      const text = context.tree.read(path) ?? '';
      if (text.includes(entry(context))) return { edits: [] };
      return { edits: [{ kind: 'splice', path, start: text.length, end: text.length, text: entry(context) }] };
    },
    owned: (context) => {
      const text = context.tree.read(path) ?? '';
      const { at, line } = claim(context);
      if (!text.includes('relay')) return { parts: [] };
      const start = line === undefined ? -1 : text.indexOf(line);
      const end = text.indexOf('\n', start) + 1;
      return {
        parts: [
          ...(start < 0 ? [] : [{ kind: 'lines' as const, path, start, end }]),
          ...(at ? [{ kind: 'yaml' as const, path, at }] : []),
        ],
      };
    },
  };
}

const own = ['services', 'relay'];

describe('a removal', () => {
  const remove = (path: string, text: string, claim: Claim) =>
    planRemoval({ manifest: first, profile, tree: treeOf({ [path]: text }) }, [greedy(path, () => claim)]);

  it('takes what is the service’s', () => {
    expect(remove('a.yml', added, { at: own })).toMatchObject({ refusals: [], files: [{ after: base }] });
  });

  it('is refused where it would take a node that is not', () => {
    const plan = remove('a.yml', added, { at: own, line: '    image: other:1' });
    expect(plan.files).toEqual([]);
    expect(plan.refusals).toMatchObject([
      { path: 'a.yml', reason: expect.stringContaining('services.other') as string },
    ]);
  });

  it('is refused where the lines could not be put back as an addition', () => {
    // Without its last entry the object would end with a comma.
    const plan = remove('a.json', '{\n  "other": 1,\n  "relay": 2\n}\n', { line: '  "relay"' });
    expect(plan.files).toEqual([]);
    expect(plan.refusals).toMatchObject([
      { path: 'a.json', reason: expect.stringContaining('taken out safely') as string },
    ]);
  });
});

describe('a change', () => {
  const change = (claim: (context: EmitContext) => Claim) =>
    planChange({ before: first, after: second, profile, tree: treeOf({ 'a.yml': added }) }, [greedy('a.yml', claim)]);

  it('makes different what is the service’s', () => {
    const plan = change(() => ({ at: own }));
    expect(plan).toMatchObject({ refusals: [], files: [{ after: `${base}${entry({ manifest: second })}` }] });
  });

  it('is refused where it would make different what is not', () => {
    // By the new spec all services are its own: they would stand where its entry stood.
    const plan = change(({ manifest }) => ({ at: imageOf(manifest) === 'relay:1' ? own : ['services'] }));
    expect(plan.files).toEqual([]);
    expect(plan.refusals).toMatchObject([{ path: 'a.yml' }]);
  });
});
