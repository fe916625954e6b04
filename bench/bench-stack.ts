/**
 * A local stack with as many portals and workers as wanted: all real processes of the production build on one durable PostgreSQL, as behind a load
 * balancer. Its main gets pools and a category of its own, so that nobody runs out of ports.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import pg from 'pg';
import { startChild, type ChildOptions, type RunningChild } from '@/local/child-process';
import { freePort } from '@/local/free-port';
import { baseEnvironment } from '@/local/portal-environment';
import { startProcessGuard, type ProcessGuard } from '@/local/process-guard';
import { startStack, type Stack } from '@/local/stack';
import { PORT_NAMES } from '@/local/stack-ports';
import { findSystemChromium } from '@/scripts/chromium.mjs';
import { GitHubPeople } from './github-people';
import { draftOf, preview, type Portal } from './portal-client';
import { until } from './truth';

/** Ports for whoever measures. Main knows them, and a category `bench` whose services get theirs from the first. */
export const POOLS = {
  bench: { start: 20_000, end: 20_499 },
  'warm-up': { start: 21_000, end: 21_799 },
} as const;
export const CATEGORY = 'bench';

export interface BenchStack {
  stack: Stack;
  /** Each with the session of one operator. */
  portals: [Portal, ...Portal[]];
  database: pg.Client;
  github: GitHubPeople;
  /** A browser's page in which somebody has signed in. */
  openPage: (user: string) => Promise<Page>;
  stop: () => Promise<void>;
}

export async function startBenchStack(size: { portals: number; workers: number }): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const guard = startProcessGuard();
  guard.removeFolder(folder);
  const stack = await startStack({
    dataDir: join(folder, 'stack'),
    ports: Object.fromEntries(PORT_NAMES.map((name) => [name, 0])),
  });
  const others: RunningChild[] = [];
  const database = new pg.Client({ connectionString: stack.env.DATABASE_URL });
  const browser = await chromium.launch({
    executablePath: findSystemChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    // Whoever is told to end ends, and the guard ends what was started: Playwright would end the browser alone.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const openPage = async (user: string) => {
    const page = await browser.newPage({ baseURL: stack.urls.portal });
    await signIn(page, stack, user);
    return page;
  };
  const stop = async () => {
    await browser.close();
    await database.end();
    await Promise.all(others.map((child) => child.stop()));
    await stack.stop();
    await guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await database.connect();
    const github = new GitHubPeople(stack.env);
    await github.liftHourlyLimit();
    await addPools(github);
    const start = starter(stack, folder, guard, others);
    const urls = [stack.urls.portal];
    while (urls.length < size.portals) urls.push(await start.portal(urls.length + 1));
    for (let number = 2; number <= size.workers; number += 1) await start.worker(number);
    const page = await openPage('operator');
    const cookies = await page.context().cookies(stack.urls.portal);
    await page.close();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const [first = stack.urls.portal, ...rest] = urls;
    const portal = (url: string): Portal => ({ url, origin: stack.urls.portal, cookie });
    return { stack, portals: [portal(first), ...rest.map(portal)], database, github, openPage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Until every portal has read main as the bench made it. */
export async function untilCategoryIsKnown({ portals }: BenchStack): Promise<void> {
  for (const portal of portals)
    await until(`${portal.url} knows the category`, async () => {
      const { ready } = await preview(portal, draftOf('bench-warm-up', CATEGORY));
      return ready || undefined;
    });
}

/** The sample has no pool for so many. */
async function addPools(github: GitHubPeople): Promise<void> {
  const profile = await readFile('local/platform/slipway.yaml', 'utf8');
  const pools = Object.entries(POOLS).map(
    ([name, { start, end }]) => `    ${name}: { start: ${start}, end: ${end} }\n`,
  );
  const category = `  ${CATEGORY}: { title: Measured, pool: bench, stack: integrations, owner: platform }\n`;
  await github.push('chore(ports): pools to measure with', {
    'slipway.yaml': profile
      .replace(/^ports:\n/m, `ports:\n  pools:\n${pools.join('')}`)
      .replace(/^categories:\n/m, `categories:\n${category}`),
  });
}

/** Starts more of what the stack has one of, on the same database. */
function starter({ env }: Stack, folder: string, guard: ProcessGuard, started: RunningChild[]) {
  const start = async (name: string, options: Pick<ChildOptions, 'args' | 'readyUrl'>) => {
    const child = startChild({
      name,
      cwd: process.cwd(),
      env: { ...baseEnvironment(), ...env, NODE_ENV: 'production' },
      logFile: join(folder, `${name.replace(' ', '-')}.log`),
      guard,
      ...options,
    });
    started.push(child);
    await child.ready;
  };
  return {
    /** With the address of the first one: a load balancer has one. @returns its own. */
    portal: async (number: number): Promise<string> => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const args = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)];
      await start(`portal ${number}`, { args, readyUrl: `${url}/api/health/ready` });
      return url;
    },
    worker: (number: number): Promise<void> =>
      start(`worker ${number}`, { args: ['--import', 'tsx', 'lib/jobs/worker.ts'] }),
  };
}

async function signIn(page: Page, { accounts }: Stack, name: string): Promise<void> {
  const account = accounts.find(({ user }) => user === name);
  await page.goto('/sign-in?next=%2Fservices');
  await page.getByRole('button', { name: /local accounts/i }).click();
  await page.getByLabel('User').fill(account?.user ?? '');
  await page.getByLabel('Password').fill(account?.password ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/services');
}
