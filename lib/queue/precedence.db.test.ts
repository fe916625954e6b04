/** Who cancels does not wait for those who open: neither among the jobs nor among those who write to GitHub. */
import { Logger, runOnce } from 'graphile-worker';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
import { jobContracts, type JobName } from './contracts';
import { enqueue } from './enqueue';
import { takeTurn } from './upstream-turns';

let end: () => Promise<void>;
beforeAll(async () => {
  const { url, ...rest } = await prepareTestDatabase();
  ({ end } = rest);
  await stopClock(url);
});
afterAll(() => end());

const START = new Date('2026-11-21T12:00:00Z');
const minutesLater = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

/** Gives the database a clock that stands until a test moves it: who has which turn depends on who asks when, and not on how fast this machine is. */
async function stopClock(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // What connects from now on finds this function before PostgreSQL's own.
    await client.query(`
      CREATE SCHEMA stopped;
      CREATE TABLE stopped.clock AS SELECT '${START.toISOString()}'::timestamptz AS at;
      CREATE FUNCTION stopped.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM stopped.clock';
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = stopped, pg_catalog, public', current_database());
      END $$`);
  } finally {
    await client.end();
  }
}

test('of jobs that wait, a cancellation is the first, what GitHub says the second, and whoever only follows main the last', async () => {
  const names: JobName[] = [
    'refresh-request',
    'open-pull-request',
    'open-pull-request',
    'sync-pull-request',
    'cancel-request',
  ];
  for (const [index, name] of names.entries())
    await enqueue(db(), name, jobContracts[name].parse({ requestId: index }), { key: `${name}:${index}` });
  const run: string[] = [];
  const note = (name: JobName) => () => {
    run.push(name);
  };
  await runOnce({
    connectionString: env().databaseUrl,
    concurrency: 1,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    taskList: Object.fromEntries(names.map((name) => [name, note(name)])),
  });
  expect(run).toEqual([
    'cancel-request',
    'sync-pull-request',
    'open-pull-request',
    'open-pull-request',
    'refresh-request',
  ]);
});

test('behind a hundred openings a cancellation has its turn when the minute has room, and they keep their order', async () => {
  const limits = { perMinute: 20, perHour: 10_000 };
  const opening = (index: number) => takeTurn('Test', `branch:${index}`, 9, limits);
  const cancel = (request: number) => takeTurn('Test', `cancel:${request}`, 1, limits, { urgent: true });
  const openings = Array.from({ length: 100 }, (_, index) => index);
  // Two of nine in each minute: the others wait for them, one after the other.
  for (const index of openings)
    expect(await opening(index)).toEqual(index < 2 ? undefined : minutesLater(Math.floor(index / 2)));

  // Two of nine have written: two more go at once, into what is kept free, and a third cancellation in the next minute.
  expect([await cancel(1), await cancel(2), await cancel(3)]).toEqual([undefined, undefined, minutesLater(1)]);
  expect(await cancel(3)).toEqual(minutesLater(1));

  // It takes the second place of that minute: everybody behind it is one place later, in their order.
  for (const index of openings.slice(2))
    expect(await opening(index)).toEqual(minutesLater(Math.floor((index + 1) / 2)));
  const rows = await db().upstreamTurn.findMany({ where: { system: 'Test' }, orderBy: { dueAt: 'asc' } });
  expect(rows).toHaveLength(103);
  for (const { dueAt } of rows) {
    const minute = rows.filter((row) => row.dueAt <= dueAt && row.dueAt.getTime() > dueAt.getTime() - 60_000);
    expect(minute.reduce((sum, { writes }) => sum + writes, 0)).toBeLessThanOrEqual(limits.perMinute);
  }

  await db().$executeRaw`UPDATE stopped.clock SET at = ${minutesLater(1)}`;
  expect(await cancel(3)).toBeUndefined();
});
