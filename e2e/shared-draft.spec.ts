/** One draft in two browsers: each sees what the other saves, and a field that both wrote waits for a choice. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Begins a draft. @returns its address, once the server has it. */
async function begin(page: Page, name: string): Promise<string> {
  await page.goto('/services/new/basics');
  await field(page, 'Name').fill(name);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  return page.url();
}

test('two tabs see each other’s saves, without losing the focus or the caret', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  const address = await begin(page, 'seen-by-both');
  const other = await page.context().newPage();
  await other.goto(address);
  await expect(field(other, 'Name')).toHaveValue('seen-by-both');

  await field(other, 'Purpose').fill('Half of a');
  await field(other, 'Purpose').press('Home');
  await field(page, 'Owner').fill('media');
  await expect(field(other, 'Owner')).toHaveValue('media');
  await other.keyboard.type('One ');
  await expect(field(other, 'Purpose')).toHaveValue('One Half of a');
  await expect(field(other, 'Purpose')).toBeFocused();
  await expect(field(page, 'Purpose')).toHaveValue('One Half of a');

  // Rows come in by their ids, whichever step is open.
  await page.getByRole('link', { name: 'Ports' }).last().click();
  await other.getByRole('link', { name: 'Ports' }).last().click();
  await other.getByRole('button', { name: 'Add port' }).click();
  await other.getByRole('group', { name: 'Port 2' }).getByLabel('Name').fill('grpc');
  await expect(page.getByRole('group', { name: 'Port grpc' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove port http' }).click();
  await expect(other.getByRole('group', { name: 'Port http' })).toHaveCount(0);
  await expect(other.getByRole('group', { name: 'Port grpc' }).getByLabel('Name')).toHaveValue('grpc');
  await expect(other.getByRole('group', { name: 'Port grpc' }).getByLabel('Name')).toBeFocused();
});

test.describe('a field that two tabs wrote', () => {
  // The tab that is cut off says so in its console.
  test.use({ expectedErrors: [/ERR_FAILED/] });

  for (const { choice, kept } of [
    { choice: 'Keep mine', kept: 'Typed here.' },
    { choice: 'Take theirs', kept: 'Typed there.' },
  ])
    test(`waits for a person: ${choice}`, async ({ signedIn }) => {
      const page = await signedIn('engineer');
      const address = await begin(page, 'written-twice');
      const other = await page.context().newPage();
      await other.goto(address);
      await expect(field(other, 'Name')).toHaveValue('written-twice');

      // The other tab is cut off for a moment, so that neither sees the other type.
      await other.route('**/api/v1/drafts/**', (route) => route.abort());
      await field(other, 'Purpose').fill('Typed here.');
      const saved = page.waitForResponse(
        (answer) =>
          answer.request().method() === 'PATCH' && (answer.request().postData() ?? '').includes('Typed there.'),
      );
      await field(page, 'Purpose').fill('Typed there.');
      await saved;
      await other.unrouteAll({ behavior: 'ignoreErrors' });

      const conflict = other.getByRole('region', { name: 'Two versions of Purpose' });
      await expect(conflict).toContainText('Typed there.', { timeout: 20_000 });
      await expect(field(other, 'Purpose')).toHaveValue('Typed here.');
      // It waits over a reload too, and nothing was overwritten meanwhile.
      await other.reload();
      await expect(conflict).toContainText('You, in another tab, wrote Typed there.');
      await expect(field(page, 'Purpose')).toHaveValue('Typed there.');
      // By the keyboard: it stands before the first field, and leads to its own afterwards.
      await field(other, 'Name').focus();
      await other.keyboard.press('Shift+Tab');
      await expect(conflict.getByRole('button', { name: 'Take theirs' })).toBeFocused();
      if (choice === 'Keep mine') await other.keyboard.press('Shift+Tab');
      await expect(conflict.getByRole('button', { name: choice })).toBeFocused();
      await other.keyboard.press('Enter');
      await expect(conflict).toHaveCount(0);
      await expect(field(other, 'Purpose')).toBeFocused();
      await expect(field(other, 'Purpose')).toHaveValue(kept);
      await expect(field(page, 'Purpose')).toHaveValue(kept);
    });

  test('rows that both add, change and remove at once all come in, but for the one that they disagree on', async ({
    signedIn,
  }) => {
    const page = await signedIn('engineer');
    const address = await begin(page, 'rows-of-both');
    await page.getByRole('link', { name: 'Ports' }).last().click();
    const other = await page.context().newPage();
    await other.goto(address.replace('/basics', '/ports'));
    const port = (where: Page, name: string) => where.getByRole('group', { name: `Port ${name}`, exact: true });
    await expect(port(other, 'http')).toBeVisible();

    await other.route('**/api/v1/drafts/**', (route) => route.abort());
    await other.getByRole('button', { name: 'Remove port http' }).click();
    await other.getByRole('button', { name: 'Add port' }).click();
    // The first of a list is called http until somebody says otherwise: another row all the same.
    await port(other, 'http').getByLabel('Name').fill('metrics');
    await port(page, 'http').getByLabel('In container').fill('8080');
    const saved = page.waitForResponse(
      (answer) => answer.request().method() === 'PATCH' && (answer.request().postData() ?? '').includes('grpc'),
    );
    await page.getByRole('button', { name: 'Add port' }).click();
    await port(page, '2').getByLabel('Name').fill('grpc');
    await saved;
    await other.unrouteAll({ behavior: 'ignoreErrors' });

    for (const where of [page, other])
      for (const name of ['grpc', 'metrics']) await expect(port(where, name)).toBeVisible();
    const conflict = other.getByRole('region', { name: 'Two versions of Ports, http' });
    await expect(conflict).toContainText('You wrote nothing: it was removed');
    await expect(port(page, 'http').getByLabel('In container')).toHaveValue('8080');
    await conflict.getByRole('button', { name: 'Take theirs' }).click();
    await expect(port(other, 'http').getByLabel('In container')).toHaveValue('8080');
    for (const where of [page, other]) await expect(where.getByRole('group', { name: /^Port / })).toHaveCount(3);
  });
});
