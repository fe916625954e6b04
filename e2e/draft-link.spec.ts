/** A draft is shared by a link: a colleague opens it, edits with its owner, and the address shows nothing. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { sealLink, type DraftLink } from '@/lib/wizard/draft-link';
import { expect, signIn, test } from './support/test';

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

async function shareDraft(page: Page, name: string, email?: string): Promise<string> {
  await page.goto('/services/new/basics');
  await field(page, 'Name').fill(name);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.getByRole('button', { name: 'Share this draft' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this draft' });
  if (email !== undefined) {
    await dialog.getByRole('button', { name: 'One person' }).click();
    await dialog.getByLabel('Their e-mail address').fill(email);
  }
  await dialog.getByRole('button', { name: 'Copy link', exact: true }).click();
  const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return link;
}

test('a colleague opens the link, signs in, and both edit one draft', async ({ signedIn, browser, stack, baseURL }) => {
  const owner = await signedIn('engineer');
  const link = await shareDraft(owner, 'handed-over');
  expect(link).not.toContain('handed-over');

  const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}) });
  const guest = await context.newPage();
  const seen: string[] = [];
  guest.on('request', (request) => {
    if (request.url() !== link) seen.push(request.url(), request.headers().referer ?? '');
  });
  await guest.goto(link);
  await expect(guest).toHaveURL(/\/sign-in\?next=%2Fdrafts%2Fjoin$/);
  const [cookie] = (await context.cookies(`${stack.urls.portal}/drafts/join`)).filter(
    ({ name }) => name === 'slipway-draft-link',
  );
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: stack.urls.portal.startsWith('https://') });
  await signIn(guest, stack, 'operator');
  await expect(guest).toHaveURL(/\/services\/new\/basics\?draft=[0-9a-f-]+$/);
  await expect(field(guest, 'Name')).toHaveValue('handed-over');
  // The token is in no address, no Referer, no log and no cookie any more.
  const token = new URL(link).searchParams.get('token') ?? 'none';
  expect(seen.filter((text) => text.includes(token))).toEqual([]);
  for (const log of readdirSync(stack.logs))
    expect(readFileSync(join(stack.logs, log), 'utf8').includes(token), log).toBe(false);
  expect((await context.cookies()).filter(({ name }) => name === 'slipway-draft-link')).toEqual([]);

  await field(guest, 'Purpose').fill('Said by the guest.');
  await expect(field(owner, 'Purpose')).toHaveValue('Said by the guest.');
  await field(owner, 'Owner').fill('media');
  await expect(field(guest, 'Owner')).toHaveValue('media');
  // Submitting stays with whoever began it.
  await guest.getByRole('link', { name: 'Review' }).click();
  await expect(guest.getByText(/began this draft and submits it/)).toBeVisible();
  await expect(guest.getByRole('button', { name: 'Open the pull request' })).toBeDisabled();

  await guest.goto('/drafts');
  const row = guest.getByRole('row', { name: /handed-over/ });
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: 'Leave' }).click();
  await guest.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await expect(row).toHaveCount(0);
  await owner.goto('/drafts');
  const own = owner.getByRole('row', { name: /handed-over/ });
  await own.getByRole('button', { name: 'Delete' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(own).toHaveCount(0);
  await context.close();
});

test('whatever does not open gives the same page', async ({ signedIn, browser, stack, baseURL }) => {
  const owner = await signedIn('engineer');
  const forAnother = await shareDraft(owner, 'for-one-person', 'nobody@example.com');
  const takenBack = await shareDraft(owner, 'taken-back');
  await owner.getByRole('button', { name: 'Share this draft' }).click();
  await owner.getByRole('button', { name: 'Take all links back' }).click();
  await expect(owner.getByText(/open nothing any more/)).toBeVisible();
  await expect(owner.getByRole('button', { name: 'Take all links back' })).toHaveCount(0);

  const sealed = (claims: Partial<DraftLink>) => {
    const nobody = crypto.randomUUID();
    const link: DraftLink = {
      draftId: nobody,
      madeBy: nobody,
      audience: { kind: 'anyone' },
      generation: 1,
      expires: 4e9,
    };
    const seal = { secrets: (stack.env.SLIPWAY_LINK_SECRETS ?? '').split(','), portal: stack.urls.portal };
    return `/drafts/open?token=${sealLink({ ...link, ...claims }, seal)}`;
  };
  const links = {
    'made for another': forAnother,
    'taken back': takenBack,
    cut: forAnother.slice(0, -3),
    forged: forAnother.replace(/token=(.)/, (_, first: string) => `token=${first === 'A' ? 'B' : 'A'}`),
    expired: sealed({ expires: 1 }),
    'of no draft': sealed({}),
    'without a token': '/drafts/open',
    'without the cookie': '/drafts/join',
  };
  const guest = await signedIn('operator');
  const pages = new Set<string>();
  for (const [what, link] of Object.entries(links)) {
    const answer = await guest.goto(link);
    await expect(guest, what).toHaveURL(/\/drafts\/refused$/);
    await expect(guest.getByRole('heading', { name: 'This link does not open a draft' })).toBeVisible();
    pages.add(`${answer?.status()} ${await guest.locator('main').innerText()}`);
  }
  expect(pages.size).toBe(1);
  // Who has not signed in learns nothing of a link, not even that it is forged.
  const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}) });
  const stranger = await context.newPage();
  for (const [what, link] of Object.entries(links)) {
    await stranger.goto(link);
    await expect(stranger, what).toHaveURL(/\/sign-in\?next=%2Fdrafts%2Fjoin$/);
  }
  await context.close();
});

test.describe('somebody who is taken off', () => {
  // Their page asks once more, and is told that there is no such draft.
  test.use({ expectedErrors: [/404/] });

  test('is told at once, keeps what they typed, and does not come back by the link', async ({ signedIn, stack }) => {
    const owner = await signedIn('engineer');
    const link = await shareDraft(owner, 'taken-off');
    const guest = await signedIn('operator');
    await guest.goto(link);
    await field(guest, 'Purpose').fill('Said while still there.');
    await expect(field(owner, 'Purpose')).toHaveValue('Said while still there.');

    // Who edits, and the links, are the owner's alone: to others there is no such draft, and from other sites no such call.
    const draft = `/api/v1/drafts/${new URL(guest.url()).searchParams.get('draft') ?? ''}`;
    const own = { headers: { origin: new URL(stack.urls.portal).origin } };
    expect((await guest.request.get(`${draft}/editors`)).status()).toBe(404);
    expect((await guest.request.delete(`${draft}/links`, own)).status()).toBe(404);
    expect((await guest.request.delete(`${draft}/editors/${crypto.randomUUID()}`, own)).status()).toBe(404);
    expect(
      (await owner.request.delete(`${draft}/links`, { headers: { origin: 'https://elsewhere.example' } })).status(),
    ).toBe(403);
    const viewer = await signedIn('viewer');
    expect((await viewer.request.get(`${draft}/editors`)).status()).toBe(403);
    expect((await viewer.request.delete(`${draft}/links`, own)).status()).toBe(403);

    // By the keyboard alone.
    await owner.getByRole('button', { name: 'Share this draft' }).focus();
    await owner.keyboard.press('Enter');
    const people = owner.getByRole('region', { name: 'Who edits it' });
    await people.getByRole('button', { name: /^Remove / }).focus();
    await owner.keyboard.press('Enter');
    await expect(people.getByText('Nobody but you.')).toBeVisible();
    await expect(people.getByText(/is off the draft/)).toBeVisible();
    await expect(people).toBeFocused();

    await expect(guest.getByText('No longer open')).toBeVisible();
    await field(guest, 'Owner').fill('media');
    await expect(guest.getByText(/stands on this page alone: copy what you need/)).toBeVisible();
    await expect(field(guest, 'Owner')).toHaveValue('media');
    await guest.goto(link);
    await expect(guest).toHaveURL(/\/drafts\/refused$/);
    await guest.goto('/drafts');
    await expect(guest.getByRole('row', { name: /taken-off/ })).toHaveCount(0);
    await owner.goto('/drafts');
    await expect(owner.getByRole('row', { name: /taken-off/ })).toBeVisible();
  });
});
