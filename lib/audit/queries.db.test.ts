/** Searching the audit: each filter, its words taken literally, page by page to the end; and the procedure that lets old entries go. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withAuditOrigin } from '@/lib/audit-origin';
import { db } from '@/lib/db';
import { jsonLines } from '@/lib/http/json-lines';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { transition } from '@/lib/requests/transition';
import { noteExport } from './note-export';
import { exportAudit, listAudit } from './queries';
import type { AuditFilter } from './views';

let database: { url: string; end: () => Promise<void> };
let requestId = 0;
const call = { way: 'api' as const, operation: 'POST /api/v1/requests' };
const by = <Result>(name: string, correlationId: string, body: () => Promise<Result>) =>
  withAuditOrigin(
    {
      ...call,
      correlationId,
      actor: { kind: 'person', id: `id-of-${name}`, name },
      address: '198.51.100.9',
      userAgent: `Browser of ${name}`,
    },
    body,
  );

beforeAll(async () => {
  database = await prepareTestDatabase();
  const dana = await createActor('Dana');
  requestId = await by('Dana 100%', 'call-one', () => createRequest(dana, { serviceName: 'egress' }));
  await by('Dana 100%', 'call-one', () =>
    db().portReservation.create({
      data: {
        scope: 'platform-1',
        protocol: 'tcp',
        portFrom: 7980,
        portTo: 7980,
        state: 'reserved',
        service: 'egress',
        portName: 'http',
        requestId,
      },
    }),
  );
  await withAuditOrigin(
    { ...call, way: 'job', correlationId: 'call-one', actor: { kind: 'job', name: 'open-pull-request' } },
    () => transition(db(), requestId, 'submitted', 'checking'),
  );
  await by('Robin', 'call_two', () => db().hostClaim.create({ data: { host: 'egress.example.test', requestId } }));
});
afterAll(() => database.end());

const found = async (filter: AuditFilter) =>
  (await listAudit(filter)).entries.map(({ action, subject }) => `${action} ${subject.kind}`);
const everything = ['created host', 'changed request', 'created port', 'created request', 'created user'];
const yesterday = new Date(Date.now() - 24 * 3600_000).toISOString().slice(0, 10);
const tomorrow = new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, 10);

test.each<[AuditFilter, string[]]>([
  [{}, everything],
  [{ who: 'dana' }, ['created port', 'created request']],
  [{ who: '100%' }, ['created port', 'created request']],
  [{ who: '%' }, ['created port', 'created request']],
  [{ kind: 'job' }, ['changed request']],
  [{ kind: 'database' }, ['created user']],
  [{ what: 'port' }, ['created port']],
  [{ did: 'changed' }, ['changed request']],
  [{ on: 'egress' }, everything.slice(0, 4)],
  [{ on: '7980' }, ['created port']],
  [{ on: '798' }, []],
  [{ on: 'egress.example' }, ['created host']],
  [{ q: 'call-one CHECKING' }, ['changed request']],
  [{ q: 'call_two' }, ['created host']],
  [{ q: 'call_one' }, []],
  [{ q: '198.51.100.9' }, ['created host', 'created port', 'created request']],
  [{ from: yesterday, to: tomorrow }, everything],
  [{ to: yesterday }, []],
  [{ from: tomorrow }, []],
  [{ who: 'robin', what: 'port' }, []],
])('%j', async (filter, expected) => {
  expect(await found(filter)).toEqual(expected);
});

test('a request’s number finds everything that belongs to it', async () => {
  expect(await found({ on: String(requestId) })).toEqual(everything.slice(0, 4));
});

test('whatever an entry says is found by its words', async () => {
  const [entry] = (await listAudit({ what: 'port' })).entries;
  if (!entry) throw new Error('no entry of a port');
  const { actor, way, operation, action, subject, service, requestNumber, after, address, userAgent, correlationId } =
    entry;
  const said = [actor.name, actor.kind, actor.id, way, operation, action, subject.kind, subject.id, service];
  said.push(String(requestNumber), address, userAgent, correlationId, ...Object.keys(after ?? {}));
  said.push(...Object.values(after ?? {}).map(String));
  expect(said.length).toBeGreaterThan(20);
  for (const words of said)
    expect((await listAudit({ q: words, what: 'port' })).entries, words).toMatchObject([{ id: entry.id }]);
});

test('page by page, each entry once and in order, also where many have the same time', async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`INSERT INTO audit_entries (actor_kind, actor_name, way, action, subject_kind, subject_id)
    SELECT 'job', 'many', 'job', 'changed', 'service', number::text FROM generate_series(1, 2500) AS number`);
  await client.end();
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAudit({ who: 'many', ...(cursor === undefined ? {} : { cursor }) }, 400);
    expect(page.entries.length).toBeLessThanOrEqual(400);
    ids.push(...page.entries.map(({ subject }) => subject.id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(ids).toEqual(Array.from({ length: 2500 }, (_, place) => String(2500 - place)));

  const answer = jsonLines(exportAudit({ who: 'many' }), 'a.jsonl');
  const lines = (await answer.text()).trimEnd().split('\n');
  expect(lines).toHaveLength(2500);
  expect(JSON.parse(lines[2499] ?? '')).toMatchObject({ actor: { name: 'many' }, subject: { id: '1' } });
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.jsonl"');
});

test('an export is an entry itself, with what was asked for', async () => {
  await by('Olga', 'call-three', () => noteExport({ what: 'port', who: undefined }));
  expect((await listAudit({ did: 'exported' })).entries).toMatchObject([
    { actor: { name: 'Olga' }, subject: { kind: 'audit' }, after: { what: 'port' } },
  ]);
});

test('the procedure of the documentation lets old entries go and says so; without it nothing goes', async () => {
  const text = await readFile('docs/operations/audit.md', 'utf8');
  const [, procedure = ''] = /```sql\n(BEGIN;[\s\S]*?COMMIT;\n)```/.exec(text) ?? [];
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    // The clock of the database cannot be turned back: an entry gets old while the triggers are off.
    await client.query('BEGIN; ALTER TABLE audit_entries DISABLE TRIGGER USER');
    await client.query(`UPDATE audit_entries SET at = now() - interval '3 years' WHERE actor_name = 'many'`);
    await client.query('ALTER TABLE audit_entries ENABLE TRIGGER USER;');
    await client.query('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only; COMMIT');
    const before = await db().auditEntry.count();
    await client.query(procedure);
    expect(await db().auditEntry.count()).toBe(before - 2500 + 1);
    expect((await listAudit({ did: 'forgotten' })).entries).toMatchObject([
      { actor: { kind: 'database' }, after: { entries: 2500 } },
    ]);
    await expect(client.query('DELETE FROM audit_entries')).rejects.toMatchObject({ code: '23001' });
    await expect(
      client.query('SET session_replication_role = replica; DELETE FROM audit_entries'),
    ).rejects.toMatchObject({ code: '23001' });
  } finally {
    await client.end();
  }
});
