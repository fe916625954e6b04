/** What the database says of the requests that were submitted: read beside the portals, so that asking costs them nothing. */
import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RequestTruth {
  id: number;
  state: string;
  pullNumber: number | null;
  branch: string;
  headSha: string | null;
  /** The commit of main on which it was looked at last. */
  judgedSha: string | null;
  /** When its pull request was open, by this machine's clock. */
  openedAt: Date | null;
}

export async function readRequests(database: pg.Client): Promise<RequestTruth[]> {
  const { rows } = await database.query<RequestTruth>(
    `SELECT request.id, request.state::text, request.pull_number AS "pullNumber", request.branch, request.head_sha AS "headSha",
            request.judged_sha AS "judgedSha", step.finished_at AS "openedAt"
     FROM change_requests request
     LEFT JOIN request_steps step ON step.request_id = request.id AND step.name = 'pull-request' AND step.status = 'done'
     ORDER BY request.id`,
  );
  return rows;
}

/** One number out of one row. */
export async function count(database: pg.Client, sql: string, parameters: unknown[] = []): Promise<number> {
  const { rows } = await database.query<{ count: number }>(sql, parameters);
  return rows[0]?.count ?? Number.NaN;
}

/** How many ports the requests have among them, and how many of those are different. */
export async function countPorts(database: pg.Client): Promise<{ all: number; different: number }> {
  const of = (what: string) =>
    count(
      database,
      `SELECT count(${what})::int AS count FROM port_reservations WHERE request_id IS NOT NULL AND state <> 'released'`,
    );
  return { all: await of('*'), different: await of('DISTINCT (scope, protocol, port_from)') };
}

/** Until no job is due or running: then what is measured next is measured alone. */
export async function untilQuiet(database: pg.Client): Promise<void> {
  await until('the queue is empty', async () => {
    const jobs = await count(
      database,
      `SELECT count(*)::int AS count FROM graphile_worker.jobs
       WHERE (locked_at IS NOT NULL OR run_at <= now() + interval '3 seconds') AND attempts < max_attempts`,
    );
    return jobs === 0 || undefined;
  });
}

/**
 * Asks again until there is an answer.
 * @param look undefined while there is none.
 * @throws where there is none for too long.
 */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  { everyMs = 50, timeoutMs = 600_000 }: { everyMs?: number; timeoutMs?: number } = {},
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`);
    await sleep(everyMs);
  }
}
