/** Ends what is overdue: leases (their requests fail in the same transaction), requests without a lease, drafts, and what was only kept for a while. */
import { db } from '@/lib/db';
import { forgetOldTurns } from '@/lib/queue/upstream-turns';
import type { Prisma } from '@/lib/generated/prisma/client';
import { LEASE_DAYS } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { workingStates } from '@/lib/requests/states';
import { expireDrafts } from '@/lib/wizard/drafts';
import { endExpired } from './end-request';

const DAY_MS = 24 * 60 * 60 * 1000;
/** GitHub lets a delivery be sent again for three days. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
const COMMITS_KEPT_MS = 30 * DAY_MS;

/** Runs every minute; on a quiet system it changes nothing. */
export async function expire(): Promise<void> {
  const stale = await db().portReservation.findMany({
    where: { state: 'held', leaseUntil: { lte: new Date() } },
    distinct: ['scope'],
    select: { scope: true },
  });
  // Whoever takes the lock ends what is overdue: there is nothing more to do.
  for (const { scope } of stale) await portTransaction({ scopes: [scope] }, endExpired, () => Promise.resolve());
  await endForgotten();
  await expireDrafts();
  await forgetOldTurns();
  const now = Date.now();
  await db().webhookDelivery.deleteMany({ where: { receivedAt: { lt: new Date(now - DELIVERIES_KEPT_MS) } } });
  const heads = await db().repositoryHead.findMany({ select: { sha: true } });
  await db().repositoryCommit.deleteMany({
    where: { readAt: { lt: new Date(now - COMMITS_KEPT_MS) }, sha: { notIn: heads.map((head) => head.sha) } },
  });
}

/**
 * Requests that hold no port have no lease: hosts and number are given back when nobody has worked on them for as long as a lease lasts, and they fail
 * as with a lease that ran out.
 */
async function endForgotten(): Promise<void> {
  const forgotten = await db().changeRequest.findMany({ where: withoutLease(new Date()), select: { id: true } });
  for (const { id } of forgotten)
    await portTransaction({ requests: [id] }, endExpired, async (ports) => {
      await ports.$queryRaw`SELECT 1 FROM change_requests WHERE id = ${id} FOR UPDATE`;
      // Tried again meanwhile, or ended by another worker.
      const still = await ports.changeRequest.findFirst({
        where: { id, ...withoutLease(new Date()) },
        select: { id: true },
      });
      if (still) await endExpired(ports, [id]);
    });
}

/** Not worked on for the time of a lease, and has something, or is to be worked on still. */
function withoutLease(now: Date): Prisma.ChangeRequestWhereInput {
  const since = new Date(now.getTime() - LEASE_DAYS * DAY_MS);
  return {
    updatedAt: { lt: since },
    cancelAskedAt: null,
    ports: { none: { state: { not: 'released' } } },
    steps: { none: { OR: [{ startedAt: { gte: since } }, { nextAttemptAt: { gte: since } }] } },
    OR: [
      { state: { in: [...workingStates] } },
      { state: 'failed', hosts: { some: { releasedAt: null } } },
      { state: 'failed', runbooks: { some: { releasedAt: null } } },
    ],
  };
}
