/**
 * Computes a change set again from its record and holds it against the digest that a pull request names and against the bytes on its branch: whether what is about to be
 * merged is what Slipway made, no more and no less.
 */
import type { ChangeRecord } from './change-record';
import { loadProfile } from './load-profile';
import { planAction } from './plan-action';
import type { Tree } from './types';

export interface BranchState {
  /** The repository at the commit that the branch started from. */
  base: Tree;
  /** The repository at the branch's head. */
  head: Tree;
  /** Every path whose bytes or mode differ between the two. */
  changed: readonly string[];
  /** Subjects of the branch's commits, the oldest first. */
  subjects: readonly string[];
}

export interface Verification {
  /** Computed now. */
  digest: string;
  /** What differs, in words; empty where everything agrees. */
  differences: string[];
}

/** @param said the digest that the pull request names. */
export function verifyChange(record: ChangeRecord, said: string | undefined, branch: BranchState): Verification {
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
  const subjects = plan.commits.map(({ subject }) => subject);
  if (differences.length === 0 && subjects.join('\n') !== branch.subjects.join('\n'))
    differences.push(`The branch has other commits than were planned: ${branch.subjects.join('; ')}.`);
  return { digest: plan.digest, differences };
}
