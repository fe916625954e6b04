import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '@/lib/db';
import { ConflictError, NotFoundError } from '@/lib/errors';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { deleteDraft, expireDrafts, getDraft, listDrafts, saveDraft } from './drafts';

let test: TestDatabase;
let database: PrismaClient;
let erin: { id: string };
let omar: { id: string };

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase(test.url);
  erin = await database.user.create({ data: { issuer: 'test', subject: 'erin', name: 'Erin' } });
  omar = await database.user.create({ data: { issuer: 'test', subject: 'omar', name: 'Omar' } });
});

afterAll(async () => {
  await database.$disconnect();
  await test.drop();
});

function save(id: string, seenVersion: number, content: Record<string, string>, owner = erin) {
  return saveDraft(owner, { id, seenVersion, content, step: 'ports' }, database);
}

describe('drafts', () => {
  it('are saved and found again', async () => {
    const id = randomUUID();
    expect((await save(id, 0, { name: 'livekit' })).version).toBe(1);
    expect((await save(id, 1, { name: 'livekit-egress' })).version).toBe(2);
    expect(await getDraft(erin, id, database)).toMatchObject({
      version: 2,
      content: { name: 'livekit-egress' },
      step: 'ports',
    });
    expect((await listDrafts(erin, database)).map((draft) => draft.name)).toContain('livekit-egress');
  });

  it('lose nothing when two tabs save: the second is told', async () => {
    const id = randomUUID();
    await save(id, 0, { name: 'first' });
    const both = await Promise.allSettled([save(id, 1, { name: 'tab-a' }), save(id, 1, { name: 'tab-b' })]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toBeInstanceOf(ConflictError);
  });

  it('take a save again when its answer was lost', async () => {
    const id = randomUUID();
    // In an order that PostgreSQL does not keep.
    const first = { purpose: 'Works', name: 'once' };
    await save(id, 0, first);
    expect((await save(id, 0, first)).version).toBe(1);
    await expect(save(id, 0, { name: 'other' })).rejects.toBeInstanceOf(ConflictError);
    const second = { purpose: 'Works', name: 'twice' };
    expect((await save(id, 1, second)).version).toBe(2);
    expect((await save(id, 1, second)).version).toBe(2);
    await expect(save(id, 1, first)).rejects.toBeInstanceOf(ConflictError);
    await expect(save(id, 0, second)).rejects.toBeInstanceOf(ConflictError);
  });

  it('belong to whoever began them', async () => {
    const id = randomUUID();
    await save(id, 0, { name: 'mine' });
    await expect(getDraft(omar, id, database)).rejects.toBeInstanceOf(NotFoundError);
    await expect(save(id, 0, { name: 'mine' }, omar)).rejects.toBeInstanceOf(NotFoundError);
    await expect(save(id, 1, { name: 'yours' }, omar)).rejects.toBeInstanceOf(NotFoundError);
    await expect(deleteDraft(omar, id, database)).rejects.toBeInstanceOf(NotFoundError);
    expect(await listDrafts(omar, database)).toEqual([]);
    expect((await getDraft(erin, id, database)).content).toEqual({ name: 'mine' });
  });

  it('go after 30 days without a touch', async () => {
    const id = randomUUID();
    await save(id, 0, { name: 'old' });
    await database.draft.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1000) } });
    expect(await expireDrafts(database)).toBe(1);
    await expect(getDraft(erin, id, database)).rejects.toBeInstanceOf(NotFoundError);
  });
});
