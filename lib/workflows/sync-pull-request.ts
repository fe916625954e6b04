/**
 * Follows a request's pull request on GitHub: merged, closed, reopened, in conflict, commented, committed to, checked. Reads the truth there each time, so it
 * does not matter which webhook was lost, came twice, or came late.
 */
import { getPullRequest, type WholePullRequest } from '@/lib/adapters/github/pull-request';
import { whoDid } from '@/lib/adapters/github/pull-timeline';
import { db, postgresCode } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import type { PortTransaction } from '@/lib/ports/lock';
import { markReserved } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { enqueue } from '@/lib/queue/enqueue';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { canFollow } from '@/lib/requests/states';
import { storedManifest, StoredResolved } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { withSavepoint } from '@/lib/savepoint';
import { concludeRefresh } from './apply-refresh';
import { tellTooLate } from './cancel-request';
import { claimForRequest } from './claim-request';
import { github } from './connections';
import { endExpired, giveBack, whatIsFree } from './end-request';
import { withPullRequest } from './find-own-pull';
import { followCancelled } from './follow-cancelled';
import { noteActivity } from './note-activity';
import { noteConflict } from './note-conflict';
import { noteQuietChanges } from './note-quiet-changes';
import { planOf } from './request-row';
import { isAbandoned } from './tracker-end';
import { queueAfterWait } from './wait-to-read';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** A second, and what two machines' clocks may be apart. */
const JUST_NOW_MS = 5_000;

/** Reads the pull request and brings the request to where it stands; later, where GitHub asks to wait. */
export async function syncPullRequest(requestId: number): Promise<void> {
  try {
    await follow(requestId);
  } catch (error) {
    if (!(await queueAfterWait(requestId, 'sync-pull-request', error))) throw error;
  }
}

async function follow(requestId: number): Promise<void> {
  const request = await withPullRequest(requestId);
  if (!request) return;
  const pull = await getPullRequest(github(), request.pullNumber);
  if (request.pullUpdatedAt?.getTime() !== pull.updatedAt.getTime()) await noteActivity(request, pull);
  await noteConflict(request, pull);
  if (pull.state === 'merged') await followMerge(request, pull);
  else if (request.state === 'cancelled') await followCancelled(request, pull);
  else if (pull.state === 'closed') await followClose(request, pull);
  else if (request.state === 'closed') await followReopen(request, pull);
  await noteQuietChanges(request, pull);
  const seen = seenUntil(pull.updatedAt);
  if (request.pullUpdatedAt?.getTime() !== seen.getTime())
    await db().changeRequest.update({ where: { id: request.id }, data: { pullUpdatedAt: seen } });
}

/**
 * Until when the pull request was seen. GitHub's time counts whole seconds: what changed only now may change once more without its moving, so that it
 * counts as not yet seen, and the poll looks again.
 */
function seenUntil(updatedAt: Date): Date {
  return Date.now() - updatedAt.getTime() < JUST_NOW_MS ? new Date(updatedAt.getTime() - 1) : updatedAt;
}

async function followMerge(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const scope = await scopeOf(request);
  await portTransaction({ scopes: [scope] }, endExpired, async (tx) => {
    const patch = { mergeSha: pull.mergeSha ?? null, mergedAt: pull.mergedAt ?? new Date(), cancelAskedAt: null };
    const before = await lockRequest(tx, request.id);
    const from = ['in_review', 'closed', 'cancelled', 'failed'] as const;
    const moved = await unlessTaken(tx, request, pull, () => transition(tx, request.id, from, 'merged', patch));
    if (!moved) return;
    // What had been given back, or only held, was merged all the same: it is this request's until it ends.
    if (before.state !== 'in_review') await unlessTaken(tx, request, pull, () => claimAgain(tx, request, scope));
    if (before.cancelAskedAt) await tellTooLate(tx, request.id);
    await concludeRefresh(tx, before, pull.headSha);
    await recordEvent(tx, {
      requestId: request.id,
      key: 'merged',
      kind: 'merged',
      status: 'done',
      title: pull.mergedBy ? `Merged by ${pull.mergedBy}` : 'Merged',
      detail: `${pull.target} has it with ${(pull.mergeSha ?? '').slice(0, 7)}.`,
      link: pull.url,
      actor: pull.mergedBy,
      at: pull.mergedAt,
    });
    await tellTracker(tx, request.id, isAbandoned(before));
    await enqueue(tx, 'sync-repository', {}, { key: 'sync-repository' });
  });
}

/** Runs `body`; where somebody else has the name, a port or a host by now, that is told instead and the rest of the transaction stands. */
async function unlessTaken<Result>(
  tx: Prisma.TransactionClient,
  request: ChangeRequest,
  pull: WholePullRequest,
  body: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await withSavepoint(tx, body);
  } catch (error) {
    await recordEvent(tx, {
      requestId: request.id,
      key: 'merged-conflict',
      kind: 'conflict',
      status: 'failed',
      title: 'Merged after all, but somebody else has what it takes',
      detail: `${conflictText(error, request)} One of the two has to change.`,
      link: pull.url,
    });
    return undefined;
  }
}

async function followClose(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  // Whoever cancels closes it as well: what is left to do then, and how it ends, is cancel-request.ts.
  if (!canFollow(request.state, 'closed') || request.cancelAskedAt) return;
  const closing = await whoDid(github(), pull.number, 'closed');
  await portTransaction({ requests: [request.id] }, endExpired, async (tx) => {
    const before = await lockRequest(tx, request.id);
    if (before.cancelAskedAt) return;
    if (!(await transition(tx, request.id, ['in_review', 'failed'], 'closed'))) return;
    await concludeRefresh(tx, before, pull.headSha);
    await giveBack(tx, request.id, 'the pull request was closed');
    await recordEvent(tx, {
      requestId: request.id,
      key: `closed:${pull.updatedAt.toISOString()}`,
      kind: 'closed',
      status: 'info',
      title: closing?.actor ? `Closed by ${closing.actor} without merging` : 'Closed without merging',
      detail: whatIsFree(request),
      link: pull.url,
      actor: closing?.actor,
      at: closing?.at,
    });
    await tellTracker(tx, request.id);
  });
}

async function followReopen(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const key = `reopened:${pull.updatedAt.toISOString()}`;
  const reopening = await whoDid(github(), pull.number, 'reopened');
  const told = { kind: 'reopened', link: pull.url, actor: reopening?.actor, at: reopening?.at };
  const scope = await scopeOf(request);
  try {
    await portTransaction({ scopes: [scope] }, endExpired, async (tx) => {
      if (!(await transition(tx, request.id, 'closed', 'in_review'))) return;
      await claimAgain(tx, request, scope);
      await recordEvent(tx, {
        requestId: request.id,
        key,
        status: 'done',
        title: reopening?.actor ? `Reopened by ${reopening.actor}` : 'Reopened on GitHub',
        detail: request.action === 'remove' ? undefined : 'Its ports, hosts and runbook number are reserved again.',
        ...told,
      });
      await enqueueForRequest(tx, 'refresh-request', request.id);
      await tellTracker(tx, request.id, true);
    });
  } catch (error) {
    const reason = conflictText(error, request);
    await recordEvent(db(), {
      requestId: request.id,
      key,
      status: 'failed',
      title: 'Reopened on GitHub, but it cannot be followed',
      detail: `${reason} Close the pull request again, and submit the service anew.`,
      ...told,
    });
  }
}

/** The request's row, which nobody else changes until the transaction ends. */
async function lockRequest(tx: Prisma.TransactionClient, id: number): Promise<ChangeRequest> {
  await tx.$queryRaw`SELECT 1 FROM change_requests WHERE id = ${id} FOR UPDATE`;
  return tx.changeRequest.findUniqueOrThrow({ where: { id } });
}

/** The host on which the request's ports are; of one that had none, the platform's as it was planned. */
async function scopeOf(request: ChangeRequest): Promise<string> {
  const earlier = await db().portReservation.findFirst({ where: { requestId: request.id }, select: { scope: true } });
  return earlier?.scope ?? planOf(request).profile.platform.host;
}

async function claimAgain(tx: PortTransaction, request: ChangeRequest, scope: string): Promise<void> {
  // A removal takes nothing.
  if (request.action === 'remove') return;
  const earlier = await tx.portReservation.findFirst({ where: { requestId: request.id } });
  await claimForRequest(tx, {
    requestId: request.id,
    predecessorId: request.predecessorId,
    scope,
    pool: earlier?.pool ?? undefined,
    manifest: storedManifest(request.manifest),
    resolved: StoredResolved.parse(request.resolved),
    leaseUntil: undefined,
  });
  await markReserved(tx, request.id);
}

/** @throws the error itself where it is none of somebody else's having something. */
function conflictText(error: unknown, request: ChangeRequest): string {
  if (error instanceof ConflictError) return error.publicMessage;
  if (postgresCode(error) === UNIQUE_VIOLATION) return `Another request has the name ${request.serviceName} by now.`;
  throw error;
}

/** The tracker is told anew: how a request ends may change. @param goesOn after it had ended: then everything there is about it is written again. */
async function tellTracker(tx: Prisma.TransactionClient, requestId: number, goesOn = false): Promise<void> {
  const steps = goesOn ? ['tracker-issue', 'runbook-page', 'link', 'tracker-end'] : ['tracker-end'];
  await tx.requestStep.deleteMany({ where: { requestId, name: { in: steps } } });
  await enqueueForRequest(tx, 'update-tracker', requestId);
}
