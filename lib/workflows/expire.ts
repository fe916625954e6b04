/** Ends what is overdue: leases (their requests fail in the same transaction), drafts, and what was only kept for a while. */
import { db } from '@/lib/db';
import { forgetOldTurns } from '@/lib/queue/upstream-turns';
import { portTransaction } from '@/lib/ports/transaction';
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
  await expireDrafts();
  await forgetOldTurns();
  const now = Date.now();
  await db().webhookDelivery.deleteMany({ where: { receivedAt: { lt: new Date(now - DELIVERIES_KEPT_MS) } } });
  const heads = await db().repositoryHead.findMany({ select: { sha: true } });
  await db().repositoryCommit.deleteMany({
    where: { readAt: { lt: new Date(now - COMMITS_KEPT_MS) }, sha: { notIn: heads.map((head) => head.sha) } },
  });
}
