/** Looks at a page as it stands: wide and narrow, nothing that axe finds, nothing that scrolls sideways. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Axe for what is wrong alone: what passes is not described. It stays within the page, since no page has frames of other origins, for which it would
 * open a tab of its own.
 */
export function axeOf(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
}

/** @param what the page in words, for whoever reads what is wrong. */
export async function expectSound(page: Page, what: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('table')).first(), what).toBeVisible();
  await expect(page.locator('[aria-busy="true"]'), what).toHaveCount(0);
  const { violations } = await axeOf(page).withTags(rules).analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${what}: ${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 300)}`,
    ),
  ).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Looks at a page wide and narrow, and leaves it wide. */
export async function look(page: Page, what: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(page.getByRole('heading', { level: 1 }), what).toBeVisible();
    await expectSound(page, `${what}, ${width} wide`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
