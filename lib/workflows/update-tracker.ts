/**
 * Brings the tracker up to a request: the issue, the runbook's page, the links both ways, and at the end how it ended. Nothing waits for it: what the
 * tracker does not take is owed, shown, and tried again.
 */
import { z } from 'zod';
import { findPullRequest, updatePullRequest } from '@/lib/adapters/github/pull-request';
import { ensureIssue, type DesiredIssue } from '@/lib/adapters/notion/ensure-issue';
import { ensureRunbookPage } from '@/lib/adapters/notion/ensure-runbook-page';
import type { Tracker } from '@/lib/adapters/notion/client';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { runStep, skipStep, StepFailure, RequestMovedError } from '@/lib/requests/steps';
import { stepTitles } from '@/lib/requests/step-policy';
import { filesOf, storedManifest, StoredPlan } from '@/lib/requests/stored';
import { actionNamed, requestTitle } from '@/lib/requests/states';
import { recordEvent } from '@/lib/requests/timeline';
import type { StepName } from '@/lib/requests/views';
import { noteWait } from '@/lib/requests/waits';
import { github, tracker } from './connections';
import { describeRequest, linksOf } from './describe-request';
import { waitForTurn } from './github-limits';
import { plain } from './renew-description';
import { findRequest, requestUrl } from './request-row';

const PageResult = z.object({ url: z.string() });
const LinkResult = z.object({ pullRequest: z.boolean() });
const EndResult = z.object({ state: z.string() });

/** Does what is owed, as far as the tracker lets it; queues itself for the rest. */
export async function updateTracker(requestId: number): Promise<void> {
  const request = await findRequest(requestId);
  if (!request || request.pullNumber === null) return;
  const wanted = stepsFor(request);
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

/** The steps that this request needs now, in order. Each reads what those before it left. */
function stepsFor(request: ChangeRequest): [StepName, (notion: Tracker) => Promise<void>][] {
  const manifest = storedManifest(request.manifest);
  const plan = StoredPlan.parse(request.plan);
  const ended = ['merged', 'live', 'closed', 'cancelled'].includes(request.state);
  const abandoned = ['closed', 'cancelled'].includes(request.state);
  const steps: [StepName, (notion: Tracker) => Promise<void>][] = [];
  if (manifest.docs.trackerIssue && !abandoned) steps.push(['tracker-issue', (notion) => writeIssue(notion, request)]);
  if (plan.runbookPath !== undefined && !abandoned)
    steps.push(['runbook-page', (notion) => writeRunbook(notion, request, plan.runbookPath ?? '')]);
  if (steps.length > 0) steps.push(['link', (notion) => writeLinks(notion, request)]);
  if (manifest.docs.trackerIssue && ended) steps.push(['tracker-end', (notion) => writeEnd(notion, request)]);
  return steps;
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

async function writeRunbook(notion: Tracker, request: ChangeRequest, path: string): Promise<void> {
  await runStep(request.id, 'runbook-page', {
    result: PageResult,
    run: async () => ({ url: (await ensureRunbookPage(notion, runbookOf(request, path, {}))).url }),
    finish: async (tx, { url }, durationMs) => {
      await tx.changeRequest.update({ where: { id: request.id }, data: { runbookPageUrl: url } });
      await recordEvent(tx, {
        requestId: request.id,
        key: 'runbook-page',
        kind: 'tracker',
        status: 'done',
        title: 'Runbook page in the tracker',
        link: url,
        durationMs,
      });
    },
  });
}

/** Issue and page name each other, and the pull request names both. */
async function writeLinks(notion: Tracker, before: ChangeRequest): Promise<void> {
  const request = (await findRequest(before.id)) ?? before;
  const { issueUrl, runbookPageUrl } = request;
  const manifest = storedManifest(request.manifest);
  const { runbookPath } = StoredPlan.parse(request.plan);
  // Linked when all is there that this request is to have.
  if ((manifest.docs.trackerIssue && issueUrl === null) || (runbookPath !== undefined && runbookPageUrl === null))
    return;
  await runStep(request.id, 'link', {
    result: LinkResult,
    run: async () => {
      if (issueUrl !== null && runbookPageUrl !== null) {
        await ensureIssue(notion, issueOf(request, { runbookUrl: runbookPageUrl }));
        if (runbookPath !== undefined) await ensureRunbookPage(notion, runbookOf(request, runbookPath, { issueUrl }));
      }
      return { pullRequest: await linkFromPull(request) };
    },
    finish: async (tx, _result, durationMs) => {
      await recordEvent(tx, {
        requestId: request.id,
        key: 'link',
        kind: 'tracker',
        status: 'done',
        title: 'Linked both ways',
        detail: 'The pull request, the issue and the runbook page name each other.',
        durationMs,
      });
    },
  });
}

/** Writes the links into the pull request's text. What a person wrote there stays: the links then go below it. */
async function linkFromPull(request: ChangeRequest): Promise<boolean> {
  const pull = await findPullRequest(github(), request.branch);
  if (!pull) return false;
  const links = linksOf(request);
  const missing = Object.values(links).filter((url) => !pull.body.includes(url));
  if (missing.length === 0) return false;
  await waitForTurn(request.id, 'link', 1);
  const untouched = plain(pull.body) === plain((await describeRequest(request)).body);
  const body = untouched
    ? (await describeRequest(request, links)).body
    : `${pull.body.trimEnd()}\n\n${missing.join('\n')}\n`;
  await updatePullRequest(github(), pull.number, body);
  return true;
}

/** The tracker learns how it ended; once for each way that it ends. */
async function writeEnd(notion: Tracker, request: ChangeRequest): Promise<void> {
  if (request.issueUrl === null) return;
  await runStep(request.id, 'tracker-end', {
    result: EndResult,
    run: async () => {
      await ensureIssue(notion, issueOf(request, { runbookUrl: request.runbookPageUrl ?? undefined }));
      return { state: request.state };
    },
    finish: async (tx, { state }, durationMs) => {
      await recordEvent(tx, {
        requestId: request.id,
        key: `tracker-end:${state}`,
        kind: 'tracker',
        status: 'done',
        title: `The issue says that it was ${state}`,
        link: request.issueUrl ?? undefined,
        durationMs,
      });
    },
  });
}

function issueOf(request: ChangeRequest, links: { runbookUrl?: string | undefined }): DesiredIssue {
  const manifest = storedManifest(request.manifest);
  return {
    requestId: String(request.id),
    requestUrl: requestUrl(request.id),
    title: requestTitle(actionNamed(request.action), manifest.displayName ?? manifest.name),
    service: manifest.name,
    component: manifest.category,
    status: issueStatus(request.state),
    pullRequestUrl: request.pullUrl ?? undefined,
    runbookUrl: links.runbookUrl,
    body: `${manifest.purpose}\n\n${endSentence(request)}`.trim(),
  };
}

function issueStatus(state: ChangeRequest['state']): DesiredIssue['status'] {
  if (state === 'merged' || state === 'live') return 'Done';
  // Nobody works on it any more; whoever wants it takes it up from there.
  if (state === 'closed' || state === 'cancelled') return 'Idea';
  return 'In Review';
}

function endSentence(request: ChangeRequest): string {
  if (request.state === 'cancelled') return `Cancelled${request.cancelAskedBy ? ` by ${request.cancelAskedBy}` : ''}.`;
  if (request.state === 'closed') return 'The pull request was closed without merging.';
  return '';
}

function runbookOf(request: ChangeRequest, path: string, links: { issueUrl?: string }) {
  const manifest = storedManifest(request.manifest);
  const file = filesOf(StoredPlan.parse(request.plan)).find((one) => one.path === path);
  const markdown = file?.after ?? '';
  return {
    requestId: String(request.id),
    requestUrl: requestUrl(request.id),
    title: /^# (.+)$/m.exec(markdown)?.[1]?.trim() ?? manifest.name,
    service: manifest.name,
    owner: manifest.owner,
    dashboardUrl: manifest.docs.dashboards[0]?.url,
    pullRequestUrl: request.pullUrl ?? undefined,
    issueUrl: links.issueUrl,
    markdown,
    sourceUrl: sourceUrl(request, path),
  };
}

/** Where the file is shown once it is merged: beside the pull request, since an enterprise's GitHub has its own address. */
function sourceUrl(request: ChangeRequest, path: string): string | undefined {
  const repository = request.pullUrl?.replace(/\/pull\/\d+$/, '');
  return repository === undefined ? undefined : `${repository}/blob/${env().github.baseBranch}/${path}`;
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
