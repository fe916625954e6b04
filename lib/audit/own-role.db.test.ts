/** The role that docs/operations/audit.md gives the processes in production: it does all that Slipway does, and no way leads it around the audit. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Logger, runOnce } from 'graphile-worker';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '@/lib/db';
import { createTestDatabase, type TestDatabase } from '@/local/database/test-database';
import { beginDraft } from '@/lib/wizard/save-draft';

let database: TestDatabase;
/** Owns the tables. */
let owner: pg.Client;
/** What the processes connect as. */
let own: pg.Client;
let url: URL;
// Roles belong to the whole server, which other tests use too.
const role = `slipway_app_${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const text = await readFile('docs/operations/audit.md', 'utf8');
  const [, statements = ''] = /```sql\n(CREATE ROLE slipway_app[\s\S]*?)```/.exec(text) ?? [];
  await owner.query(statements.replaceAll('slipway_app', role));
  await owner.query(`ALTER ROLE ${role} PASSWORD 'only-for-this-test'`);
  url = new URL(database.url);
  url.username = role;
  url.password = 'only-for-this-test';
  own = new pg.Client({ connectionString: url.href });
  await own.connect();
});
afterAll(async () => {
  await own.end();
  await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await owner.end();
  await database.drop();
});

test('writes as Slipway does, and each change has its entry', async () => {
  const client = createDatabase(url.href);
  const erin = await client.user.create({ data: { issuer: 'test', subject: 'erin', name: 'Erin' } });
  const id = '6f0c6a3e-8f0e-4f7e-9a4b-0a1b2c3d4e5f';
  await beginDraft(erin, { id, content: { name: 'by-a-role' }, step: 'basics' }, client);
  await client.draft.delete({ where: { id } });
  const entries = await client.auditEntry.findMany({ orderBy: { id: 'asc' } });
  expect(entries.map(({ action, subjectKind, actorName }) => `${actorName} ${action} ${subjectKind}`)).toEqual([
    `${role} created user`,
    `${role} created draft`,
    `${role} removed draft`,
  ]);
  await client.$disconnect();
});

test('puts jobs on the queue and does them', async () => {
  await own.query("SELECT graphile_worker.add_job('expire', '{}')");
  const done: string[] = [];
  await runOnce({
    connectionString: url.href,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    taskList: { expire: (_, { job }) => void done.push(job.task_identifier) },
  });
  expect(done).toEqual(['expire']);
  expect((await own.query('SELECT 1 FROM graphile_worker.jobs')).rows).toEqual([]);
});

test.each([
  ["UPDATE audit_entries SET actor_name = 'somebody else'"],
  ['DELETE FROM audit_entries'],
  ['TRUNCATE audit_entries'],
  ['TRUNCATE users CASCADE'],
  ['ALTER TABLE audit_entries DISABLE TRIGGER ALL'],
  ['DROP TRIGGER audit_entries_append_only ON audit_entries'],
  ['DROP TABLE audit_entries'],
  ['ALTER TABLE users DISABLE TRIGGER users_audit'],
  ['SET session_replication_role = replica'],
  [`CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'`],
  [`CREATE OR REPLACE FUNCTION audit_row_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`],
])('is refused: %s', async (statement) => {
  await expect(own.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('the owner’s rows are refused to the owner as well, until they take the trigger away', async () => {
  await expect(owner.query('DELETE FROM audit_entries')).rejects.toMatchObject({ code: '23001' });
  await owner.query('BEGIN; ALTER TABLE audit_entries DISABLE TRIGGER ALL');
  await expect(owner.query('DELETE FROM audit_entries')).resolves.toMatchObject({ rowCount: 3 });
  await owner.query('ROLLBACK');
});
