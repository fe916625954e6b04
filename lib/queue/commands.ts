/** What operators do with the queue (`queue.retry`). */
import { recordAudit } from '@/lib/audit-events';
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { announce } from '@/lib/events';
import { forgetPauses } from './upstream-pauses';

/**
 * Lets a job start now, with its tries at nought.
 * @throws NotAllowedError; ConflictError where it runs at this moment, or is done.
 */
export async function retryJob(id: string, actor: Actor): Promise<void> {
  requirePermission(actor, 'queue.retry');
  await db().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT id FROM graphile_worker.reschedule_jobs(ARRAY[${BigInt(id)}]::bigint[], run_at => now(), attempts => 0)`;
    if (rows.length === 0) throw new ConflictError('That job runs at this moment, or is done already. Look again.');
    await recordAudit(tx, { action: 'asked again', subject: { kind: 'job', id } });
    await announce(tx, 'queue');
  });
}

/**
 * Lifts the pauses of a system before their time: an operator knows better. Other processes hear of it within a second.
 * @throws NotAllowedError
 */
export async function liftPauses(system: string, actor: Actor): Promise<void> {
  requirePermission(actor, 'queue.retry');
  await db().$transaction(async (tx) => {
    await recordAudit(tx, { action: 'lifted', subject: { kind: 'pause', id: system } });
    await tx.upstreamPause.deleteMany({ where: { system } });
    // Whoever waits for its end is let go now; who waits for something else finds that out.
    await tx.$executeRaw`
      SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
        FROM graphile_worker.jobs
       WHERE locked_at IS NULL AND run_at > now() AND queue_name LIKE 'request:%' AND attempts < max_attempts
      HAVING count(*) > 0`;
    await announce(tx, 'queue');
  });
  forgetPauses(system);
}
