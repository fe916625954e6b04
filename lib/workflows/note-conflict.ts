/** Conflicts of an open pull request with its base: whether the branch is brought up to it, or people are told. */
import type { WholePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { recordEvent } from '@/lib/requests/timeline';
import { findRequest } from './request-row';

/**
 * GitHub says that main and the branch touch the same lines. Slipway's own branch is brought up to main; of a person's it is told, once for each head of the
 * branch, and once when it is mended.
 */
export async function noteConflict(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  if (pull.state !== 'open' || pull.mergeable === undefined) return;
  if (pull.mergeable) return noteResolved(request);
  const { branchTakenAt, branchTakenBy } = (await findRequest(request.id)) ?? request;
  if (!branchTakenAt) {
    await enqueueForRequest(db(), 'refresh-request', request.id);
    return;
  }
  await recordEvent(db(), {
    requestId: request.id,
    key: `conflict:${pull.headSha}`,
    kind: 'conflict',
    status: 'failed',
    title: `Conflicts with ${request.baseBranch}`,
    detail: `${request.baseBranch} changed the same lines, and the branch is ${branchTakenBy ?? 'somebody'}’s. Resolve it there, or let Slipway take the branch over.`,
    link: pull.url,
  });
}

async function noteResolved(request: ChangeRequest): Promise<void> {
  const told = await db().timelineEvent.findFirst({
    where: { requestId: request.id, kind: 'conflict' },
    orderBy: { id: 'desc' },
  });
  if (told?.status !== 'failed') return;
  await recordEvent(db(), {
    requestId: request.id,
    key: `resolved:${told.id}`,
    kind: 'conflict',
    status: 'done',
    title: `Merges cleanly into ${request.baseBranch} again`,
  });
}
