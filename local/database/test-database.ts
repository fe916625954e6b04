// A fresh, migrated database for one test file, cloned from the template that test-server.ts prepared.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Connection string of the clone. */
  url: string;
  /** Ends every session on the clone and drops it; call it in afterAll. */
  drop(): Promise<void>;
}

/**
 * Clones the migrated template. Call it once in a file's beforeAll; only *.db.test.ts files have the server.
 *
 * @param options.empty true for a database without any migration
 * @returns the clone's connection string and what drops it again
 */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { adminUrl, template } = inject('testServer');
  const name = `slipway_test_${randomBytes(6).toString('hex')}`;
  await run(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${options.empty ? 'template0' : template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
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
