/** What an operator sees when something does not get on: why, and a button that tries it again. */
import { expect, test } from './support/test';

test('a step that fails shows on the queue page with its reason, is tried again from there, and is gone', async ({
  signedIn,
  stack,
  request,
}) => {
  const control = `${new URL(stack.urls.github).origin}/_slipway/faults`;
  const page = await signedIn('operator');
  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill('queue-probe');
  await page.getByLabel('Purpose').fill('Fails once');
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByLabel('Image').fill('nginx:1.29.3');
  await page.getByRole('button', { name: /Continue to Ports/ }).click();
  await page.getByRole('group', { name: 'Port http' }).getByLabel('In container').fill('80');
  await page.getByRole('link', { name: 'Review' }).click();
  const fault = { method: 'POST', path: '/git/refs$', times: 1, respond: { status: 401 } };
  expect((await request.post(control, { data: fault })).ok()).toBe(true);
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Queue' }).click();
  const row = page.getByRole('row').filter({ hasText: `request ${number}, queue-probe` });
  // Without a reload: the page hears of it.
  await expect(row).toContainText('GitHub refused the token');
  await expect(page.getByRole('heading', { name: 'Workers' })).toBeVisible();
  await expect(page.getByText('1 alive')).toBeVisible();
  await expect(page.getByText(/of 5000 left/)).toBeVisible();
  await row.getByRole('button', { name: 'Retry now' }).click();
  await expect(row.filter({ hasText: 'GitHub refused' })).toHaveCount(0);
  await page.goto(`/requests/${number}`);
  await expect(page.getByText('Waiting for review')).toBeVisible();
});

test.describe('somebody who reviews nothing', () => {
  test.use({ expectedErrors: [/403/] });

  test('does not see the queue', async ({ signedIn }) => {
    const page = await signedIn('engineer');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Ports' })).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Queue' })).toHaveCount(0);
    await page.goto('/queue');
    await expect(page).toHaveURL(/\/forbidden/);
  });
});
