/** Whatever was typed is kept, whenever the page is left: in the middle of a save, before one has begun, by a reload or by a link. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

const purpose = (page: Page) => page.getByLabel('Purpose');

async function begin(page: Page, name: string): Promise<void> {
  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await expect(page.getByText(/^Saved/)).toBeVisible();
}

for (const { what, name, stored } of [
  { what: 'arrives', name: 'slow-answer', stored: true },
  { what: 'is lost', name: 'lost-save', stored: false },
])
  test(`what is typed while a save is under way survives a reload, where that save ${what}`, async ({ signedIn }) => {
    const page = await signedIn('engineer');
    await begin(page, name);
    let reached: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (reached = resolve));
    // No save is answered any more, until the page is loaded again.
    await page.route('**/api/v1/drafts/*', async (route) => {
      if (stored && (route.request().postData() ?? '').includes('Typed first.')) await route.fetch();
      reached();
    });
    await purpose(page).fill('Typed first.');
    await underWay;
    await purpose(page).fill('Typed first. And more.');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await expect(purpose(page)).toHaveValue('Typed first. And more.');
    // What the page sent as it was left may come in last: that was saved elsewhere.
    await expect(page.getByText(/^(Saved|You saved)/)).toBeVisible();
    await page.reload();
    await expect(purpose(page)).toHaveValue('Typed first. And more.');
    await expect(page.getByText('Two versions')).toHaveCount(0);
  });

test('what was typed a moment before a link was followed is there in the draft', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  await begin(page, 'quick-leaver');
  await purpose(page).fill('Typed just before leaving.');
  const draft = page.url();
  const saved = page.waitForRequest(
    (request) => request.method() === 'PATCH' && (request.postData() ?? '').includes('Typed just before leaving.'),
  );
  await page.getByRole('link', { name: 'Catalog' }).click();
  await expect(page).toHaveURL(/\/services$/);
  await (await saved).response();
  // Another tab has nothing but what the server has.
  const tab = await page.context().newPage();
  await tab.goto(draft);
  await expect(purpose(tab)).toHaveValue('Typed just before leaving.');
});
