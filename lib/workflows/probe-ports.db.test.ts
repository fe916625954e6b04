/** Probes of real sockets, from their rows to the finding. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { listFindings } from '@/lib/ports/findings';
import { recordProbes } from '@/lib/ports/probes';
import { listReservations } from '@/lib/ports/queries';
import { probePorts } from './probe-ports';
import { syncRepository } from './sync-repository';
import { startTestPlatform, type TestPlatform } from './test-platform';

let platform: TestPlatform;
const servers: Server[] = [];
beforeAll(async () => {
  platform = await startTestPlatform({ environment: { SLIPWAY_PORT_PROBE: 'ravenhelm-01=127.0.0.1' } });
  await syncRepository();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await platform.end();
});

/** Listens on a port that is free; `calls` counts who came. */
async function listen(port = 0) {
  const heard = { calls: 0, port };
  const server = createServer((socket) => {
    heard.calls += 1;
    socket.destroy();
  });
  servers.push(server);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  heard.port = (server.address() as AddressInfo).port;
  return { heard, stop: () => new Promise((stopped) => server.close(stopped)) };
}

async function active(service: string, from: number, fields: object = {}): Promise<string> {
  const values = { scope: 'ravenhelm-01', protocol: 'tcp', service, portName: 'http', state: 'active' as const };
  const { id } = await db().portReservation.create({ data: { ...values, portFrom: from, portTo: from, ...fields } });
  return id;
}
const reachOf = async (service: string) => (await listReservations({ service }))[0]?.reach;
const silent = async (state: 'new' | 'mended') =>
  (await listFindings({ repository: 'ravenhelm/platform', branch: 'main', state })).filter(
    ({ kind }) => kind === 'no-answer',
  );

test('what is active on a configured host is tried, and nothing else; silence becomes a finding after three probes, an answer mends it', async () => {
  const [up, down, elsewhere, promised, datagrams] = await Promise.all([1, 2, 3, 4, 5].map(() => listen()));
  if (!up || !down || !elsewhere || !promised || !datagrams) throw new Error('five listen');
  await active('up', up.heard.port);
  const gone = await active('down', down.heard.port);
  await active('elsewhere', elsewhere.heard.port, { scope: 'ravenhelm-02' });
  await active('promised', promised.heard.port, { state: 'reserved' });
  await active('datagrams', datagrams.heard.port, { protocol: 'udp' });
  await active('wide', 1024, { portTo: 1099 });
  await down.stop();
  expect(await reachOf('up')).toEqual({ kind: 'awaited' });

  await probePorts();
  await probePorts();
  await syncRepository();
  await expect.poll(() => up.heard.calls).toBe(2);
  for (const never of [elsewhere, promised, datagrams]) expect(never.heard.calls).toBe(0);
  expect(await reachOf('up')).toMatchObject({ kind: 'probed', outcome: 'reachable' });
  expect(await reachOf('down')).toMatchObject({ kind: 'probed', outcome: 'refused' });
  for (const service of ['datagrams', 'wide']) expect(await reachOf(service)).toMatchObject({ kind: 'not-probed' });
  for (const service of ['elsewhere', 'promised']) expect(await reachOf(service)).toBeUndefined();
  expect(await silent('new')).toEqual([]);

  const { since } = await db().portProbe.findUniqueOrThrow({ where: { reservationId: gone } });
  await probePorts();
  await syncRepository();
  expect(await silent('new')).toMatchObject([{ message: expect.stringContaining('of down is active') as string }]);
  expect(await db().portProbe.findUnique({ where: { reservationId: gone } })).toMatchObject({ since, silentTimes: 3 });

  await listen(down.heard.port);
  await probePorts();
  await syncRepository();
  expect(await silent('mended')).toHaveLength(1);
  const now = await db().portProbe.findUniqueOrThrow({ where: { reservationId: gone } });
  expect(now).toMatchObject({ outcome: 'reachable', silentTimes: 0 });
  expect(now.since.getTime()).toBeGreaterThan(since.getTime());
});

test('what is not probed any more is forgotten', async () => {
  await db().portReservation.updateMany({ where: { service: 'up' }, data: { state: 'released' } });
  await probePorts();
  expect(await db().portProbe.count({ where: { reservation: { service: 'up' } } })).toBe(0);
  expect(await db().portProbe.count()).toBe(1);
  await db().$transaction((tx) => recordProbes(tx, []));
  expect(await db().portProbe.count()).toBe(0);
});
