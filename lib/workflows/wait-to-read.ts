/** A job about a request that another system lets wait before it may so much as read. */
import { db } from '@/lib/db';
import { UpstreamError } from '@/lib/errors';
import { newReference } from '@/lib/log';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { openStates } from '@/lib/requests/states';
import { noteWait } from '@/lib/requests/waits';
import { endOfWait } from './github-limits';

const steps = { 'sync-pull-request': 'sync', 'refresh-request': 'refresh' } as const;

/**
 * Queues the job for the end of the wait, and says so on the timeline of a request that has not ended.
 * @returns false where the error is no such wait.
 */
export async function queueAfterWait(requestId: number, job: keyof typeof steps, error: unknown): Promise<boolean> {
  const later = endOfWait(error);
  if (!later || !(error instanceof UpstreamError)) return false;
  const { system: limitedBy, publicMessage } = error;
  await db().$transaction(async (tx) => {
    const waits = { step: steps[job], limitedBy, publicMessage, nextAttemptAt: later, reference: newReference() };
    const open = await tx.changeRequest.count({ where: { id: requestId, state: { in: [...openStates] } } });
    if (open > 0) await noteWait(tx, requestId, waits);
    await enqueueForRequest(tx, job, requestId, later);
  });
  return true;
}
