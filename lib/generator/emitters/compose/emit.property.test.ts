/** Random services in Compose, two on one repository: nothing to add a second time, the second after the first, and out again in either order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAddition } from '../../plan';
import { planRemoval } from '../../plan-removal';
import { resolveFromTree } from '../../resolve';
import { arbitrarySpec } from '../../test-arbitrary-spec';
import { testRepository, type TestRepositoryName } from '../../test-repositories';
import { applyPlan } from '../../test-sample';
import type { ResolvedManifest, Tree } from '../../types';
import { composeEmitter } from './emit';

const names: TestRepositoryName[] = ['sample', 'one-file', 'stack-folders', 'grouped'];
const nothing = { conflicts: [], refusals: [] };

describe.each(names)('Compose services come to %s and go', (name) => {
  const { tree: base, profile } = testRepository(name);
  const bytes = (tree: Tree) => new Map(tree.paths.map((path) => [path, tree.read(path)]));

  function add(tree: Tree, manifest: ResolvedManifest): Tree {
    const plan = planAddition({ manifest, profile, tree }, [composeEmitter]);
    expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual(nothing);
    expect(plan.files.length).toBeGreaterThan(0);
    const after = applyPlan(tree, plan);
    expect(planAddition({ manifest, profile, tree: after }, [composeEmitter]).files).toEqual([]);
    return after;
  }

  function remove(tree: Tree, manifest: ResolvedManifest): Tree {
    const plan = planRemoval({ manifest, profile, tree }, [composeEmitter]);
    expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual(nothing);
    return applyPlan(tree, plan);
  }

  it('and every byte is as it was', { timeout: 120_000 }, () => {
    const spec = arbitrarySpec(testRepository(name)).filter((one) => one.runtime.compose !== undefined);
    const both = fc.record({ alsoInRoot: fc.boolean(), first: fc.boolean() });
    fc.assert(
      fc.property(
        fc.uniqueArray(spec, { minLength: 2, maxLength: 2, selector: (one) => one.name }),
        both,
        (specs, how) => {
          const [one, two] = specs.map((manifest, index): ResolvedManifest => {
            const compose = { networks: [], profiles: [], labels: [], ...manifest.runtime.compose };
            const alsoInRoot =
              how.alsoInRoot && profile.compose?.root !== undefined && manifest.runtime.dependsOn.length === 0;
            const runtime = { ...manifest.runtime, compose: { ...compose, alsoInRoot } };
            const { resolved } = resolveFromTree({ ...manifest, runtime }, profile, base, { date: '2026-11-03' });
            // Two that are resolved on one repository would get one port.
            return index === 0
              ? resolved
              : { ...resolved, ports: resolved.ports.map((port) => ({ ...port, external: 'none' })) };
          });
          if (!one || !two) throw new Error('Two services were asked for.');
          const withBoth = add(add(base, one), two);
          const without = how.first ? remove(remove(withBoth, one), two) : remove(remove(withBoth, two), one);
          expect(bytes(without)).toEqual(bytes(base));
        },
      ),
      { numRuns: 25 },
    );
  });
});
