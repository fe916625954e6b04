/**
 * Keeps an open request mergeable while main moves: its plan is made again on the newer base, and where the branch needs it, put there as a merge commit.
 * Never forced, never needlessly, and never on a branch to which a person committed.
 */
import { z } from 'zod';
import { makeMergeCommit, moveBranch } from '@/lib/adapters/github/merge-commit';
import { getPullRequest, type WholePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest, RequestRefresh } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { mergeChecks } from '@/lib/requests/merge-checks';
import { beginRefresh, findRefreshUnderWay, noteRefreshHead } from '@/lib/requests/refreshes';
import { checkpoint, RequestMovedError, runStep, StepFailure } from '@/lib/requests/steps';
import { stepTitles } from '@/lib/requests/step-policy';
import { filesOf, StoredChecks, StoredPlan, StoredResolved } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import { noteWait } from '@/lib/requests/waits';
import { claimRunbookNumber } from '@/lib/runbooks/numbers';
import { applyRefresh, giveUpRefresh } from './apply-refresh';
import { noteTaken } from './branch-owner';
import { keepChecks } from './check-request';
import { github } from './connections';
import { waitForTurn } from './github-limits';
import { noteConflict } from './note-conflict';
import { renewDescription } from './renew-description';
import { judgeOnBase, type Replan } from './replan-request';
import { confirmedRepository, type Repository } from './read-repository';
import { findRequest, planOf, signatureOf, requestUrl } from './request-row';
import { asJson, storedPlan } from './store-plan';
import { queueAfterWait } from './wait-to-read';

/** How soon GitHub is asked again whether the branch merges cleanly, while it is finding out. */
const ASK_AGAIN_MS = 2_000;

const RefreshResult = z.object({ head: z.string(), base: z.string() });

/** Works on it as far as it goes; queues itself where GitHub or a tool has to be asked again. */
export async function refreshRequest(requestId: number): Promise<void> {
  const request = await findRequest(requestId);
  if (!request || !isFollowed(request)) return;
  try {
    const underWay = (await underWayToMain(request)) ?? (await judge(request));
    if (underWay) await carryOut(request, underWay);
  } catch (error) {
    if (error instanceof RequestMovedError) return;
    if (await queueAfterWait(requestId, 'refresh-request', error)) return;
    if (!(error instanceof StepFailure)) throw error;
    await settle(requestId, error);
  }
}

/**
 * What was written down and is not on the branch yet. While it waited (for its turn to write, for a try) main may have moved on: then it would only be
 * in conflict again, so it is dropped unless its commit exists, and the request is looked at on the newest main.
 */
async function underWayToMain(request: ChangeRequest): Promise<RequestRefresh | undefined> {
  const refresh = await findRefreshUnderWay(request.id);
  if (!refresh || refresh.headSha !== null) return refresh;
  const { sha } = await confirmedRepository();
  if (sha === refresh.baseSha) return refresh;
  await db().$transaction((tx) => giveUpRefresh(tx, request, refresh));
  return undefined;
}

function isFollowed(request: ChangeRequest): boolean {
  return request.state === 'in_review' && request.pullNumber !== null && request.cancelAskedAt === null;
}

/** Looks at the request on main as it is now. @returns what has to be put on the branch, if anything. */
async function judge(request: ChangeRequest): Promise<RequestRefresh | undefined> {
  // Not the last known one: a plan on a main that has moved on would be a push for nothing, and a push dismisses approvals.
  const repository = await confirmedRepository();
  const pull = await getPullRequest(github(), request.pullNumber ?? 0);
  // How it ended is followed elsewhere.
  if (pull.state !== 'open' || pull.target !== repository.branch) return undefined;
  const takesOver = request.takeOverAskedBy !== null;
  const owner = takesOver ? 'ours' : request.branchTakenAt ? 'theirs' : await noteTaken(request, pull);
  if (owner === 'unclear' || (pull.mergeable === undefined && !takesOver)) {
    await enqueueForRequest(db(), 'refresh-request', request.id, new Date(Date.now() + ASK_AGAIN_MS));
    return undefined;
  }
  if (owner === 'theirs') {
    await noteConflict(request, pull);
    return undefined;
  }
  const mergesCleanly = pull.mergeable === true && !takesOver;
  if (mergesCleanly && request.judgedSha === repository.sha) return undefined;
  const judgement = await judgeOnBase(request, repository, { mergesCleanly });
  switch (judgement.kind) {
    case 'stands':
      await keepChecks(request.id, judgement.checks);
      await noteJudged(request, repository);
      return undefined;
    case 'done':
      await tell(request, repository, 'info', {
        title: `${repository.branch} has all of it already`,
        detail: 'Nothing is left to merge. Close the pull request on GitHub, or cancel this request.',
      });
      return undefined;
    case 'blocked':
      await tell(request, repository, 'failed', {
        title: `Cannot follow ${repository.branch}`,
        detail: `${judgement.reason} The branch was left as it is. Mend it on GitHub, or cancel this request and submit the service again.`,
      });
      return undefined;
    case 'changed':
      return begin(request, repository, pull, judgement);
  }
}

async function noteJudged(request: ChangeRequest, repository: Repository): Promise<void> {
  await db().changeRequest.updateMany({ where: { id: request.id }, data: { judgedSha: repository.sha } });
}

/** Said once for each commit of main, and for each time that somebody asked Slipway to take the branch over: whoever asks is answered. */
async function tell(
  request: ChangeRequest,
  repository: Repository,
  status: 'info' | 'failed',
  words: { title: string; detail: string },
): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.changeRequest.updateMany({
      where: { id: request.id },
      data: { judgedSha: repository.sha, takeOverAskedBy: null },
    });
    const asked = await tx.timelineEvent.count({ where: { requestId: request.id, kind: 'take-over' } });
    await recordEvent(tx, {
      requestId: request.id,
      key: `judged:${repository.sha}${request.takeOverAskedBy === null ? '' : `:take-over:${asked}`}`,
      kind: 'refresh',
      status,
      title: words.title,
      detail: `${words.detail} Looked at ${repository.branch} ${repository.sha.slice(0, 7)}.`,
    });
  });
}

/** Writes down what is to be put on the branch. A runbook number that main gave away meanwhile is taken anew here. */
async function begin(
  request: ChangeRequest,
  repository: Repository,
  pull: WholePullRequest,
  replan: Replan & { reason: string },
): Promise<RequestRefresh | undefined> {
  const { plan, resolved, rendered } = replan;
  await db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM change_requests WHERE id = ${request.id} FOR UPDATE`;
    const now = await tx.changeRequest.findUnique({ where: { id: request.id } });
    if (!now || !isFollowed(now)) throw new RequestMovedError('not open any more');
    const number = resolved.runbook?.number;
    const earlier = StoredResolved.parse(request.resolved).runbook?.number;
    if (number !== undefined && number !== earlier) await claimRunbookNumber(tx, request.id, number);
    await beginRefresh(tx, request.id, {
      baseSha: repository.sha,
      ontoSha: pull.headSha,
      plan: asJson(storedPlan(plan, resolved, repository, planOf(request).before)),
      resolved: asJson(resolved),
      checks: asJson(mergeChecks(StoredChecks.parse(now.checks), replan.checks)),
      followUps: asJson(plan.followUps),
      rendered: asJson(rendered),
      digest: plan.digest,
      reason: now.takeOverAskedBy === null ? replan.reason : `${now.takeOverAskedBy} asked Slipway to take it over`,
    });
    // The step runs once for each newer base.
    await tx.requestStep.deleteMany({ where: { requestId: request.id, name: 'refresh' } });
  });
  checkpoint(request.id, 'refresh.begun');
  return findRefreshUnderWay(request.id);
}

/** Puts what was written down on the branch, whoever wrote it down and however far they came. */
async function carryOut(request: ChangeRequest, refresh: RequestRefresh): Promise<void> {
  await runStep(request.id, 'refresh', {
    result: RefreshResult,
    run: async () => {
      // A tree, a commit, the branch, the pull request's text.
      await waitForTurn(request.id, 'refresh', 4);
      const head = await makeMergeCommit(github(), mergeOf(request, refresh));
      await noteRefreshHead(refresh, head);
      checkpoint(request.id, 'refresh.written');
      const moved = await moveBranch(github(), request.branch, { from: refresh.ontoSha, to: head });
      if (moved === 'elsewhere') {
        await drop(request, refresh);
        throw new RequestMovedError('somebody else moved the branch');
      }
      checkpoint(request.id, 'refresh.pushed');
      await renewDescription(request, refresh);
      return { head, base: refresh.baseSha };
    },
    finish: (tx, { head }, durationMs) => applyRefresh(tx, request, { ...refresh, headSha: head }, durationMs),
  });
}

function mergeOf(request: ChangeRequest, refresh: RequestRefresh) {
  const base = refresh.baseSha.slice(0, 7);
  return {
    onto: refresh.ontoSha,
    base: refresh.baseSha,
    files: filesOf(StoredPlan.parse(refresh.plan)),
    subject: `Merge ${request.baseBranch} ${base} into ${request.branch}`,
    body: `The plan for ${request.serviceName}, made again on ${base}: ${refresh.reason}.\n\nSlipway-Request: ${requestUrl(request.id)}`,
    signature: signatureOf(refresh.createdAt),
  };
}

/** Somebody else moved the branch first: it is theirs, and what was written down is of no use. */
async function drop(request: ChangeRequest, refresh: RequestRefresh): Promise<void> {
  await db().$transaction(async (tx) => {
    await giveUpRefresh(tx, request, refresh);
    // Whoever asked to take it over has to look at what came since.
    await tx.changeRequest.updateMany({ where: { id: request.id }, data: { takeOverAskedBy: null } });
    await enqueueForRequest(tx, 'sync-pull-request', request.id);
  });
}

async function settle(requestId: number, failure: StepFailure): Promise<void> {
  await db().$transaction(async (tx) => {
    if (failure.limitedBy !== undefined) await noteWait(tx, requestId, failure);
    else
      await recordEvent(tx, {
        requestId,
        key: `waiting:${failure.step}:${failure.reference}`,
        kind: 'waiting',
        status: failure.nextAttemptAt ? 'info' : 'failed',
        title: `${stepTitles[failure.step]}: try ${failure.attempts} failed`,
        detail: `${failure.publicMessage}${failure.nextAttemptAt ? '' : ' Try again when it is mended.'} Reference ${failure.reference}.`,
      });
    if (failure.nextAttemptAt) await enqueueForRequest(tx, 'refresh-request', requestId, failure.nextAttemptAt);
  });
}
