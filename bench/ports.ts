/**
 * Who gets a port when everybody asks at once: 500 `auto` reservations sent in parallel to three portals, against one pool of 500. All have to be different
 * and none refused; and the throughput has to be at least half of what bare inserts reach, one after the other on one connection, under the same constraint
 * and the same lock. Both run on the same durable PostgreSQL, in turn, so that the ratio says something whatever the machine. Part of `npm run bench`.
 */
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import pg from 'pg';
import { startChild, type RunningChild } from '@/local/child-process';
import { freePort } from '@/local/free-port';
import { baseEnvironment } from '@/local/portal-environment';
import { startProcessGuard } from '@/local/process-guard';
import { startStack, type Stack } from '@/local/stack';
import { PORT_NAMES } from '@/local/stack-ports';
import { findSystemChromium } from '@/scripts/chromium.mjs';

const POOL = { name: 'bench', start: 20_000, end: 20_499 };
const WARM_UP = { name: 'warm-up', start: 21_000, end: 21_299 };
const SIZE = POOL.end - POOL.start + 1;
const PORTALS = 3;
const ROUNDS = 3;
const LEAST_RATIO = 0.5;

const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-ports-'));
const guard = startProcessGuard();
guard.removeFolder(folder);
const stack = await startStack({
  dataDir: join(folder, 'stack'),
  ports: Object.fromEntries(PORT_NAMES.map((name) => [name, 0])),
});
const others: RunningChild[] = [];
const database = new pg.Client({ connectionString: stack.env.DATABASE_URL });
try {
  await database.connect();
  await addPools(stack);
  const portals = [stack.urls.portal];
  while (portals.length < PORTALS) portals.push(await startPortal(stack, portals.length));
  const cookie = await signIn(stack);
  await untilKnown(portals, cookie);

  let bareMs = 0;
  let portalsMs = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    bareMs += await insertBare();
    portalsMs += await reserveAll(portals, cookie);
  }
  const rate = (ms: number) => (ROUNDS * SIZE * 1000) / ms;
  const ratio = bareMs / portalsMs;
  console.log(
    `ports: ${SIZE} at once through ${PORTALS} portals, ${ROUNDS} times: all different, none refused; ` +
      `${rate(portalsMs).toFixed(0)} a second, bare inserts ${rate(bareMs).toFixed(0)} a second, ratio ${ratio.toFixed(2)}`,
  );
  if (ratio < LEAST_RATIO) throw new Error(`the ratio is to be ${LEAST_RATIO} at least`);
} finally {
  await database.end();
  await Promise.all(others.map((portal) => portal.stop()));
  await stack.stop();
  await guard.dismiss();
}

/** The sample has no pool for so many: main gets two. */
async function addPools({ env }: Stack): Promise<void> {
  const github = env.GITHUB_API_URL ?? '';
  const profile = await readFile('local/platform/slipway.yaml', 'utf8');
  const pools = [POOL, WARM_UP]
    .map(({ name, start, end }) => `    ${name}: { start: ${start}, end: ${end} }\n`)
    .join('');
  const files = { 'slipway.yaml': profile.replace(/^ports:\n/m, `ports:\n  pools:\n${pools}`) };
  const body = JSON.stringify({ login: 'operator', branch: 'main', message: 'chore(ports): pools', files });
  const answer = await fetch(new URL('/_slipway/push', github), { method: 'POST', body });
  if (!answer.ok) throw new Error(`push: ${answer.status} ${await answer.text()}`);
}

/** One more portal on the same database, as behind a load balancer: with the address of the first one. */
async function startPortal({ env }: Stack, number: number): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const portal = startChild({
    name: `portal ${number + 1}`,
    args: ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    cwd: process.cwd(),
    env: { ...baseEnvironment(), ...env, NODE_ENV: 'production' },
    logFile: join(folder, `portal-${number + 1}.log`),
    guard,
    readyUrl: `${url}/api/health/ready`,
  });
  others.push(portal);
  await portal.ready;
  return url;
}

/** @returns the cookies of an operator's session, good for every portal. */
async function signIn({ urls, accounts }: Stack): Promise<string> {
  const operator = accounts.find(({ user }) => user === 'operator');
  const browser = await chromium.launch({
    executablePath: findSystemChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const page = await browser.newPage({ baseURL: urls.portal });
  await page.goto('/sign-in?next=%2Fservices');
  await page.getByRole('button', { name: /local accounts/i }).click();
  await page.getByLabel('User').fill(operator?.user ?? '');
  await page.getByLabel('Password').fill(operator?.password ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/services');
  const cookies = await page.context().cookies(urls.portal);
  await browser.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

async function reserve(portal: string, cookie: string, pool: string): Promise<number> {
  const answer = await fetch(`${portal}/api/v1/ports/reservations`, {
    method: 'POST',
    headers: { cookie, origin: stack.urls.portal, 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'bench', port: 'auto', pool, reason: 'measures how long it takes' }),
  });
  if (answer.status !== 201) throw new Error(`refused: ${answer.status} ${await answer.text()}`);
  const { range } = (await answer.json()) as { range: { from: number } };
  return range.from;
}

/** Until every portal has read main with the pools, and has answered often enough to be warm. */
async function untilKnown(portals: readonly string[], cookie: string): Promise<void> {
  for (const portal of portals) {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const known = await reserve(portal, cookie, WARM_UP.name).then(
        () => true,
        () => false,
      );
      if (known) break;
      if (Date.now() > deadline) throw new Error(`${portal} does not know the pools of main`);
      await sleep(1000);
    }
    await Promise.all(Array.from({ length: 80 }, () => reserve(portal, cookie, WARM_UP.name)));
  }
}

/** @returns milliseconds for the whole pool, all asked for at once. */
async function reserveAll(portals: readonly string[], cookie: string): Promise<number> {
  const started = performance.now();
  const ports = await Promise.all(
    Array.from({ length: SIZE }, (_, index) => reserve(portals[index % PORTALS] ?? '', cookie, POOL.name)),
  );
  const took = performance.now() - started;
  if (new Set(ports).size !== SIZE) throw new Error(`${SIZE - new Set(ports).size} ports were given twice`);
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(DISTINCT port_from)::int AS count FROM port_reservations WHERE pool = $1 AND state = 'reserved'`,
    [POOL.name],
  );
  if (rows[0]?.count !== SIZE) throw new Error(`the database has ${rows[0]?.count ?? 0} of ${SIZE}`);
  await database.query(`UPDATE port_reservations SET state = 'released' WHERE pool = $1`, [POOL.name]);
  return took;
}

/** @returns milliseconds for as many inserts, one after the other, each in a transaction that takes the lock first. */
async function insertBare(): Promise<number> {
  const scope = 'bench-bare';
  const started = performance.now();
  for (let port = POOL.start; port <= POOL.end; port += 1) {
    await database.query('BEGIN');
    await database.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`slipway ports ${scope}`]);
    await database.query(
      `INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
       VALUES ($1, 'tcp', $2, $2, 'reserved', 'bench', 'http', now())`,
      [scope, port],
    );
    await database.query('COMMIT');
  }
  const took = performance.now() - started;
  await database.query(`UPDATE port_reservations SET state = 'released' WHERE scope = $1`, [scope]);
  return took;
}
