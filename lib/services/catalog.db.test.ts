import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { NotFoundError } from '@/lib/errors';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { promiseService, recordSeenServices, withdrawService, type SeenService } from './catalog';
import { Manifest } from './manifest';
import { getService, listServices } from './queries';

let end: () => Promise<void>;
let dana: Actor;

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  dana = await createActor('Dana');
});
beforeEach(() => db().service.deleteMany());
afterAll(() => end());

const seen = (name: string, fields: Partial<SeenService> = {}): SeenService => ({
  name,
  stack: 'integrations',
  host: undefined,
  ports: [{ protocol: 'tcp', from: 8080, to: 8080 }],
  places: [{ path: 'compose/docker-compose.integrations.yml', line: 12 }],
  runbookPath: undefined,
  category: undefined,
  owner: undefined,
  purpose: undefined,
  ...fields,
});
const record = (sha: string, services: SeenService[]) =>
  db().$transaction((tx) => recordSeenServices(tx, sha, services));
const manifestOf = (name: string) =>
  Manifest.parse({
    name,
    purpose: 'Rooms for agents.',
    category: 'realtime',
    owner: 'realtime',
    ports: [{ name: 'http', internal: 80, why: 'API' }],
    runtime: { source: { kind: 'image', image: 'a/b:1' }, compose: {} },
    routing: { host: `${name}.ravenhelm.test` },
  });
const promise = async (name: string) => {
  const requestId = await createRequest(dana, { serviceName: name });
  const ports = [{ name: 'http', protocol: 'tcp' as const, from: 7893, to: 7893 }];
  await db().$transaction((tx) => promiseService(tx, requestId, manifestOf(name), ports));
  return requestId;
};

describe('what main has', () => {
  test('is live; what main no longer has goes; what a request promises stays', async () => {
    await promise('promised');
    await record('a'.repeat(40), [seen('one'), seen('two')]);
    await record('b'.repeat(40), [seen('two'), seen('three')]);
    const { services, total } = await listServices();
    expect(services.map(({ name, state }) => [name, state])).toEqual([
      ['promised', 'pending'],
      ['three', 'live'],
      ['two', 'live'],
    ]);
    expect(total).toBe(3);
    expect((await getService('two')).seenSha).toBe('b'.repeat(40));
    await expect(getService('one')).rejects.toThrow(NotFoundError);
  });

  test('what did not change keeps its time; what changed is written', async () => {
    await record('c'.repeat(40), [seen('still'), seen('moving')]);
    const times = async () =>
      new Map((await db().service.findMany()).map((row) => [row.name, row.updatedAt.getTime()]));
    const before = await times();
    await record('d'.repeat(40), [seen('still'), seen('moving', { ports: [{ protocol: 'udp', from: 1, to: 9 }] })]);
    const after = await times();
    expect(after.get('still')).toBe(before.get('still'));
    expect(after.get('moving')).toBeGreaterThan(before.get('moving') ?? 0);
    expect((await getService('moving')).ports).toEqual([{ name: undefined, protocol: 'udp', from: 1, to: 9 }]);
  });

  test('of a merged request it has the request’s words', async () => {
    const id = await promise('livekit-egress');
    await db().changeRequest.update({
      where: { id },
      data: { state: 'merged', manifest: manifestOf('livekit-egress') },
    });
    await record('e'.repeat(40), [seen('livekit-egress', { purpose: 'from a label' })]);
    expect(await getService('livekit-egress')).toMatchObject({
      state: 'live',
      purpose: 'Rooms for agents.',
      owner: 'realtime',
      host: 'livekit-egress.ravenhelm.test',
      request: { id, state: 'merged' },
    });
  });

  test('a thousand services are imported at once', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => seen(`service-${index}`));
    await record('f'.repeat(40), many);
    await record('0'.repeat(40), many);
    expect((await listServices()).total).toBe(1000);
  });
});

describe('what is promised', () => {
  test('goes when the request ends, unless main has it', async () => {
    const gone = await promise('gone');
    const there = await promise('there');
    await record('1'.repeat(40), [seen('there')]);
    await db().$transaction((tx) => withdrawService(tx, gone));
    await db().$transaction((tx) => withdrawService(tx, there));
    await expect(getService('gone')).rejects.toThrow('no service gone');
    expect(await getService('there')).toMatchObject({ state: 'live' });
  });
});

describe('search', () => {
  test('finds by every word, in name, host, owner and port; facets count what is left', async () => {
    await promise('livekit-sip');
    await record('2'.repeat(40), [
      seen('livekit', { owner: 'realtime', ports: [{ protocol: 'udp', from: 7881, to: 7892 }] }),
      seen('grafana', { owner: 'observability', stack: 'observability', host: 'grafana.ravenhelm.test' }),
    ]);
    const names = async (search: string) => (await listServices({ search })).services.map((service) => service.name);
    expect(await names('livekit')).toEqual(['livekit-sip', 'livekit']);
    expect(await names('7885')).toEqual(['livekit']);
    expect(await names('ravenhelm grafana')).toEqual(['grafana']);
    expect(await names('livekit grafana')).toEqual([]);
    const { facets, services } = await listServices({ owner: ['observability'] });
    expect(services.map((service) => service.name)).toEqual(['grafana']);
    expect(facets.owner).toEqual([
      { value: 'observability', count: 1 },
      { value: 'realtime', count: 2 },
    ]);
  });
});
