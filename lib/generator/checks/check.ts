/** What a check is, what it is given, and the words it answers in. */
import { overlay } from '../overlay';
import type { Profile } from '../profile';
import type { CheckResult, Plan, ResolvedManifest, Tree } from '../types';

export interface CheckContext {
  plan: Plan;
  manifest: ResolvedManifest;
  profile: Profile;
  /** The repository before the change. */
  tree: Tree;
}

/** The same, with the repository as the change leaves it. */
export interface CheckInput extends CheckContext {
  after: Tree;
}

export type Verdict = Pick<CheckResult, 'status' | 'summary' | 'detail'>;

export interface Check {
  /** Stable, for links and tests: `additions-only`. */
  id: string;
  name: string;
  run(input: CheckInput): Verdict;
}

export function checkInput(context: CheckContext): CheckInput {
  const written = new Map(context.plan.files.map((file) => [file.path, file.after]));
  return { ...context, after: overlay(context.tree, written) };
}

/** Passed: what was compared, with figures; `seen` line by line for whoever opens the row. */
export function pass(summary: string, seen: readonly string[] = []): Verdict {
  return { status: 'pass', summary, detail: seen.join('\n') };
}

/** Failed where there are faults, else passed. */
export function verdict(faults: readonly string[], passed: string, seen: readonly string[] = []): Verdict {
  const [first] = faults;
  if (first === undefined) return pass(passed, seen);
  const summary = faults.length === 1 ? first : `${first} And ${faults.length - 1} more.`;
  return { status: 'fail', summary, detail: [...faults, ...seen].join('\n') };
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
