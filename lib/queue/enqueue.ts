/** Puts a job on the queue inside the caller's transaction: it exists if and only if what it is about does. */
import { auditOrigin } from '@/lib/audit-origin';
import type { Database } from '@/lib/db';
import { announce } from '@/lib/events';
import { jobContracts, type JobInput, type JobName } from './contracts';

/** A job's flag that says which call or job it came of. */
export const CAUSE_FLAG = 'cause:';

/**
 * @param key jobs with the same key are one job: a second one replaces a waiting one instead of running beside it.
 * @param options.runAt when it may start at the earliest. @param options.maxAttempts tries before it stays failed.
 */
export async function enqueue<Name extends JobName>(
  database: Database,
  name: Name,
  input: JobInput<Name>,
  options: { key: string; runAt?: Date; maxAttempts?: number; queue?: string },
): Promise<void> {
  const cause = auditOrigin()?.correlationId;
  const payload = JSON.stringify(jobContracts[name].parse(input));
  await database.$executeRaw`
    SELECT graphile_worker.add_job(
      identifier => ${name},
      payload => ${payload}::json,
      queue_name => ${options.queue ?? null},
      run_at => ${options.runAt ?? null}::timestamptz,
      max_attempts => ${options.maxAttempts ?? 12},
      job_key => ${options.key},
      flags => ${cause === undefined ? null : [`${CAUSE_FLAG}${cause}`]}::text[],
      job_key_mode => 'replace'
    )`;
  await announce(database, 'queue');
}
