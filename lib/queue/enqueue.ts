/** Puts a job on the queue inside the caller's transaction: it exists if and only if what it is about does. */
import { auditOrigin } from '@/lib/audit-origin';
import type { Database } from '@/lib/db';
import { announce } from '@/lib/events';
import { jobContracts, jobPriorities, jobQueues, type JobInput, type JobName } from './contracts';

/** Each further try needs a worker that takes the job in that very moment. */
const TRIES = 20;

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
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await addJob(database, name, input, options)) return announce(database, 'queue');
  }
  throw new Error(`${name} could not be queued under the key ${options.key}`);
}

/**
 * @returns whether the job is there. graphile-worker's add_job puts a second one beside a job that runs; where a worker takes the job between its two
 * statements it does nothing, and answers with nothing. Who runs then began before our transaction counts, so that what it brings would be missed.
 */
async function addJob<Name extends JobName>(
  database: Database,
  name: Name,
  input: JobInput<Name>,
  options: Parameters<typeof enqueue>[3],
): Promise<boolean> {
  const cause = auditOrigin()?.correlationId;
  const payload = JSON.stringify(jobContracts[name].parse(input));
  const rows = await database.$queryRaw<{ id: bigint | null }[]>`
    SELECT id FROM graphile_worker.add_job(
      identifier => ${name},
      payload => ${payload}::json,
      queue_name => ${options.queue ?? jobQueues[name] ?? null},
      run_at => ${options.runAt ?? null}::timestamptz,
      max_attempts => ${options.maxAttempts ?? 12},
      job_key => ${options.key},
      priority => ${jobPriorities[name] ?? 0}::int,
      flags => ${cause === undefined ? null : [`${CAUSE_FLAG}${cause}`]}::text[],
      job_key_mode => 'replace'
    )`;
  return rows.some(({ id }) => id !== null);
}
