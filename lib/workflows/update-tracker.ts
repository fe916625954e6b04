/**
 * Brings the tracker up to a request: the issue, the runbook's page, the links both ways, and at the end how it ended. Nothing waits for it: what the
 * tracker does not take is owed, shown, and tried again.
 */
import { z } from 'zod';
import { ensureIssue } from '@/lib/adapters/notion/ensure-issue';
import { ensureRunbookPage } from '@/lib/adapters/notion/ensure-runbook-page';
import type { Tracker } from '@/lib/adapters/notion/client';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { runStep, skipStep, StepFailure, RequestMovedError } from '@/lib/requests/steps';
import { stepTitles } from '@/lib/requests/step-policy';
import { filesOf, storedManifest, StoredPlan } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import type { StepName } from '@/lib/requests/views';
import { noteWait } from '@/lib/requests/waits';
import { tracker } from './connections';
import { linkDescription } from './renew-description';
import { findAddition, findRequest } from './request-row';
import { forgetOwed, isAbandoned, writeEnd } from './tracker-end';
import { issueOf, runbookOf } from './tracker-words';

const PageResult = z.object({ url: z.string() });
const LinkResult = z.object({ pullRequest: z.boolean() });

/** Does what is owed, as far as the tracker lets it; queues itself for the rest. */
export async function updateTracker(requestId: number): Promise<void> {
  const request = await findRequest(requestId);
  if (!request || request.pullNumber === null) return;
  // The runbook's page is known by it.
  const first = await findAddition(request);
  const wanted = isAbandoned(request) ? await stepsAtEnd(request, first) : stepsFor(request, first);
  const notion = tracker();
  if (!notion) {
    await db().$transaction(async (tx) => {
      for (const step of ['tracker-issue', 'runbook-page', 'link'] as const) await skipStep(tx, requestId, step);
    });
    return;
  }
  const failures: StepFailure[] = [];
  for (const [step, run] of wanted) {
    try {
      await run(notion);
    } catch (error) {
      if (error instanceof RequestMovedError) return;
      if (!(error instanceof StepFailure)) throw error;
      failures.push(error);
      await noteOwed(requestId, step, error);
      if (error.limitedBy === 'GitHub') await db().$transaction((tx) => noteWait(tx, requestId, error));
    }
  }
  const next = failures.flatMap((failure) => (failure.nextAttemptAt ? [failure.nextAttemptAt.getTime()] : []));
  if (next.length > 0) await enqueueForRequest(db(), 'update-tracker', requestId, new Date(Math.min(...next)));
}

type WantedStep = [StepName, (notion: Tracker) => Promise<void>];

/** The steps that this request needs now, in order. Each reads what those before it left. */
function stepsFor(request: ChangeRequest, first: ChangeRequest): WantedStep[] {
  const { trackerIssue } = storedManifest(request.manifest).docs;
  const path = runbookPathOf(request, first);
  const merged = request.state === 'merged' || request.state === 'live';
  const steps: WantedStep[] = [];
  if (trackerIssue) steps.push(['tracker-issue', (notion) => writeIssue(notion, request)]);
  // The page of a service that is live tells of what is merged: a change may come to nothing.
  if (path !== undefined && (request.action === 'add' || merged))
    steps.push(['runbook-page', (notion) => writeRunbook(notion, request, first, path)]);
  if (steps.length > 0) steps.push(['link', (notion) => writeLinks(notion, request, first)]);
  if (trackerIssue && merged) steps.push(['tracker-end', (notion) => writeMerged(notion, request)]);
  return steps;
}

/** An issue that is still owed says it as soon as it is made. */
async function writeMerged(notion: Tracker, before: ChangeRequest): Promise<void> {
  const request = (await findRequest(before.id)) ?? before;
  if (request.issueUrl !== null) await writeEnd(notion, request, { issue: true });
}

/** Of what came to nothing the tracker is told where something of it may stand there; what it was still owed is not wanted any more. */
async function stepsAtEnd(request: ChangeRequest, first: ChangeRequest): Promise<WantedStep[]> {
  const begun = await forgetOwed(request.id);
  const path = runbookPathOf(request, first);
  const page =
    request.action === 'add' && path !== undefined && begun.has('runbook-page')
      ? runbookOf(request, first, path, { issueUrl: request.issueUrl ?? undefined })
      : undefined;
  const told = { issue: begun.has('tracker-issue'), page };
  return told.issue || page ? [['tracker-end', (notion) => writeEnd(notion, request, told)]] : [];
}

/** The runbook's file where this request makes, changes or deletes it. */
function runbookPathOf(request: ChangeRequest, first: ChangeRequest): string | undefined {
  const plan = StoredPlan.parse(request.plan);
  if (plan.runbookPath !== undefined) return plan.runbookPath;
  const known = StoredPlan.parse(first.plan).runbookPath;
  return filesOf(plan).some(({ path }) => path === known) ? known : undefined;
}

async function writeIssue(notion: Tracker, request: ChangeRequest): Promise<void> {
  await runStep(request.id, 'tracker-issue', {
    result: PageResult,
    run: async () => ({ url: (await ensureIssue(notion, issueOf(request, {}))).url }),
    finish: async (tx, { url }, durationMs) => {
      await tx.changeRequest.update({ where: { id: request.id }, data: { issueUrl: url } });
      await recordEvent(tx, {
        requestId: request.id,
        key: 'tracker-issue',
        kind: 'tracker',
        status: 'done',
        title: 'Issue in the tracker',
        link: url,
        durationMs,
      });
    },
  });
}

async function writeRunbook(
  notion: Tracker,
  request: ChangeRequest,
  first: ChangeRequest,
  path: string,
): Promise<void> {
  await runStep(request.id, 'runbook-page', {
    result: PageResult,
    run: async () => ({ url: (await ensureRunbookPage(notion, runbookOf(request, first, path, {}))).url }),
    finish: async (tx, { url }, durationMs) => {
      await tx.changeRequest.update({ where: { id: request.id }, data: { runbookPageUrl: url } });
      // What was linked before there was a page to link to is linked once more.
      if (request.runbookPageUrl === null)
        await tx.requestStep.deleteMany({ where: { requestId: request.id, name: 'link' } });
      await recordEvent(tx, {
        requestId: request.id,
        key: 'runbook-page',
        kind: 'tracker',
        status: 'done',
        title: request.action === 'remove' ? 'The runbook page says that it is removed' : 'Runbook page in the tracker',
        link: url,
        durationMs,
      });
    },
  });
}

/** Issue and page name each other, and the pull request names both. */
async function writeLinks(notion: Tracker, before: ChangeRequest, first: ChangeRequest): Promise<void> {
  const request = (await findRequest(before.id)) ?? before;
  const { issueUrl, runbookPageUrl } = request;
  const manifest = storedManifest(request.manifest);
  const runbookPath = runbookPathOf(request, first);
  const toCome = runbookPath !== undefined && runbookPageUrl === null && request.action === 'add';
  // Linked when all is there that this request is to have; the page of a live service follows at the merge.
  if ((manifest.docs.trackerIssue && issueUrl === null) || toCome) return;
  await runStep(request.id, 'link', {
    result: LinkResult,
    run: async () => {
      if (issueUrl !== null && runbookPageUrl !== null) {
        await ensureIssue(notion, issueOf(request, { runbookUrl: runbookPageUrl }));
        if (runbookPath !== undefined)
          await ensureRunbookPage(notion, runbookOf(request, first, runbookPath, { issueUrl }));
      }
      return { pullRequest: await linkDescription(request) };
    },
    finish: async (tx, _result, durationMs) => {
      // The page of a live service is linked at the merge: after the issue, where there is one, and told apart from it.
      const isPageOfLive = request.action !== 'add' && issueUrl !== null && runbookPageUrl !== null;
      await recordEvent(tx, {
        requestId: request.id,
        key: isPageOfLive ? 'link:runbook' : 'link',
        kind: 'tracker',
        status: 'done',
        title: isPageOfLive ? 'The runbook page is linked as well' : 'Linked both ways',
        detail: whoNameEachOther(request),
        durationMs,
      });
    },
  });
}

function whoNameEachOther({ issueUrl, runbookPageUrl }: ChangeRequest): string {
  if (runbookPageUrl === null) return 'The pull request and the issue name each other.';
  return issueUrl === null
    ? 'The pull request and the runbook page name each other.'
    : 'The pull request, the issue and the runbook page name each other.';
}

async function noteOwed(requestId: number, step: StepName, failure: StepFailure): Promise<void> {
  await recordEvent(db(), {
    requestId,
    key: `owed:${step}`,
    kind: 'tracker',
    status: 'owed',
    title: `Tracker owed: ${stepTitles[step].toLowerCase()}`,
    detail: `${failure.publicMessage} The pull request does not wait for this. Reference ${failure.reference}.`,
  });
}
