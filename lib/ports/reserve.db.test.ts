import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db, postgresCode } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { LOCK_PATIENCE, retryingTransaction } from '@/lib/transactions';
import { lockPorts, type OnExpired, type PortTransaction } from './lock';
import { listTaken } from './queries';
import { activatePorts, markReserved, releasePorts, renewLease, reservePorts, type ObservedPort } from './reserve';

let end: () => Promise<void>;
let dana: Actor;
const soon = () => new Date(Date.now() + 60_000);
const nobodyExpires = () => Promise.reject(new Error('nothing was to expire'));

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  dana = await createActor('Dana');
});
afterAll(() => end());

/** Runs `body` with the lock of the host; as many at once as ask. */
function within<Result>(
  scope: string,
  body: (ports: PortTransaction) => Promise<Result>,
  onExpired: OnExpired = nobodyExpires,
): Promise<Result> {
  return retryingTransaction(async (tx) => body(await lockPorts(tx, { scopes: [scope] }, onExpired)), LOCK_PATIENCE);
}

/** Reserves `[from, to]` for a new request, in a transaction of its own. */
async function reserve(
  scope: string,
  from: number,
  to = from,
  options: { protocol?: 'tcp' | 'udp'; leaseUntil?: Date; service?: string } = {},
): Promise<number> {
  const requestId = await createRequest(dana, options.service ? { serviceName: options.service } : {});
  await within(scope, (ports) =>
    reservePorts(ports, {
      scope,
      requestId,
      leaseUntil: options.leaseUntil ?? soon(),
      claims: [
        {
          protocol: options.protocol ?? 'tcp',
          range: { from, to },
          service: options.service ?? `service of ${requestId}`,
          portName: 'http',
          pool: 'realtime',
        },
      ],
    }),
  );
  return requestId;
}

const livingOf = (requestId: number) =>
  db().portReservation.findMany({ where: { requestId, state: { not: 'released' } }, orderBy: { portFrom: 'asc' } });

/** As when main shows an addition. */
const activate = (ports: PortTransaction, requestId: number, scope: string, observed: ObservedPort[]) =>
  activatePorts(ports, { requestId, replacedId: undefined, scope, service: 'x', observed });

const rowsOf = (requestId: number) => db().portReservation.findMany({ where: { requestId } });

describe('a port belongs to one request', () => {
  test('the second is told who has it, with a link, and holds nothing', async () => {
    const first = await reserve('one', 7893, 7899, { service: 'coturn' });
    const second = await createRequest(dana);
    const attempt = within('one', (ports) =>
      reservePorts(ports, {
        scope: 'one',
        requestId: second,
        leaseUntil: soon(),
        claims: [
          { protocol: 'tcp', range: { from: 7000, to: 7000 }, service: 'x', portName: 'a' },
          { protocol: 'tcp', range: { from: 7899, to: 7900 }, service: 'x', portName: 'b' },
        ],
      }),
    );
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({
      detail: { owner: { label: `coturn, request ${first}`, href: `/requests/${first}` } },
    });
    expect((error as ConflictError).publicMessage).toContain('7899-7900/tcp');
    expect(await rowsOf(second)).toEqual([]);
  });

  test('the constraint holds for whoever writes past the lock and the checks', async () => {
    await reserve('two', 8000);
    const insert = db().$executeRaw`
      INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
      VALUES ('two', 'tcp', 7990, 8010, 'active', 'intruder', 'http', now())`;
    const error: unknown = await insert.catch((thrown: unknown) => thrown);
    expect(postgresCode(error)).toBe('23P01');
  });

  test('another protocol, another host and a released port are free', async () => {
    const first = await reserve('three', 8000);
    await reserve('three', 8000, 8000, { protocol: 'udp' });
    await reserve('three-b', 8000);
    await within('three', (ports) => releasePorts(ports, first, 'cancelled'));
    await reserve('three', 8000);
    expect((await rowsOf(first))[0]).toMatchObject({ state: 'released', leaseUntil: null, reason: 'cancelled' });
  });

  test('of many that ask at once for one port, one gets it and all others are told', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => reserve('crowd', 9000)));
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(ConflictError);
    }
  });

  test('the lock makes "the next free one" different for everybody who asks at once', async () => {
    const next = async () => {
      const requestId = await createRequest(dana);
      return within('auto', async (tx) => {
        const port = 100 + (await listTaken(tx, 'auto')).length;
        await reservePorts(tx, {
          scope: 'auto',
          requestId,
          leaseUntil: soon(),
          claims: [{ protocol: 'tcp', range: { from: port, to: port }, service: 'x', portName: 'a' }],
        });
        return port;
      });
    };
    const ports = await Promise.all(Array.from({ length: 6 }, next));
    expect(ports.sort((a, b) => a - b)).toEqual([100, 101, 102, 103, 104, 105]);
  });
});

describe('leases', () => {
  test('a hold whose lease is over makes room, and its request is failed in the same transaction', async () => {
    const stale = await reserve('lease', 7000, 7000, { leaseUntil: new Date(Date.now() - 1000) });
    const next = await createRequest(dana);
    const expired: number[] = [];
    await within(
      'lease',
      (ports) =>
        reservePorts(ports, {
          scope: 'lease',
          requestId: next,
          leaseUntil: soon(),
          claims: [{ protocol: 'tcp', range: { from: 7000, to: 7000 }, service: 'x', portName: 'a' }],
        }),
      (_ports, ids) => Promise.resolve(void expired.push(...ids)),
    );
    expect(expired).toEqual([stale]);
    expect((await rowsOf(stale))[0]).toMatchObject({ state: 'released', leaseUntil: null });
    expect((await rowsOf(next))[0]).toMatchObject({ state: 'held' });
  });

  test('where failing the request fails, the hold stays', async () => {
    const stale = await reserve('lease-back', 7000, 7000, { leaseUntil: new Date(Date.now() - 1000) });
    const attempt = within(
      'lease-back',
      () => Promise.resolve(),
      () => Promise.reject(new Error('cannot fail it')),
    );
    await expect(attempt).rejects.toThrow('cannot fail it');
    expect((await rowsOf(stale))[0]).toMatchObject({ state: 'held' });
  });

  test('a renewed lease ends later, and what is reserved has none', async () => {
    const id = await reserve('renew', 7000);
    const later = new Date(Date.now() + 3600_000);
    await within('renew', (ports) => renewLease(ports, id, later));
    expect((await rowsOf(id))[0]).toMatchObject({ state: 'held', leaseUntil: later });
    expect(await within('renew', (ports) => markReserved(ports, id))).toBe(true);
    expect((await rowsOf(id))[0]).toMatchObject({ state: 'reserved', leaseUntil: null });
    expect(await within('renew', (ports) => renewLease(ports, id, soon()))).toBe(0);
  });

  test('reserving says so when the lease had run out meanwhile', async () => {
    const id = await reserve('late', 7000);
    await within('late', (ports) => releasePorts(ports, id, 'the lease ran out'));
    expect(await within('late', (ports) => markReserved(ports, id))).toBe(false);
  });

  test.each([
    ['renewing', (ports, id) => renewLease(ports, id, soon())],
    ['reserving', (ports, id) => markReserved(ports, id)],
    ['activating', (ports, id) => activate(ports, id, 'activating', [])],
    ['releasing', (ports, id) => releasePorts(ports, id, 'cancelled')],
  ] satisfies [string, (ports: PortTransaction, id: number) => Promise<unknown>][])(
    '%s, like every writer, first ends what is overdue on the host: its own too',
    async (name, write) => {
      const own = await reserve(name, 7000);
      const other = await reserve(name, 7001);
      await db().portReservation.updateMany({ where: { scope: name }, data: { leaseUntil: new Date(0) } });
      const expired: number[] = [];
      await within<unknown>(
        name,
        (ports) => write(ports, own),
        (_ports, ids) => Promise.resolve(void expired.push(...ids)),
      );
      expect(expired.sort((a, b) => a - b)).toEqual([own, other]);
      for (const id of [own, other]) expect(await rowsOf(id)).toMatchObject([{ state: 'released', leaseUntil: null }]);
    },
  );
});

describe('after the merge', () => {
  const http = (from: number, to = from) => ({ portName: 'http', protocol: 'tcp' as const, range: { from, to } });

  test('ports become active with the numbers that main says', async () => {
    const id = await reserve('main', 7100, 7101);
    await within('main', (ports) => markReserved(ports, id));
    expect(await within('main', (ports) => activate(ports, id, 'main', [http(7200, 7201)]))).toEqual([]);
    expect(await livingOf(id)).toMatchObject([{ state: 'active', portFrom: 7200, portTo: 7201, pool: 'realtime' }]);
  });

  test('a number that main left as it was keeps its row; done twice it is done once', async () => {
    const id = await reserve('main-twice', 7100);
    const [before] = await livingOf(id);
    for (let time = 0; time < 2; time += 1)
      expect(await within('main-twice', (ports) => activate(ports, id, 'main-twice', [http(7100)]))).toEqual([]);
    expect(await rowsOf(id)).toMatchObject([{ id: before?.id, state: 'active', leaseUntil: null }]);
  });

  test('ports that changed their numbers among themselves do not stand in each other’s way', async () => {
    const id = await reserve('shift', 7100);
    await within('shift', (ports) =>
      reservePorts(ports, {
        ...{ scope: 'shift', requestId: id, leaseUntil: undefined },
        claims: [{ protocol: 'tcp', range: { from: 7101, to: 7101 }, service: 'x', portName: 'metrics' }],
      }),
    );
    const observed = [http(7101), { ...http(7102), portName: 'metrics' }];
    expect(await within('shift', (ports) => activate(ports, id, 'shift', observed))).toEqual([]);
    expect(await livingOf(id)).toMatchObject([
      { portName: 'http', portFrom: 7101, state: 'active' },
      { portName: 'metrics', portFrom: 7102, state: 'active' },
    ]);
  });

  test("a number that is somebody else's is reported and not taken, and the one that main does not use is free", async () => {
    const id = await reserve('clash', 7100);
    const other = await reserve('clash', 7200);
    await within('clash', (ports) => markReserved(ports, id));
    expect(await within('clash', (ports) => activate(ports, id, 'clash', [http(7200)]))).toEqual([http(7200)]);
    expect(await livingOf(id)).toEqual([]);
    expect(await livingOf(other)).toMatchObject([{ state: 'held', portFrom: 7200 }]);
  });
});

test('what is taken names its holder', async () => {
  const id = await reserve('taken', 7300, 7301, { protocol: 'udp', service: 'livekit-sip' });
  expect(await listTaken(db(), 'taken')).toMatchObject([
    {
      service: 'livekit-sip',
      protocol: 'udp',
      range: { from: 7300, to: 7301 },
      heldBy: `request ${id} of Dana`,
      requestId: id,
      state: 'held',
    },
  ]);
});
