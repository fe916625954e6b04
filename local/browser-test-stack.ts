// Playwright's global setup: one whole local stack, with a folder and ports of its own, for all browser tests. It is stopped
// and its folder removed at the end, also when the tests are interrupted or killed; a developer's .slipway is never touched.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STACK_URL_VARIABLE, STACK_VARIABLE } from './browser-test-variables';
import { startStack, type LocalAccounts, type ServiceName, type Stack } from './stack';
import { PORT_NAMES, type StackPorts } from './stack-ports';

/** What a browser test can know of its stack. */
export interface BrowserTestStack {
  urls: Stack['urls'];
  accounts: LocalAccounts;
  /** What portal and worker were told: tokens and webhook secret of the stand-ins, the database's address. */
  env: Record<string, string>;
  /** Process of each part when the tests began. */
  pids: Record<ServiceName, number>;
  logs: string;
}

/** The stack that the tests run against. @throws Error outside of Playwright's run */
export function browserTestStack(): BrowserTestStack {
  const text = process.env[STACK_VARIABLE];
  if (!text) throw new Error('There is no stack: run the browser tests with "npx playwright test" or "make test".');
  return JSON.parse(text) as BrowserTestStack;
}

/** Starts the stack, building the portal first if its sources changed, and returns what stops it. */
export default async function startForBrowserTests(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const anyPort = Object.fromEntries(PORT_NAMES.map((name) => [name, 0])) as StackPorts;
  const stack = await startStack({
    dataDir,
    ports: anyPort,
    temporary: true,
    onNote: (note) => console.log(note),
    onProgress: ({ part, state, detail }) => {
      if (part === 'build' && state === 'started' && detail) console.log(`build: ${detail}`);
    },
  });
  const described: BrowserTestStack = {
    urls: stack.urls,
    accounts: stack.accounts,
    env: stack.env,
    pids: {
      identity: stack.pid('identity'),
      github: stack.pid('github'),
      notion: stack.pid('notion'),
      portal: stack.pid('portal'),
      worker: stack.pid('worker'),
    },
    logs: join(dataDir, 'logs'),
  };
  process.env[STACK_URL_VARIABLE] = stack.urls.portal;
  process.env[STACK_VARIABLE] = JSON.stringify(described);
  void stack.failed.then((error) => console.error(error.message));
  return async () => {
    // The folder goes; what the programs said stays beside the traces of the tests that failed.
    cpSync(described.logs, 'test-results/logs', { recursive: true });
    await stack.stop();
  };
}
