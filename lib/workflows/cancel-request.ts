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
import { concludeRefresh } from './apply-refresh';
import { cancelWords } from './cancel-words';
import { github } from './connections';
import { endExpired, giveBack, whatIsFree } from './end-request';
import { waitForTurn } from './github-limits';
import { tellUnheardPull } from './find-own-pull';
import { findRequest, plannedBranch } from './request-row';
import { tellBranch } from './tell-branch';

const CancelResult = z.object({
  pull: z.enum(['none', 'closed', 'merged']),
  pullNumber: z.number().nullable(),
  /** Both absent where an earlier version wrote it. */
  pullUrl: z.string().optional(),
  pullHead: z.string().optional(),
  /** `absent`: there never was one. */
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
  if (!pull) return { pull: 'none', pullNumber: null, branch: await removeBranch(request) };
  const state = await closePullRequest(github(), pull.number, cancelWords(request));
  const found = { pullNumber: pull.number, pullUrl: pull.url, pullHead: pull.headSha };
  if (state === 'merged') return { pull: 'merged', ...found, branch: 'touched' };
  return { pull: 'closed', ...found, branch: await removeBranch(request) };
}

/** What a run that was cut off deleted is deleted: that it stood there is noted before. */
async function removeBranch(request: ChangeRequest): Promise<CancelResult['branch']> {
  const current = await findBranch(github(), request.branch);
  if (current === undefined) return request.headSha === null ? 'absent' : 'deleted';
  const head = await ownHead(request, current);
  if (head === current && request.headSha === null) await noteCommits(request, head);
  return (await deleteBranch(github(), request.branch, head)) === 'touched' ? 'touched' : 'deleted';
}

/** Where the branch stands if it is as Slipway left it. */
async function ownHead(request: ChangeRequest, current: string): Promise<string> {
  if ((await ownCommits(request.id)).has(current)) return current;
  // The process may have died before it noted the head: the same commits made again have the same hash.
  return request.headSha ?? (await makeCommits(github(), plannedBranch(request))).head;
}

/** The branch was made, and the process died before it said so. */
async function noteCommits(request: ChangeRequest, headSha: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.changeRequest.updateMany({ where: { id: request.id, headSha: null }, data: { headSha } });
    await tellBranch(tx, request, plannedBranch(request).commits.length);
  });
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
      data: { cancelAskedAt: null, pullNumber: result.pullNumber, pullUrl: result.pullUrl ?? request.pullUrl },
    });
    await tellTooLate(tx, request.id);
    await enqueueForRequest(tx, 'sync-pull-request', request.id);
    return;
  }
  const ports = await lockPorts(tx, { requests: [request.id] }, endExpired);
  if (result.pullHead !== undefined) await concludeRefresh(tx, request, result.pullHead);
  const moved = await transition(
    tx,
    request.id,
    ['submitted', 'checking', 'opening', 'in_review', 'failed'],
    'cancelled',
    result.pullNumber === null ? {} : { pullNumber: result.pullNumber, pullUrl: result.pullUrl ?? request.pullUrl },
  );
  if (!moved) throw new RequestMovedError('not to be cancelled any more');
  await giveBack(ports, request.id, 'cancelled');
  if (request.pullNumber === null && result.pullNumber !== null)
    await tellUnheardPull(tx, request.id, { number: result.pullNumber, url: result.pullUrl });
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
