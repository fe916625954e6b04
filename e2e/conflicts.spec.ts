/** What is taken is refused while one types, with a link to whoever has it; and nothing that was typed is lost. */
import { expect, signIn, test } from './support/test';

test('a name and a port that others have are refused with a link to their owner', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  await page.goto('/services/new/basics');

  // The name of a service that is there
  await page.getByLabel('Name', { exact: true }).fill('grafana');
  await page.getByLabel('Category').selectOption('realtime');
  await expect(page.getByText(/There is a service grafana already/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'grafana' })).toHaveAttribute('href', '/services/grafana');
  await page.getByLabel('Name', { exact: true }).fill('conflict-probe');
  await expect(page.getByText(/No service, container or open request is called conflict-probe/)).toBeVisible();
  await page.getByLabel('Purpose').fill('Finds out who has what');
  await page.getByLabel('Image').fill('nginx:1.29.3');

  // The port of a service that is there
  await expect(page).toHaveURL(/draft=/);
  await page.goto(page.url().replace('/basics', '/ports'));
  const row = page.getByRole('group', { name: 'Port http' });
  await row.getByLabel('In container').fill('80');
  await row.getByLabel('On host').fill('7880');
  await expect(row.getByRole('link', { name: 'livekit' })).toHaveAttribute('href', '/services/livekit');
  await row.getByRole('button', { name: 'Use the next free one' }).click();
  await expect(row.getByLabel('On host')).toHaveValue('auto');
  await expect(row.getByText(/is the next free one in the pool/)).toBeVisible();
});

test('a port and a name that an open request has are refused with a link to the request', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  const submit = async (name: string, port: string) => {
    await page.goto('/services/new/basics');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Purpose').fill('Takes a port');
    await page.getByLabel('Category').selectOption('realtime');
    await page.getByLabel('Image').fill('nginx:1.29.3');
    await page.getByRole('button', { name: /Continue to Ports/ }).click();
    const row = page.getByRole('group', { name: 'Port http' });
    await row.getByLabel('In container').fill('80');
    await row.getByLabel('On host').fill(port);
    return row;
  };
  await submit('first-come', '7915');
  await page.getByRole('link', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  const request = new URL(page.url()).pathname;

  const row = await submit('second-come', '7915');
  await expect(row.getByRole('link', { name: /request \d+/ })).toHaveAttribute('href', request);
  await page.getByRole('link', { name: 'Review' }).click();
  await expect(page.getByRole('button', { name: 'Open the pull request' })).toBeDisabled();

  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill('first-come');
  await expect(page.getByRole('link', { name: /request \d+|first-come/ }).first()).toHaveAttribute('href', request);
});

test.describe('when the session ends in the middle', () => {
  test.use({ expectedErrors: [/401/] });

  test('what was typed is there after signing in again', async ({ signedIn, stack }) => {
    const page = await signedIn('engineer');
    await page.goto('/services/new/basics');
    await page.getByLabel('Name', { exact: true }).fill('patient-one');
    await expect(page.getByText(/^Saved/)).toBeVisible();
    await page.context().clearCookies();
    await page.getByLabel('Purpose').fill('Typed after the session had ended');
    await expect(page.getByText('Your session has ended')).toBeVisible();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await signIn(page, stack, 'engineer');
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('patient-one');
    await expect(page.getByLabel('Purpose')).toHaveValue('Typed after the session had ended');
    await expect(page.getByText(/^Saved/)).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Purpose')).toHaveValue('Typed after the session had ended');
  });
});

test('a cancelled request gives everything back, and its draft can be submitted again', async ({ signedIn }) => {
  const page = await signedIn('engineer');
  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill('second-thoughts');
  await page.getByLabel('Purpose').fill('Is taken back and asked for again');
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByLabel('Image').fill('nginx:1.29.3');
  await page.getByRole('button', { name: /Continue to Ports/ }).click();
  await page.getByRole('group', { name: 'Port http' }).getByLabel('In container').fill('80');
  await page.getByRole('link', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  const first = page.url();
  await expect(page.getByText('Waiting for review')).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Cancel request' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel request' }).click();
  await page.getByRole('link', { name: 'Submit again' }).click({ timeout: 60_000 });
  await expect(page.getByRole('heading', { level: 1, name: 'Review' })).toBeVisible();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL((url) => /\/requests\/\d+$/.test(url.pathname) && url.href !== first);
  await expect(page.getByText('Waiting for review')).toBeVisible({ timeout: 60_000 });
});
