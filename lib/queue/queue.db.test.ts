import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError } from '@/lib/errors';
import { listTroubledSteps } from '@/lib/requests/troubled-steps';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { liftPauses, retryJob } from './commands';
import { enqueue } from './enqueue';
import { listDeliveries, listJobs, readLimits } from './queries';
import { notePause, pauseFor } from './upstream-pauses';

let end: () => Promise<void>;
let owen: Actor;
let erin: Actor;
beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  owen = await createActor('Owen', 'operator');
  erin = await createActor('Erin', 'engineer');
});
afterAll(() => end());

const jobOf = async (name: string) => (await listJobs()).jobs.find((job) => job.name === name);

describe('jobs', () => {
  test('one that used up its tries stands first, with its error, and is let start again once', async () => {
    await enqueue(db(), 'expire', {}, { key: 'expire' });
    await enqueue(
      db(),
      'refresh-request',
      { requestId: 7 },
      { key: 'refresh-request:7', runAt: new Date(Date.now() + 60_000) },
    );
    await enqueue(db(), 'reconcile', {}, { key: 'reconcile' });
    const id = (await jobOf('reconcile'))?.id ?? '';
    await db()
      .$executeRaw`SELECT graphile_worker.permanently_fail_jobs(ARRAY[${BigInt(id)}]::bigint[], ${'It broke.\n    at some line'})`;
    const { jobs, counts } = await listJobs();
    expect(jobs.map(({ name, state }) => [name, state])).toEqual([
      ['reconcile', 'failed'],
      ['expire', 'waiting'],
      ['refresh-request', 'waiting'],
    ]);
    expect(jobs[0]).toMatchObject({ error: 'It broke.', requestId: undefined });
    expect(jobs[2]).toMatchObject({ requestId: 7, error: undefined });
    expect(counts).toEqual({ running: 0, waiting: 2, again: 0, failed: 1 });

    await expect(retryJob(id, erin)).rejects.toThrow(NotAllowedError);
    await retryJob(id, owen);
    expect(await jobOf('reconcile')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await db().auditEntry.findFirst({ where: { subjectKind: 'job', subjectId: id } })).toMatchObject({
      action: 'asked again',
    });
  });

  test('what runs, or is done, is not let start', async () => {
    const id = (await jobOf('expire'))?.id ?? '';
    await db().$executeRaw`
      UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody' WHERE id = ${BigInt(id)}`;
    expect(await jobOf('expire')).toMatchObject({ state: 'running' });
    await expect(retryJob(id, owen)).rejects.toThrow(ConflictError);
    await db().$executeRaw`DELETE FROM graphile_worker._private_jobs WHERE id = ${BigInt(id)}`;
    await expect(retryJob(id, owen)).rejects.toThrow(/done already/);
  });
});

test('what is asked for in the moment in which a worker takes the job of that name is not lost', async () => {
  const key = 'sync-repository';
  await enqueue(db(), key, {}, { key });
  const worker = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await worker.connect();
  try {
    await worker.query('BEGIN');
    await worker.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'a worker', attempts = 1 WHERE key = $1`,
      [key],
    );
    const asking = enqueue(db(), key, {}, { key });
    await expect
      .poll(
        async () => db().$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%add_job%'`,
        { timeout: 20_000 },
      )
      .toHaveLength(1);
    await worker.query('COMMIT');
    await asking;
    const jobs = (await listJobs()).jobs.filter(({ name }) => name === key);
    expect(jobs.map(({ state }) => state).sort()).toEqual(['running', 'waiting']);
    await worker.query(`DELETE FROM graphile_worker._private_jobs WHERE locked_by = 'a worker' OR key = $1`, [key]);
  } finally {
    await worker.end();
  }
});

test('steps that wait for a person stand before those that wait for their time; what is done or skipped is not there', async () => {
  const id = await createRequest(owen, { state: 'in_review', serviceName: 'egress' });
  const ended = await createRequest(owen, { state: 'cancelled' });
  const step = { requestId: id, error: 'Notion did not answer.', attempts: 2 };
  await db().requestStep.createMany({
    data: [
      { ...step, name: 'tracker-issue', status: 'owed', nextAttemptAt: new Date(Date.now() + 60_000) },
      { ...step, name: 'refresh', status: 'failed', error: 'GitHub refused the token.' },
      { ...step, name: 'branch', status: 'done', error: null },
      { ...step, name: 'check', status: 'skipped', error: null },
      { ...step, requestId: ended, name: 'branch', status: 'failed' },
    ],
  });
  expect(await listTroubledSteps()).toMatchObject([
    { requestId: id, name: 'refresh', waitsForPerson: true, toTracker: false, serviceName: 'egress' },
    { requestId: id, name: 'tracker-issue', waitsForPerson: false, toTracker: true, attempts: 2, maxAttempts: 20 },
  ]);
});

test('deliveries come newest first, with their action; those that wait are counted', async () => {
  await db().webhookDelivery.createMany({
    data: [
      {
        id: 'one',
        event: 'push',
        payload: {},
        receivedAt: new Date(Date.now() - 5000),
        processedAt: new Date(),
        outcome: 'main moved',
      },
      { id: 'two', event: 'pull_request', payload: { action: 'closed' } },
    ],
  });
  const { deliveries, waiting } = await listDeliveries();
  expect(deliveries.map(({ event, outcome }) => [event, outcome])).toEqual([
    ['pull_request.closed', undefined],
    ['push', 'main moved'],
  ]);
  expect(waiting).toBe(1);
});

test('a pause is shown until it ends or is lifted; then whoever waits for it starts at once', async () => {
  const until = new Date(Date.now() + 600_000);
  await notePause('GitHub', { scope: 'writes', until, reason: 'Slow down' });
  await notePause('GitHub', { scope: 'writes', until: new Date(Date.now() + 1000), reason: 'A shorter one' });
  await notePause('Notion', { scope: 'all', until: new Date(Date.now() - 1000), reason: 'Over' });
  expect((await readLimits()).pauses).toEqual([
    { system: 'GitHub', scope: 'writes', until: until.toISOString(), reason: 'Slow down' },
  ]);
  expect(await pauseFor('GitHub', true)).toMatchObject({ reason: 'Slow down' });
  await enqueue(
    db(),
    'cancel-request',
    { requestId: 9 },
    { key: 'cancel-request:9', queue: 'request:9', runAt: until },
  );
  await expect(liftPauses('GitHub', erin)).rejects.toThrow(NotAllowedError);
  await liftPauses('GitHub', owen);
  expect(await pauseFor('GitHub', true)).toBeUndefined();
  expect(Date.parse((await jobOf('cancel-request'))?.at ?? '')).toBeLessThanOrEqual(Date.now());
});
