/**
 * What must hold before a pull request is opened, one line each. Checks compare the base with the result: only what the change adds can fail,
 * old faults are listed apart.
 */
import type { Profile } from '../profile';
import type { CheckResult, Plan, ResolvedManifest, Tree } from '../types';

export interface CheckContext {
  plan: Plan;
  manifest: ResolvedManifest;
  profile: Profile;
  /** The repository before the change. */
  tree: Tree;
}

export interface Check {
  /** Stable, for links and tests: `additions-only`. */
  id: string;
  name: string;
  run(context: CheckContext): Pick<CheckResult, 'status' | 'summary' | 'detail'>;
}

/** A check's result with the time it took. */
export type TimedCheckResult = CheckResult & { durationMs: number };

export const checks: readonly Check[] = [];

/**
 * Runs every check. A check that throws has failed, with its reason; it never takes the others with it.
 * @param clock milliseconds, for the durations; the generator itself knows no time.
 */
export function runChecks(context: CheckContext, clock: () => number = () => 0): TimedCheckResult[] {
  return checks.map((check) => {
    const start = clock();
    const result = runOne(check, context);
    return { id: check.id, name: check.name, ...result, durationMs: Math.max(0, clock() - start) };
  });
}

function runOne(check: Check, context: CheckContext): ReturnType<Check['run']> {
  try {
    return check.run(context);
  } catch (error) {
    return {
      status: 'fail',
      summary: 'The check itself broke; this is a fault in Slipway.',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
