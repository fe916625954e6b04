/** The checks of a submitted request that need time: the real tools, and the portal's own records. They run before anything is pushed. */
import { db } from '@/lib/db';
import { InputError, UpstreamError } from '@/lib/errors';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import { mergeChecks } from '@/lib/requests/merge-checks';
import { StoredChecks } from '@/lib/requests/stored';
import { checkWithTools } from './check-change';
import { databaseAgrees } from './database-agrees';
import { readClaims } from './request-claims';
import { repositoryAt } from './read-repository';
import { planOf } from './request-row';

/** A pull request's body holds 65,536 characters: what is much longer is of no use there and need not be kept. */
const MOST_RENDERED = 200_000;

/**
 * Runs them on the commit that the plan was made on, and keeps the results with the request, the failed ones too.
 * @returns what Helm renders that it did not render before.
 * @throws InputError naming the first check that fails; UpstreamError, to be tried again, where a tool gave no verdict or the commit cannot be read.
 */
export async function checkRequest(request: ChangeRequest): Promise<RenderedManifests[]> {
  const { plan, resolved, profile } = planOf(request);
  const { tree } = await repositoryAt(request.baseSha);
  const context = { plan, manifest: resolved, profile, tree };
  const records = databaseAgrees(context, await readClaims(db(), request.id));
  const { checks, rendered, withoutVerdict } = await checkWithTools(context);
  await keepChecks(request.id, [records, ...checks]);
  const failed = [records, ...checks].find((check) => check.status === 'fail');
  if (failed) throw new InputError(`The check “${failed.name}” fails: ${failed.summary}`, []);
  const [unjudged] = withoutVerdict;
  if (unjudged)
    throw new UpstreamError(`The check “${unjudged.name}” gave no verdict. ${unjudged.summary}`, {
      system: unjudged.name,
      retryable: true,
    });
  const size = rendered.reduce((sum, { text }) => sum + text.length, 0);
  return size > MOST_RENDERED ? [] : rendered;
}

/** Beside the results from submitting, each check once. */
export async function keepChecks(requestId: number, results: readonly TimedCheckResult[]): Promise<void> {
  await db().$transaction(async (tx) => {
    const row = await tx.changeRequest.findUniqueOrThrow({ where: { id: requestId }, select: { checks: true } });
    const checks = mergeChecks(StoredChecks.parse(row.checks), results);
    await tx.changeRequest.update({ where: { id: requestId }, data: { checks } });
  });
}
