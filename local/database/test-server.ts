// Vitest's global setup for *.db.test.ts: one PostgreSQL for the whole run, and in it one migrated template database
// that every test file clones (see test-database.ts). TEST_DATABASE_URL names a server to use instead of our own.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '@/lib/migrate';
import { freePort } from '../free-port';
import { startProcessGuard } from '../process-guard';
import { removeDatabaseFiles, startDatabaseServer } from './database-server';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the server's maintenance database, and the name of the migrated template on it. */
    testServer: { adminUrl: string; template: string };
  }
}

/** Starts or finds the server, makes the template, and returns what undoes both. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { adminUrl: given, stop: () => Promise.resolve() } : await startThrowawayServer();
  const template = `slipway_template_${randomBytes(4).toString('hex')}`;
  try {
    await run(server.adminUrl, `CREATE DATABASE ${template}`);
    await migrate(onDatabase(server.adminUrl, template));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('testServer', { adminUrl: server.adminUrl, template });
  return async () => {
    await run(server.adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await server.stop();
  };
}

async function startThrowawayServer(): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-test-database-'));
  // Under root the server runs as another account, which has to get through this folder.
  chmodSync(directory, 0o711);
  const home = join(directory, 'postgres');
  const password = randomBytes(12).toString('hex');
  // Whatever ends this process, neither the server nor its files must stay behind.
  const guard = startProcessGuard();
  guard.removeFolder(directory);
  const server = await startDatabaseServer({
    directory: home,
    port: await freePort(),
    password,
    durable: false,
    onProcess: (pid) => guard.watch(pid, 'SIGQUIT'),
  });
  return {
    adminUrl: server.url('postgres'),
    stop: async () => {
      await server.stop();
      await guard.dismiss();
      removeDatabaseFiles(home);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function onDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
