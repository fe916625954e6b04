/**
 * Ends a merged request that main does not show: reverted before it was found there, or merged into another branch. It gives back what it has, as a
 * cancelled one does; a change or a removal leaves its service as it was.
 */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { ConflictError, NotFoundError } from '@/lib/errors';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { portTransaction } from '@/lib/ports/transaction';
import { enqueue } from '@/lib/queue/enqueue';
import { afterEnding } from '@/lib/requests/ending';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { stateLabels } from '@/lib/requests/states';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { endExpired, giveBack } from './end-request';
import { showingOf, type Showing } from './main-shows';
import { confirmedRepository, type Repository } from './read-repository';
import { findRequest } from './request-row';

/**
 * Ends the request as cancelled, if GitHub says at this moment that main does not show it. Done twice it is done once.
 * @throws NotAllowedError, NotFoundError; ConflictError where it is not merged, or main shows it; UpstreamError where GitHub does not answer.
 */
export async function endMerged({ id, reason }: { id: number; reason: string }, actor: Actor): Promise<void> {
  requirePermission(actor, 'requests.end-merged');
  const request = await findRequest(id);
  if (!request) throw new NotFoundError(`There is no request ${id}. See the list of requests.`);
  if (isEnded(request)) return;
  requireMerged(request);
  const repository = await confirmedRepository();
  requireNotShown(repository, request, await showingOf(repository, request));
  await portTransaction({ requests: [id] }, endExpired, async (tx) => {
    const patch = { cancelAskedBy: actor.name, cancelAskedAt: null };
    if (!(await transition(tx, id, 'merged', 'cancelled', patch))) {
      const now = await tx.changeRequest.findUniqueOrThrow({ where: { id } });
      if (isEnded(now)) return;
      return requireMerged(now);
    }
    // The catalog has what the merge said: main is imported anew, although it did not move. Before anything that an import locks as well.
    const { fullName, branch } = repository;
    await tx.repositoryHead.updateMany({ where: { repository: fullName, branch }, data: { importedSha: null } });
    await giveBack(tx, id, `ended after the merge: ${reason}`);
    await recordEvent(tx, {
      requestId: id,
      key: 'ended',
      kind: 'cancel',
      status: 'done',
      title: `Ended, since ${repository.branch} does not show it`,
      detail: `So ${afterEnding(request)}. Looked at ${repository.branch} ${repository.sha.slice(0, 7)}. Reason: ${reason}`,
      actor: actor.name,
    });
    await tx.requestStep.deleteMany({ where: { requestId: id, name: 'tracker-end' } });
    await enqueueForRequest(tx, 'update-tracker', id);
    await enqueue(tx, 'sync-repository', {}, { key: 'sync-repository' });
  });
}

/** Ended this way before: a request that is cancelled otherwise was not merged. */
function isEnded({ state, mergeSha }: ChangeRequest): boolean {
  return state === 'cancelled' && mergeSha !== null;
}

function requireMerged({ id, state }: ChangeRequest): void {
  if (state === 'merged') return;
  throw new ConflictError(
    `Request ${id} is ${stateLabels[state].toLowerCase()}: only a merged one that main does not show is ended this way. Load the page again.`,
  );
}

function requireNotShown({ branch, sha }: Repository, { id }: ChangeRequest, showing: Showing): void {
  if (showing === 'later')
    throw new ConflictError(
      `GitHub says that ${branch} stands at ${sha.slice(0, 7)}, which is older than the merge. Try again in a minute.`,
    );
  if (showing === 'shown')
    throw new ConflictError(
      `${branch} shows what request ${id} did, and it is live in a moment. Revert the merge on GitHub, or remove the service with a request.`,
    );
}
