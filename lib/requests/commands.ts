/** What people may do with a request: try again and cancel, which only say what is wanted and are done by the worker; and tick off what they have done themselves. */
import { recordAudit } from '@/lib/audit-events';
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from './jobs';
import { isCancellable, stateLabels, workingStates } from './states';
import { StoredFollowUps } from './stored';
import { rearmSteps } from './steps';
import { recordEvent } from './timeline';
import { transition } from './transition';

/**
 * Tries again at once what failed, waits or is owed. Nothing that is done is done again.
 * @throws NotAllowedError, NotFoundError; ConflictError where there is nothing to try again.
 */
export async function retryRequest(id: number, actor: Actor): Promise<void> {
  await db().$transaction(async (tx) => {
    const request = await findOwn(tx, id, actor, 'retry');
    const rearmed = await rearmSteps(tx, id);
    const count = await tx.timelineEvent.count({ where: { requestId: id, kind: 'retry' } });
    const asked = async () => {
      await recordAudit(tx, {
        action: 'asked again',
        subject: { kind: 'request', id: String(id) },
        requestNumber: id,
        service: request.serviceName,
        after: { state: request.state },
      });
      await recordEvent(tx, {
        requestId: id,
        key: `retry:${count + 1}`,
        kind: 'retry',
        status: 'info',
        title: 'Tried again',
        actor: actor.name,
      });
    };
    if (request.cancelAskedAt && isCancellable(request.state)) {
      await asked();
      await enqueueForRequest(tx, 'cancel-request', id);
    } else if (request.state === 'failed') {
      if (!(await transition(tx, id, 'failed', 'submitted', { failure: null, failureRef: null }))) return;
      await asked();
      await enqueueForRequest(tx, 'open-pull-request', id);
    } else if (workingStates.some((state) => state === request.state)) {
      await asked();
      await enqueueForRequest(tx, 'open-pull-request', id);
    } else if (rearmed > 0) {
      await asked();
      if (request.state === 'in_review') await enqueueForRequest(tx, 'refresh-request', id);
      await enqueueForRequest(tx, 'update-tracker', id);
    } else {
      throw new ConflictError(
        `Request ${id} is ${stateLabels[request.state].toLowerCase()} and nothing is owed: there is nothing to try again.`,
      );
    }
    await announce(tx, `request:${id}`, 'requests');
  });
}

/**
 * Asks the worker to undo the request: pull request closed, branch deleted (unless a person committed to it), ports, hosts and number given back.
 * Asking twice is asking once.
 * @throws NotAllowedError, NotFoundError; ConflictError where it is merged or at its end already.
 */
export async function cancelRequest(id: number, actor: Actor): Promise<void> {
  await db().$transaction(async (tx) => {
    const request = await findOwn(tx, id, actor, 'cancel');
    if (request.state === 'cancelled') return;
    if (!isCancellable(request.state)) {
      throw new ConflictError(
        `Request ${id} is ${stateLabels[request.state].toLowerCase()}: it can no longer be cancelled. ${
          request.state === 'closed'
            ? 'Its ports are free already.'
            : 'Revert the merge on GitHub instead; an operator may then end a request that main never showed.'
        }`,
      );
    }
    if (!request.cancelAskedAt) {
      await tx.changeRequest.update({ where: { id }, data: { cancelAskedAt: new Date(), cancelAskedBy: actor.name } });
      await recordEvent(tx, {
        requestId: id,
        key: 'cancel-asked',
        kind: 'cancel',
        status: 'info',
        title: 'Cancel asked',
        actor: actor.name,
      });
    }
    await enqueueForRequest(tx, 'cancel-request', id);
    await announce(tx, `request:${id}`, 'requests');
  });
}

/**
 * Asks Slipway to write to a branch again to which a person committed: the plan on main as it is now goes on top of their commits, which stay in the history.
 * Asking twice is asking once.
 * @throws NotAllowedError, NotFoundError; ConflictError where the branch is nobody else's, or the pull request is not open.
 */
export async function takeBranchOver(id: number, actor: Actor): Promise<void> {
  await db().$transaction(async (tx) => {
    const request = await findOwn(tx, id, actor, 'take-over');
    if (request.state !== 'in_review' || request.cancelAskedAt)
      throw new ConflictError(
        `Request ${id} is ${request.cancelAskedAt ? 'being cancelled' : stateLabels[request.state].toLowerCase()}: there is no open branch to take over.`,
      );
    if (!request.branchTakenAt)
      throw new ConflictError(`Nobody else has committed to the branch of request ${id}: it is Slipway’s already.`);
    if (!request.takeOverAskedBy) {
      const earlier = await tx.timelineEvent.count({ where: { requestId: id, kind: 'take-over' } });
      await tx.changeRequest.update({ where: { id }, data: { takeOverAskedBy: actor.name } });
      await recordEvent(tx, {
        requestId: id,
        key: `take-over:${earlier + 1}`,
        kind: 'take-over',
        status: 'info',
        title: 'Slipway asked to take the branch over',
        detail: `${request.branchTakenBy ?? 'Somebody'} had committed to it. Their commits stay in the history; the files become what the plan says.`,
        actor: actor.name,
      });
    }
    await enqueueForRequest(tx, 'refresh-request', id);
    await announce(tx, `request:${id}`, 'requests');
  });
}

/**
 * Ticks off a step of the list for after the merge, or takes the tick back; before the merge too, since a volume may be made early. Doing it twice is doing it once; the first who ticked it stays named.
 * @throws NotAllowedError, NotFoundError (no such request or step); ConflictError where the request was withdrawn.
 */
export async function tickFollowUp(id: number, key: string, done: boolean, actor: Actor): Promise<void> {
  await db().$transaction(async (tx) => {
    const request = await findOwn(tx, id, actor, 'tick');
    if (request.state === 'cancelled' || request.state === 'closed')
      throw new ConflictError(
        `Request ${id} is ${stateLabels[request.state].toLowerCase()}: there is nothing to be done for it.`,
      );
    const step = StoredFollowUps.parse(request.followUps).find((one) => one.key === key);
    if (!step) throw new NotFoundError(`Request ${id} has no such step. Load the page again.`);
    const { count } = done
      ? await tx.followUpTick.createMany({ data: [{ requestId: id, key, doneBy: actor.name }], skipDuplicates: true })
      : await tx.followUpTick.deleteMany({ where: { requestId: id, key } });
    if (count === 0) return;
    const before = await tx.timelineEvent.count({ where: { requestId: id, kind: 'step' } });
    await recordEvent(tx, {
      requestId: id,
      key: `step:${before + 1}`,
      kind: 'step',
      status: done ? 'done' : 'info',
      title: done ? `Done: ${step.title}` : `Not done after all: ${step.title}`,
      actor: actor.name,
    });
  });
}

/** Reads the request under its row's lock and checks that this person may do it. */
async function findOwn(
  tx: Prisma.TransactionClient,
  id: number,
  actor: Actor,
  action: 'retry' | 'cancel' | 'tick' | 'take-over',
) {
  const safe = Number.isInteger(id) && id > 0 && id < 2 ** 31 ? id : 0;
  await tx.$queryRaw`SELECT 1 FROM change_requests WHERE id = ${safe} FOR UPDATE`;
  const request = await tx.changeRequest.findUnique({ where: { id: safe } });
  if (!request) throw new NotFoundError(`There is no request ${id}. See the list of requests.`);
  requirePermission(actor, `requests.${action}-${request.requesterId === actor.id ? 'own' : 'any'}`);
  return request;
}
