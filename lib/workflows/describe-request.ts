/** The pull request's words for a request, the same from whichever job writes them: its plan, its checks and what Helm rendered. */
import { z } from 'zod';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { describePullRequest } from '@/lib/generator/pull-request';
import { StoredChecks } from '@/lib/requests/stored';
import { planOf, requestUrl } from './request-row';

const Rendered = z.array(z.object({ environment: z.string(), text: z.string() }));

/** What the step `check` leaves. Steps from before Helm ran in it rendered nothing. */
export const CheckStepResult = z.object({
  files: z.number(),
  rendered: Rendered.default([]),
});

/**
 * Title and body.
 * @param known checks and rendered manifests where they are not the request's own; without it both are read anew, since the step before has added to them.
 */
export async function describeRequest(
  request: ChangeRequest,
  links: { issue?: string; runbook?: string } = {},
  known?: { checks: unknown; rendered: unknown },
): Promise<{ title: string; body: string }> {
  const { checks, rendered } = known ?? (await readResults(request.id));
  return describePullRequest({
    ...planOf(request),
    checks: StoredChecks.parse(checks).map(({ durationMs, ...check }) =>
      durationMs === undefined ? check : { ...check, durationMs },
    ),
    links: { request: requestUrl(request.id), ...links },
    baseSha: request.baseSha,
    rendered: Rendered.parse(rendered),
  });
}

/** What the pull request's text links to in the tracker. */
export function linksOf({ issueUrl, runbookPageUrl }: Pick<ChangeRequest, 'issueUrl' | 'runbookPageUrl'>): {
  issue?: string;
  runbook?: string;
} {
  return {
    ...(issueUrl === null ? {} : { issue: issueUrl }),
    ...(runbookPageUrl === null ? {} : { runbook: runbookPageUrl }),
  };
}

async function readResults(requestId: number): Promise<{ checks: unknown; rendered: unknown }> {
  const [{ checks }, step] = await Promise.all([
    db().changeRequest.findUniqueOrThrow({ where: { id: requestId }, select: { checks: true } }),
    db().requestStep.findUnique({ where: { requestId_name: { requestId, name: 'check' } } }),
  ]);
  const result = CheckStepResult.safeParse(step?.result);
  return { checks, rendered: result.success ? result.data.rendered : [] };
}
