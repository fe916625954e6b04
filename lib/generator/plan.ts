/**
 * Turns a resolved spec into the change set of a pull request that adds the service: runs the emitters and proves every edit of theirs. Pure: the
 * same manifest, profile and tree give the same bytes. plan-removal.ts takes it out again, plan-change.ts makes it what another spec says.
 */
import { applyEdits } from './apply-edits';
import { describeCommit } from './commit-words';
import { notCovered, runsNowhere } from './coverage';
import { emitters as allEmitters } from './emitters/index';
import { runSteps } from './plan-steps';
import type { Profile } from './profile';
import { commitKeys, type Emitter, type Plan, type ResolvedManifest, type Tree } from './types';

export interface PlanInput {
  manifest: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}

/** Why nothing is planned on a platform that has none of the files. */
export const unconcerned =
  'This platform has no file that the service concerns: Slipway looked for Compose files, Helm charts and a port registry. Say in a slipway.yaml at its root where they are, under compose, helm and ports.';

/**
 * Plans the addition of a service.
 * Where `conflicts` or `refusals` are not empty, the plan still lists the files that could be edited, for the preview; such a plan is not to be
 * carried out.
 * @param emitters what to run; all of them except in tests.
 */
export function planAddition(input: PlanInput, emitters: readonly Emitter[] = allEmitters): Plan {
  const nowhere = runsNowhere(input);
  return runSteps({
    action: 'add',
    tree: input.tree,
    profile: input.profile,
    turns: emitters,
    commits: commitKeys,
    take: (emitter, tree) => {
      const context = { ...input, tree };
      if (!emitter.applies(context)) return undefined;
      const emission = emitter.emit(context);
      const applied = applyEdits(tree, emission.edits);
      return {
        files: applied.files,
        conflicts: [...(emission.conflicts ?? []), ...applied.conflicts],
        refusals: [...(emission.refusals ?? []), ...applied.refusals],
        findings: emission.findings ?? [],
        followUps: emission.followUps ?? [],
      };
    },
    describe: (key, names) => describeCommit('add', key, input, names),
    findings: notCovered(input),
    refusals: nowhere,
    unconcerned: nowhere.length > 0 ? undefined : unconcerned,
  });
}
