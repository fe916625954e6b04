// Applies the SQL files in prisma/migrations without the Prisma CLI, and graphile-worker's own migrations after them.
// It keeps Prisma's `_prisma_migrations` table, so `prisma migrate status` agrees with it, and it takes the same
// advisory lock as the CLI, so that two portals that start together, or a portal and the CLI, never migrate at once.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

/** The number that `prisma migrate` locks (schema-engine, sql_schema_connector: `pg_advisory_lock(72707369)`). */
const PRISMA_MIGRATE_LOCK = 72707369;

/** How long to wait for another process that is migrating before giving up. */
const LOCK_TIMEOUT_MS = 60_000;

/** The table exactly as Prisma 7 creates it. */
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** Thrown when the migrations cannot be applied as they are; the message names the migration and what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

export interface MigrationResult {
  /** Names of the migrations that this run applied, in order. */
  applied: string[];
  /** Names that the database has and the folder has not: it was migrated by a newer Slipway. */
  unknown: string[];
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/**
 * Brings a database to the state that the folder of migrations describes. Running it again changes nothing.
 *
 * @param connectionString the database, with rights to create tables and extensions
 * @param options.directory folder of Prisma migrations; `prisma/migrations` under the working directory if not given
 * @returns what was applied now, and what the database has beyond the folder
 * @throws MigrationError when an applied migration was edited, one is half-applied, or one fails
 */
export async function migrate(
  connectionString: string,
  options: { directory?: string } = {},
): Promise<MigrationResult> {
  const migrations = await readMigrations(options.directory ?? join(process.cwd(), 'prisma', 'migrations'));
  const client = new pg.Client({ connectionString, application_name: 'slipway-migrate' });
  // A connection that breaks rejects the query in flight; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeLock(client);
    await client.query(CREATE_HISTORY);
    const { rows } = await client.query<HistoryRow>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
    );
    checkHistory(rows, migrations);
    const done = new Set(rows.map((row) => row.migration_name));
    const pending = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of pending) await apply(client, migration);
    await runMigrations({ connectionString, logger: silent });
    const known = new Set(migrations.map((migration) => migration.name));
    return {
      applied: pending.map((migration) => migration.name),
      unknown: [...done].filter((name) => !known.has(name)),
    };
  } finally {
    // Ending the session gives the advisory lock back, whatever happened.
    await client.end();
  }
}

const silent = new Logger(() => () => undefined);

async function takeLock(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_MIGRATE_LOCK]);
  } catch (error) {
    const lockNotAvailable = '55P03';
    if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error;
    throw new MigrationError(
      'Another process has been migrating this database for a minute. Wait for it to finish, or end it, then start again.',
      { cause: error },
    );
  }
  await client.query('SET lock_timeout = 0');
}

async function readMigrations(directory: string): Promise<Migration[]> {
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    throw new MigrationError(`No migrations in ${directory}: the folder cannot be read.`, { cause: error });
  }
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(directory, name, 'migration.sql'));
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}

function checkHistory(rows: HistoryRow[], migrations: Migration[]): void {
  const onDisk = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    if (row.finished_at === null) {
      throw new MigrationError(
        `Migration ${row.migration_name} was started and never finished. Repair the database, then mark it with ` +
          `"npx prisma migrate resolve".`,
      );
    }
    const file = onDisk.get(row.migration_name);
    if (file && file.checksum !== row.checksum) {
      throw new MigrationError(
        `Migration ${row.migration_name} was edited after it had been applied to this database. Put its migration.sql ` +
          `back as it was and write a new migration for the change.`,
      );
    }
  }
}

/** One migration and its line in the history commit together: a crash leaves neither or both. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${migration.name} failed and was rolled back: ${reason}`, { cause: error });
  }
}
