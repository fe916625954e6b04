/** A service with every part that the platform has a place for, from the form to an open pull request; and its steps after the merge, ticked off. */
import type { Locator, Page } from '@playwright/test';
import { Octokit } from '@octokit/rest';
import { fillInEverything } from './support/every-field';
import { axeOf } from './support/look';
import { expect, test } from './support/test';

const name = 'room-recorder';

/** A titled part of a page. */
function section(page: Page, title: string): Locator {
  return page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) });
}

test('every field of the wizard comes through to the pull request, and what is left to do is ticked off', async ({
  signedIn,
  stack,
}) => {
  test.setTimeout(300_000);
  const page = await signedIn('engineer');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await fillInEverything(page, name, async (step) => {
    // The diff beside the form is looked at by itself, in pages.spec.ts: here it is long.
    const { violations } = await axeOf(page).exclude('[aria-label="The pull request"]').analyze();
    expect(violations.map(({ id, nodes }) => `${step}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual(
      [],
    );
  });

  // The real tools have looked at it, and what the cluster would be given can be read
  const checks = section(page, 'Checks');
  await expect(checks.getByText('What prod is given')).toBeVisible({ timeout: 60_000 });
  await expect(checks.getByText(/\d+ fail|\d+ not run/)).toHaveCount(0);
  await checks.getByText('What prod is given').click();
  const prod = checks.locator('details', { hasText: 'What prod is given' });
  await expect(prod.getByText(/kind: NetworkPolicy/)).toBeVisible();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  await expect(page.getByText('Waiting for review')).toBeVisible({ timeout: 90_000 });

  // What the reviewers read
  const href = await page
    .getByRole('link', { name: /Pull request \d+/ })
    .first()
    .getAttribute('href');
  const octokit = new Octokit({ baseUrl: stack.env.GITHUB_API_URL, auth: stack.env.GITHUB_TOKEN });
  const { data: pull } = await octokit.pulls.get({
    owner: 'ravenhelm',
    repo: 'platform',
    pull_number: Number(href?.split('/').at(-1)),
  });
  for (const heading of ['Allocated', 'Checklist', 'Checks', 'After the merge', 'How to undo it'])
    expect(pull.body).toContain(`\n## ${heading}\n`);
  expect(pull.body).toContain('kind: ScaledObject');

  // The requester ticks a step with the keyboard; it stands there after a reload, and the operator sees whose it is
  const steps = section(page, 'After the merge');
  const first = steps.getByRole('checkbox').first();
  await first.focus();
  await page.keyboard.press('Space');
  await expect(steps.getByText(/^Done by Erin Engineer/)).toBeVisible();
  await page.reload();
  await expect(first).toBeChecked();
  const operator = await signedIn('operator');
  await operator.goto(page.url());
  const theirs = section(operator, 'After the merge');
  await expect(theirs.getByText(/^Done by Erin Engineer/)).toBeVisible();
  await theirs.getByRole('checkbox').first().uncheck();
  await expect(theirs.getByText(/^Done by/)).toHaveCount(0);
  // Somebody who may only read has no boxes
  const viewer = await signedIn('viewer');
  await viewer.goto(page.url());
  await expect(section(viewer, 'After the merge')).toBeVisible();
  await expect(section(viewer, 'After the merge').getByRole('checkbox')).toHaveCount(0);
});
