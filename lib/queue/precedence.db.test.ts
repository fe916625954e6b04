/** Who cancels does not wait for those who open: neither among the jobs nor among those who write to GitHub. */
import { Logger, runOnce } from 'graphile-worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
import { jobContracts, type JobName } from './contracts';
import { enqueue } from './enqueue';
import { takeTurn } from './upstream-turns';

let end: () => Promise<void>;
beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
});
afterAll(() => end());

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

test('behind forty openings a cancellation has its turn when the minute has room, and they keep their order', async () => {
  const limits = { perMinute: 20, perHour: 1_000 };
  const opening = (index: number) => takeTurn('Test', `branch:${index}`, 9, limits);
  const before: (Date | undefined)[] = [];
  for (let index = 0; index < 40; index += 1) before.push(await opening(index));
  // Two of nine in each minute: the others wait for them, one after the other.
  const [first, second] = await db().upstreamTurn.findMany({ where: { system: 'Test' }, orderBy: { dueAt: 'asc' } });
  const sinceFirst = (turn: Date | undefined) => (turn?.getTime() ?? 0) - (first?.dueAt.getTime() ?? 0);
  expect(sinceFirst(before.at(-1)) - sinceFirst(second?.dueAt)).toBe(19 * 60_000);

  // Two of nine have written: two more go at once, into what is kept free, and a third cancellation in the next minute.
  const cancel = (request: number) => takeTurn('Test', `cancel:${request}`, 1, limits, { urgent: true });
  expect([await cancel(1), await cancel(2)]).toEqual([undefined, undefined]);
  const third = await cancel(3);
  expect(sinceFirst(third)).toBe(60_000);
  expect(await cancel(3)).toEqual(third);

  const after: (Date | undefined)[] = [];
  for (let index = 2; index < before.length; index += 1) after.push(await opening(index));
  const times = after.map((turn) => turn?.getTime() ?? 0);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(third?.getTime() ?? 0);
  const rows = await db().upstreamTurn.findMany({ where: { system: 'Test' }, orderBy: { dueAt: 'asc' } });
  for (const { dueAt } of rows) {
    const minute = rows.filter((row) => row.dueAt <= dueAt && row.dueAt.getTime() > dueAt.getTime() - 60_000);
    expect(minute.reduce((sum, { writes }) => sum + writes, 0)).toBeLessThanOrEqual(limits.perMinute);
  }
});
