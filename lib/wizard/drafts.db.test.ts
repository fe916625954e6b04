import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, postgresCode } from '@/lib/db';
import { NotFoundError } from '@/lib/errors';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { deleteDraft, expireDrafts, getDraft, listDrafts } from './drafts';
import type { Patch } from './patch';
import { beginDraft, patchDraft, readShared } from './save-draft';

let test: TestDatabase;
let database: PrismaClient;
let erin: { id: string; name: string };
let omar: { id: string; name: string };

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

async function begin(content: Record<string, string>, owner = erin): Promise<string> {
  const id = randomUUID();
  await beginDraft(owner, { id, content, step: 'ports' }, database);
  return id;
}

const patch = (id: string, patches: Patch[], { author = erin, seenVersion = 1 } = {}) =>
  patchDraft(author, { id, patches, step: 'ports', seenVersion }, database);

describe('drafts', () => {
  it('are saved field by field and found again, with who saved what', async () => {
    const id = await begin({ name: 'livekit' });
    const row = { rowId: 'a1', name: 'http' };
    expect((await patch(id, [{ path: 'ports.a1', to: row }])).version).toBe(2);
    await patch(id, [{ path: 'ports.a1.external', from: 'auto', to: '7890' }]);
    const draft = await getDraft(erin, id, database);
    expect(draft).toMatchObject({ version: 3, content: { name: 'livekit' }, step: 'ports' });
    expect(draft.content.ports).toMatchObject([{ ...row, external: '7890' }]);
    expect((await listDrafts(erin, database)).map(({ name }) => name)).toContain('livekit');
    const saves = await database.draftVersion.findMany({ where: { draftId: id }, orderBy: { version: 'asc' } });
    expect(saves.map(({ version, authorName, patches }) => [version, authorName, patches])).toEqual([
      [1, 'Erin', []],
      [2, 'Erin', [{ path: 'ports.a1', to: row }]],
      [3, 'Erin', [{ path: 'ports.a1.external', from: 'auto', to: '7890' }]],
    ]);
  });

  it('lose nothing when two tabs save at once: the second is told, and its other fields are saved', async () => {
    const id = await begin({ name: 'first' });
    const both = await Promise.all(
      ['tab-a', 'tab-b'].map((to) =>
        patch(id, [
          { path: 'name', from: 'first', to },
          { path: to === 'tab-a' ? 'owner' : 'purpose', from: '', to },
        ]),
      ),
    );
    const named = both.flatMap(({ conflicts }) => conflicts);
    const { content } = await getDraft(erin, id, database);
    const loser = content.name === 'tab-a' ? 'tab-b' : 'tab-a';
    expect(named).toEqual([{ path: 'name', wanted: loser, current: content.name, by: 'Erin' }]);
    expect(content).toMatchObject({ owner: 'tab-a', purpose: 'tab-b' });
  });

  it('take a save again when its answer was lost, without another version', async () => {
    const id = await begin({ name: 'once' });
    expect((await beginDraft(erin, { id, content: { name: 'other' }, step: 'ports' }, database)).content.name).toBe(
      'once',
    );
    const save: Patch[] = [{ path: 'name', from: 'once', to: 'twice' }];
    expect((await patch(id, save)).version).toBe(2);
    expect(await patch(id, save, { seenVersion: 2 })).toMatchObject({ version: 2, conflicts: [], others: [] });
  });

  it('tell what was written since a version, and by whom', async () => {
    const id = await begin({ name: 'told' });
    await patch(id, [{ path: 'purpose', from: '', to: 'Says it' }]);
    expect((await readShared(erin, id, 1, database)).others).toEqual([{ path: 'purpose', by: 'Erin', you: true }]);
    expect((await readShared(erin, id, 2, database)).others).toEqual([]);
  });

  it('belong to whoever began them', async () => {
    const id = await begin({ name: 'mine' });
    const theirs = { author: omar };
    await expect(getDraft(omar, id, database)).rejects.toBeInstanceOf(NotFoundError);
    await expect(readShared(omar, id, 0, database)).rejects.toBeInstanceOf(NotFoundError);
    await expect(beginDraft(omar, { id, content: {}, step: 'ports' }, database)).rejects.toBeInstanceOf(NotFoundError);
    await expect(patch(id, [{ path: 'name', from: 'mine', to: 'yours' }], theirs)).rejects.toBeInstanceOf(
      NotFoundError,
    );
    await expect(deleteDraft(omar, id, database)).rejects.toBeInstanceOf(NotFoundError);
    expect(await listDrafts(omar, database)).toEqual([]);
    expect((await getDraft(erin, id, database)).content).toMatchObject({ name: 'mine' });
  });

  it('keep every save as it was, until the draft goes', async () => {
    const id = await begin({ name: 'kept' });
    const refused = await Promise.allSettled([
      database.draftVersion.updateMany({ where: { draftId: id }, data: { authorName: 'Somebody' } }),
      database.draftVersion.deleteMany({ where: { draftId: id } }),
    ]);
    expect(refused.map((one) => one.status === 'rejected' && postgresCode(one.reason))).toEqual(['23001', '23001']);
    await deleteDraft(erin, id, database);
    expect(await database.draftVersion.count({ where: { draftId: id } })).toBe(0);
  });

  it('go after 30 days without a touch, and every save begins them anew', async () => {
    const daysLeft = async (id: string) =>
      ((await getDraft(erin, id, database)).expiresAt.getTime() - Date.now()) / (24 * 3600 * 1000);
    const [old, touched] = [await begin({ name: 'old' }), await begin({ name: 'touched' })];
    expect(await daysLeft(old)).toBeCloseTo(30, 1);
    await database.draft.updateMany({
      where: { id: { in: [old, touched] } },
      data: { expiresAt: new Date(Date.now() - 1000) },
    });
    expect((await listDrafts(erin, database)).map(({ id }) => id)).not.toContain(old);
    await patch(touched, [{ path: 'name', from: 'touched', to: 'touched again' }]);
    expect(await daysLeft(touched)).toBeCloseTo(30, 1);
    expect(await expireDrafts(database)).toBe(1);
    await expect(getDraft(erin, old, database)).rejects.toBeInstanceOf(NotFoundError);
    expect((await getDraft(erin, touched, database)).content).toMatchObject({ name: 'touched again' });
  });
});
