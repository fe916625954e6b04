/** The pull request of a request that ended before Slipway heard that GitHub had opened it. */
import { findPullRequest, type PullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { recordEvent } from '@/lib/requests/timeline';
import { github } from './connections';
import { findRequest } from './request-row';

/** While the worker goes on, its own step finds what it opened. */
const stopped = ['failed', 'cancelled'] as const;

const UNHEARD = 'GitHub had opened it, and Slipway did not hear of it.';

export type RequestWithPull = ChangeRequest & { pullNumber: number };

/** The request if it has a pull request. Where the worker stopped after it had begun the branch, one is looked for by the branch, and noted. */
export async function withPullRequest(requestId: number): Promise<RequestWithPull | undefined> {
  const request = await findRequest(requestId);
  if (!request) return undefined;
  if (hasPull(request)) return request;
  if (!stopped.some((state) => state === request.state) || !(await hasBegunBranch(requestId))) return undefined;
  const pull = await findPullRequest(github(), request.branch);
  if (!pull) return undefined;
  const { number, url } = pull;
  await db().$transaction(async (tx) => {
    const { count } = await tx.changeRequest.updateMany({
      where: { id: requestId, pullNumber: null, state: { in: [...stopped] } },
      data: { pullNumber: number, pullUrl: url },
    });
    if (count === 0) return;
    await recordEvent(tx, {
      requestId,
      key: 'pull-request-found',
      ...toldOf(request, pull),
      title: `Pull request ${number} stands all the same`,
      link: url,
    });
  });
  const now = await findRequest(requestId);
  return now && hasPull(now) ? now : undefined;
}

/** Of a request that is cancelled before Slipway heard of its pull request: it was closed with everything else. */
export async function tellUnheardPull(
  tx: Prisma.TransactionClient,
  requestId: number,
  pull: { number: number; url: string | undefined },
): Promise<void> {
  await recordEvent(tx, {
    requestId,
    key: 'pull-request-found',
    kind: 'pull-request',
    status: 'info',
    title: `Pull request ${pull.number} was opened`,
    detail: UNHEARD,
    link: pull.url,
  });
}

/** An open one of a cancelled request is told as a reopened one is: follow-cancelled.ts goes on from there. */
function toldOf({ state }: ChangeRequest, pull: PullRequest) {
  if (state === 'failed')
    return {
      kind: 'pull-request',
      status: 'info' as const,
      detail: `${UNHEARD} Retry now goes on with it; cancelling closes it.`,
    };
  return pull.state === 'open'
    ? {
        kind: 'reopened',
        status: 'failed' as const,
        detail: `${UNHEARD} Close it there: nothing is reserved for it.`,
      }
    : { kind: 'pull-request', status: 'info' as const, detail: UNHEARD };
}

function hasPull(request: ChangeRequest): request is RequestWithPull {
  return request.pullNumber !== null;
}

async function hasBegunBranch(requestId: number): Promise<boolean> {
  const where = { requestId_name: { requestId, name: 'branch' } };
  return (await db().requestStep.findUnique({ where, select: { name: true } })) !== null;
}
