/** Ways that several journeys go: through the wizard's shortest form, and to the platform's repository as a person of GitHub's. */
import { Octokit } from '@octokit/rest';
import type { Page } from '@playwright/test';
import type { BrowserTestStack } from '@/local/browser-test-stack';
import { expect } from './test';

export const repository = { owner: 'ravenhelm', repo: 'platform' };

/** The platform's repository at the stand-in, with the portal's own token. */
export function githubOf(stack: BrowserTestStack): Octokit {
  return new Octokit({ baseUrl: stack.env.GITHUB_API_URL, auth: stack.env.GITHUB_TOKEN });
}

/** What stands beside the title of a request's or service's page: its state. The bar at the bottom says Live of its connection. */
export const besideTitle = (page: Page) => page.getByRole('heading', { level: 1 }).locator('..');

/** Waits on the page of a request that was just submitted. @returns the address of its pull request at GitHub, once it is open. */
export async function pullAddress(page: Page): Promise<string> {
  await page.waitForURL(/\/requests\/\d+$/);
  const timeline = page.getByRole('list', { name: 'What happened to this request' });
  await expect(timeline.getByText(/Pull request \d+ opened/)).toBeVisible({ timeout: 60_000 });
  const link = page.getByRole('link', { name: /Pull request \d+/ }).first();
  return (await link.getAttribute('href')) ?? '';
}

/** Describes a service with one port on the host and submits it; the page is the request's then. */
export async function addService(page: Page, name: string, port: number): Promise<void> {
  await page.goto('/services/new/basics');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Purpose').fill('Comes, changes and goes');
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByLabel('Image').fill('nginx:1.29.3');
  await page.getByRole('link', { name: 'Ports' }).last().click();
  const row = page.getByRole('group', { name: 'Port http' });
  await row.getByLabel('In container').fill('8099');
  await row.getByLabel('On host').fill(String(port));
  await page.getByRole('link', { name: 'Review' }).last().click();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
}
