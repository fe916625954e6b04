/** What operators do on the ports page, by keyboard where it counts: reserve, release with a reason, accept a finding. */
import { expect, test } from './support/test';

test('an operator reserves the next free port by hand and releases it again', async ({ signedIn }) => {
  const page = await signedIn('operator');
  await page.goto('/ports');
  const open = page.getByRole('button', { name: 'Reserve ports' });
  await open.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Reserve ports by hand' });
  await dialog.getByLabel('Service').fill('pdu-east');
  await dialog.getByLabel('Pool').selectOption('metrics');
  await dialog.getByLabel('Reason').fill('A power unit that exports metrics');
  await dialog.getByRole('button', { name: 'Reserve', exact: true }).click();
  await expect(dialog.getByText(/is reserved, in the pool metrics\./)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(open).toBeFocused();

  const row = page.getByRole('row', { name: /pdu-east/ });
  await expect(row).toContainText('A power unit that exports metrics');
  await row.getByRole('button', { name: 'Release' }).click();
  const question = page.getByRole('dialog', { name: /^Release \d+ of pdu-east/ });
  await question.getByLabel('Reason').fill('It moved to another rack');
  await question.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByRole('row', { name: /pdu-east/ })).toHaveCount(0);
});

test('a port that main has is refused in the dialog, with who has it', async ({ signedIn }) => {
  const page = await signedIn('operator');
  await page.goto('/ports');
  await page.getByRole('button', { name: 'Reserve ports' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reserve ports by hand' });
  await dialog.getByLabel('Service').fill('pdu-west');
  await dialog.getByLabel('Port', { exact: true }).fill('7880');
  await dialog.getByLabel('Reason').fill('A number that is taken');
  await dialog.getByRole('button', { name: 'Reserve', exact: true }).click();
  await expect(dialog.getByText(/Port 7880\/tcp on .* is taken: livekit has 7880/)).toBeVisible();
});

test('an accepted finding says who accepted it and why, and can be opened again', async ({ signedIn }) => {
  const page = await signedIn('operator');
  await page.goto('/ports');
  const row = page.getByRole('row', { name: /undefined name/ }).first();
  await row.getByRole('button', { name: 'Accept' }).click();
  const dialog = page.getByRole('dialog', { name: 'Accept this finding?' });
  await dialog.getByLabel('Reason').fill('Defined by hand on the host');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect(dialog).toBeHidden();

  await page
    .getByRole('navigation', { name: 'Which findings' })
    .getByRole('link', { name: /Accepted/ })
    .click();
  await expect(page).toHaveURL(/findings=accepted/);
  const accepted = page.getByRole('row', { name: /undefined name/ });
  await expect(accepted).toContainText('Defined by hand on the host');
  await accepted.getByRole('button', { name: 'Open again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open again' }).click();
  await expect(accepted).toHaveCount(0);
});

test.describe('an engineer', () => {
  test.use({ expectedErrors: [/403/] });

  test('sees all of it and may change nothing', async ({ signedIn, stack }) => {
    const page = await signedIn('engineer');
    await page.goto('/ports');
    await expect(page.getByRole('heading', { name: 'Findings' })).toBeVisible();
    for (const name of ['Reserve ports', 'Release', 'Accept', 'Read main again'])
      await expect(page.getByRole('button', { name })).toHaveCount(0);
    const answer = await page.request.post('/api/v1/ports/reservations', {
      data: { service: 'pdu', port: 7000, reason: 'I may not' },
      headers: { origin: new URL(stack.urls.portal).origin },
    });
    expect(answer.status()).toBe(403);
  });
});
