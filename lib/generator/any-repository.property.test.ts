/**
 * Random services on platforms of every kind, one after the other on the same repository: each is planned without an obstacle, passes every check and has
 * nothing to add a second time; Compose takes the result wherever it took the base; taken out again in any order, every byte is as it was.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runChecks } from './checks/index';
import { planAddition } from './plan';
import { planRemoval } from './plan-removal';
import { resolveFromTree } from './resolve';
import { arbitrarySpec } from './test-arbitrary-spec';
import { composeComplaints } from './test-compose';
import { testRepository, testRepositoryNames, type TestRepository, type TestRepositoryName } from './test-repositories';
import { applyPlan } from './test-sample';
import type { Manifest } from '@/lib/services/manifest';
import { overlaps } from '@/lib/services/port-range';
import type { ResolvedManifest, Tree } from './types';

/** Sequences of five services: 1,000 in all, fewer where the repository is large. */
const sequences: Record<TestRepositoryName, number> = {
  sample: 20,
  'one-file': 50,
  'stack-folders': 50,
  clusters: 30,
  grouped: 50,
};
const LENGTH = 5;

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

function bytes(tree: Tree): Map<string, string | undefined> {
  return new Map(tree.paths.map((path) => [path, tree.read(path)]));
}

describe.each(testRepositoryNames)('services come to %s and go', (name) => {
  const repository = testRepository(name);

  it(`${sequences[name] * LENGTH} of them, and every byte is as it was`, { timeout: 600_000 }, async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(arbitrarySpec(repository), {
          minLength: LENGTH,
          maxLength: LENGTH,
          comparator: quarrel,
        }),
        fc.array(fc.nat(), { minLength: LENGTH, maxLength: LENGTH }),
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
          expect(bytes(tree)).toEqual(bytes(repository.tree));
        },
      ),
      { numRuns: sequences[name] },
    );
    expect(seen).toBeGreaterThanOrEqual(sequences[name] * LENGTH);
  });
});
