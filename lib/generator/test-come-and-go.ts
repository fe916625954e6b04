/**
 * Random services on a platform, one after the other on the same repository: each is planned without an obstacle, passes every check and has nothing
 * to add a second time; Compose takes the result wherever it took the base; taken out again in any order, every byte is as it was. For property tests.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { runChecks } from './checks/index';
import { planAddition } from './plan';
import { planRemoval } from './plan-removal';
import { resolveFromTree } from './resolve';
import { arbitrarySpec } from './test-arbitrary-spec';
import { composeComplaints } from './test-compose';
import type { TestRepository } from './test-repositories';
import { applyPlan } from './test-sample';
import { expectSameFiles } from './test-trees';
import type { Manifest } from '@/lib/services/manifest';
import { overlaps } from '@/lib/services/port-range';
import type { ResolvedManifest, Tree } from './types';

/** Services in one sequence. Compose is asked once for all of them. */
export const SEQUENCE = 5;

/**
 * Lets that many sequences of services come and go.
 * @returns how many services came.
 * @throws where one of them does not hold, with the shortest sequence that shows it.
 */
export async function comeAndGo(repository: TestRepository, sequences: number): Promise<number> {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(arbitrarySpec(repository), { minLength: SEQUENCE, maxLength: SEQUENCE, comparator: quarrel }),
      fc.array(fc.nat(), { minLength: SEQUENCE, maxLength: SEQUENCE }),
      async (specs, order) => {
        let { tree } = repository;
        const added: ResolvedManifest[] = [];
        for (const spec of specs) {
          const one = add(repository, tree, spec);
          tree = one.tree;
          added.push(one.resolved);
          seen += 1;
        }
        expect(await composeComplaints(repository, tree)).toEqual([]);
        while (added.length > 0) {
          const [gone] = added.splice((order[added.length - 1] ?? 0) % added.length, 1);
          if (gone) tree = remove(repository, tree, gone);
        }
        expectSameFiles(tree, repository.tree);
      },
    ),
    { numRuns: sequences },
  );
  return seen;
}

function add({ profile }: TestRepository, tree: Tree, manifest: Manifest): { tree: Tree; resolved: ResolvedManifest } {
  const { resolved, conflicts } = resolveFromTree(manifest, profile, tree, { date: '2026-11-03' });
  const plan = planAddition({ manifest: resolved, profile, tree });
  expect({ conflicts: [...conflicts, ...plan.conflicts], refusals: plan.refusals }).toEqual({
    conflicts: [],
    refusals: [],
  });
  const failed = runChecks({ plan, manifest: resolved, profile, tree }).filter((check) => check.status === 'fail');
  expect(failed).toEqual([]);
  const after = applyPlan(tree, plan);
  expect(planAddition({ manifest: resolved, profile, tree: after }).files.map((file) => file.path)).toEqual([]);
  return { tree: after, resolved };
}

function remove({ profile }: TestRepository, tree: Tree, manifest: ResolvedManifest): Tree {
  const plan = planRemoval({ manifest, profile, tree });
  expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
  return applyPlan(tree, plan);
}

/** Two services that could not both be there: one name, or one port. */
function quarrel(one: Manifest, other: Manifest): boolean {
  const ports = ({ ports }: Manifest) =>
    ports.flatMap(({ external }) => (typeof external === 'string' ? [] : [external]));
  return (
    [one.name, one.workload].some((name) => name !== undefined && [other.name, other.workload].includes(name)) ||
    ports(one).some((mine) => ports(other).some((theirs) => overlaps(mine, theirs)))
  );
}
