/** Every change of a row leaves an entry in its own transaction, with who made it; and nobody changes an entry afterwards. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withAuditOrigin, type AuditOrigin } from '@/lib/audit-origin';
import { rememberSignOut, rememberUser } from '@/lib/auth/users';
import { db } from '@/lib/db';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { transition } from '@/lib/requests/transition';
import { withSavepoint } from '@/lib/savepoint';

let database: { url: string; end: () => Promise<void> };
/** Somebody at the database itself, past everything of ours. */
let operator: pg.Client;

beforeAll(async () => {
  database = await prepareTestDatabase();
  operator = new pg.Client({ connectionString: database.url });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await database.end();
});

const originOf = (name: string, fields: Partial<AuditOrigin> = {}): AuditOrigin => ({
  actor: { kind: 'person', id: '0c2f4f0e-54a1-4d0c-a55f-2f3d1c6f2a11', name },
  way: 'api',
  operation: 'POST /api/v1/requests',
  correlationId: `call-of-${name}`,
  address: '192.0.2.7',
  userAgent: 'a browser',
  ...fields,
});
const dana = originOf('Dana');

let last = 0n;
beforeEach(async () => {
  last = (await db().auditEntry.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0n;
});
const written = () => db().auditEntry.findMany({ where: { id: { gt: last } }, orderBy: { id: 'asc' } });

/** Tables whose changes are no decisions, each with why. A new table stands here or has a trigger. */
const withoutAudit: Record<string, string> = {
  _prisma_migrations: 'written by deployments, which have a log of their own',
  audit_entries: 'is the audit',
  draft_versions: 'append-only itself: every save of a draft, with who made it',
  timeline_events: 'append-only itself; each event belongs to a change that has an entry',
  request_steps: 'checkpoints of a job; what a step does to the request has an entry',
  port_observations: 'a copy of what the files of main say',
  port_probes: 'what a machine answered when it was last asked',
  repository_blobs: 'a copy of Git objects, by hash',
  repository_commits: 'a copy of Git trees, by hash',
  repository_heads: 'where a branch of GitHub stood when it was last asked',
  unreadable_files: 'a copy of what the files of main said',
  upstream_budgets: 'what another system said of its limits',
  upstream_pauses: 'what another system said of its limits',
  upstream_turns: 'the row of those who wait for another system',
};

describe('nothing is left out', () => {
  test('every table has its trigger for all three kinds of change, or a reason', async () => {
    const { rows } = await operator.query<{ name: string; audited: boolean }>(`
      SELECT relname AS name, EXISTS (
        SELECT 1 FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
         WHERE tgrelid = pg_class.oid AND proname = 'audit_row_change' AND tgenabled <> 'D'
           -- after, for each row; INSERT, DELETE and UPDATE of any column
           AND tgtype & 29 = 29 AND tgtype & 2 = 0 AND tgattr = '') AS audited
        FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname`);
    expect(rows.length).toBeGreaterThan(15);
    const missing = rows.filter(({ name, audited }) => !audited && !Object.hasOwn(withoutAudit, name));
    expect(missing.map(({ name }) => name)).toEqual([]);
    const names = rows.filter(({ audited }) => !audited).map(({ name }) => name);
    expect(Object.keys(withoutAudit).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('the columns that a trigger names are there', async () => {
    const { rows } = await operator.query<{ name: string; arguments: string[]; columns: string[] }>(`
      SELECT tgrelid::regclass::text AS name,
             string_to_array(encode(tgargs, 'escape'), '\\000') AS arguments,
             (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = tgrelid AND attnum > 0) AS columns
        FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'audit_row_change'`);
    for (const {
      name,
      arguments: [kind = '', ...lists],
      columns,
    } of rows) {
      const named = lists.flatMap((list) => list.split(',').filter(Boolean));
      expect(kind, name).toMatch(/^[a-z]+$/);
      expect(
        named.filter((column) => !columns.includes(column)),
        name,
      ).toEqual([]);
    }
  });
});

describe('who and from where', () => {
  test('a single write has its origin, before and after', async () => {
    const actor = await withAuditOrigin(dana, () => createActor('Single'));
    const id = await withAuditOrigin(dana, () => createRequest(actor, { serviceName: 'single' }));
    await withAuditOrigin(dana, () => transition(db(), id, 'submitted', 'checking'));
    const entries = await written();
    expect(entries.map(({ action, subjectKind, actorName }) => `${actorName} ${action} ${subjectKind}`)).toEqual([
      'Dana created user',
      'Dana created request',
      'Dana changed request',
    ]);
    expect(entries[2]).toMatchObject({
      actorKind: 'person',
      actorId: dana.actor.id,
      way: 'api',
      operation: 'POST /api/v1/requests',
      subjectId: String(id),
      requestNumber: id,
      service: 'single',
      before: { state: 'submitted' },
      after: { state: 'checking' },
      address: '192.0.2.7',
      userAgent: 'a browser',
      correlationId: 'call-of-Dana',
    });
    // Neither the manifest nor the planned bytes: the digest says which they are.
    expect(Object.keys(entries[1]?.after ?? {})).toEqual(expect.arrayContaining(['digest', 'state', 'branch']));
    expect(JSON.stringify(entries[1]?.after)).not.toContain('port_registry');
  });

  test('a transaction has its origin also after a savepoint was rolled back, and none is left on the connection', async () => {
    const actor = await createActor('Savepoint');
    const id = await createRequest(actor);
    last = (await written()).at(-1)?.id ?? last;
    await withAuditOrigin(dana, () =>
      db().$transaction(async (tx) => {
        await withSavepoint(tx, async () => {
          await tx.hostClaim.create({ data: { host: 'a.example.test', requestId: id } });
          throw new Error('this part goes back');
        }).catch(() => undefined);
        await tx.hostClaim.create({ data: { host: 'b.example.test', requestId: id } });
      }),
    );
    expect((await written()).map(({ actorName, subjectId }) => `${actorName}: ${subjectId}`)).toEqual([
      'Dana: b.example.test /',
    ]);
    await Promise.all(
      Array.from({ length: 20 }, (_, number) => db().runbookClaim.create({ data: { number, requestId: id } })),
    );
    const later = (await written()).slice(1);
    expect(later).toHaveLength(20);
    expect(new Set(later.map(({ actorKind, way }) => `${actorKind} ${way}`))).toEqual(new Set(['database database']));
  });

  test('calls that run side by side are not mistaken for each other', async () => {
    const actor = await createActor('Parallel');
    const ids: number[] = [];
    for (let made = 0; made < 12; made += 1) ids.push(await createRequest(actor, { serviceName: `parallel-${made}` }));
    last = (await written()).at(-1)?.id ?? last;
    await Promise.all(
      ids.map((id, place) =>
        withAuditOrigin(originOf(`person ${id}`), () =>
          place % 2 === 0
            ? transition(db(), id, 'submitted', 'checking')
            : db().$transaction((tx) => transition(tx, id, 'submitted', 'checking')),
        ),
      ),
    );
    const entries = await written();
    expect(entries).toHaveLength(12);
    for (const entry of entries) expect(entry.actorName).toBe(`person ${entry.subjectId}`);
  });

  test('what is rolled back leaves nothing; a change at the database itself is somebody’s too', async () => {
    const actor = await createActor('Rolled back');
    const id = await createRequest(actor);
    last = (await written()).at(-1)?.id ?? last;
    await withAuditOrigin(dana, () =>
      db().$transaction(async (tx) => {
        await transition(tx, id, 'submitted', 'checking');
        throw new Error('no');
      }),
    ).catch(() => undefined);
    expect(await written()).toEqual([]);
    await operator.query(`UPDATE change_requests SET failure = 'by hand' WHERE id = $1`, [id]);
    const user = new URL(database.url).username;
    expect(await written()).toMatchObject([
      { actorKind: 'database', actorName: user, way: 'database', after: { failure: 'by hand' } },
    ]);
  });

  test('signing in and out, with the role that was seen', async () => {
    const nobody = originOf('nobody', {
      actor: { kind: 'system', name: 'Slipway' },
      way: 'page',
      operation: 'sign in',
    });
    const somebody = { issuer: 'http://identity.test', subject: 'robin', name: 'Robin' };
    const id = await withAuditOrigin(nobody, () => rememberUser({ ...somebody, role: 'viewer' }));
    expect(await withAuditOrigin(nobody, () => rememberUser({ ...somebody, role: 'operator' }))).toBe(id);
    const robin = originOf('Robin', { actor: { kind: 'person', id, name: 'Robin' }, operation: 'sign out' });
    await withAuditOrigin(robin, rememberSignOut);
    expect(await written()).toMatchObject([
      { action: 'created', subjectKind: 'user', actorId: id, actorName: 'Robin' },
      {
        action: 'signed in',
        subjectId: id,
        actorId: id,
        before: null,
        after: { role: 'viewer' },
        operation: 'sign in',
      },
      { action: 'signed in', before: { role: 'viewer' }, after: { role: 'operator' } },
      { action: 'signed out', subjectId: id, actorId: id, operation: 'sign out' },
    ]);
  });
});

describe('what is kept', () => {
  test('a draft is made and deleted; what is typed into it is not kept', async () => {
    const { id: ownerId } = await createActor('Typist');
    last = (await written()).at(-1)?.id ?? last;
    const draft = await db().draft.create({
      data: { ownerId, content: { purpose: 'typed' }, expiresAt: new Date(Date.now() + 1e6) },
    });
    await db().draft.update({ where: { id: draft.id }, data: { content: { purpose: 'typed more' }, version: 2 } });
    await db().draft.delete({ where: { id: draft.id } });
    const entries = await written();
    expect(entries.map(({ action }) => action)).toEqual(['created', 'removed']);
    expect(JSON.stringify(entries, (_, value: unknown) => (typeof value === 'bigint' ? '' : value))).not.toContain(
      'typed',
    );
  });

  test('secrets are struck out, wherever they were planted', async () => {
    const planted = [
      ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_'),
      ['github', 'pat', 'A1b2C3d4E5f6G7h8I9j0K1'].join('_'),
      ['AKIA', 'ABCDEFGHIJKLMNOP'].join(''),
      `-----BEGIN ${'RSA PRIVATE'} KEY-----\nMIIEowIBAAKCAQEA\n-----END ${'RSA PRIVATE'} KEY-----`,
      ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJl'].join('.'),
    ];
    const hidden = ['hunter2hunter2', 'correct-horse', 'MIIEowIBAAKCAQEA'];
    const actor = await createActor('Careless');
    const id = await createRequest(actor);
    last = (await written()).at(-1)?.id ?? last;
    const careless = originOf('Careless', { userAgent: `curl ${planted[0]}`, operation: `POST /x?token=${hidden[1]}` });
    await withAuditOrigin(careless, async () => {
      for (const secret of planted) {
        await db().changeRequest.update({ where: { id }, data: { failure: `GitHub said: "${secret}" \\ and so on` } });
      }
      await db().changeRequest.update({
        where: { id },
        data: { failure: `password=${hidden[0]}, https://user:${hidden[1]}@db.test/x`, plan: { secret: hidden[0] } },
      });
    });
    const { rows } = await operator.query<{ text: string }>(
      'SELECT row_to_json(audit_entries)::text AS text FROM audit_entries WHERE id > $1',
      [last],
    );
    expect(rows).toHaveLength(planted.length + 1);
    const everything = rows.map(({ text }) => text).join('\n');
    for (const secret of [...planted, ...hidden]) expect(everything).not.toContain(secret);
    expect(everything).toContain('GitHub said');
    expect(everything).toContain('[struck out]');
    expect(everything).toContain('[not kept]');
  });

  test.each([
    ["UPDATE audit_entries SET actor_name = 'somebody else'"],
    ['UPDATE audit_entries SET haystack = haystack WHERE false'],
    ['DELETE FROM audit_entries'],
    ['TRUNCATE audit_entries'],
    ['SET session_replication_role = replica; DELETE FROM audit_entries'],
  ])('append-only: %s', async (statement) => {
    await createActor(`Witness of ${statement.slice(0, 30)}`);
    const count = await db().auditEntry.count();
    await expect(operator.query(statement)).rejects.toMatchObject({ code: '23001' });
    await operator.query('SET session_replication_role = DEFAULT');
    expect(await db().auditEntry.count()).toBe(count);
  });

  test('nobody says when it was but the database', async () => {
    await operator.query(`INSERT INTO audit_entries (at, actor_kind, actor_name, way, action, subject_kind, subject_id)
      VALUES ('1999-01-01', 'system', 'x', 'database', 'exported', 'audit', 'x')`);
    const [entry] = await written();
    expect(Date.now() - (entry?.at.getTime() ?? 0)).toBeLessThan(60_000);
  });
});
