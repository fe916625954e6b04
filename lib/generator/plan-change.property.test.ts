/** Change there and back: random pairs of specs over the sample repository, with and without what people edited meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAddition } from './plan';
import { planChange } from './plan-change';
import { arbitraryChange } from './test-arbitrary-specs';
import { applyPlan, sampleProfile, sampleTree } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Plan, ResolvedManifest, Tree } from './types';

const sample = sampleTree();
const profile = sampleProfile(sample);

function expectClear(plan: Plan): void {
  expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
}

function add(manifest: ResolvedManifest): Tree {
  const addition = planAddition({ manifest, profile, tree: sample });
  fc.pre(addition.conflicts.length === 0 && addition.refusals.length === 0);
  return applyPlan(sample, addition);
}

describe('a change', () => {
  it('goes there and back to the same bytes, and to nothing once it is made', () => {
    fc.assert(
      fc.property(arbitraryChange, ({ before, after }) => {
        const added = add(before);
        add(after);
        const there = planChange({ before, after, profile, tree: added });
        expectClear(there);
        const changed = applyPlan(added, there);
        expect(planChange({ before: after, after, profile, tree: changed })).toMatchObject({ outcome: 'unchanged' });
        expect(planAddition({ manifest: after, profile, tree: changed })).toMatchObject({ conflicts: [], files: [] });
        const back = planChange({ before: after, after: before, profile, tree: changed });
        expectClear(back);
        expectSameFiles(applyPlan(changed, back), added);
      }),
      { numRuns: 40 },
    );
  });
});
