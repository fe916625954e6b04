/** What operators see of the queue (`queue.read`): jobs, webhook deliveries, workers, and the limits of the systems outside. */
import { db } from '@/lib/db';
import {
  requestOfKey,
  type BudgetView,
  type DeliveryView,
  type JobQueue,
  type JobState,
  type PauseView,
  type TurnsView,
  type WorkerView,
} from './views';

/** More than this nobody reads; the counts are of all. */
const MOST_ROWS = 100;
/** The class of the locks by which workers say that they live (lib/jobs/worker-leases.ts). */
const WORKER_LOCKS = 734_202;

interface JobRow {
  id: bigint;
  task_identifier: string;
  key: string | null;
  state: JobState;
  at: Date;
  attempts: number;
  max_attempts: number;
  error: string | null;
}

export async function listJobs(): Promise<JobQueue> {
  const [rows, counted] = await Promise.all([
    db().$queryRaw<JobRow[]>`
      SELECT id, task_identifier, key, attempts, max_attempts, split_part(left(last_error, 600), E'\n', 1) AS error,
             coalesce(locked_at, run_at) AS at, state
        FROM (SELECT *, CASE WHEN locked_at IS NOT NULL THEN 'running' WHEN attempts >= max_attempts THEN 'failed'
                             WHEN attempts > 0 THEN 'again' ELSE 'waiting' END AS state
                FROM graphile_worker.jobs) AS jobs
       ORDER BY array_position(ARRAY['failed', 'running'], state), coalesce(locked_at, run_at), id
       LIMIT ${MOST_ROWS}`,
    db().$queryRaw<{ state: JobState; count: bigint }[]>`
      SELECT CASE WHEN locked_at IS NOT NULL THEN 'running' WHEN attempts >= max_attempts THEN 'failed'
                  WHEN attempts > 0 THEN 'again' ELSE 'waiting' END AS state, count(*) AS count
        FROM graphile_worker.jobs GROUP BY 1`,
  ]);
  const counts: Record<JobState, number> = { running: 0, waiting: 0, again: 0, failed: 0 };
  for (const { state, count } of counted) counts[state] = Number(count);
  return {
    counts,
    jobs: rows.map((row) => ({
      id: String(row.id),
      name: row.task_identifier,
      requestId: requestOfKey(row.key),
      state: row.state,
      at: row.at.toISOString(),
      attempts: row.attempts,
      maxAttempts: row.max_attempts,
      error: row.error ?? undefined,
    })),
  };
}

/** The newest first. `waiting` counts those that nobody has worked on yet. */
export async function listDeliveries(): Promise<{
  deliveries: DeliveryView[];
  waiting: number;
  last: string | undefined;
}> {
  const [rows, waiting] = await Promise.all([
    db().webhookDelivery.findMany({ orderBy: { receivedAt: 'desc' }, take: 50 }),
    db().webhookDelivery.count({ where: { processedAt: null } }),
  ]);
  const deliveries = rows.map(({ id, event, payload, receivedAt, processedAt, outcome }) => {
    const action = typeof payload === 'object' && payload !== null && 'action' in payload ? payload.action : undefined;
    return {
      id,
      event: typeof action === 'string' ? `${event}.${action}` : event,
      receivedAt: receivedAt.toISOString(),
      processedAt: processedAt?.toISOString(),
      outcome: outcome ?? undefined,
    };
  });
  return { deliveries, waiting, last: deliveries[0]?.receivedAt };
}

/** Workers that hold their lock: they live. */
export async function listWorkers(): Promise<WorkerView[]> {
  const rows = await db().$queryRaw<{ pid: number; since: Date; address: string | null; running: bigint }[]>`
    SELECT a.pid, a.backend_start AS since, host(a.client_addr) AS address,
           (SELECT count(*) FROM graphile_worker.jobs j
             WHERE EXISTS (SELECT 1 FROM pg_locks l
                            WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.classid = ${WORKER_LOCKS}::bigint::oid
                              AND l.objid::bigint = (hashtext(j.locked_by)::bigint & 4294967295))) AS running
      FROM pg_stat_activity a
     WHERE a.application_name = 'slipway-worker-lease' AND a.datname = current_database()
     ORDER BY a.backend_start`;
  return rows.map(({ pid, since, address, running }) => ({
    connection: pid,
    since: since.toISOString(),
    address: address ?? undefined,
    running: Number(running),
  }));
}

/** Pauses that stand, what the budgets were, and the row of those who write. */
export async function readLimits(): Promise<{ pauses: PauseView[]; budgets: BudgetView[]; turns: TurnsView }> {
  const now = new Date();
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const [pauses, budgets, waiting, given] = await Promise.all([
    db().upstreamPause.findMany({ where: { until: { gt: now } }, orderBy: { until: 'desc' } }),
    db().upstreamBudget.findMany({ orderBy: [{ system: 'asc' }, { resource: 'asc' }] }),
    db().upstreamTurn.aggregate({ where: { takenAt: null, dueAt: { gt: now } }, _count: true, _max: { dueAt: true } }),
    db().upstreamTurn.aggregate({ where: { takenAt: { gt: hourAgo } }, _sum: { writes: true } }),
  ]);
  return {
    pauses: pauses.map(({ system, scope, until, reason }) => ({
      system,
      scope: scope === 'all' ? 'all' : 'writes',
      until: until.toISOString(),
      reason,
    })),
    budgets: budgets.map(({ resetAt, seenAt, ...rest }) => ({
      ...rest,
      resetAt: resetAt.toISOString(),
      seenAt: seenAt.toISOString(),
    })),
    turns: {
      waiting: waiting._count,
      lastAt: waiting._max.dueAt?.toISOString(),
      writesInHour: given._sum.writes ?? 0,
    },
  };
}
