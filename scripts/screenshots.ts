// The README's pictures, taken from a local stack of its own: `npm run screenshots`. Look at them before you commit them.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { startStack } from '@/local/stack';
import { PORT_NAMES } from '@/local/stack-ports';
import { findSystemChromium } from './chromium.mjs';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const stack = await startStack({
  dataDir: mkdtempSync(join(tmpdir(), 'slipway-screenshots-')),
  ports: Object.fromEntries(PORT_NAMES.map((name) => [name, 0])),
  temporary: true,
});
const browser = await chromium.launch({
  executablePath: findSystemChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({
    baseURL: stack.urls.portal,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
  });
  const shot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  const engineer = stack.accounts.find(({ user }) => user === 'engineer');
  await page.goto('/sign-in?next=%2Fservices%2Fnew%2Fbasics');
  await page.getByRole('button', { name: /local accounts/i }).click();
  await page.getByLabel('User').fill(engineer?.user ?? '');
  await page.getByLabel('Password').fill(engineer?.password ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();

  await page.getByLabel('Name', { exact: true }).fill('livekit-egress');
  await page.getByLabel('Purpose').fill('Records rooms and streams them out');
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByLabel('Image').fill('livekit/egress:v1.9.0');
  await page.getByRole('button', { name: /Continue to Ports/ }).click();
  await page.getByRole('group', { name: 'Port http' }).getByLabel('In container').fill('7980');
  await page.getByRole('button', { name: 'Add port' }).click();
  const second = page.getByRole('group', { name: 'Port 2' });
  await second.getByLabel('Protocol').selectOption('udp');
  await second.getByLabel('In container').fill('7894-7899');
  await second.getByLabel('On host').fill('7894-7899');
  await second.getByLabel('Why').fill('RTC media');
  await second.getByLabel('Name').fill('rtc');
  await page.getByText('All 6 are free').waitFor();
  await page.getByRole('group', { name: 'Port http' }).getByLabel('In container').focus();
  await shot('wizard');

  await page.getByRole('link', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Open the pull request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  // In the timeline itself: it is spoken a moment before it stands there.
  await page.getByRole('list', { name: 'What happened to this request' }).getByText('Linked both ways').waitFor();
  await page.getByText('Waiting for review').waitFor();
  await shot('request');

  await page.goto('/services');
  await page
    .getByRole('row', { name: /grafana/ })
    .first()
    .waitFor();
  await shot('catalog');
} finally {
  await browser.close();
  await stack.stop();
}
