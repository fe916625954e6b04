/** What people do where main does not show what was merged: a live service that somebody took out by hand, and a merge that was reverted at once. */
import { addService, besideTitle, githubOf, pullAddress, repository } from './support/journey';
import { look } from './support/look';
import { expect, test } from './support/test';

test('a service that main lost is given back from its finding, and its name and port are free', async ({
  signedIn,
  stack,
}) => {
  test.setTimeout(180_000);
  const octokit = githubOf(stack);
  const { data: before } = await octokit.repos.getBranch({ ...repository, branch: 'main' });
  const [page, operator] = [await signedIn('engineer'), await signedIn('operator')];
  await addService(page, 'lost-by-hand', 7931);
  await operator.goto(await pullAddress(page));
  await operator.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(besideTitle(page).getByText('Live', { exact: true })).toBeVisible({ timeout: 90_000 });

  await commitTree(octokit, before.commit.commit.tree.sha);
  await operator.goto('/ports');
  const finding = operator.getByRole('row').filter({ hasText: 'lost-by-hand' }).filter({ hasText: 'Give back' });
  await expect(finding).toBeVisible({ timeout: 90_000 });
  await look(operator, 'the finding of a service that main lost');
  await finding.getByRole('link', { name: 'What lost-by-hand was' }).click();
  await expect(operator).toHaveURL(/\/services\/lost-by-hand$/);
  await expect(operator.getByText('main does not have lost-by-hand any more')).toBeVisible();
  await expect(operator.getByText(/the name lost-by-hand.* port 7931/)).toBeVisible();
  await look(operator, 'the service page of a service that main lost');
  await operator.getByRole('link', { name: 'Give back what is kept for it' }).click();
  await expect(operator.getByText('main has nothing of lost-by-hand any more')).toBeVisible();
  await look(operator, 'the page of a service that main lost');
  await operator.getByRole('button', { name: 'Give back' }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Replaced by another one.');
  await dialog.getByRole('button', { name: 'Give back' }).click();
  await expect(operator.getByText('Nothing is kept for lost-by-hand')).toBeVisible();
  await look(operator, 'the page of a service that was given back');
  await page.reload();
  await expect(page.getByText('Replaced by another one.').first()).toBeVisible();
  await look(page, 'a request that was given back');
  await operator.goto('/ports');
  await expect(operator.getByRole('row', { name: /^7931 / })).toHaveCount(0);
});

test('a merge that was reverted before main was read is ended by an operator, with a reason', async ({
  signedIn,
  stack,
  request,
}) => {
  test.setTimeout(180_000);
  const octokit = githubOf(stack);
  const { data: before } = await octokit.repos.getBranch({ ...repository, branch: 'main' });
  const [page, operator] = [await signedIn('engineer'), await signedIn('operator')];
  await addService(page, 'reverted-at-once', 7932);
  const number = Number((await pullAddress(page)).split('/').at(-1));
  // Until it is reverted nobody hears where main stands.
  const faults = `${new URL(stack.urls.github).origin}/_slipway/faults`;
  const away = { method: 'GET', path: '/git/ref/heads/main$', respond: { status: 503 }, times: 1000 };
  expect((await request.post(faults, { data: away })).ok()).toBe(true);
  const { data: merged } = await octokit.pulls.merge({ ...repository, pull_number: number });
  await commitTree(octokit, before.commit.commit.tree.sha, merged.sha);
  expect((await request.delete(faults)).ok()).toBe(true);

  await expect(besideTitle(page).getByText('Merged', { exact: true })).toBeVisible();
  await expect(page.getByText('main does not show it').first()).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('button', { name: 'End request' })).toHaveCount(0);
  await look(page, 'a merged request that main does not show');
  await operator.goto(new URL(page.url()).pathname);
  await operator.getByRole('button', { name: 'End request' }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('It broke the proxy.');
  await dialog.getByRole('button', { name: 'End request' }).click();
  await expect(besideTitle(operator).getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(operator.getByText('It broke the proxy.').first()).toBeVisible();
  await look(operator, 'a request that was ended');
  // The engineer's page hears of it.
  await expect(besideTitle(page).getByText('Cancelled', { exact: true })).toBeVisible();
  await operator.goto('/ports');
  await expect(operator.getByRole('row', { name: /^7932 / })).toHaveCount(0);
});

/** Somebody commits a whole tree to main by hand. @param parent main's head; asked for where it is not known. */
async function commitTree(octokit: ReturnType<typeof githubOf>, tree: string, parent?: string): Promise<void> {
  const head = parent ?? (await octokit.git.getRef({ ...repository, ref: 'heads/main' })).data.object.sha;
  const { data } = await octokit.git.createCommit({
    ...repository,
    ...{ message: 'revert: by hand', tree, parents: [head] },
  });
  await octokit.git.updateRef({ ...repository, ref: 'heads/main', sha: data.sha });
}
