/** A service's whole life: added, changed, removed; in the end main has its bytes of before, and others may have its ports. By keyboard where it matters. */
import type { Octokit } from '@octokit/rest';
import type { Page } from '@playwright/test';
import { addService, besideTitle, githubOf, pullAddress, repository } from './support/journey';
import { look } from './support/look';
import { expect, test } from './support/test';

const name = 'short-lived';

/** Every file of main with its blob: two trees with the same answer have the same bytes. */
async function mainFiles(octokit: Octokit): Promise<Map<string, string>> {
  const { data } = await octokit.git.getTree({ ...repository, tree_sha: 'main', recursive: 'true' });
  return new Map(data.tree.flatMap(({ path, sha, type }) => (type === 'blob' ? [[path, sha] as const] : [])));
}

/** Follows a submitted request to its end: an operator merges it on GitHub, and the engineer's page says so by itself. */
async function merge(page: Page, operator: Page, end: 'Live' | 'Removed'): Promise<string> {
  await operator.goto(await pullAddress(page));
  await operator.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(besideTitle(page).getByText(end, { exact: true })).toBeVisible({ timeout: 90_000 });
  return page.url().split('/').at(-1) ?? '';
}

test('a service is added, changed and removed, and main has the bytes of before', async ({ signedIn, stack }) => {
  test.setTimeout(420_000);
  const octokit = githubOf(stack);
  const before = await mainFiles(octokit);
  const [page, operator] = [await signedIn('engineer'), await signedIn('operator')];

  // Added
  await addService(page, name, 7921);
  const added = await merge(page, operator, 'Live');

  const row = page.getByRole('group', { name: 'Port http' });
  // Changed: another port and another host, name and category as they are
  await page.goto(`/services/${name}`);
  await look(page, 'the service’s page');
  // A key that comes before the page is alive is nobody's.
  await expect(async () => {
    await page.keyboard.press('e');
    await page.waitForURL(`**/services/${name}/change/basics`, { timeout: 3000 });
  }).toPass();
  await page.waitForLoadState('networkidle');
  await expect(page).toHaveTitle(/Basics, change short-lived/);
  await expect(page.getByLabel('Purpose')).toBeFocused();
  await expect(page.getByLabel('Purpose')).toHaveValue('Comes, changes and goes');
  await expect(page.getByLabel('Name', { exact: true })).not.toBeEditable();
  await expect(page.getByText('Nothing is changed yet.')).toBeVisible();
  await look(page, 'the first step of a change');
  await page.getByLabel('Purpose').press('End');
  await page.keyboard.type(' again');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Ports' })).toBeVisible();
  await expect(row.getByLabel('On host')).toHaveValue('7921');
  await expect(row.getByText('7921 is its own already.')).toBeVisible();
  await row.getByLabel('On host').fill('7922');
  await page.getByRole('link', { name: 'Routing' }).click();
  await page.getByLabel('Host', { exact: true }).fill('moved-on.ravenhelm.test');
  await expect(page.getByText(/short-lived.ravenhelm.test is given back when main has the new one/)).toBeVisible();
  const diff = page.getByRole('region', { name: 'The pull request' });
  await expect(diff.getByText('moved-on.ravenhelm.test').first()).toBeVisible();
  await expect(diff.getByText('short-lived.ravenhelm.test').first()).toBeVisible();
  await expect(page).toHaveURL(/change\/routing\?draft=/);
  await page.reload();
  await expect(page.getByLabel('Host', { exact: true })).toHaveValue('moved-on.ravenhelm.test');
  await page.getByRole('link', { name: 'Review' }).click();
  await expect(page.getByText(/New ports and hosts are reserved beside those/)).toBeVisible();
  await look(page, 'the review of a change');
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: `Change ${name}` })).toBeVisible();
  await expect(page.getByText(/Gives back 7921, short-lived.ravenhelm.test once main shows the change/)).toBeVisible();
  await look(page, 'the request of a change');

  // Under way: said wherever somebody would begin another one
  const number = page.url().split('/').at(-1) ?? '';
  await operator.goto('/services?q=short-lived');
  await expect(operator.getByRole('link', { name: `Change ${number}` })).toBeVisible();
  await operator.goto(`/services/${name}/remove`);
  await expect(operator.getByText(`Request ${number} is under way for ${name}`)).toBeVisible();
  await look(operator, 'a removal that has to wait');

  const changed = await merge(page, operator, 'Live');
  await page.goto(`/requests/${added}`);
  await expect(page.getByText('Superseded').first()).toBeVisible();
  await expect(page.getByRole('link', { name: `request ${changed}` })).toBeVisible();
  await page.goto('/ports');
  await expect(page.getByRole('row', { name: new RegExp(`^7922 Active ${name}`) })).toBeVisible();
  await expect(page.getByRole('row', { name: /^7921 / })).toHaveCount(0);

  // Removed, without the mouse
  await page.goto(`/services/${name}`);
  await page.getByRole('link', { name: 'Remove', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `Remove ${name}` })).toBeVisible();
  const confirm = page.getByRole('textbox', { name: /to confirm/ });
  await look(page, 'the removal');
  await confirm.focus();
  await page.keyboard.type('short-live');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Open the pull request' })).toBeDisabled();
  await page.keyboard.type('d');
  await expect(page.getByRole('button', { name: 'Open the pull request' })).toBeEnabled();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/requests\/\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: `Remove ${name}` })).toBeVisible();
  const removed = await merge(page, operator, 'Removed');
  await look(page, 'the request of a removal');
  expect(Number(removed)).toBeGreaterThan(Number(changed));

  // As if it had never been
  expect(await mainFiles(octokit)).toEqual(before);
  await page.goto('/ports');
  await expect(page.getByRole('row', { name: /^792[12] / })).toHaveCount(0);
  await page.goto('/services?q=short-lived');
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});

test('what Slipway did not add has no buttons, and says why', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  await page.goto('/services/grafana');
  await expect(page.getByText(/Slipway did not add grafana/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Remove', exact: true })).toHaveCount(0);
  await page.goto('/services/grafana/change/basics');
  await expect(page.getByRole('heading', { name: 'Slipway did not add grafana' })).toBeVisible();
  await look(page, 'a change that cannot be');
});
