/** The audit as an operator uses it: what somebody did a moment ago is found by words, by who and by what, sent on as a URL and taken away as a file. */
import { expect, test } from './support/test';

test.describe('engineers', () => {
  test.use({ expectedErrors: [/403/] });

  test('do not see the audit, on no way', async ({ signedIn }) => {
    const page = await signedIn('engineer');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' })).toHaveCount(0);
    await page.goto('/audit');
    await expect(page).toHaveURL(/\/forbidden/);
    for (const path of ['/api/v1/audit', '/api/v1/audit?format=jsonl']) {
      expect((await page.request.get(path)).status(), path).toBe(403);
    }
  });
});

test('an operator finds who did what, from where, and takes it away', async ({ signedIn, stack }) => {
  // A draft, made and thrown away, with an id of the caller's own.
  const engineer = await signedIn('engineer');
  const draft = crypto.randomUUID();
  const call = `a-call-of-a-test-${draft.slice(0, 8)}`;
  const answer = await engineer.request.delete(`/api/v1/drafts/${draft}`, {
    headers: { origin: new URL(stack.urls.portal).origin, 'x-request-id': call },
  });
  expect(answer.headers()['x-request-id']).toBe(call);

  const page = await signedIn('operator');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }).click();
  await expect(page).toHaveTitle(/Audit/);
  // Signing in is the newest that people did.
  await page.getByRole('navigation', { name: 'By whom' }).getByRole('link', { name: 'People' }).click();
  await expect(page).toHaveURL(/kind=person/);
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toContainText('signed in');
  await expect(rows.nth(1)).toContainText('operator');
  await expect(rows.nth(1)).toContainText(/127\.0\.0\.1|::1/);

  // Typing is searching; the URL follows, and holds it.
  await page.keyboard.press('/');
  await page.keyboard.type('signed engineer');
  await expect(page).toHaveURL(/q=signed\+engineer/);
  await expect(rows.nth(1)).toContainText('signed in');
  await expect(page.getByLabel('Words in an entry')).toHaveValue('signed engineer');
  await page.getByLabel('Done to it').selectOption('signed out');
  await expect(page).toHaveURL(/did=signed\+out/);
  await page.reload();
  await expect(page.getByLabel('Words in an entry')).toHaveValue('signed engineer');
  await expect(page.getByLabel('Done to it')).toHaveValue('signed out');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page).toHaveURL(/\/audit\?kind=person$/);
  await expect(page.getByLabel('Words in an entry')).toHaveValue('');

  await page.getByLabel('Who', { exact: true }).fill('nobody of this name');
  await expect(page.getByRole('heading', { name: 'Nobody did that' })).toBeVisible();
  await page.getByRole('link', { name: 'All entries' }).click();
  await expect(page.getByLabel('Who', { exact: true })).toHaveValue('');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Export/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^slipway-audit-\d{4}-\d\d-\d\d\.jsonl$/);
  const exported = await page.request.get('/api/v1/audit?format=jsonl&did=exported');
  expect(exported.headers()['content-type']).toContain('application/x-ndjson');
  const lines = (await exported.text()).trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    actor: { kind: 'person' },
    action: 'exported',
    operation: 'GET /api/v1/audit',
    after: { did: 'exported' },
  });
  // Nothing that this stack has done so far was done by nobody.
  expect(await (await page.request.get('/api/v1/audit?kind=database')).json()).toEqual({ entries: [] });
  expect((await page.request.get('/api/v1/audit?what=planet')).status()).toBe(422);
});
