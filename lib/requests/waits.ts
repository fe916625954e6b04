/** A step that another system lets wait: said once, however often it has to wait on. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { stepTitles } from './step-policy';
import type { StepFailure } from './steps';
import { recordEvent } from './timeline';

/** `02:14 UTC`. */
export function clockTime(moment: Date): string {
  return `${moment.toISOString().slice(11, 16)} UTC`;
}

/** What waits for another system, and until when; a step that failed of nothing else is one. */
export type Wait = Pick<StepFailure, 'step' | 'limitedBy' | 'publicMessage' | 'nextAttemptAt' | 'reference'>;

/** A wait without a step: a job that only reads. */
export type ReadingWait = Omit<Wait, 'step'> & { step: 'sync' };

const readingTitle = 'Reading the pull request';

/**
 * Says on the timeline that the step waits and until when, unless it says so already and only of other waits since: the page shows the next try in any case.
 */
export async function noteWait(
  tx: Prisma.TransactionClient,
  requestId: number,
  wait: Wait | ReadingWait,
): Promise<void> {
  const { step } = wait;
  const last = await tx.timelineEvent.findFirst({
    where: { requestId, kind: { not: 'limit' } },
    orderBy: { id: 'desc' },
    select: { id: true },
  });
  const told = { requestId, kind: 'limit', key: { startsWith: `limit:${step}:` }, id: { gt: last?.id ?? 0n } };
  if ((await tx.timelineEvent.count({ where: told })) > 0) return;
  const until = wait.nextAttemptAt ? ` Trying again at ${clockTime(wait.nextAttemptAt)}.` : '';
  await recordEvent(tx, {
    requestId,
    key: `limit:${step}:${wait.reference}`,
    kind: 'limit',
    status: 'info',
    title: `${step === 'sync' ? readingTitle : stepTitles[step]} waits: ${wait.limitedBy ?? 'another system'} limits how often it may be asked`,
    detail: `${wait.publicMessage}${until} No try is lost by waiting.`,
  });
}
