/** The worker as a process: through a database that is not migrated yet, one that goes away, and to its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { migrate } from '@/lib/migrate';

const patience = { timeout: 50_000, interval: 100 };
let database: TestDatabase;
let child: ChildProcess | undefined;
let output = '';

afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  await database.drop();
});

function start(more: Record<string, string> = {}): Promise<number | null> {
  output = '';
  const worker = spawn(process.execPath, ['--import', 'tsx', 'lib/jobs/worker.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      SLIPWAY_DEPLOYMENT: 'local',
      SLIPWAY_URL: 'http://slipway.test',
      NEXTAUTH_SECRET: 'slipway-local-test-secret-of-thirty-two-characters',
      SLIPWAY_LINK_SECRETS: 'slipway-local-test-links-of-thirty-two-characters',
      OIDC_ISSUER: 'http://identity.test',
      OIDC_CLIENT_ID: 'slipway',
      // Nothing listens there: GitHub is away.
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_TOKEN: 'a-test-token',
      GITHUB_REPOSITORY: 'ravenhelm/platform',
      GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-for-tests',
      LOG_LEVEL: 'debug',
      ...more,
    },
  });
  child = worker;
  const read = (chunk: Buffer) => (output += chunk.toString('utf8'));
  worker.stdout.on('data', read);
  worker.stderr.on('data', read);
  return new Promise((resolve) => worker.once('exit', resolve));
}

const count = (text: string) => output.split(text).length - 1;
const query = async (text: string) => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};
const addExpiry = () => query("SELECT graphile_worker.add_job('expire', '{}')");

describe('the worker', () => {
  test('waits for a database that is not migrated, says so once, and stops when asked', async () => {
    database = await createTestDatabase({ empty: true });
    const ended = start();
    await expect.poll(() => count('not migrated'), patience).toBe(1);
    await migrate(database.url);
    await expect.poll(() => count('"msg":"ready"'), patience).toBe(1);
    expect(count('the database is back')).toBe(1);
    child?.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).toContain('"msg":"stopped"');
  });

  test('goes on when every connection is cut, at once and again', async () => {
    database = await createTestDatabase();
    void start();
    for (let life = 1; life <= 4; life += 1) {
      await expect.poll(() => count('"msg":"ready"'), patience).toBe(life);
      if (life === 4) break;
      await query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    }
    await addExpiry();
    await expect
      .poll(
        async () => (await query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'expire'")).length,
        patience,
      )
      .toBe(0);
    expect(child?.exitCode).toBeNull();
  });

  test('does not start with an environment that is wrong, and names what is', async () => {
    database = await createTestDatabase();
    expect(await start({ GITHUB_REPOSITORY: 'nonsense' })).toBe(2);
    expect(output).toContain('GITHUB_REPOSITORY: owner/name');
  });
});
