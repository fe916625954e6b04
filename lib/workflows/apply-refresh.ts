/** How a plan on its way to a branch ends: it is what stands there, and the request is what it says; or it is given up. */
import { announce } from '@/lib/events';
import type { ChangeRequest, Prisma, RequestRefresh } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { endRefresh, findRefreshUnderWay } from '@/lib/requests/refreshes';
import { RequestMovedError } from '@/lib/requests/steps';
import { filesOf, StoredPlan, StoredResolved } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import { keepRunbookNumber } from '@/lib/runbooks/numbers';
import { asJson } from './store-plan';

/** The pull request ended, merged or not, as the branch stood at `head`: what was put there and not noted yet counts, what was not there yet is given up. */
export async function concludeRefresh(
  tx: Prisma.TransactionClient,
  request: ChangeRequest,
  head: string,
): Promise<void> {
  const refresh = await findRefreshUnderWay(request.id, tx);
  if (!refresh) return;
  if (refresh.headSha !== head) return giveUpRefresh(tx, request, refresh);
  await applyRefresh(tx, request, refresh);
  await tx.requestStep.deleteMany({ where: { requestId: request.id, name: 'refresh' } });
}

/** The request stays what stands on the branch. */
export async function giveUpRefresh(
  tx: Prisma.TransactionClient,
  request: ChangeRequest,
  refresh: RequestRefresh,
): Promise<void> {
  await endRefresh(tx, refresh, 'dropped');
  await tx.requestStep.deleteMany({ where: { requestId: request.id, name: 'refresh' } });
  await keepRunbookNumber(tx, request.id, StoredResolved.parse(request.resolved).runbook?.number);
}

/** The request is what stands on the branch now. */
export async function applyRefresh(
  tx: Prisma.TransactionClient,
  request: ChangeRequest,
  refresh: RequestRefresh,
  durationMs?: number,
): Promise<void> {
  if (!(await endRefresh(tx, refresh, 'applied'))) throw new RequestMovedError('applied already');
  const { plan, resolved, checks, followUps, rendered, digest, baseSha, headSha } = refresh;
  const files = filesOf(StoredPlan.parse(plan)).length;
  await tx.changeRequest.update({
    where: { id: request.id },
    data: {
      plan: asJson(plan),
      resolved: asJson(resolved),
      checks: asJson(checks),
      followUps: asJson(followUps),
      digest,
      baseSha,
      headSha,
      judgedSha: baseSha,
      takeOverAskedBy: null,
      branchTakenAt: null,
      branchTakenBy: null,
    },
  });
  // What Helm rendered stands in the pull request's text, which other jobs write too.
  await tx.requestStep.updateMany({
    where: { requestId: request.id, name: 'check' },
    data: { result: asJson({ files, rendered }) },
  });
  await keepRunbookNumber(tx, request.id, StoredResolved.parse(resolved).runbook?.number);
  await recordEvent(tx, {
    requestId: request.id,
    key: `refresh:${refresh.number}`,
    kind: 'refresh',
    status: 'done',
    title: `Brought up to ${request.baseBranch} ${baseSha.slice(0, 7)}`,
    detail: `${capitalised(refresh.reason)}. ${files} ${files === 1 ? 'file' : 'files'} planned again, in a merge commit on top of the branch; the ports stay. sha256 ${digest.slice(0, 4)}…${digest.slice(-4)}.`,
    link: request.pullUrl ?? undefined,
    durationMs,
  });
  // Main may have moved on while this one was on its way, and GitHub has a new head to tell of.
  await enqueueForRequest(tx, 'refresh-request', request.id);
  await enqueueForRequest(tx, 'sync-pull-request', request.id);
  await announce(tx, `request:${request.id}`, 'requests');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
