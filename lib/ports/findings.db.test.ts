import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db, postgresCode } from '@/lib/db';
import { ConflictError, NotAllowedError } from '@/lib/errors';
import { createActor, prepareTestDatabase } from '@/lib/requests/test-requests';
import type { FoundFinding } from './drift';
import { acceptFinding, countFindings, listFindings, recordFindings, reopenFinding } from './findings';

let end: () => Promise<void>;
let olga: Actor;

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  olga = await createActor('Olga', 'operator');
});
afterAll(() => end());

const finding = (subject: string, line = 1): FoundFinding => ({
  ...{ kind: 'duplicate-port', path: 'ports.yaml', line, subject, message: `${subject} (line ${line})` },
  remedy: { kind: 'edit' },
});
const scopeOf = (branch: string, origin: 'files' | 'reservations' = 'files') => ({
  ...{ repository: 'ravenhelm/platform', branch, origin },
});
const record = (branch: string, found: FoundFinding[], origin?: 'files' | 'reservations') =>
  db().$transaction((tx) => recordFindings(tx, scopeOf(branch, origin), found));
const rowOf = (branch: string, subject: string) =>
  db().portFinding.findFirstOrThrow({ where: { branch, key: `duplicate-port ports.yaml ${subject}` } });

describe('over three imports', () => {
  test('what disappears is mended, what comes again is new and keeps no old reason', async () => {
    expect(await record('three', [finding('a'), finding('b')])).toBe(2);
    const { id } = await rowOf('three', 'a');
    await acceptFinding(id, 'both are behind the proxy', olga);

    expect(await record('three', [finding('b')])).toBe(1);
    expect(await rowOf('three', 'a')).toMatchObject({
      id,
      state: 'mended',
      acceptedBecause: 'both are behind the proxy',
    });
    expect((await rowOf('three', 'a')).mendedAt).not.toBeNull();

    expect(await record('three', [finding('a'), finding('b')])).toBe(1);
    expect(await rowOf('three', 'a')).toMatchObject({
      ...{ id, state: 'new', mendedAt: null, acceptedBecause: null, acceptedBy: null },
    });
  });

  test('lines that move change the line and nothing else; what did not change is not written', async () => {
    await record('lines', [finding('a', 10)]);
    const { id } = await rowOf('lines', 'a');
    await acceptFinding(id, 'known for years', olga);
    expect(await record('lines', [finding('a', 42)])).toBe(1);
    expect(await rowOf('lines', 'a')).toMatchObject({ id, state: 'accepted', line: 42, acceptedBy: 'Olga' });
    expect(await record('lines', [finding('a', 42)])).toBe(0);
  });

  test('each origin and each branch mends its own alone, and the same finding twice is one', async () => {
    await record('own', [finding('a'), finding('a', 9)]);
    await record('own', [finding('b')], 'reservations');
    await record('other', [finding('a')]);
    await record('own', []);
    expect(await rowOf('own', 'a')).toMatchObject({ state: 'mended', line: 1 });
    expect(await rowOf('own', 'b')).toMatchObject({ state: 'new' });
    expect(await rowOf('other', 'a')).toMatchObject({ state: 'new' });
    expect(await countFindings({ repository: 'ravenhelm/platform', branch: 'own' })).toEqual({
      ...{ new: 1, accepted: 0, mended: 1 },
    });
  });
});

describe('accepting', () => {
  test('keeps who and why, and can be taken back', async () => {
    await record('accept', [finding('a')]);
    const { id } = await rowOf('accept', 'a');
    await acceptFinding(id, 'the first reason', olga);
    await acceptFinding(id, 'the second reason', olga);
    const where = { repository: 'ravenhelm/platform', branch: 'accept' };
    expect(await listFindings({ ...where, state: 'accepted' })).toMatchObject([
      { id, acceptedBecause: 'the first reason', acceptedBy: 'Olga', remedy: { kind: 'edit' } },
    ]);
    await reopenFinding(id, olga);
    expect(await listFindings({ ...where, state: 'accepted' })).toEqual([]);
    expect(await rowOf('accept', 'a')).toMatchObject({ state: 'new', acceptedAt: null });
  });

  test('is for operators, and for what is not mended', async () => {
    await record('late', [finding('a')]);
    const { id } = await rowOf('late', 'a');
    const engineer = { ...olga, role: 'engineer' as const };
    await expect(acceptFinding(id, 'because', engineer)).rejects.toBeInstanceOf(NotAllowedError);
    await record('late', []);
    await expect(acceptFinding(id, 'because', olga)).rejects.toBeInstanceOf(ConflictError);
  });

  test('without a reason is refused by the table itself', async () => {
    await record('table', [finding('a')]);
    const update = db().$executeRaw`UPDATE port_findings SET state = 'accepted' WHERE branch = 'table'`;
    const error: unknown = await update.catch((thrown: unknown) => thrown);
    expect(postgresCode(error)).toBe('23514');
  });
});
