import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withAuditOrigin } from '@/lib/audit-origin';
import type { Actor } from '@/lib/auth/permissions';
import { db, postgresCode } from '@/lib/db';
import { ConflictError, InputError, NotFoundError } from '@/lib/errors';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { retryingTransaction } from '@/lib/transactions';
import { releaseByHand, reserveByHand, type HandReservation } from './reserve-by-hand';
import { lockPorts } from './lock';
import { listReservations } from './queries';
import { reservePorts } from './reserve';
import { portTransaction } from './transaction';

let end: () => Promise<void>;
let dana: Actor;
const nobodyExpires = () => Promise.reject(new Error('nothing was to expire'));

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  dana = await createActor('Dana');
});
afterAll(() => end());

const pool = { name: 'realtime', from: 7880, to: 7919 };

function wish(scope: string, fields: Partial<HandReservation> = {}): HandReservation {
  return {
    scope,
    protocol: 'tcp',
    service: 'sfu',
    portName: 'http',
    reason: 'a box that is not ours',
    by: 'Olga',
    wanted: { kind: 'auto', pool, size: 1, seen: [] },
    ...fields,
  };
}

const reserve = (one: HandReservation) => reserveByHand(one, nobodyExpires);
const exactly = (from: number, to = from): HandReservation['wanted'] => ({
  kind: 'range',
  range: { from, to },
  pool: undefined,
  others: [],
});
const release = (one: { id: string; reason: string; by: string }) => releaseByHand(one, nobodyExpires);
/** How many wait for a lock of ports. */
const waitingForLock = async () =>
  (
    await db().$queryRaw<unknown[]>`
      SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`
  ).length;
const thrownBy = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

/** A request that holds one port. */
async function requestWith(scope: string, port: number, leaseUntil = new Date(Date.now() + 60_000)): Promise<number> {
  const requestId = await createRequest(dana);
  const range = { from: port, to: port };
  const claims = [{ protocol: 'tcp' as const, range, service: 'coturn', portName: 'http' }];
  await portTransaction({ scopes: [scope] }, nobodyExpires, (ports) =>
    reservePorts(ports, { scope, requestId, leaseUntil, claims }),
  );
  return requestId;
}

describe('in parallel', () => {
  test('as many as the pool has get a port each at the first try, and the next one is told how full it is', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => reserve(wish('crowd'))));
    const ports = answers.map(({ range }) => range.from).sort((a, b) => a - b);
    expect(ports).toEqual(Array.from({ length: 40 }, (_, index) => 7880 + index));
    const error = await thrownBy(reserve(wish('crowd')));
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as ConflictError).publicMessage).toMatch(
      /^Pool realtime \(7880-7919\) has no free port: 40 of 40 are taken\./,
    );
  });

  test('of many that ask for one number one gets it, and all others are told who', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => reserve(wish('number', { wanted: exactly(9000) }))),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ detail: { owner: { label: 'sfu, reserved by Olga' } } });
  });

  test('the same key sent at once by two is one reservation', async () => {
    const twice = wish('key', { idempotencyKey: 'key-of-olga' });
    const [first, second] = await Promise.all([reserve(twice), reserve(twice)]);
    expect(second).toEqual(first);
    expect(await db().portReservation.count({ where: { scope: 'key' } })).toBe(1);
    await expect(reserve({ ...twice, service: 'another' })).rejects.toBeInstanceOf(InputError);
  });

  test('the next free one is decided under the lock that requests take', async () => {
    let answer: Promise<unknown> = Promise.resolve();
    let answered = false;
    await db().$transaction(async (tx) => {
      await lockPorts(tx, { scopes: ['agree'] }, nobodyExpires);
      answer = reserve(wish('agree')).finally(() => (answered = true));
      await expect.poll(waitingForLock, { timeout: 20_000 }).toBe(1);
      expect(answered).toBe(false);
      await tx.$executeRaw`
        INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
        VALUES ('agree', 'udp', 7880, 7880, 'active', 'faster', 'http', now())`;
    });
    expect(await answer).toMatchObject({ range: { from: 7881, to: 7881 } });
  });

  /** Both of the process's turns wait for the lock; then `more` ask, and the lock is free. @returns what they got, without the first two. */
  async function behindTheLock<Answer>(scope: string, more: () => Promise<Answer>[]): Promise<Answer[]> {
    let asked: Promise<Answer[]> = Promise.resolve([]);
    let first: Promise<unknown> = Promise.resolve();
    await db().$transaction(async (tx) => {
      await lockPorts(tx, { scopes: [scope] }, nobodyExpires);
      first = Promise.all([reserve(wish(scope)), reserve(wish(scope))]);
      await expect.poll(waitingForLock, { timeout: 20_000 }).toBe(2);
      asked = Promise.all(more());
    });
    await first;
    return asked;
  }

  test('those who wait go together, in one transaction, and each gets another port', async () => {
    const answers = await behindTheLock('together', () => Array.from({ length: 10 }, () => reserve(wish('together'))));
    expect(answers.map(({ range }) => range.from)).toEqual(Array.from({ length: 10 }, (_, index) => 7882 + index));
    const rows = await db().$queryRaw<{ count: number }[]>`
      SELECT count(DISTINCT xmin::text)::int AS count FROM port_reservations WHERE scope = 'together'`;
    expect(rows).toEqual([{ count: 3 }]);
  });

  test('one of them that is refused takes nothing from the others, and each is written down as whose it is', async () => {
    const as = (name: string, one: HandReservation) =>
      withAuditOrigin(
        { actor: { kind: 'token', name }, way: 'api', operation: 'test', correlationId: `call of ${name}` },
        () => reserve(one),
      );
    const twice = wish('mixed', { idempotencyKey: 'key that comes twice' });
    const [one, again, other] = await behindTheLock('mixed', () => [
      as('Ann', twice),
      as('Ann', twice),
      as('Bob', wish('mixed', { service: 'of-bob' })),
    ]);
    expect(again).toEqual(one);
    expect(other?.range).not.toEqual(one?.range);
    const entries = await db().auditEntry.findMany({ where: { operation: 'test' }, orderBy: { service: 'asc' } });
    expect(entries).toMatchObject([
      { actorName: 'Bob', service: 'of-bob', correlationId: 'call of Bob' },
      { actorName: 'Ann', service: 'sfu', correlationId: 'call of Ann' },
    ]);
  });

  test('a transaction that ended in a deadlock is run again', async () => {
    const ids = [await createRequest(dana), await createRequest(dana)] as const;
    let met = 0;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const lock = async (order: readonly [number, number]) => {
      let runs = 0;
      await retryingTransaction(async (tx) => {
        runs += 1;
        await tx.$executeRaw`UPDATE change_requests SET updated_at = now() WHERE id = ${order[0]}`;
        met += 1;
        if (met === 2) meet();
        await both;
        await tx.$executeRaw`UPDATE change_requests SET updated_at = now() WHERE id = ${order[1]}`;
      });
      return runs;
    };
    const runs = await Promise.all([lock([ids[0], ids[1]]), lock([ids[1], ids[0]])]);
    expect(runs.sort()).toEqual([1, 2]);
  });

  test('one that throws gives its turn to the next', async () => {
    const failing = () => portTransaction({}, nobodyExpires, () => Promise.reject(new Error('broken')));
    const answers = await Promise.allSettled(Array.from({ length: 5 }, failing));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await portTransaction({}, nobodyExpires, () => Promise.resolve('through'))).toBe('through');
  });
});

describe('what is avoided', () => {
  const seen = [
    { service: 'livekit', protocol: 'udp' as const, range: { from: 7880, to: 7881 }, path: 'ports.yaml', line: 12 },
  ];

  test('what files give to somebody and what others reserved, on either protocol, and for as many in a row', async () => {
    await reserve(wish('both', { wanted: exactly(7884) }));
    expect(await reserve(wish('both', { wanted: { kind: 'auto', pool, size: 2, seen } }))).toMatchObject({
      range: { from: 7882, to: 7883 },
    });
    expect(await reserve(wish('both', { wanted: { kind: 'auto', pool, size: 2, seen } }))).toMatchObject({
      range: { from: 7885, to: 7886 },
      pool: 'realtime',
    });
  });

  test('a number that a file gives to somebody else is refused, with the file and the line', async () => {
    const range = { from: 7881, to: 7881 };
    const wanted: HandReservation['wanted'] = { kind: 'range', range, pool: undefined, others: seen };
    const error = await thrownBy(reserve(wish('file', { protocol: 'udp', wanted })));
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as ConflictError).publicMessage).toContain('livekit has 7880-7881 (ports.yaml:12)');
    await expect(reserve(wish('file', { protocol: 'tcp', wanted }))).resolves.toMatchObject({ range: { from: 7881 } });
  });

  test('a number of a request is refused with a link to it, and free when its lease is over', async () => {
    const id = await requestWith('lease', 7900);
    const error = await thrownBy(reserve(wish('lease', { wanted: exactly(7899, 7900) })));
    expect(error).toMatchObject({ detail: { owner: { href: `/requests/${id}` } } });
    await db().portReservation.updateMany({ where: { requestId: id }, data: { leaseUntil: new Date(0) } });
    const ended: number[] = [];
    const onExpired = (_tx: unknown, ids: number[]) => Promise.resolve(void ended.push(...ids));
    await reserveByHand(wish('lease', { wanted: exactly(7900) }), onExpired);
    expect(ended).toEqual([id]);
  });

  test('the next free one is a number whose lease is over: its request ends first', async () => {
    const id = await requestWith('overdue', 7880);
    await db().portReservation.updateMany({ where: { requestId: id }, data: { leaseUntil: new Date(0) } });
    const ended: number[] = [];
    const onExpired = (_ports: unknown, ids: number[]) => Promise.resolve(void ended.push(...ids));
    expect(await reserveByHand(wish('overdue'), onExpired)).toMatchObject({ range: { from: 7880, to: 7880 } });
    expect(ended).toEqual([id]);
  });

  test('the constraint holds against a reservation by hand as well', async () => {
    await reserve(wish('past', { wanted: exactly(8000) }));
    const insert = db().$executeRaw`
      INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
      VALUES ('past', 'tcp', 7990, 8010, 'active', 'intruder', 'http', now())`;
    expect(postgresCode(await thrownBy(insert))).toBe('23P01');
  });
});

describe('releasing', () => {
  test('gives the port back, says who and why, and done twice it is done once', async () => {
    const { id } = await reserve(wish('release', { wanted: exactly(7000) }));
    await release({ id, reason: 'the box is gone', by: 'Olga' });
    await release({ id, reason: 'again', by: 'Otto' });
    expect(await db().portReservation.findUnique({ where: { id } })).toMatchObject({
      ...{ state: 'released', reason: 'the box is gone', releasedBy: 'Olga' },
      ...{ reservedBy: 'Olga', reservedBecause: 'a box that is not ours' },
    });
    await expect(reserve(wish('release', { wanted: exactly(7000) }))).resolves.toBeDefined();
  });

  test('is refused for what a request under way needs, and allowed for what is active', async () => {
    const requestId = await requestWith('request', 7000);
    const { id } = await db().portReservation.findFirstOrThrow({ where: { requestId } });
    const error = await thrownBy(release({ id, reason: 'mine now', by: 'Olga' }));
    expect(error).toMatchObject({ detail: { owner: { href: `/requests/${requestId}` } } });
    expect(await db().portReservation.findUnique({ where: { id } })).toMatchObject({ state: 'held' });
    await db().portReservation.update({ where: { id }, data: { state: 'active', leaseUntil: null } });
    await release({ id, reason: 'main no longer has it', by: 'Olga' });
    expect(await db().portReservation.findUnique({ where: { id } })).toMatchObject({ state: 'released' });
  });

  test('is allowed for what is left reserved of a request that is live: no merge makes it active any more', async () => {
    const requestId = await requestWith('left-over', 7000);
    const { id } = await db().portReservation.findFirstOrThrow({ where: { requestId } });
    await db().portReservation.update({ where: { id }, data: { state: 'reserved', leaseUntil: null } });
    const releasable = async () => (await listReservations({ scope: 'left-over' })).map((one) => one.releasable);
    expect(await releasable()).toEqual([false]);
    await db().changeRequest.update({ where: { id: requestId }, data: { state: 'live' } });
    expect(await releasable()).toEqual([true]);
    await release({ id, reason: 'nobody uses it', by: 'Olga' });
    expect(await releasable()).toEqual([]);
  });

  test('of what is not there is told', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    await expect(release({ id, reason: 'none', by: 'Olga' })).rejects.toBeInstanceOf(NotFoundError);
  });
});

test('the audit says who took the next free one, from where, and what it became', async () => {
  const origin = {
    ...{ actor: { kind: 'person' as const, id: dana.id, name: 'Dana' }, way: 'api' as const },
    ...{ operation: 'POST /api/v1/ports/reservations', address: '192.0.2.7', correlationId: 'call-17' },
  };
  const { range } = await withAuditOrigin(origin, () => reserve(wish('audited')));
  const entries = await db().auditEntry.findMany({
    where: { subjectKind: 'port', subjectId: { contains: 'audited' } },
  });
  expect(entries).toMatchObject([
    {
      ...{ action: 'created', subjectId: `${range.from} tcp audited`, service: 'sfu', before: null },
      ...{ actorKind: 'person', actorId: dana.id, actorName: 'Dana', way: 'api', operation: origin.operation },
      ...{ address: '192.0.2.7', correlationId: 'call-17' },
      after: { state: 'reserved', pool: 'realtime', reserved_by: 'Olga', reserved_because: 'a box that is not ours' },
    },
  ]);
});
