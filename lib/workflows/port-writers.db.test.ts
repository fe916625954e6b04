/** Every transaction of a request's life that writes port rows takes the lock of their host first: before any other row, and again after a deadlock. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { listTaken } from '@/lib/ports/queries';
import { db } from '@/lib/db';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
let outsider: pg.Client;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.end());
beforeEach(async () => {
  outsider = new pg.Client({ connectionString: env().databaseUrl });
  await outsider.connect();
});
afterEach(() => outsider.end());

const takeLock = () =>
  outsider.query(`SELECT pg_advisory_xact_lock(hashtextextended('slipway ports ravenhelm-01', 0))`);
const waiting = async (kind: string) => {
  const { rowCount } = await outsider.query(
    `SELECT 1 FROM pg_locks WHERE locktype = $1 AND NOT granted
        AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
    [kind],
  );
  return rowCount;
};
const stateOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).find((port) => port.service === service)?.state;
const pull = async (id: number, method: string, what: string, body?: object) =>
  platform.api(method, `/pulls/${(await getRequest(id)).pull?.number ?? 0}${what}`, body);

/** Does `work` while somebody else has the host's lock: it has to wait for it, with the request's row still free. */
async function behindTheLock(id: number, work: () => Promise<unknown>): Promise<void> {
  await outsider.query('BEGIN');
  await takeLock();
  const done = work();
  await expect.poll(() => waiting('advisory'), { timeout: 20_000 }).toBe(1);
  await outsider.query('SELECT 1 FROM change_requests WHERE id = $1 FOR UPDATE NOWAIT', [id]);
  await outsider.query('COMMIT');
  await done;
}

test('opening, closing, reopening, merging and going live wait for the lock, before they lock the request', async () => {
  const id = await submitOne(platform.dana, specOf('patient'));
  platform.github.faults.add({ method: 'POST', path: '/pulls$', hold: 'before' });
  let opening: Promise<void> = Promise.resolve();
  await behindTheLock(id, () => {
    opening = openPullRequest(id);
    return expect.poll(() => platform.github.faults.heldCount, { timeout: 20_000 }).toBe(1);
  });
  expect(await stateOf('patient')).toBe('held');
  await behindTheLock(id, () => {
    platform.github.faults.release();
    return opening;
  });
  expect(await stateOf('patient')).toBe('reserved');
  await pull(id, 'PATCH', '', { state: 'closed' });
  await behindTheLock(id, () => syncPullRequest(id));
  expect(await stateOf('patient')).toBeUndefined();
  await pull(id, 'PATCH', '', { state: 'open' });
  await behindTheLock(id, () => syncPullRequest(id));
  expect(await stateOf('patient')).toBe('reserved');
  await pull(id, 'PUT', '/merge');
  await behindTheLock(id, () => syncPullRequest(id));
  await behindTheLock(id, () => syncRepository());
  expect(await stateOf('patient')).toBe('active');
});

test('cancelling waits for the lock, and ends what is overdue on the host as well', async () => {
  const id = await submitOne(platform.dana, specOf('unwanted'));
  const other = await submitOne(platform.dana, specOf('overdue'));
  await db().portReservation.updateMany({ where: { requestId: other }, data: { leaseUntil: new Date(0) } });
  await cancelRequest(id, platform.dana);
  await behindTheLock(id, () => cancelOnGitHub(id));
  expect((await getRequest(id)).state).toBe('cancelled');
  expect((await getRequest(other)).state).toBe('failed');
  expect([await stateOf('unwanted'), await stateOf('overdue')]).toEqual([undefined, undefined]);
});

test('one that PostgreSQL ends in a deadlock is done again', async () => {
  const id = await submitOne(platform.dana, specOf('entangled'));
  await openPullRequest(id);
  await pull(id, 'PATCH', '', { state: 'closed' });
  await outsider.query('BEGIN');
  // So that it is not the outsider who is ended.
  await outsider.query(`SET LOCAL deadlock_timeout = '60s'`);
  // What only refers to the row, as the timeline does, is not kept waiting.
  await outsider.query('SELECT 1 FROM change_requests WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const done = syncPullRequest(id);
  await expect.poll(() => waiting('transactionid'), { timeout: 20_000 }).toBe(1);
  await takeLock();
  await outsider.query('COMMIT');
  await done;
  expect((await getRequest(id)).state).toBe('closed');
  expect(await stateOf('entangled')).toBeUndefined();
});
