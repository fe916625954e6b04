/**
 * Undoes a request that somebody asked to cancel: the pull request is closed, the branch deleted (unless a person committed to it), and then
 * everything is given back. In this order, so that nobody can merge ports that are somebody else's by then.
 */
import { z } from 'zod';
import { deleteBranch, makeCommits } from '@/lib/adapters/github/ensure-branch';
import { closePullRequest, findPullRequest } from '@/lib/adapters/github/pull-request';
import { findBranch } from '@/lib/adapters/github/read-tree';
import { db } from '@/lib/db';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { lockPorts } from '@/lib/ports/lock';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { ownCommits } from '@/lib/requests/refreshes';
import { isCancellable } from '@/lib/requests/states';
import { runStep, StepFailure, RequestMovedError } from '@/lib/requests/steps';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { noteWait } from '@/lib/requests/waits';
import { cancelWords } from './cancel-words';
import { github } from './connections';
import { endExpired, giveBack, whatIsFree } from './end-request';
import { waitForTurn } from './github-limits';
import { findRequest, plannedBranch } from './request-row';

const CancelResult = z.object({
  pull: z.enum(['none', 'closed', 'merged']),
  pullNumber: z.number().nullable(),
  branch: z.enum(['deleted', 'absent', 'touched']),
});
type CancelResult = z.infer<typeof CancelResult>;

/** Works on the cancellation as far as it goes; queues itself for the next try where GitHub does not answer. */
export async function cancelOnGitHub(requestId: number): Promise<void> {
  const request = await findRequest(requestId);
  if (!request?.cancelAskedAt || !isCancellable(request.state)) return;
  try {
    await runStep(requestId, 'cancel', {
      result: CancelResult,
      run: () => undo(request),
      finish: (tx, result, durationMs) => conclude(tx, request, result, durationMs),
    });
  } catch (error) {
    if (error instanceof RequestMovedError) return;
    if (!(error instanceof StepFailure)) throw error;
    await settle(requestId, error);
  }
}

async function settle(requestId: number, failure: StepFailure): Promise<void> {
  await db().$transaction(async (tx) => {
    if (failure.limitedBy !== undefined) await noteWait(tx, requestId, failure);
    else
      await recordEvent(tx, {
        requestId,
        key: `cancel-failed:${failure.reference}`,
        kind: 'cancel',
        status: 'failed',
        title: 'Could not cancel yet',
        detail: `${failure.publicMessage} Nothing was given back. Reference ${failure.reference}.`,
      });
    if (failure.nextAttemptAt) await enqueueForRequest(tx, 'cancel-request', requestId, failure.nextAttemptAt);
  });
}

/** Undoes what stands on GitHub, wherever the work had stopped. */
async function undo(request: ChangeRequest): Promise<CancelResult> {
  const begun = await db().requestStep.findUnique({
    where: { requestId_name: { requestId: request.id, name: 'branch' } },
  });
  if (!begun) return { pull: 'none', pullNumber: null, branch: 'absent' };
  // A comment, the pull request, the branch.
  await waitForTurn(request.id, 'cancel', 3);
  const pull = await findPullRequest(github(), request.branch);
  if (pull) {
    const state = await closePullRequest(github(), pull.number, cancelWords(request));
    if (state === 'merged') return { pull: 'merged', pullNumber: pull.number, branch: 'touched' };
  }
  return { pull: pull ? 'closed' : 'none', pullNumber: pull?.number ?? null, branch: await removeBranch(request) };
}

async function removeBranch(request: ChangeRequest): Promise<CancelResult['branch']> {
  const current = await findBranch(github(), request.branch);
  if (current === undefined) return 'absent';
  if ((await ownCommits(request.id)).has(current)) return deleteBranch(github(), request.branch, current);
  // The process may have died before it noted the head: the same commits made again have the same hash.
  const head = request.headSha ?? (await makeCommits(github(), plannedBranch(request))).head;
  return deleteBranch(github(), request.branch, head);
}

async function conclude(
  tx: Prisma.TransactionClient,
  request: ChangeRequest,
  result: CancelResult,
  durationMs: number,
): Promise<void> {
  if (result.pull === 'merged') {
    await tx.changeRequest.update({
      where: { id: request.id },
      data: { cancelAskedAt: null, pullNumber: result.pullNumber },
    });
    await tellTooLate(tx, request.id);
    await enqueueForRequest(tx, 'sync-pull-request', request.id);
    return;
  }
  const ports = await lockPorts(tx, { requests: [request.id] }, endExpired);
  const moved = await transition(
    tx,
    request.id,
    ['submitted', 'checking', 'opening', 'in_review', 'failed'],
    'cancelled',
    result.pullNumber === null ? {} : { pullNumber: result.pullNumber },
  );
  if (!moved) throw new RequestMovedError('not to be cancelled any more');
  await giveBack(ports, request.id, 'cancelled');
  await recordEvent(tx, {
    requestId: request.id,
    key: 'cancelled',
    kind: 'cancel',
    status: 'done',
    title: 'Cancelled',
    detail: [
      result.pull === 'closed' ? 'The pull request is closed.' : '',
      { deleted: 'The branch is deleted.', absent: '', touched: 'The branch stays: a person committed to it.' }[
        result.branch
      ],
      whatIsFree(request),
    ]
      .filter(Boolean)
      .join(' '),
    actor: request.cancelAskedBy ?? undefined,
    durationMs,
  });
  await enqueueForRequest(tx, 'update-tracker', request.id);
}

/** A merge was faster: the wish is over, and so is the step if it had begun. */
export async function tellTooLate(tx: Prisma.TransactionClient, requestId: number): Promise<void> {
  await tx.requestStep.deleteMany({ where: { requestId, name: 'cancel', status: { not: 'done' } } });
  await recordEvent(tx, {
    requestId,
    key: 'cancel-too-late',
    kind: 'cancel',
    status: 'failed',
    title: 'Merged before it could be cancelled',
    detail: 'Revert the merge on GitHub instead.',
  });
}
