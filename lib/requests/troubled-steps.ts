/** Steps that do not get on: they wait for a person, for their time, or are owed to the tracker. For operators. */
import { db } from '@/lib/db';
import { maxAttempts, owableSteps, stepTitles } from './step-policy';
import { stepNames, type StepName, type TroubledStep } from './views';

/** More than this nobody reads. */
const MOST_ROWS = 100;

/** Those first that wait for a person, then by the time of their next try. */
export async function listTroubledSteps(): Promise<TroubledStep[]> {
  const rows = await db().requestStep.findMany({
    where: {
      error: { not: null },
      status: { in: ['failed', 'owed', 'pending'] },
      // What was withdrawn needs no branch and no pull request any more; the tracker is told all the same.
      OR: [
        { request: { state: { notIn: ['cancelled', 'closed', 'merged', 'live'] } } },
        { name: { in: [...owableSteps] } },
      ],
    },
    include: { request: { select: { serviceName: true, state: true } } },
    orderBy: [{ nextAttemptAt: { sort: 'asc', nulls: 'first' } }, { requestId: 'asc' }],
    take: MOST_ROWS,
  });
  return rows.flatMap((row) => {
    const name = stepNames.find((known): known is StepName => known === row.name);
    if (!name) return [];
    return [
      {
        requestId: row.requestId,
        serviceName: row.request.serviceName,
        name,
        title: stepTitles[name],
        toTracker: owableSteps.has(name),
        waitsForPerson: row.nextAttemptAt === null,
        error: row.error ?? '',
        reference: row.reference ?? undefined,
        attempts: row.attempts,
        maxAttempts: maxAttempts(name),
        since: (row.finishedAt ?? row.startedAt)?.toISOString(),
        nextAttemptAt: row.nextAttemptAt?.toISOString(),
      },
    ];
  });
}
