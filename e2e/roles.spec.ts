/** Who may do what, asked of the server and not of the page. */
import { expect, test } from './support/test';

test('nobody gets in without signing in', async ({ request, page }) => {
  await page.goto('/services?q=livekit');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fservices%3Fq%3Dlivekit/);
  for (const path of [
    '/api/v1/requests',
    '/api/v1/requests/1/events',
    '/api/v1/drafts/6f0c6a3e-8f0e-4f7e-9a4b-0a1b2c3d4e5f',
  ]) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(401);
    expect(answer.headers()['content-type']).toContain('application/problem+json');
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  }
  expect((await request.post('/api/v1/preview', { data: { content: {} } })).status()).toBe(401);
});

test.describe('somebody whose groups mean nothing here', () => {
  test.use({ expectedErrors: [/403/] });

  test('reads, and changes nothing', async ({ signedIn, stack }) => {
    const page = await signedIn('newcomer');
    await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('table')).first()).toBeVisible();
    await expect(page.getByRole('link', { name: /new service/i })).toHaveCount(0);
    await page.goto('/services/new/basics');
    await expect(page).toHaveURL(/\/forbidden/);
    await page.goto('/settings');
    await expect(page).toHaveURL(/\/forbidden/);
    const asked = await page.request.post('/api/v1/preview', {
      data: { content: {} },
      headers: { origin: new URL(stack.urls.portal).origin },
    });
    expect(asked.status()).toBe(403);
  });
});

test('a request that comes from another site is refused', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  const answer = await page.request.post('/api/v1/preview', {
    data: { content: {} },
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(answer.status()).toBe(403);
});

test('signing out ends the session here and at the provider', async ({ signedIn, stack }) => {
  const page = await signedIn('viewer');
  await page.getByRole('button', { name: /account|vera/i }).click();
  await page
    .getByRole('menuitem', { name: /sign out/i })
    .or(page.getByRole('button', { name: /sign out/i }))
    .first()
    .click();
  await page.waitForURL(/\/sign-in|session\/end/);
  const confirm = page.getByRole('button', { name: /yes|sign (me )?out/i });
  if (new URL(page.url()).origin === new URL(stack.urls.identity).origin) await confirm.first().click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await page.getByRole('button', { name: /local accounts/i }).click();
  // The provider asks for the password again: its session is over too.
  await expect(page.getByLabel(/password/i)).toBeVisible();
});
