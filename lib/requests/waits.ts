/** A step that another system lets wait: said once, however often it has to wait on. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { stepTitles } from './step-policy';
import type { StepFailure } from './steps';
import { recordEvent } from './timeline';

/** `02:14 UTC`. */
export function clockTime(moment: Date): string {
  return `${moment.toISOString().slice(11, 16)} UTC`;
}

/**
 * Says on the timeline that the step waits and until when, unless that is the last thing it says: the page shows the next try in any case.
 */
export async function noteWait(tx: Prisma.TransactionClient, requestId: number, failure: StepFailure): Promise<void> {
  const last = await tx.timelineEvent.findFirst({ where: { requestId }, orderBy: { id: 'desc' } });
  if (last?.kind === 'limit' && last.key.startsWith(`limit:${failure.step}:`)) return;
  const until = failure.nextAttemptAt ? ` Trying again at ${clockTime(failure.nextAttemptAt)}.` : '';
  await recordEvent(tx, {
    requestId,
    key: `limit:${failure.step}:${failure.reference}`,
    kind: 'limit',
    status: 'info',
    title: `${stepTitles[failure.step]} waits: ${failure.limitedBy ?? 'another system'} limits how often it may be asked`,
    detail: `${failure.publicMessage}${until} No try is lost by waiting.`,
  });
}
