import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { NotFoundError } from '@/lib/errors';
import { prepareTestDatabase } from '@/lib/requests/test-requests';
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
  const claims: DraftLink = { draftId: id, madeBy: omar.id, audience: { kind: 'anyone' }, expires: 4e9 };
  const forged = sealLink(claims, { secrets: env().linkSecrets, portal: env().url });
  expect(await joinDraft(vera, forged)).toBeUndefined();
  await deleteDraft(erin, id);
  expect(await joinDraft(vera, token)).toBeUndefined();
});
