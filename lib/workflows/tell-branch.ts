/** That the branch stands on GitHub with its commits, on the timeline: by whoever notes it first. */
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { recordEvent } from '@/lib/requests/timeline';

/** Told once. @param commits how many. */
export async function tellBranch(
  tx: Prisma.TransactionClient,
  request: Pick<ChangeRequest, 'id' | 'branch'>,
  commits: number,
  durationMs?: number,
): Promise<void> {
  await recordEvent(tx, {
    requestId: request.id,
    key: 'commits',
    kind: 'commits',
    status: 'done',
    title: `${commits} ${commits === 1 ? 'commit' : 'commits'} on ${request.branch}`,
    durationMs,
  });
}
