/** The pull request's words for a request, the same from whichever job writes them: its plan, its checks and what Helm rendered. */
import { z } from 'zod';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { describePullRequest } from '@/lib/generator/pull-request';
import { StoredChecks } from '@/lib/requests/stored';
import { planOf, requestUrl } from './request-row';

/** What the step `check` leaves. Steps from before Helm ran in it rendered nothing. */
export const CheckStepResult = z.object({
  files: z.number(),
  rendered: z.array(z.object({ environment: z.string(), text: z.string() })).default([]),
});

/** Title and body. The checks are read anew: the step before has added to them. */
export async function describeRequest(
  request: ChangeRequest,
  links: { issue?: string; runbook?: string } = {},
): Promise<{ title: string; body: string }> {
  const [{ checks }, step] = await Promise.all([
    db().changeRequest.findUniqueOrThrow({ where: { id: request.id }, select: { checks: true } }),
    db().requestStep.findUnique({ where: { requestId_name: { requestId: request.id, name: 'check' } } }),
  ]);
  const result = CheckStepResult.safeParse(step?.result);
  return describePullRequest({
    ...planOf(request),
    checks: StoredChecks.parse(checks).map(({ durationMs, ...check }) =>
      durationMs === undefined ? check : { ...check, durationMs },
    ),
    links: { request: requestUrl(request.id), ...links },
    baseSha: request.baseSha,
    rendered: result.success ? result.data.rendered : [],
  });
}
