import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { migrate, MigrationError } from './migrate';

let database: TestDatabase;
let directory: string;
let client: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  directory = mkdtempSync(join(tmpdir(), 'slipway-migrations-'));
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

async function column(sql: string): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(sql);
  return rows.map((row) => Object.values(row)[0]);
}

describe('migrate', () => {
  it('applies what is pending, in the order of the names, and once', async () => {
    write('20260102000000_second', 'INSERT INTO ships VALUES (2);');
    write('20260101000000_first', 'CREATE TABLE ships (id int); INSERT INTO ships VALUES (1);');
    expect(await migrate(database.url, { directory })).toEqual({
      applied: ['20260101000000_first', '20260102000000_second'],
      unknown: [],
    });
    write('20260103000000_third', 'INSERT INTO ships VALUES (3);');
    expect((await migrate(database.url, { directory })).applied).toEqual(['20260103000000_third']);
    expect((await migrate(database.url, { directory })).applied).toEqual([]);
    expect(await column('SELECT id FROM ships ORDER BY id')).toEqual([1, 2, 3]);
  });

  it('brings the job queue’s own schema along', async () => {
    await migrate(database.url, { directory });
    await client.query(`SELECT graphile_worker.add_job('anything')`);
    expect(await column('SELECT task_identifier FROM graphile_worker.jobs')).toEqual(['anything']);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    write('20260101000000_first', 'CREATE TABLE ships (id int);');
    await migrate(database.url, { directory });
    write('20260101000000_first', 'CREATE TABLE ships (id bigint);');
    write('20260102000000_second', 'DROP TABLE ships;');
    await expect(migrate(database.url, { directory })).rejects.toThrow(/20260101000000_first was edited/);
    expect(await column('SELECT count(*)::int FROM ships')).toEqual([0]);
  });

  it('leaves nothing of a migration that fails, and can be run again when it is mended', async () => {
    write('20260101000000_first', 'CREATE TABLE ships (id int); SELECT 1 / 0;');
    await expect(migrate(database.url, { directory })).rejects.toThrow(/20260101000000_first failed.*division by zero/);
    expect(await column(`SELECT to_regclass('ships')`)).toEqual([null]);
    write('20260101000000_first', 'CREATE TABLE ships (id int);');
    expect((await migrate(database.url, { directory })).applied).toEqual(['20260101000000_first']);
  });

  it('leaves nothing of a migration whose line in the history cannot be written', async () => {
    write(
      '20260101000000_first',
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON _prisma_migrations FOR EACH ROW
         WHEN (NEW.migration_name LIKE '%second') EXECUTE FUNCTION refuse();`,
    );
    write('20260102000000_second', 'CREATE TABLE ships (id int);');
    await expect(migrate(database.url, { directory })).rejects.toThrow(/20260102000000_second failed.*no room/);
    expect(await column(`SELECT to_regclass('ships')`)).toEqual([null]);
    expect(await column('SELECT migration_name FROM _prisma_migrations')).toEqual(['20260101000000_first']);
  });

  it('stops at a migration that the Prisma CLI began and never finished', async () => {
    write('20260101000000_first', 'CREATE TABLE ships (id int);');
    await migrate(database.url, { directory });
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate(database.url, { directory })).rejects.toThrow(/never finished/);
    await client.query('UPDATE _prisma_migrations SET rolled_back_at = now()');
    await client.query('DROP TABLE ships');
    expect((await migrate(database.url, { directory })).applied).toEqual(['20260101000000_first']);
  });

  it('names what a newer version has applied, and lets it be', async () => {
    write('20260101000000_first', 'CREATE TABLE ships (id int);');
    write('20270101000000_later', 'CREATE TABLE harbours (id int);');
    await migrate(database.url, { directory });
    rmSync(join(directory, '20270101000000_later'), { recursive: true });
    expect((await migrate(database.url, { directory })).unknown).toEqual(['20270101000000_later']);
  });

  it('lets only one of several that start together do the work', async () => {
    write('20260101000000_first', 'CREATE TABLE ships (id int); SELECT pg_sleep(0.2);');
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, { directory })));
    expect(results.flatMap((result) => result.applied)).toEqual(['20260101000000_first']);
  });

  it('waits for a Prisma CLI that is migrating', async () => {
    await client.query('SELECT pg_advisory_lock(72707369)');
    let finished = false;
    const running = migrate(database.url, { directory }).then(() => (finished = true));
    const waiting = `SELECT count(*)::int FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()`;
    await expect.poll(() => column(waiting), { timeout: 20_000 }).toEqual([1]);
    expect(finished).toBe(false);
    await client.query('SELECT pg_advisory_unlock(72707369)');
    await running;
  });

  it('says so when there is no folder of migrations', async () => {
    await expect(migrate(database.url, { directory: join(directory, 'nowhere') })).rejects.toThrow(MigrationError);
  });
});
