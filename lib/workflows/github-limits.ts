/** GitHub's limits, kept to by all processes together: what one of them hears the others know before they ask, and those who write stand in a row. */
import type { GitHubWatch } from '@/lib/adapters/github/watch';
import { gitHubSettings } from '@/lib/env';
import { UpstreamError } from '@/lib/errors';
import { clockTime } from '@/lib/requests/waits';
import { noteBudget } from '@/lib/queue/upstream-budgets';
import { notePause, pauseFor } from '@/lib/queue/upstream-pauses';
import { takeTurn } from '@/lib/queue/upstream-turns';
import type { StepName } from '@/lib/requests/views';

const SYSTEM = 'GitHub';
/** So that not everybody comes back in the same second. */
const JITTER_MS = 5_000;

/** What the connection of a portal or a worker is watched by. */
export const gitHubWatch: GitHubWatch = {
  before: async (writes) => {
    const pause = await pauseFor(SYSTEM, writes);
    if (pause) throw waitUntil(pause.until, `${pause.reason}; it will be asked again at ${clockTime(pause.until)}.`);
  },
  limited: ({ kind, seconds, writes }) =>
    notePause(SYSTEM, {
      // A primary limit counts every request. A secondary one is about what was asked: reading goes on where writing was too much.
      scope: kind === 'secondary' && writes ? 'writes' : 'all',
      until: new Date(Date.now() + seconds * 1000),
      reason: kind === 'primary' ? 'GitHub’s hourly limit is used up' : 'GitHub limits how much may be asked at once',
    }),
  answered: (budget) => noteBudget(SYSTEM, budget),
};

/**
 * Stands in the row of those who write to GitHub. To be asked first thing in a step that writes.
 * @param writes how many requests the step will send that create something.
 * @throws UpstreamError with the wait, where it is not this step's turn.
 */
export async function waitForTurn(requestId: number, step: StepName, writes: number): Promise<void> {
  const { writeLimits } = gitHubSettings();
  if (!writeLimits) return;
  // Whoever changed their mind does not wait for those who have not: a cancelled request keeps ports from others.
  const turn = await takeTurn(SYSTEM, `${step}:${requestId}`, writes, writeLimits, { urgent: step === 'cancel' });
  if (!turn) return;
  const reason = `GitHub takes so many changes in a minute and an hour, and others are before this one; its turn is at ${clockTime(turn)}.`;
  // No jitter: the turn is this step's alone.
  throw new UpstreamError(reason, { system: SYSTEM, retryable: true, retryAfterSeconds: secondsUntil(turn) });
}

/** When to come back, where an error is a limit; undefined where it is not. */
export function endOfWait(error: unknown): Date | undefined {
  if (!(error instanceof UpstreamError) || error.retryAfterSeconds === undefined) return undefined;
  return new Date(Date.now() + error.retryAfterSeconds * 1000);
}

function waitUntil(until: Date, message: string): UpstreamError {
  const later = new Date(until.getTime() + Math.random() * JITTER_MS);
  return new UpstreamError(message, { system: SYSTEM, retryable: true, retryAfterSeconds: secondsUntil(later) });
}

function secondsUntil(moment: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - Date.now()) / 1000));
}
