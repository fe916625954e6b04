/**
 * Takes a request from `submitted` to `in_review`: checks the base, makes the commits, opens the pull request. Durable steps; each finds again what
 * an earlier run made, so the process may die anywhere. What the tracker gets is update-tracker.ts: the pull request does not wait for it.
 */
import { z } from 'zod';
import { ensureBranch, requireBytesOfBase, requireSameBytes } from '@/lib/adapters/github/ensure-branch';
import { decoratePullRequest, ensurePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { markOwnText } from '@/lib/generator/pull-request/own-text';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { newReference } from '@/lib/log';
import { lockPorts, type PortTransaction } from '@/lib/ports/lock';
import { leaseFrom, markReserved, renewLease } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { workingStates } from '@/lib/requests/states';
import { stepTitles } from '@/lib/requests/step-policy';
import { checkpoint, RequestMovedError, runStep, StepFailure } from '@/lib/requests/steps';
import { filesOf, storedManifest, StoredPlan, StoredResolved } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { noteWait } from '@/lib/requests/waits';
import { checkRequest } from './check-request';
import { claimForRequest } from './claim-request';
import { github } from './connections';
import { decorationOf } from './decoration';
import { CheckStepResult, describeRequest } from './describe-request';
import { endExpired, failRequest } from './end-request';
import { waitForTurn } from './github-limits';
import { readClaims, type RequestClaims } from './request-claims';
import { findRequest, planOf, plannedBranch, requireReadable } from './request-row';
import { tellBranch } from './tell-branch';

export const BranchResult = z.object({ head: z.string(), commits: z.array(z.string()) });
const PullResult = z.object({ number: z.number(), url: z.string(), state: z.string(), refused: z.array(z.string()) });

/** Works on the request as far as it goes: to its end, to the next try (queued), or to a failure that people are shown. */
export async function openPullRequest(requestId: number): Promise<void> {
  try {
    const request = await startWork(requestId);
    if (!request) return;
    await checkBase(request);
    if (await isCancelled(requestId)) return;
    const branch = await makeBranch(request);
    await openPull(request, branch);
  } catch (error) {
    if (error instanceof RequestMovedError) return;
    if (!(error instanceof StepFailure)) throw error;
    await settle(requestId, error);
  }
}

/** Whether somebody asked to cancel it meanwhile: what is not made yet need not be undone. The job that cancels waits for this one to end. */
async function isCancelled(requestId: number): Promise<boolean> {
  return (await findRequest(requestId))?.cancelAskedAt !== null;
}

/**
 * Gives the request's ports another lease, and moves it to `checking` where it was submitted. Undefined where there is nothing to do.
 * @throws UnreadableRequestError where a newer version wrote it: nothing is moved then.
 */
async function startWork(requestId: number): Promise<ChangeRequest | undefined> {
  const request = await findRequest(requestId);
  if (!request || request.cancelAskedAt || !workingStates.some((state) => state === request.state)) return undefined;
  requireReadable(request);
  try {
    return await portTransaction({ requests: [requestId] }, endExpired, (ports) => beginAttempt(ports, request));
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const reference = newReference();
    await db().$transaction((tx) =>
      failRequest(tx, requestId, { reason: error.publicMessage, reference, key: `failed:${reference}` }),
    );
    return undefined;
  }
}

/** Undefined where the lease ran out before: the request has failed by then, and that stands. */
async function beginAttempt(ports: PortTransaction, request: ChangeRequest): Promise<ChangeRequest | undefined> {
  if (request.state !== 'submitted') {
    await renewLease(ports, request.id, leaseFrom(new Date()));
    const now = await ports.changeRequest.findUnique({ where: { id: request.id } });
    return now?.state === request.state ? request : undefined;
  }
  if (!(await transition(ports, request.id, 'submitted', 'checking'))) return undefined;
  await holdAgain(ports, request);
  return { ...request, state: 'checking' };
}

/** A retry lengthens the lease; where it had run out, everything is taken anew, if it is still free. */
async function holdAgain(tx: PortTransaction, request: ChangeRequest): Promise<void> {
  const leaseUntil = leaseFrom(new Date());
  if ((await renewLease(tx, request.id, leaseUntil)) > 0) return;
  // A removal takes nothing, and a request without ports may have the rest still.
  if (request.action === 'remove' || hasAny(await readClaims(tx, request.id))) return;
  const lost = await tx.portReservation.findFirst({ where: { requestId: request.id, state: 'released' } });
  await claimForRequest(tx, {
    requestId: request.id,
    predecessorId: request.predecessorId,
    scope: lost?.scope ?? planOf(request).profile.platform.host,
    pool: lost?.pool ?? undefined,
    manifest: storedManifest(request.manifest),
    resolved: StoredResolved.parse(request.resolved),
    leaseUntil,
  });
}

function hasAny({ ports, hosts, runbookNumbers }: RequestClaims): boolean {
  return ports.length + hosts.length + runbookNumbers.length > 0;
}

async function checkBase(request: ChangeRequest): Promise<void> {
  await runStep(request.id, 'check', {
    result: CheckStepResult,
    run: async () => {
      const { base, commits } = plannedBranch(request);
      await requireBytesOfBase(github(), base, commits);
      const rendered = await checkRequest(request);
      return { files: filesOf(StoredPlan.parse(request.plan)).length, rendered };
    },
    finish: async (tx, { files }, durationMs) => {
      await recordEvent(tx, {
        requestId: request.id,
        key: 'checked',
        kind: 'checked',
        status: 'done',
        title: 'Checked against the base',
        detail: `${files} ${files === 1 ? 'file is' : 'files are'} as the preview had them at ${request.baseBranch} ${request.baseSha.slice(0, 7)}; Compose, Helm and shellcheck looked at the result where they are here.`,
        durationMs,
      });
    },
  });
  // Apart from the step: a retry comes back to `checking` and finds the step done.
  if (await transition(db(), request.id, 'checking', 'opening')) return;
  if ((await findRequest(request.id))?.state !== 'opening') throw new RequestMovedError('not checking');
}

async function makeBranch(request: ChangeRequest): Promise<z.infer<typeof BranchResult>> {
  return runStep(request.id, 'branch', {
    result: BranchResult,
    run: async () => {
      const planned = plannedBranch(request);
      // A tree and a commit each, and the branch.
      await waitForTurn(request.id, 'branch', planned.commits.length * 2 + 1);
      const pushed = await ensureBranch(github(), planned);
      checkpoint(request.id, 'branch.created');
      return pushed;
    },
    finish: async (tx, { head, commits }, durationMs) => {
      const { count } = await tx.changeRequest.updateMany({
        where: { id: request.id, state: 'opening', cancelAskedAt: null },
        data: { headSha: head },
      });
      if (count === 0) throw new RequestMovedError('not opening');
      await tellBranch(tx, request, commits.length, durationMs);
    },
  });
}

async function openPull(request: ChangeRequest, branch: z.infer<typeof BranchResult>): Promise<void> {
  await runStep(request.id, 'pull-request', {
    result: PullResult,
    run: async () => {
      const { base, commits } = plannedBranch(request);
      const { plan, profile } = planOf(request);
      // The pull request, its labels, and each reviewer.
      const decoration = decorationOf(profile, plan.action);
      const { reviewers, teamReviewers } = decoration;
      await waitForTurn(request.id, 'pull-request', 2 + reviewers.length + teamReviewers.length);
      await requireSameBytes(github(), base, branch.head, commits, { mayRemoveLines: plan.action !== 'add' });
      const { title, body } = await describeRequest(request);
      const { pull } = await ensurePullRequest(github(), {
        branch: request.branch,
        base: request.baseBranch,
        title,
        body: markOwnText(body),
      });
      checkpoint(request.id, 'pull-request.created');
      const refused = pull.state === 'open' ? await decoratePullRequest(github(), pull.number, decoration) : [];
      return { number: pull.number, url: pull.url, state: pull.state, refused };
    },
    finish: async (tx, pull, durationMs) => {
      const ports = await lockPorts(tx, { requests: [request.id] }, endExpired);
      const moved = await transition(tx, request.id, 'opening', 'in_review', {
        pullNumber: pull.number,
        pullUrl: pull.url,
        judgedSha: request.baseSha,
      });
      if (!moved) throw new RequestMovedError('not opening');
      if (!(await markReserved(ports, request.id)))
        throw new ConflictError(
          'Its ports were given back while the pull request was opened. Try again: they are taken anew if they are free.',
        );
      await recordEvent(tx, {
        requestId: request.id,
        key: 'pull-request',
        kind: 'pull-request',
        status: 'done',
        title: `Pull request ${pull.number} opened`,
        detail: [
          `Same bytes as the preview, sha256 ${request.digest.slice(0, 4)}…${request.digest.slice(-4)}. Base is ${request.baseBranch} ${request.baseSha.slice(0, 7)}.`,
          ...pull.refused.map((what) => `GitHub did not let us ${what}.`),
        ].join(' '),
        link: pull.url,
        durationMs,
      });
      await enqueueForRequest(tx, 'update-tracker', request.id);
      // Main may have moved since the preview.
      await enqueueForRequest(tx, 'refresh-request', request.id);
      // Found closed or merged, from a run that was cut off long ago: follow it at once.
      if (pull.state !== 'open') await enqueueForRequest(tx, 'sync-pull-request', request.id);
    },
  });
}

/** A step failed: it is queued for its next try, or the request fails and says why. */
async function settle(requestId: number, failure: StepFailure): Promise<void> {
  await db().$transaction(async (tx) => {
    if (failure.nextAttemptAt) {
      if (failure.limitedBy !== undefined) await noteWait(tx, requestId, failure);
      else
        await recordEvent(tx, {
          requestId,
          key: `waiting:${failure.step}:${failure.reference}`,
          kind: 'waiting',
          status: 'info',
          title: `${stepTitles[failure.step]}: try ${failure.attempts} failed`,
          detail: `${failure.publicMessage} Reference ${failure.reference}.`,
        });
      await enqueueForRequest(tx, 'open-pull-request', requestId, failure.nextAttemptAt);
      return;
    }
    await failRequest(tx, requestId, {
      reason: failure.publicMessage,
      reference: failure.reference,
      key: `failed:${failure.reference}`,
      step: stepTitles[failure.step],
    });
  });
}
