import { describe, expect, it } from 'vitest';
import { overlay, treeOf } from '../overlay';
import { planAddition } from '../plan';
import { planRemoval } from '../plan-removal';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import { applyPlan } from '../test-sample';
import type { Tree } from '../types';
import { checkInput } from './check';
import { nothingLeft } from './nothing-left';

const profile = Profile.parse({
  platform: { name: 'Test', domain: 'x.test' },
  ports: { registry: 'ports.yaml' },
  compose: {
    stacks: { main: 'compose.yml', more: 'more/compose.yml' },
    defaultStack: 'main',
    defaultNetwork: 'default',
  },
});
const manifest = resolvedSpec({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 80, external: 7880, why: 'API' }],
  runtime: { source: { kind: 'image', image: 'relay:1' }, compose: {} },
});
const base = treeOf({
  'ports.yaml': 'ports:\n  - service: other\n    port: 7000\n',
  'compose.yml': 'services:\n  other:\n    image: other:1\n',
  'more/compose.yml': 'services:\n  relay-helper:\n    image: helper:1\n',
});
const added = applyPlan(base, planAddition({ manifest, profile, tree: base }));

/** What the check says of the removal from a tree in which a file reads otherwise. */
function judged(path: string, change: (text: string) => string, tree: Tree = added) {
  const now = overlay(tree, new Map([[path, change(tree.read(path) ?? '')]]));
  const plan = planRemoval({ manifest, profile, tree: now });
  return { plan, verdict: nothingLeft(checkInput({ plan, manifest, profile, tree: now })) };
}
const broken = (text: string) => text.replace('services:\n', 'services:\n  a: [\n');

describe('after a removal', () => {
  it('nothing is left where every file could be read', () => {
    expect(judged('compose.yml', (text) => text).verdict).toMatchObject({ status: 'pass' });
  });

  it('a file that cannot be read and has the name in it is no file without the service', () => {
    const { plan, verdict } = judged('compose.yml', broken);
    // The block would stay: nobody has seen it.
    expect(plan.files.map(({ path }) => path)).not.toContain('compose.yml');
    expect(verdict.status).toBe('fail');
    expect(verdict.summary).toMatch(/^compose\.yml(:\d+)? has relay in it and cannot be read: mend the file first\./);
    expect(judged('ports.yaml', (text) => `${text}\n  - [`).verdict).toMatchObject({ status: 'fail' });
  });

  it('one that speaks of others alone stands in no way', () => {
    expect(judged('more/compose.yml', broken).verdict).toMatchObject({ status: 'pass' });
  });
});
