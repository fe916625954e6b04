/** What a pool that died leaves behind on the queue. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { WorkerLeases } from './worker-leases';

let database: TestDatabase;
let client: pg.Client;
let leases: WorkerLeases;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  leases = await WorkerLeases.open(database.url, (error) => {
    throw error;
  });
});
afterAll(async () => {
  await leases.close();
  await client.end();
  await database.drop();
});

const queue = (key: string) =>
  client.query("SELECT graphile_worker.add_job('expire', '{}', job_key => $1, max_attempts => 3)", [key]);
const jobs = async () =>
  (
    await client.query<{ key: string | null; attempts: number; max_attempts: number; locked_by: string | null }>(
      'SELECT key, attempts, max_attempts, locked_by FROM graphile_worker.jobs ORDER BY id',
    )
  ).rows;

test('of a pool that died its jobs are put back, but for one that had queued its own successor: that one is over', async () => {
  await queue('interrupted');
  await queue('succeeded');
  // As graphile-worker takes jobs, a minute ago.
  await client.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'a dead pool', locked_at = now() - interval '1 minute', attempts = 1`,
  );
  await queue('succeeded');
  expect(await jobs()).toEqual([
    { key: 'interrupted', attempts: 1, max_attempts: 3, locked_by: 'a dead pool' },
    { key: null, attempts: 3, max_attempts: 3, locked_by: 'a dead pool' },
    { key: 'succeeded', attempts: 0, max_attempts: 3, locked_by: null },
  ]);

  expect(await leases.reap()).toEqual(['a dead pool']);
  expect(await jobs()).toEqual([
    { key: 'interrupted', attempts: 1, max_attempts: 3, locked_by: null },
    { key: 'succeeded', attempts: 0, max_attempts: 3, locked_by: null },
  ]);
  expect(await leases.reap()).toEqual([]);
});
