/**
 * What every journey begins with: somebody signed in by the real identity provider, and a page on which an error in the console or a failed request of our
 * own makes the test fail.
 */
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { browserTestStack, type BrowserTestStack } from '@/local/browser-test-stack';

export type Account = 'viewer' | 'engineer' | 'operator' | 'admin' | 'newcomer';

interface Fixtures {
  stack: BrowserTestStack;
  /** A page of its own for this person, signed in. */
  signedIn: (account: Account) => Promise<Page>;
  /** Problems that this test expects to see in the console: they do not fail it. */
  expectedErrors: RegExp[];
}

/** Signs in through the provider's own form; the page is then wherever it was going. */
export async function signIn(page: Page, stack: BrowserTestStack, account: Account): Promise<void> {
  const who = stack.accounts.find(({ user }) => user === account);
  if (!who) throw new Error(`there is no local account ${account}`);
  await page.getByRole('button', { name: /local accounts/i }).click();
  await page.getByLabel(/user/i).fill(who.user);
  await page.getByLabel(/password/i).fill(who.password);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.waitForURL(
    (url) => url.origin === new URL(stack.urls.portal).origin && !url.pathname.startsWith('/sign-in'),
  );
}

/** Collects what the browser complains about on pages of the portal. */
function watch(context: BrowserContext, portal: string, problems: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' && message.page()?.url().startsWith(portal))
      problems.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
}

export const test = base.extend<Fixtures>({
  stack: async ({ browserName: _ }, provide) => {
    await provide(browserTestStack());
  },
  expectedErrors: [[], { option: true }],
  signedIn: async ({ browser, stack, expectedErrors, contextOptions, baseURL }, provide) => {
    const problems: string[] = [];
    const contexts: BrowserContext[] = [];
    await provide(async (account) => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}) });
      contexts.push(context);
      watch(context, stack.urls.portal, problems);
      const page = await context.newPage();
      await page.goto('/sign-in?next=%2Fservices');
      await signIn(page, stack, account);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(problems.filter((problem) => !expectedErrors.some((pattern) => pattern.test(problem)))).toEqual([]);
  },
});

export { expect };
