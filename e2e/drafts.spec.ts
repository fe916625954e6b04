/** Whatever was typed is kept: whenever the page is left, however slow the line is or gone, and whatever the server says of it. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

const purpose = (page: Page) => page.getByLabel('Purpose');

async function begin(page: Page, name: string): Promise<void> {
  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await expect(page.getByText(/^Saved/)).toBeVisible();
}

/** What the server has as the draft's purpose, asked past the page and its network. */
async function purposeOnServer(page: Page): Promise<unknown> {
  const id = new URL(page.url()).searchParams.get('draft') ?? '';
  const answer = await page.request.get(`/api/v1/drafts/${id}`);
  return ((await answer.json()) as { content: { purpose: unknown } }).content.purpose;
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
    // Whether this page saved it, or the one before as it was left, which may come in last: to the person it is saved.
    await expect.poll(() => purposeOnServer(page)).toBe('Typed first. And more.');
    await expect(page.getByText(/^Saved/)).toBeVisible();
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

test('what is typed on a slow line is there, though the page is left in the middle of it', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  await begin(page, 'slow-line');
  const draft = page.url();
  const words = 'Typed on a line that takes its time, without a pause.';
  const network = await page.context().newCDPSession(page);
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 1500,
    downloadThroughput: 50 * 1024,
    uploadThroughput: 20 * 1024,
  });
  await purpose(page).pressSequentially(words, { delay: 40 });
  // The save of the first words is on its way; the last key was a moment ago.
  await page.goto('/drafts');
  await page.goto(draft);
  await expect(purpose(page)).toHaveValue(words);
  await expect.poll(() => purposeOnServer(page)).toBe(words);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await expect(page.getByText('Two versions')).toHaveCount(0);
});

test.describe('without a connection', () => {
  test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

  test('what is typed is kept, and saved as soon as the connection is back', async ({ signedIn }) => {
    const page = await signedIn('engineer');
    await begin(page, 'tunnel-vision');
    await page.context().setOffline(true);
    await purpose(page).fill('Typed in a tunnel.');
    await expect(page.getByText('Not saved')).toBeVisible();
    // The steps need no server.
    await page.getByRole('link', { name: 'Ports' }).last().click();
    await page.getByRole('button', { name: 'Add port' }).click();
    await page.getByRole('group', { name: 'Port 2' }).getByLabel('Name').fill('grpc');
    await page.getByRole('link', { name: 'Basics' }).last().click();
    await expect(purpose(page)).toHaveValue('Typed in a tunnel.');
    expect(await purposeOnServer(page)).toBe('');
    await page.context().setOffline(false);
    await expect(page.getByText(/^Saved/)).toBeVisible();
    expect(await purposeOnServer(page)).toBe('Typed in a tunnel.');
    await page.reload();
    await page.getByRole('link', { name: 'Ports' }).last().click();
    await expect(page.getByRole('group', { name: 'Port grpc' })).toBeVisible();
  });
});

test.describe('what the server refuses', () => {
  test.use({ expectedErrors: [/413|422/] });

  test('is said, stays in its field over a reload, and is saved once it fits', async ({ signedIn }) => {
    const page = await signedIn('engineer');
    await begin(page, 'too-many-words');
    const endless = 'far too long '.repeat(6000);
    await purpose(page).fill(endless);
    await expect(page.getByText('A draft holds at most 64 KiB. Nothing is lost')).toBeVisible();
    await page.reload();
    await expect(purpose(page)).toHaveValue(endless);
    await purpose(page).fill('Short.');
    await expect.poll(() => purposeOnServer(page)).toBe('Short.');
    await expect(page.getByText('Nothing is lost')).toHaveCount(0);

    // A server in front of the portal says it in its own way.
    await page.route('**/api/v1/drafts/*', (route) =>
      route.fulfill({ status: 413, contentType: 'text/html', body: '<h1>413 Request Entity Too Large</h1>' }),
    );
    await purpose(page).fill('Short, but too long for somebody.');
    await expect(page.getByText('That is more than can be sent at once.')).toBeVisible();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await expect.poll(() => purposeOnServer(page)).toBe('Short, but too long for somebody.');
  });
});
