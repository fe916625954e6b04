/**
 * Computes a change set again from its record and holds it against the digest that a pull request names and against the bytes on its branch: whether what is about to be
 * merged is what Slipway made, no more and no less.
 */
import type { ChangeRecord } from './change-record';
import { loadProfile } from './load-profile';
import { planAction } from './plan-action';
import type { Tree } from './types';

export interface BranchState {
  /** The merge base of the branch and the one that it goes into, by the history itself: a body that anybody may edit has no say in it. */
  start: string;
  /** The repository at `start`. */
  base: Tree;
  /** The repository at the branch's head. */
  head: Tree;
  /** Every path whose bytes or mode differ between the two. */
  changed: readonly string[];
  /** Subjects of the branch's commits, the oldest first. */
  subjects: readonly string[];
  /** Whether one of them is a merge: it can take back what the target has, and neither the files nor the subjects show it. */
  hasMerges: boolean;
}

export interface Verification {
  /** Computed now. */
  digest: string;
  /** What differs, in words; empty where everything agrees. */
  differences: string[];
}

/** @param said the digest that the pull request names. */
export function verifyChange(record: ChangeRecord, said: string | undefined, branch: BranchState): Verification {
  // On another commit the rest may well agree, and bring along whatever that commit holds.
  if (record.baseSha !== branch.start) return { digest: '', differences: [otherBase(record.baseSha, branch.start)] };
  const loaded = loadProfile(branch.base);
  if ('problems' in loaded) {
    const [problem] = loaded.problems;
    return { digest: '', differences: [`The profile at the base is not valid: ${problem?.message ?? ''}`] };
  }
  const { action, resolved, before } = record;
  const plan = planAction({ action, resolved, before, profile: loaded.profile, tree: branch.base });
  const planned = new Map(plan.files.map((file) => [file.path, file]));
  const obstacles = [...plan.conflicts.map((one) => one.message), ...plan.refusals.map((one) => one.reason)];
  const differences = obstacles.map((one) => `Planned again, something stands in the way: ${one}`);
  if (said === undefined) differences.push('The pull request names no digest.');
  else if (said !== plan.digest)
    differences.push(`The digest is another one: ${plan.digest} computed, ${said} in the pull request.`);
  for (const file of plan.files) {
    const text = branch.head.paths.includes(file.path) ? branch.head.read(file.path) : null;
    if (text !== file.after)
      differences.push(
        text === null
          ? `${file.path} is not on the branch.`
          : `${file.path} has other bytes on the branch than were planned.`,
      );
    else if (text !== null && (branch.head.isExecutable?.(file.path) ?? false) !== file.executable)
      differences.push(`${file.path} has another mode on the branch than was planned.`);
  }
  for (const path of branch.changed)
    if (!planned.has(path)) differences.push(`${path} is changed on the branch and no part of the plan.`);
  if (branch.hasMerges) differences.push('The branch has a merge among its commits, and none was planned.');
  const subjects = plan.commits.map(({ subject }) => subject);
  if (differences.length === 0 && subjects.join('\n') !== branch.subjects.join('\n'))
    differences.push(`The branch has other commits than were planned: ${branch.subjects.join('; ')}.`);
  return { digest: plan.digest, differences };
}

function otherBase(recorded: string, start: string): string {
  return `The record names ${recorded.slice(0, 12)} as the commit that it was planned on, and the branch left its target branch at ${start.slice(0, 12)}: commits before the planned ones would be merged too, or the branch was moved.`;
}
