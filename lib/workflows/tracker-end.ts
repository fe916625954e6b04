/** The tracker learns how a request ended. Of one that came to nothing only what stands there already is told of it: nothing is made any more. */
import { z } from 'zod';
import type { Tracker } from '@/lib/adapters/notion/client';
import { mendIssue } from '@/lib/adapters/notion/ensure-issue';
import { mendRunbookPage, type DesiredRunbookPage } from '@/lib/adapters/notion/ensure-runbook-page';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { runStep } from '@/lib/requests/steps';
import { recordEvent } from '@/lib/requests/timeline';
import { issueOf } from './tracker-words';

const EndResult = z.object({ state: z.string(), issueUrl: z.string().optional(), pageUrl: z.string().optional() });

/** What a request that goes on wants from the tracker. */
const wantedSteps = ['tracker-issue', 'runbook-page', 'link'];

/** Whether the request came to nothing. */
export function isAbandoned({ state }: Pick<ChangeRequest, 'state'>): boolean {
  return state === 'closed' || state === 'cancelled';
}

/**
 * Notes that what the tracker is owed for the request is not wanted any more.
 * @returns the steps that were begun at any time: something of theirs may stand in the tracker, also where its answer was lost.
 */
export async function forgetOwed(requestId: number): Promise<Set<string>> {
  return db().$transaction(async (tx) => {
    const where = { requestId, name: { in: wantedSteps } };
    await tx.requestStep.updateMany({
      where: { ...where, status: { notIn: ['done', 'skipped'] } },
      data: { status: 'skipped', nextAttemptAt: null, error: null, reference: null },
    });
    const begun = await tx.requestStep.findMany({ where: { ...where, startedAt: { not: null } } });
    return new Set(begun.map(({ name }) => name));
  });
}

/**
 * Says how it ended, once for each way that it ends.
 * @param told what may stand in the tracker: the issue, and the runbook's page as it is to read now.
 */
export async function writeEnd(
  notion: Tracker,
  request: ChangeRequest,
  told: { issue: boolean; page?: DesiredRunbookPage | undefined },
): Promise<void> {
  await runStep(request.id, 'tracker-end', {
    result: EndResult,
    run: async () => {
      const runbookUrl = request.runbookPageUrl ?? undefined;
      const issue = told.issue ? await mendIssue(notion, issueOf(request, { runbookUrl })) : undefined;
      const page = told.page && (await mendRunbookPage(notion, told.page));
      return { state: request.state, issueUrl: issue?.url, pageUrl: page?.url };
    },
    finish: async (tx, { state, issueUrl, pageUrl }, durationMs) => {
      // Found now, where the answer that would have named them was lost.
      await tx.changeRequest.update({
        where: { id: request.id },
        data: { ...(issueUrl ? { issueUrl } : {}), ...(pageUrl ? { runbookPageUrl: pageUrl } : {}) },
      });
      const who = [issueUrl && 'issue', pageUrl && 'runbook page'].filter(Boolean);
      if (who.length === 0) return;
      await recordEvent(tx, {
        requestId: request.id,
        key: `tracker-end:${state}`,
        kind: 'tracker',
        status: 'done',
        title: `The ${who.join(' and the ')} ${who.length > 1 ? 'say' : 'says'} that it was ${request.action === 'remove' && state === 'live' ? 'removed' : state}`,
        link: issueUrl ?? pageUrl,
        durationMs,
      });
    },
  });
}
