/** Imports of the sample repository, old faults and all, on a real database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { NotAllowedError } from '@/lib/errors';
import { acceptFinding, listFindings } from '@/lib/ports/findings';
import { PortWish } from '@/lib/ports/views';
import { createActor } from '@/lib/requests/test-requests';
import { currentRepository } from './read-repository';
import { releasePort, reservePort } from './reserve-port';
import { syncRepository } from './sync-repository';
import { startTestPlatform, type TestPlatform } from './test-platform';

const REGISTRY = 'config/port_registry.yaml';
let platform: TestPlatform;
let olga: Actor;

beforeAll(async () => {
  platform = await startTestPlatform();
  olga = await createActor('Olga', 'operator');
});
afterAll(() => platform.end());

const where = { repository: 'ravenhelm/platform', branch: 'main' };
const found = async (state: 'new' | 'accepted' | 'mended', kind: string) =>
  (await listFindings({ ...where, state })).filter((finding) => finding.kind === kind);
const wish = (fields: object) => PortWish.parse({ service: 'pdu', reason: 'a box in the rack', ...fields });

async function push(files: Record<string, string>): Promise<void> {
  await platform.api('POST', '/_slipway/push', { login: 'operator', branch: 'main', message: 'by hand', files });
  await syncRepository();
}
const read = async (path: string) => (await currentRepository({ maxAgeMs: 0 })).tree.read(path) ?? '';

async function pushRegistry(edit: (text: string) => string): Promise<void> {
  await push({ [REGISTRY]: edit(await read(REGISTRY)) });
}

test('the sample imports with its old faults; an edit mends one, and taking it back makes it new again', async () => {
  await syncRepository();
  const kinds = new Set((await listFindings({ ...where, state: 'new' })).map(({ kind }) => kind));
  for (const kind of ['duplicate-port', 'port-outside-range', 'stale-hint', 'unregistered-port', 'unpublished-port'])
    expect([...kinds]).toContain(kind);
  const observed = await db().portObservation.groupBy({ by: ['source'], where, _count: true });
  expect(observed.map(({ source }) => source).sort()).toEqual(['compose', 'registry', 'traefik']);
  const [hint] = await found('new', 'stale-hint');
  expect(hint).toMatchObject({ path: REGISTRY, remedy: { kind: 'edit' } });
  const [kept] = await found('new', 'shared-domain');
  await acceptFinding(kept?.id ?? '', 'the bridge answers for both', olga);

  await pushRegistry((text) => `# One line more: everything moves.\n${text.replace(/^( *work_api: )8209/m, '$18290')}`);
  expect(await found('new', 'stale-hint')).toEqual([]);
  expect(await found('mended', 'stale-hint')).toMatchObject([{ id: hint?.id }]);
  expect(await found('accepted', 'shared-domain')).toMatchObject([
    { id: kept?.id, acceptedBy: 'Olga', line: (kept?.line ?? 0) + 1 },
  ]);

  await pushRegistry((text) => text.replace(/^( *work_api: )8290/m, '$18209'));
  expect(await found('new', 'stale-hint')).toMatchObject([{ id: hint?.id }]);
});

test('what an operator reserved and main then gives to somebody else is told, and releasing it mends that', async () => {
  const { id, range, pool } = await reservePort(wish({ port: 'auto', pool: 'realtime' }), olga);
  expect(pool).toBe('realtime');
  const entry = `  - port: ${range.from}\n    service: quick-one\n    protocol: tcp\n    description: Was faster\n`;
  await pushRegistry((text) => text.replace(/^ports:\n/m, `ports:\n${entry}`));
  expect(await found('new', 'contradicts-reservation')).toMatchObject([
    { path: REGISTRY, remedy: { kind: 'release', reservationId: id } },
  ]);
  await releasePort({ id, reason: 'main has it' }, olga);
  expect(await found('new', 'contradicts-reservation')).toEqual([]);
  expect(await found('mended', 'contradicts-reservation')).toHaveLength(1);
  await expect(reservePort(wish({ port: range.from }), olga)).rejects.toThrow(
    new RegExp(`quick-one has ${range.from} \\(${REGISTRY}:\\d+\\)`),
  );
});

test('an engineer may not, and what lies outside of every pool is warned about', async () => {
  await expect(reservePort(wish({ port: 512 }), platform.dana)).rejects.toBeInstanceOf(NotAllowedError);
  const { warnings } = await reservePort(wish({ port: '511-512', protocol: 'udp' }), olga);
  expect(warnings).toEqual(['ports below 1024 are well known and need privileges', 'it is in no pool']);
  await expect(reservePort(wish({ port: 'auto', pool: 'none' }), olga)).rejects.toThrow(/Name the pool/);
});

describe('while a file cannot be read', () => {
  let reservation: string;
  let composePath: string;
  beforeAll(async () => {
    ({ id: reservation } = await reservePort(wish({ port: 46_990 }), olga));
    await db().portReservation.update({ where: { id: reservation }, data: { state: 'active' } });
    await syncRepository();
    for (const kind of ['active-but-gone', 'unregistered-port', 'unpublished-port', 'duplicate-port']) {
      const [first] = await found('new', kind);
      await acceptFinding(first?.id ?? '', `a ${kind} that stays`, olga);
      if (kind === 'unregistered-port') composePath = first?.path ?? '';
    }
  });

  const standing = () =>
    db().portFinding.findMany({
      where: { kind: { not: 'unreadable' } },
      select: { id: true, key: true, line: true, message: true, state: true, acceptedBecause: true, foundAt: true },
      orderBy: { key: 'asc' },
    });
  const broken = (text: string) => `${text}\nbroken: [for a moment\n`;

  test.each([
    ['the registry', () => REGISTRY],
    ['a Compose file', () => composePath],
  ])('%s: nothing becomes mended, nothing comes back, nothing is found that is not there', async (_name, pathOf) => {
    const path = pathOf();
    const text = await read(path);
    const before = await standing();
    await push({ [path]: broken(text) });
    expect(await found('new', 'unreadable')).toMatchObject([{ path }]);
    expect(await standing()).toEqual(before);
    // Still so at the next commit.
    await push({ 'docs/elsewhere.md': `Another commit, ${path}.\n` });
    expect(await standing()).toEqual(before);
    await push({ [path]: text });
    expect(await found('new', 'unreadable')).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  test('what is mended elsewhere is mended, and what looks gone is not told anew', async () => {
    const text = await read(composePath);
    await push({ [composePath]: broken(text) });
    await releasePort({ id: reservation, reason: 'not needed any more' }, olga);
    expect(await found('accepted', 'active-but-gone')).toEqual([]);
    const { id } = await reservePort(wish({ port: 46_991 }), olga);
    await db().portReservation.update({ where: { id }, data: { state: 'active' } });
    await syncRepository();
    expect(await found('new', 'active-but-gone')).toEqual([]);
    await push({ [composePath]: text });
    expect(await found('new', 'active-but-gone')).toHaveLength(1);
  });
});
