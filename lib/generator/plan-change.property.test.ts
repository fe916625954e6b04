/** Change there and back: random pairs of specs over platforms of every kind, with and without what people edited meanwhile. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runChecks } from './checks/index';
import { overlay } from './overlay';
import { planAddition } from './plan';
import { planChange } from './plan-change';
import { arbitraryChange } from './test-arbitrary-spec';
import { addRemarks, arbitraryRemarks, withoutRemarks } from './test-mess';
import { testRepository, type TestRepository, type TestRepositoryName } from './test-repositories';
import { applyPlan } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Plan, ResolvedManifest, Tree } from './types';
import { parseYaml } from './yaml/parse';

/** Most of the pairs on small platforms, since these are quick; on each are hundreds of ways to write the same. */
const pairsOn: Record<TestRepositoryName, number> = {
  sample: 30,
  'one-file': 60,
  'stack-folders': 60,
  clusters: 60,
  grouped: 60,
};

function expectClear(plan: Plan): void {
  expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
}

function add({ profile, tree }: TestRepository, manifest: ResolvedManifest): Tree {
  const addition = planAddition({ manifest, profile, tree });
  fc.pre(addition.conflicts.length === 0 && addition.refusals.length === 0);
  return applyPlan(tree, addition);
}

function valuesOf(text: string): unknown {
  const parsed = parseYaml(text, 'text');
  return parsed.ok ? parsed.yaml.toJs() : text;
}

describe('a change', () => {
  it.each(Object.entries(pairsOn))(
    'on %s goes there and back to the same bytes, and to nothing once it is made',
    (name, numRuns) => {
      const repository = testRepository(name as TestRepositoryName);
      const { profile } = repository;
      fc.assert(
        fc.property(arbitraryChange(repository), ({ before, after }) => {
          const added = add(repository, before);
          add(repository, after);
          const there = planChange({ before, after, profile, tree: added });
          expectClear(there);
          const checks = runChecks({ plan: there, manifest: after, profile, tree: added });
          expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
          const changed = applyPlan(added, there);
          expect(planChange({ before: after, after, profile, tree: changed })).toMatchObject({ outcome: 'unchanged' });
          expect(planAddition({ manifest: after, profile, tree: changed })).toMatchObject({ conflicts: [], files: [] });
          const back = planChange({ before: after, after: before, profile, tree: changed });
          expectClear(back);
          expectSameFiles(applyPlan(changed, back), added);
        }),
        { numRuns },
      );
    },
    300_000,
  );

  it('makes the same difference in blocks that people wrote remarks in, and leaves the remarks', () => {
    const repository = testRepository('sample');
    const { profile, tree: sample } = repository;
    let kept = 0;
    fc.assert(
      fc.property(arbitraryChange(repository), arbitraryRemarks, ({ before, after }, remarks) => {
        const added = add(repository, before);
        const pristine = applyPlan(added, planChange({ before, after, profile, tree: added }));
        const shared = [profile.compose?.stacks, { traefik: profile.traefik?.dynamic, ports: profile.ports?.registry }];
        const paths = shared.flatMap((group) => Object.values(group ?? {})).filter((path) => path !== undefined);
        const edited = new Map(
          paths.map((path) => [path, addRemarks(sample.read(path) ?? '', added.read(path) ?? '', remarks)]),
        );
        const tree = overlay(added, edited);
        const change = planChange({ before, after, profile, tree });
        fc.pre(change.refusals.length === 0);
        expectClear(change);
        const changed = applyPlan(tree, change);
        // Beside other neighbours an entry is written in their form, one that people edited in its own.
        const form = before.category === after.category ? (text: string) => text : (text: string) => valuesOf(text);
        const expectAlike = (tree: Tree, wanted: Tree) => {
          expect(tree.paths).toEqual(wanted.paths);
          for (const path of paths)
            expect([path, form(withoutRemarks(tree.read(path) ?? ''))]).toEqual([path, form(wanted.read(path) ?? '')]);
        };
        expectAlike(changed, pristine);
        kept += paths.filter((path) => changed.read(path)?.includes('# by hand')).length;
        const back = planChange({ before: after, after: before, profile, tree: changed });
        fc.pre(back.refusals.length === 0);
        expectAlike(applyPlan(changed, back), added);
      }),
      { numRuns: 20 },
    );
    expect(kept).toBeGreaterThan(6);
  }, 300_000);
});
