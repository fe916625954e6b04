/** What the checks by real tools have in common: how they are named, timed and judged. */
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import type { CheckResult } from '@/lib/generator/types';

export type ToolVerdict = Pick<CheckResult, 'status' | 'summary' | 'detail'> & {
  /** A tool that is here gave no verdict: its time was up, it could not be started. Another try may give one. */
  noVerdict?: true;
};

export type ToolCheckResult = TimedCheckResult & ToolVerdict;

/** Runs tasks beside each other, at most as many as the machine has cores. */
export type Runner = <T>(task: () => Promise<T>) => Promise<T>;

export interface ToolCheckName {
  /** Stable, for links and tests: `compose-config`. */
  id: string;
  name: string;
}

/** A runner of at most `most` tasks at a time, in the order in which they came. */
export function runnerOf(most: number): Runner {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The place goes to the next one as it is: it is never free in between for one that has just come.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Runs a check and times it. One that breaks gives no verdict: the change is neither sound nor at fault for it. */
export async function timed(
  name: ToolCheckName,
  clock: () => number,
  judge: () => Promise<ToolVerdict>,
): Promise<ToolCheckResult> {
  const start = clock();
  const verdict = await judge().catch((error: unknown) => withoutVerdict([reasonOf(error)]));
  return { ...name, ...verdict, durationMs: Math.max(0, clock() - start) };
}

/** Nothing for this check in the change. */
export function notConcerned(summary: string): ToolVerdict {
  return { status: 'pass', summary, detail: '' };
}

/** The tool is not here: said, and never taken for a pass. */
export function notRun(how: string): ToolVerdict {
  return { status: 'not-run', summary: how, detail: '' };
}

/** What a tool gave no verdict on, with the reasons. */
function withoutVerdict(reasons: readonly string[], detail = reasons.join('\n')): ToolVerdict {
  return {
    status: 'not-run',
    summary: `It could not be judged: ${reasons[0]?.split('\n')[0] ?? ''}`,
    detail,
    noVerdict: true,
  };
}

/** Why a tool gave no verdict, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** New faults block; old ones are told apart; what could not be looked at makes neither a pass nor a failure. */
export function judged(found: {
  faults: readonly string[];
  old: readonly string[];
  unjudged: readonly string[];
  /** What a tool that is here gave no verdict on, with its reason. */
  noVerdict?: readonly string[];
  seen: readonly string[];
  passed: string;
}): ToolVerdict {
  const { faults, old, unjudged, noVerdict = [], seen, passed } = found;
  const detail = [
    ...faults,
    ...old.map((fault) => `There before the change: ${fault}`),
    ...noVerdict.map((one) => `No verdict: ${one}`),
    ...unjudged.map((one) => `Not run: ${one}`),
    ...seen,
  ].join('\n');
  const [first] = faults;
  if (first !== undefined) {
    const more = faults.length > 1 ? ` And ${faults.length - 1} more.` : '';
    return { status: 'fail', summary: `${first.split('\n')[0] ?? first}${more}`, detail };
  }
  if (noVerdict.length > 0) return withoutVerdict(noVerdict, detail);
  const [unknown] = unjudged;
  if (unknown !== undefined && seen.length === 0 && old.length === 0)
    return { status: 'not-run', summary: unknown, detail };
  if (unknown !== undefined) return { status: 'warn', summary: `Not all of it could be looked at: ${unknown}`, detail };
  if (old.length > 0)
    return { status: 'warn', summary: `${passed} Old faults stay: ${old[0]?.split('\n')[0] ?? ''}`, detail };
  return { status: 'pass', summary: passed, detail };
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
