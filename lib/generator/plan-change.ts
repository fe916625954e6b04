/**
 * Turns two specs of one service into the change set that leads from the one to the other: what the difference makes different in the service's own
 * blocks changes in place, what only the new spec asks for is added, what only the old one did goes. What people edited stays.
 */
import { changeOwned } from './change-owned';
import { describeCommit } from './commit-words';
import { notCovered } from './coverage';
import { emitters as allEmitters } from './emitters/index';
import { unconcerned } from './plan';
import { runSteps } from './plan-steps';
import { profilePath, type Profile } from './profile';
import {
  commitKeys,
  type CommitKey,
  type Conflict,
  type Emitter,
  type Plan,
  type ResolvedManifest,
  type Tree,
} from './types';

export interface ChangeInput {
  /** The spec that the service was last planned from. */
  before: ResolvedManifest;
  /** The spec as it is to be. */
  after: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}

/**
 * Plans the change of a service; `unchanged` where the specs come to the same. There and back gives the same bytes.
 * Where a person changed the very node that the spec changes, the plan has a refusal with what is to stand there.
 * @param emitters what to run; all of them except in tests.
 */
export function planChange(input: ChangeInput, emitters: readonly Emitter[] = allEmitters): Plan {
  const { before, profile, tree } = input;
  // The number of a runbook and the day of the first request are the service's for good.
  const after: ResolvedManifest = {
    ...input.after,
    date: before.date,
    ...(before.runbook && input.after.runbook ? { runbook: before.runbook } : {}),
  };
  const obstacles = [...renamed(before, after), ...absent(input, emitters)];
  const plan = runSteps({
    action: 'change',
    tree,
    profile,
    // The emitters of one commit write into the same files, each beside what the others wrote: they change as one.
    turns: obstacles.length > 0 ? [] : groupsOf(emitters),
    commits: commitKeys,
    take: ({ emitters: group }, current) =>
      changeOwned(group, { before, after, profile, tree: current, original: tree }),
    describe: (key, names) => describeCommit('change', key, { manifest: after, profile, tree }, names),
    findings: notCovered({ manifest: after, profile, tree }),
    unconcerned: obstacles.length > 0 ? undefined : unconcerned,
  });
  return obstacles.length > 0 ? { ...plan, outcome: 'changes', conflicts: obstacles } : plan;
}

function groupsOf(emitters: readonly Emitter[]): { name: string; commit: CommitKey; emitters: readonly Emitter[] }[] {
  return commitKeys.map((commit) => ({
    name: commit,
    commit,
    emitters: emitters.filter((emitter) => emitter.commit === commit),
  }));
}

function renamed(before: ResolvedManifest, after: ResolvedManifest): Conflict[] {
  if (before.name === after.name) return [];
  return [
    {
      kind: 'name',
      field: 'name',
      path: profilePath,
      owner: before.name,
      message: `A service keeps its name: ${before.name} cannot become ${after.name}. Add ${after.name}, move over what it needs, then remove ${before.name}.`,
    },
  ];
}

/** Where nothing of the service stands in the repository there is nothing to change. */
function absent({ before, profile, tree }: ChangeInput, emitters: readonly Emitter[]): Conflict[] {
  const context = { manifest: before, profile, tree };
  const owners = emitters.filter((emitter) => emitter.applies(context));
  if (owners.length === 0 || owners.some((emitter) => emitter.owned(context).parts.length > 0)) return [];
  return [
    {
      kind: 'name',
      field: 'name',
      path: profilePath,
      message: `Nothing of ${before.name} stands in the repository, so that nothing can be changed. Add it instead.`,
    },
  ];
}
