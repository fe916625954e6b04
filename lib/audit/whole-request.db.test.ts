/**
 * A request from its submission to the service that is live, with a real worker: a recorder of the test's own notes every changed row, and each has
 * its entry, with somebody who did it. What came of one click has one correlation id.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withAuditOrigin } from '@/lib/audit-origin';
import { db } from '@/lib/db';
import { retryRequest } from '@/lib/requests/commands';
import { createRequest } from '@/lib/requests/test-requests';
import { getRequest } from '@/lib/requests/queries';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from '@/lib/workflows/test-platform';

let platform: TestPlatform;
let recorder: pg.Client;
const patience = { timeout: 60_000, interval: 100 };

beforeAll(async () => {
  platform = await startTestPlatform();
  recorder = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await recorder.connect();
  // Beside every table that has the trigger of the audit, one that shares nothing with it.
  await recorder.query(`
    CREATE TABLE recorded (xact xid8, name text, was jsonb, becomes jsonb);
    CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO recorded VALUES (pg_current_xact_id(), TG_TABLE_NAME,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
      RETURN NULL;
    END $$;
    CREATE TABLE entry_of (entry bigint, xact xid8);
    CREATE FUNCTION note_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO entry_of VALUES (NEW.id, pg_current_xact_id());
      RETURN NULL;
    END $$;
    CREATE TRIGGER note AFTER INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION note_entry();
    DO $$ DECLARE name regclass; BEGIN
      FOR name IN SELECT tgrelid::regclass FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'audit_row_change'
      LOOP EXECUTE format('CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION record()', name); END LOOP;
    END $$`);
});
afterAll(async () => {
  await recorder.end();
  await platform.end();
});

/** What the audit calls a row of each table. */
const subjects: Record<string, string> = {
  users: 'user',
  drafts: 'draft',
  change_requests: 'request',
  request_refreshes: 'refresh',
  follow_up_ticks: 'step',
  port_reservations: 'port',
  port_findings: 'finding',
  host_claims: 'host',
  runbook_claims: 'runbook',
  services: 'service',
  webhook_deliveries: 'delivery',
};

/** Columns whose change alone is no news: when something was last looked at, and the copy of what GitHub says. */
const bookkeeping = new Set([
  ...['created_at', 'updated_at', 'pull_updated_at', 'judged_sha', 'github_checks', 'github_checks_at'],
  ...['seen_sha', 'places', 'line', 'last_seen_at', 'processed_at'],
]);

interface Recorded {
  xact: string;
  name: string;
  was: Record<string, unknown> | null;
  becomes: Record<string, unknown> | null;
}

function isNews({ was, becomes }: Recorded): boolean {
  if (!was || !becomes) return true;
  return Object.keys(becomes).some(
    (column) => !bookkeeping.has(column) && JSON.stringify(was[column]) !== JSON.stringify(becomes[column]),
  );
}

test('every row that changed on the way has its entry, and nobody is unknown', { timeout: 150_000 }, async () => {
  const dana = { kind: 'person' as const, id: platform.dana.id, name: 'Dana' };
  const call = { actor: dana, way: 'api' as const, operation: 'POST /api/v1/requests', correlationId: 'click-of-dana' };
  const id = await withAuditOrigin(call, () => submitOne(platform.dana, specOf('egress')));
  const { rows: columns } = await recorder.query<{ last: string }>('SELECT max(id)::text AS last FROM audit_entries');
  platform.startWorker();
  await expect.poll(async () => (await getRequest(id)).state, patience).toBe('in_review');
  const { pull } = await getRequest(id);
  await platform.api('PUT', `/pulls/${pull?.number ?? 0}/merge`);
  await expect.poll(async () => (await getRequest(id)).state, patience).toBe('live');
  await platform.killWorkers();

  const { rows } = await recorder.query<Recorded>('SELECT xact::text, name, was, becomes FROM recorded');
  const { rows: entries } = await recorder.query<{ xact: string; kind: string; count: number }>(
    `SELECT xact::text, subject_kind AS kind, count(*)::int AS count FROM audit_entries JOIN entry_of ON entry = id GROUP BY 1, 2`,
  );
  const wanted = new Map<string, number>();
  for (const row of rows.filter(isNews)) {
    const key = `${row.xact} ${subjects[row.name] ?? row.name}`;
    wanted.set(key, (wanted.get(key) ?? 0) + 1);
  }
  const kept = new Map(entries.map(({ xact, kind, count }) => [`${xact} ${kind}`, count]));
  expect([...wanted].filter(([key, count]) => kept.get(key) !== count)).toEqual([]);
  expect(new Set([...wanted.keys()].map((key) => key.split(' ')[1]))).toEqual(
    new Set(['request', 'port', 'host', 'runbook', 'service', 'finding', 'delivery']),
  );

  const since = BigInt(columns[0]?.last ?? 0);
  const unknown = await db().auditEntry.findMany({
    where: { actorKind: 'database', subjectKind: { not: 'user' } },
    omit: { haystack: true },
  });
  expect(unknown).toEqual([]);
  const own = await db().auditEntry.findMany({ where: { correlationId: 'click-of-dana' }, orderBy: { id: 'asc' } });
  expect(new Set(own.filter((entry) => entry.id <= since).map(({ actorName }) => actorName))).toEqual(
    new Set(['Dana']),
  );
  // The job that the click put on the queue, on the other side of two processes.
  const byJob = own.filter((entry) => entry.id > since && entry.subjectKind === 'request');
  expect(new Set(byJob.map(({ actorName }) => actorName))).toContain('open-pull-request');
  expect(byJob.flatMap(({ after }) => (after as { state?: string }).state ?? [])).toEqual([
    'checking',
    'opening',
    'in_review',
  ]);
  // GitHub's word comes in as GitHub's.
  expect(
    await db().auditEntry.findFirst({ where: { subjectKind: 'delivery', action: 'created' }, orderBy: { id: 'asc' } }),
  ).toMatchObject({ actorName: 'GitHub', way: 'webhook', operation: 'POST /api/webhooks/github' });
});

test('asking again is an entry, though it changes no row that counts', async () => {
  const id = await createRequest(platform.dana, { state: 'checking' });
  const call = { way: 'page' as const, operation: 'retry request', correlationId: 'second-click' };
  await withAuditOrigin({ ...call, actor: { kind: 'person', id: platform.dana.id, name: 'Dana' } }, () =>
    retryRequest(id, platform.dana),
  );
  expect(await db().auditEntry.findMany({ where: { correlationId: 'second-click' } })).toMatchObject([
    { actorName: 'Dana', action: 'asked again', requestNumber: id, after: { state: 'checking' } },
  ]);
});
