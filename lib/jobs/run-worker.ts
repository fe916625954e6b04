/** Runs jobs until told to stop: through the database's absences, and without leaving a job half-done that could be finished. */
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger, run, type JobHelpers, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { withAuditOrigin } from '@/lib/audit-origin';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { announce } from '@/lib/events';
import { log } from '@/lib/log';
import { jobContracts, type JobName } from '@/lib/queue/contracts';
import { CAUSE_FLAG, enqueue } from '@/lib/queue/enqueue';
import { crontab, jobs } from './index';
import { WorkerLeases } from './worker-leases';

const CONCURRENCY = 4;
/** How soon a retry that is due is noticed. */
const POLL_MS = 1000;
const REAP_EVERY_MS = 1000;
const TRY_AGAIN_MS = 2000;

/** Runs until `signal` aborts, then finishes what is running. `onReady` is called whenever it begins to take jobs. */
export async function runWorker(signal: AbortSignal, onReady: () => void = () => undefined): Promise<void> {
  const logger = log('worker');
  let away = false;
  // Of a life that ended, some promises that graphile-worker left to themselves fail only seconds later: that is no reason to end the next one.
  const noteStray = (error: unknown) => logger.debug({ err: error }, 'a promise that nobody waited for failed');
  process.on('unhandledRejection', noteStray);
  try {
    while (!signal.aborted) {
      try {
        await serve(signal, () => {
          if (away) logger.info('the database is back');
          away = false;
          logger.info({ concurrency: CONCURRENCY }, 'ready');
          onReady();
        });
      } catch (error) {
        if (signal.aborted) break;
        if (!away)
          logger.error({ err: error }, 'the database does not answer or is not migrated; trying again every 2 s');
        away = true;
        await wait(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    process.off('unhandledRejection', noteStray);
  }
}

/** One life of the pool. Resolves when told to stop, rejects when the database is lost. */
async function serve(signal: AbortSignal, onReady: () => void): Promise<void> {
  const { databaseUrl } = env();
  const lost = new AbortController();
  const leases = await WorkerLeases.open(databaseUrl, (error) => lost.abort(error));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY + 3, connectionTimeoutMillis: 5000 });
  // A connection that breaks fails its query, or is replaced when it was idle; without these it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  // graphile-worker leaves some promises to themselves when the database is lost: that is no reason to end either.
  const onStray = (error: unknown) => lost.abort(error);
  process.on('unhandledRejection', onStray);
  try {
    await pool.query('SELECT 1 FROM change_requests LIMIT 1');
    const runner = await run({
      pgPool: pool,
      taskList: taskList(),
      crontab,
      concurrency: CONCURRENCY,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      events: watchPool(leases, lost),
      logger: quietLogger(),
    });
    const ended = runner.promise.then(
      () => undefined,
      (error: unknown) => lost.abort(error),
    );
    await leases.reap();
    const reaping = setInterval(() => void leases.reap().catch((error: unknown) => lost.abort(error)), REAP_EVERY_MS);
    for (const name of ['reconcile', 'sync-repository', 'expire'] as const)
      await enqueue(db(), name, {}, { key: name });
    onReady();
    try {
      await until(AbortSignal.any([signal, lost.signal]));
    } finally {
      clearInterval(reaping);
      await runner.stop().catch(() => undefined); // stopped by itself already
      await ended;
    }
    if (lost.signal.aborted) throw lost.signal.reason;
  } finally {
    await leases.close().catch(() => undefined);
    await pool.end();
    process.off('unhandledRejection', onStray);
  }
}

/** The pool holds its lock from the moment it exists; the queue page hears of each job that begins or ends. */
function watchPool(leases: WorkerLeases, lost: AbortController): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => {
    leases.hold(workerPool.id).catch((error: unknown) => lost.abort(error));
  });
  // A page that hears nothing is only later; the database's absence is noticed elsewhere.
  const tell = () => void announce(db(), 'queue').catch(() => undefined);
  events.on('job:start', tell);
  events.on('job:complete', tell);
  return events;
}

function taskList(): TaskList {
  const names = Object.keys(jobs) as JobName[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      (payload: unknown, { job }: JobHelpers) =>
        withAuditOrigin(
          { actor: { kind: 'job', name }, way: 'job', operation: name, correlationId: causeOf(job) },
          () => runJob(name, payload),
        ),
    ]),
  );
}

/** The id of the call or job that it came of; its own where it came of the clock. */
function causeOf(job: JobHelpers['job']): string {
  const flag = Object.keys(job.flags ?? {}).find((name) => name.startsWith(CAUSE_FLAG));
  return flag?.slice(CAUSE_FLAG.length) ?? `job-${job.id}`;
}

async function runJob<Name extends JobName>(name: Name, payload: unknown): Promise<void> {
  const logger = log('worker');
  const started = performance.now();
  // The parsed input is that of this name: the contract and the job are looked up by the same key.
  const input = jobContracts[name].parse(withoutCron(payload)) as Parameters<(typeof jobs)[Name]>[0];
  try {
    await jobs[name](input);
    logger.debug({ job: name, input, ms: Math.round(performance.now() - started) }, 'done');
  } catch (error) {
    logger.error({ err: error, job: name, input }, 'a job failed; it is tried again');
    throw error;
  }
}

/** Jobs that run by the clock are told when, under a key of graphile-worker's own. */
function withoutCron(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([key]) => key !== '_cron'));
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** graphile-worker's own words, where something is wrong; what jobs do is logged by runJob. */
function quietLogger(): Logger {
  const logger = log('queue');
  return new Logger(() => (level: string, message) => {
    if (level === 'error') logger.error(message);
    else if (level === 'warning') logger.warn(message);
    else logger.trace(message);
  });
}
