/** A request's plan on its way to a newer base: written before the branch moves, ended when it has moved or somebody else moved it. */
import { z } from 'zod';
import { db, type Database } from '@/lib/db';
import type { Prisma, RequestRefresh } from '@/lib/generated/prisma/client';

/** What the request becomes when the branch has moved. */
export type NewRefresh = Pick<
  Prisma.RequestRefreshUncheckedCreateInput,
  'baseSha' | 'ontoSha' | 'plan' | 'resolved' | 'checks' | 'followUps' | 'rendered' | 'digest' | 'reason'
>;

/** The one that is under way, if any. */
export async function findRefreshUnderWay(
  requestId: number,
  database: Database = db(),
): Promise<RequestRefresh | undefined> {
  return (await database.requestRefresh.findFirst({ where: { requestId, endedAt: null } })) ?? undefined;
}

/** Needs the request's row locked; the index `request_refreshes_one_under_way` is the truth. */
export async function beginRefresh(tx: Prisma.TransactionClient, requestId: number, input: NewRefresh): Promise<void> {
  const earlier = await tx.requestRefresh.count({ where: { requestId } });
  await tx.requestRefresh.create({ data: { requestId, number: earlier + 1, ...input } });
}

/** Notes which commit is ours before the branch points to it. */
export async function noteRefreshHead(refresh: RequestRefresh, headSha: string): Promise<void> {
  const { requestId, number } = refresh;
  await db().requestRefresh.update({ where: { requestId_number: { requestId, number } }, data: { headSha } });
}

/** @returns whether it was under way until now. */
export async function endRefresh(
  database: Database,
  refresh: Pick<RequestRefresh, 'requestId' | 'number'>,
  outcome: 'applied' | 'dropped',
): Promise<boolean> {
  const { requestId, number } = refresh;
  const { count } = await database.requestRefresh.updateMany({
    where: { requestId, number, endedAt: null },
    data: { endedAt: new Date(), outcome },
  });
  return count > 0;
}

/** The request is at its end: what was on its way to the branch goes nowhere, and what it claimed is given back with everything else. */
export async function dropRefreshes(tx: Prisma.TransactionClient, requestId: number): Promise<void> {
  const { count } = await tx.requestRefresh.updateMany({
    where: { requestId, endedAt: null },
    data: { endedAt: new Date(), outcome: 'dropped' },
  });
  if (count > 0) await tx.requestStep.deleteMany({ where: { requestId, name: 'refresh' } });
}

/**
 * Whether `sha` is a merge that Slipway may have put on top of the branch without its being noted: it is under way, or was when the request ended.
 * @param headSha where the branch stood before, as it is noted.
 */
export async function hasUnnotedMerge(requestId: number, headSha: string, sha: string): Promise<boolean> {
  const found = await db().requestRefresh.findFirst({
    where: { requestId, headSha: sha, OR: [{ endedAt: null }, { outcome: 'dropped', ontoSha: headSha }] },
    select: { number: true },
  });
  return found !== null;
}

const BranchCommits = z.object({ commits: z.array(z.string()) });

/** Every commit on the request's branch that Slipway made: those of the plan, and the merges of newer bases. */
export async function ownCommits(requestId: number, database: Database = db()): Promise<Set<string>> {
  const step = await database.requestStep.findUnique({ where: { requestId_name: { requestId, name: 'branch' } } });
  const result = BranchCommits.safeParse(step?.result);
  const merges = await database.requestRefresh.findMany({
    where: { requestId, headSha: { not: null } },
    select: { headSha: true },
  });
  return new Set([...(result.success ? result.data.commits : []), ...merges.flatMap(({ headSha }) => headSha ?? [])]);
}
