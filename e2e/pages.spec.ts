/** Every page in light and dark, wide and narrow: nothing that axe finds, nothing that scrolls sideways, a title of its own. */
import { expectSound } from './support/look';
import { expect, test } from './support/test';

const pages = [
  ['/services', 'Catalog'],
  ['/services/livekit', 'livekit'],
  ['/services/grafana/change/basics', 'change grafana'],
  ['/services/grafana/remove', 'Remove grafana'],
  ['/services/new/basics', 'Basics'],
  ['/services/new/ports', 'Ports'],
  ['/services/new/security', 'Security'],
  ['/services/new/runtime', 'Runtime'],
  ['/services/new/routing', 'Routing'],
  ['/services/new/operations', 'Operations'],
  ['/services/new/docs', 'Docs'],
  ['/services/new/review', 'Review'],
  ['/requests', 'Requests'],
  ['/requests?view=review', 'Review'],
  ['/drafts', 'Drafts'],
  ['/ports', 'Ports'],
  ['/queue', 'Queue'],
  ['/settings', 'Settings'],
  ['/audit', 'Audit'],
  ['/audit?q=nobody-ever-did-this', 'Audit'],
  ['/drafts/refused', 'does not open'],
  ['/forbidden', ''],
  ['/services/no-such-service', ''],
] as const;

test.describe('pages', () => {
  // A page that is not there answers 404, and the browser says so.
  test.use({ expectedErrors: [/404/] });

  for (const [colorScheme, width] of [
    ['light', 1280],
    ['light', 390],
    ['light', 1920],
    ['dark', 1280],
  ] as const) {
    test(`are sound in ${colorScheme}, ${width} wide`, async ({ signedIn }) => {
      test.setTimeout(240_000);
      const page = await signedIn('admin');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const titles = new Set<string>();
      for (const [path, title] of pages) {
        await page.goto(path);
        await expectSound(page, path);
        await expect(page, path).toHaveTitle(new RegExp(`${title}.*Slipway`, 'i'));
        titles.add(await page.title());
      }
      expect(titles.size).toBeGreaterThan(10);
    });
  }
});

test('the sign-in page is sound', async ({ page }) => {
  await page.goto('/sign-in');
  await expectSound(page, '/sign-in');
});
