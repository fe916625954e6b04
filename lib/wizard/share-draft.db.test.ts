import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { NotFoundError } from '@/lib/errors';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
import { readSharing, removeEditor, revokeLinks } from './draft-editors';
import { sealLink, type DraftLink } from './draft-link';
import { deleteDraft, getDraft, listDrafts } from './drafts';
import { beginDraft, patchDraft } from './save-draft';
import { joinDraft, makeDraftLink } from './share-draft';

let end: () => Promise<void>;
const person = (name: string) =>
  db().user.create({ data: { issuer: 'test', subject: randomUUID(), name, email: `${name}@Example.com` } });
type Person = Awaited<ReturnType<typeof person>>;
let erin: Person;
let omar: Person;
let vera: Person;

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  [erin, omar, vera] = await Promise.all([person('erin'), person('omar'), person('vera')]);
});
afterAll(() => end());

async function begin(): Promise<string> {
  const id = randomUUID();
  await beginDraft(erin, { id, content: { name: 'shared' }, step: 'ports' });
  return id;
}

/** A token as this portal seals them, saying what a test wants. */
function sealed(draftId: string, claims: Partial<DraftLink> = {}): string {
  const link: DraftLink = { draftId, madeBy: erin.id, audience: { kind: 'anyone' }, generation: 1, expires: 4e9 };
  return sealLink({ ...link, ...claims }, { secrets: env().linkSecrets, portal: env().url });
}

const tokenOf = ({ url }: { url: string }) => new URL(url).searchParams.get('token') ?? '';

it('lets whoever opens it read and edit, until they leave', async () => {
  const id = await begin();
  const link = await makeDraftLink(erin, id, { kind: 'anyone' });
  expect(link.url).toMatch(/^http:\/\/slipway\.test\/drafts\/open\?token=[\w-]+$/);
  for (let count = 0; count < 2; count += 1)
    expect(await joinDraft(omar, tokenOf(link))).toEqual({ id, step: 'ports', changes: undefined });
  expect(await getDraft(omar, id)).toMatchObject({ owner: 'erin', content: { name: 'shared' } });
  expect(await listDrafts(omar)).toMatchObject([{ id, owner: 'erin' }]);
  const save = { id, patches: [{ path: 'name', from: 'shared', to: 'theirs' }], step: 'ports', seenVersion: 1 };
  await patchDraft(omar, save);
  expect(await getDraft(erin, id)).toMatchObject({ owner: undefined, content: { name: 'theirs' } });
  await deleteDraft(omar, id);
  await expect(getDraft(omar, id)).rejects.toBeInstanceOf(NotFoundError);
  expect(await getDraft(erin, id)).toMatchObject({ content: { name: 'theirs' } });
});

it('lets in the one whom it was made for, however the address is written, and nobody else', async () => {
  const id = await begin();
  const token = tokenOf(await makeDraftLink(erin, id, { kind: 'email', email: 'Omar@example.com' }));
  expect(await joinDraft(vera, token)).toBeUndefined();
  await expect(getDraft(vera, id)).rejects.toBeInstanceOf(NotFoundError);
  expect(await joinDraft(omar, token)).toMatchObject({ id });
});

it('leads the owner to it without making them another’s guest', async () => {
  const id = await begin();
  expect(await joinDraft(erin, tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' })))).toMatchObject({ id });
  expect(await db().draftEditor.count({ where: { draftId: id } })).toBe(0);
});

it('is made by the owner alone, and opens only what they still own', async () => {
  const id = await begin();
  const token = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
  await joinDraft(omar, token);
  await expect(makeDraftLink(omar, id, { kind: 'anyone' })).rejects.toBeInstanceOf(NotFoundError);
  expect(await joinDraft(vera, sealed(id, { madeBy: omar.id }))).toBeUndefined();
  await deleteDraft(erin, id);
  expect(await joinDraft(vera, token)).toBeUndefined();
});

it('gives the same nothing for every link that is not good, and leaves nobody on the draft', async () => {
  const id = await begin();
  const elsewhere = begin().then((other) => sealed(other, { madeBy: vera.id }));
  expect(await joinDraft(erin, sealed(id)), 'sealed well').toMatchObject({ id });
  const bad = {
    expired: sealed(id, { expires: Math.floor(Date.now() / 1000) - 1 }),
    forged: `A${sealed(id).slice(1)}`,
    cut: sealed(id).slice(0, -3),
    empty: '',
    foreign: sealed(id, { audience: { kind: 'email', email: 'vera@example.com' } }),
    another: await elsewhere,
    gone: sealed(randomUUID()),
    'taken back': sealed(id, { generation: 2 }),
  };
  for (const [what, token] of Object.entries(bad)) expect(await joinDraft(omar, token), what).toBeUndefined();
  expect((await readSharing(erin, id)).editors).toEqual([]);
});

it('shows its owner who edits it, and nobody else', async () => {
  const id = await begin();
  expect(await readSharing(erin, id)).toEqual({ editors: [], linksOpenUntil: undefined });
  const link = await makeDraftLink(erin, id, { kind: 'anyone' });
  await joinDraft(omar, tokenOf(link));
  await joinDraft(vera, tokenOf(link));
  const sharing = await readSharing(erin, id);
  expect(sharing.editors).toMatchObject([
    { id: omar.id, name: 'omar', email: 'omar@Example.com' },
    { id: vera.id, name: 'vera' },
  ]);
  expect(sharing.linksOpenUntil).toBe(link.expiresAt);
  expect((await listDrafts(erin)).find((draft) => draft.id === id)).toMatchObject({ editors: 2 });
  for (const somebody of [omar, vera]) {
    await expect(readSharing(somebody, id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(revokeLinks(somebody, id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(removeEditor(somebody, { draftId: id, userId: vera.id })).rejects.toBeInstanceOf(NotFoundError);
  }
  expect((await readSharing(erin, id)).editors).toHaveLength(2);
});

it('lets the owner take somebody off: they neither read nor write it, nor come back by the link', async () => {
  const id = await begin();
  const token = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
  await joinDraft(omar, token);
  await joinDraft(vera, token);
  const left = await removeEditor(erin, { draftId: id, userId: omar.id });
  expect(left).toMatchObject({ editors: [{ id: vera.id }], linksOpenUntil: undefined });
  const save = { id, patches: [{ path: 'name', from: 'shared', to: 'after' }], step: 'ports', seenVersion: 1 };
  await expect(patchDraft(omar, save)).rejects.toBeInstanceOf(NotFoundError);
  await expect(getDraft(omar, id)).rejects.toBeInstanceOf(NotFoundError);
  expect(await joinDraft(omar, token)).toBeUndefined();
  expect(await getDraft(vera, id)).toMatchObject({ content: { name: 'shared' } });
  // Again it changes nothing: links that were made since stay good.
  const next = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
  await removeEditor(erin, { draftId: id, userId: omar.id });
  expect(await joinDraft(omar, next)).toMatchObject({ id });
});

it('lets the owner take all links back; those who came by one stay', async () => {
  const id = await begin();
  const tokens: string[] = [];
  for (const audience of [{ kind: 'anyone' as const }, { kind: 'email' as const, email: 'omar@example.com' }])
    tokens.push(tokenOf(await makeDraftLink(erin, id, audience)));
  await joinDraft(vera, tokens[0] ?? '');
  expect(await revokeLinks(erin, id)).toMatchObject({ editors: [{ id: vera.id }], linksOpenUntil: undefined });
  for (const token of tokens) expect(await joinDraft(omar, token)).toBeUndefined();
  expect(await joinDraft(omar, tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' })))).toMatchObject({ id });
});

it('is no save: when the draft was saved last stays as it was', async () => {
  const id = await begin();
  const savedAt = new Date('2026-11-20T10:00:00.123Z');
  await db().draft.update({ where: { id }, data: { updatedAt: savedAt } });
  const token = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
  expect((await getDraft(erin, id)).updatedAt, 'a link made').toEqual(savedAt);
  await joinDraft(omar, token);
  await removeEditor(erin, { draftId: id, userId: omar.id });
  expect((await getDraft(erin, id)).updatedAt, 'somebody taken off').toEqual(savedAt);
  await revokeLinks(erin, id);
  expect((await getDraft(erin, id)).updatedAt, 'links taken back').toEqual(savedAt);
});

it('lets nobody in once the links are taken back, however close together it happens', async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = await begin();
    const token = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
    const [joined, { editors }] = await Promise.all([joinDraft(omar, token), revokeLinks(erin, id)]);
    // Who came in before stands in what the owner was answered; nobody comes in later.
    expect(editors.map((one) => one.id)).toEqual(joined ? [omar.id] : []);
    expect((await readSharing(erin, id)).editors).toHaveLength(editors.length);
  }
});

it('is in the audit with who and whom, and without the token', async () => {
  const id = await begin();
  const token = tokenOf(await makeDraftLink(erin, id, { kind: 'anyone' }));
  await joinDraft(omar, token);
  await removeEditor(erin, { draftId: id, userId: omar.id });
  const entries = await db().auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } });
  expect(entries.map(({ action, subjectKind, before, after }) => [action, subjectKind, before, after])).toEqual([
    ['created', 'draft', null, { owner_id: erin.id, link_generation: 1 }],
    ['shared', 'draft', null, { with: 'anyone who signs in' }],
    ['created', 'editor', null, { user_id: omar.id }],
    ['removed', 'editor', { user_id: omar.id }, null],
    ['changed', 'draft', { link_generation: 1 }, { link_generation: 2 }],
  ]);
  const [kept] = await db().$queryRaw<
    { text: string }[]
  >`SELECT string_agg(audit_entries::text, '') AS text FROM audit_entries`;
  expect(kept?.text).not.toContain(token);
});
