// The browser tests: a built portal on a local stack of its own (local/browser-test-stack.ts), in a real Chromium.
import { defineConfig, devices } from '@playwright/test';
import { findSystemChromium } from './scripts/chromium.mjs';
import { STACK_URL_VARIABLE } from './local/browser-test-variables';

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './local/browser-test-stack.ts',
  // One stack with one repository: journeys that merge would otherwise see each other's pull requests.
  workers: 1,
  fullyParallel: false,
  // A test that passes only when it is repeated is a defect; and one marked `only` must not hide the others.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    baseURL: process.env[STACK_URL_VARIABLE],
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findSystemChromium(),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
      ],
    },
  },
  projects: [{ name: 'chromium' }],
});
