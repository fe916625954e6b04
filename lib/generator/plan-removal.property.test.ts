/** Add, then remove: random specs over the sample repository, untouched and edited by others meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlay } from './overlay';
import { runChecks } from './checks/index';
import { planAddition } from './plan';
import { planRemoval } from './plan-removal';
import { arbitraryResolvedSpec } from './test-arbitrary-spec';
import { addLines, arbitraryMess, textLines } from './test-mess';
import { testRepository } from './test-repositories';
import { applyPlan } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Plan } from './types';

const repository = testRepository('sample');
const { tree: sample, profile } = repository;
const arbitrarySpec = arbitraryResolvedSpec(repository);

function expectClear(plan: Plan): void {
  expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
}

describe('a removal', () => {
  it('gives back every byte that was there before the addition', () => {
    fc.assert(
      fc.property(arbitrarySpec, (manifest) => {
        const addition = planAddition({ manifest, profile, tree: sample });
        fc.pre(addition.conflicts.length === 0 && addition.refusals.length === 0);
        const added = applyPlan(sample, addition);
        const removal = planRemoval({ manifest, profile, tree: added });
        expectClear(removal);
        expectSameFiles(applyPlan(added, removal), sample);
        const checks = runChecks({ plan: removal, manifest, profile, tree: added });
        expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
        expect(removal.findings.filter((finding) => finding.kind === 'hand-edited')).toEqual([]);
        expect(removal.files.map((file) => file.path)).toEqual(
          expect.arrayContaining(addition.files.map((file) => file.path)),
        );
      }),
      { numRuns: 30 },
    );
  }, 300_000);

  it('takes the service’s nodes and leaves every line that others wrote meanwhile', () => {
    fc.assert(
      fc.property(arbitrarySpec, arbitraryMess, (manifest, mess) => {
        const addition = planAddition({ manifest, profile, tree: sample });
        fc.pre(addition.conflicts.length === 0 && addition.refusals.length === 0);
        const added = applyPlan(sample, addition);
        const shared = addition.files.filter((file) => file.before !== null && /\.ya?ml$/.test(file.path));
        const edited = new Map(
          shared.map((file) => [file.path, addLines(file.before ?? '', file.after ?? '', mess)] as const),
        );
        const tree = overlay(added, new Map([...edited].map(([path, { text }]) => [path, text])));
        const removal = planRemoval({ manifest, profile, tree });
        expectClear(removal);
        const after = applyPlan(tree, removal);
        expect(after.paths).toEqual(sample.paths);
        // The lines of the base and those that others added are there, in order; a remark in the service's own block goes with it.
        for (const [path, { kept }] of edited) expect([path, textLines(after.read(path) ?? '')]).toEqual([path, kept]);
        expect(planRemoval({ manifest, profile, tree: after })).toMatchObject({ outcome: 'unchanged' });
      }),
      { numRuns: 30 },
    );
  }, 300_000);
});
