/**
 * PostgreSQL goes away in the middle: while a worker has a request's branch made on GitHub and not noted it, while it has a newer main on another branch and not
 * noted it, while a portal submits, and while pages listen. Afterwards everything is there once.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventStream } from '@/app/api/v1/event-stream';
import { startRestartableDatabase, type RestartableDatabase, type Shutdown } from '@/local/database/test-restart';
import { db } from '@/lib/db';
import { listen } from '@/lib/events';
import { getRequest, getRequestFiles } from '@/lib/requests/queries';
import { submitService } from './submit-service';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

const patience = { timeout: 90_000, interval: 100 };
let database: RestartableDatabase;
let platform: TestPlatform;
let following: number;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  database = await startRestartableDatabase();
  platform = await startTestPlatform({ database, environment: withoutTools });
  await platform.startWorker().ready;
});
afterAll(() => platform.end());

interface Commit {
  parents: unknown[];
}
const eventsOf = async (id: number, kind: string) =>
  (await getRequest(id)).timeline.filter((event) => event.kind === kind && event.status === 'done');

async function settled(id: number): Promise<void> {
  const state = async () => {
    const { state: at, steps } = await getRequest(id);
    return [at, ...steps.map(({ status }) => status)];
  };
  await expect.poll(async () => new Set(await state()), patience).toEqual(new Set(['in_review', 'done']));
}

async function expectOnce(id: number): Promise<void> {
  const { branch, timeline } = await getRequest(id);
  expect(await platform.api('GET', `/git/matching-refs/heads/${branch}`)).toHaveLength(1);
  expect(await platform.api('GET', `/pulls?state=all&head=ravenhelm:${branch}`)).toHaveLength(1);
  expect(await db().portReservation.findMany({ where: { requestId: id } })).toMatchObject([{ state: 'reserved' }]);
  const done = timeline.filter(({ status }) => status === 'done').map(({ kind, title }) => `${kind}: ${title}`);
  expect(done.filter((one, at) => done.indexOf(one) !== at)).toEqual([]);
  for (const kind of ['reserved', 'checked', 'commits', 'pull-request'])
    expect(await eventsOf(id, kind), kind).toHaveLength(1);
}

/** Somebody writes into the same place of the registry as the request does. */
async function moveMain(id: number, remark: string): Promise<void> {
  const path = 'config/port_registry.yaml';
  const file = (await getRequestFiles(id)).find((one) => one.path === path);
  const [lines, after] = [(file?.before ?? '').split('\n'), (file?.after ?? '').split('\n')];
  const at = after.findIndex((line, index) => line !== lines[index]);
  lines.splice(at, 0, `  # ${remark}`);
  const files = { [path]: lines.join('\n') };
  await platform.api('POST', '/_slipway/push', { login: 'operator', message: `docs: ${remark}`, files });
}

/** Submits, and is held where it wants to take its ports. @returns how it ended, and what lets it go. */
async function submitHeld(name: string) {
  const manifest = specOf(name);
  const { digest } = (await previewOf(manifest)).plan;
  const submit = () => submitService({ manifest, digest, idempotencyKey: `key of ${name}`, actor: platform.dana });
  const lock = new pg.Client({ connectionString: database.url });
  lock.on('error', () => undefined); // the server goes away, as it is meant to
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE port_reservations IN ACCESS EXCLUSIVE MODE');
  const ended = submit().then(
    () => 'submitted',
    () => 'failed',
  );
  const waiting = async () => {
    const { rows } = await lock.query<{ waiting: boolean }>(
      `SELECT bool_or(NOT granted) AS waiting FROM pg_locks WHERE relation = 'port_reservations'::regclass`,
    );
    return rows[0]?.waiting;
  };
  await expect.poll(waiting, patience).toBe(true);
  return { submit, ended, release: () => lock.end().catch(() => undefined) };
}

/** A page that stays open: it is told where the request stands, and comes back when its stream ends, as browsers do. */
function openPage(id: number) {
  const leaving = new AbortController();
  const states: string[] = [];
  let connections = 0;
  const follow = async () => {
    while (!leaving.signal.aborted) {
      connections += 1;
      const request = new Request(`http://slipway.test/api/v1/requests/${id}/events`, { signal: leaving.signal });
      const { body } = eventStream(request, [`request:${id}`], async (sender) => {
        sender.send('change', (await getRequest(id)).state);
      });
      const reader = body?.getReader();
      for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
        const state = /data: "(.*)"/.exec(Buffer.from(part.value).toString('utf8'))?.[1];
        if (state !== undefined) states.push(state);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const closed = follow();
  return {
    last: () => states.at(-1),
    connections: () => connections,
    close: async () => {
      leaving.abort();
      await closed;
    },
  };
}

test('a request is opened, and stays open', async () => {
  following = await submitOne(platform.dana, specOf('following'));
  await settled(following);
}, 120_000);

test.each<Shutdown>(['fast', 'immediate'])(
  'after a shutdown (%s) in the middle nothing is lost and nothing there twice, and everybody hears again',
  async (how) => {
    const before = await eventsOf(following, 'refresh');
    const { faults } = platform.github;
    // GitHub has done it, and nobody has noted it.
    faults.add({ method: 'PATCH', path: '/git/refs/heads', hold: 'after' });
    await moveMain(following, `Before a ${how} shutdown.`);
    await expect.poll(() => faults.heldCount, patience).toBe(1);
    faults.add({ method: 'POST', path: '/git/refs$', hold: 'after' });
    const opening = await submitOne(platform.dana, specOf(`opening-${how}`));
    await expect.poll(() => faults.heldCount, patience).toBe(2);

    const page = openPage(opening);
    const heard: string[] = [];
    const unlisten = listen(['requests'], (topic) => heard.push(topic));
    await expect.poll(() => page.last(), patience).toBe('opening');
    const submission = await submitHeld(`submitted-${how}`);

    await database.stop(how);
    expect(await submission.ended).toBe('failed');
    await submission.release();
    heard.length = 0;
    await database.start();

    // Whoever listens is woken, since something may have been missed.
    await expect.poll(() => heard, patience).toContain('*');
    faults.release();
    // The person's browser sends it again until it has an answer, and once more than it has to.
    const submitAgain = () => submission.submit().catch(() => undefined);
    await expect.poll(submitAgain, patience).toMatchObject({ kind: 'submitted' });
    expect(await submission.submit()).toEqual(await submission.submit());
    const requests = await db().changeRequest.findMany({ where: { serviceName: `submitted-${how}` } });
    expect(requests).toHaveLength(1);
    const submitted = requests[0]?.id ?? 0;

    for (const id of [following, opening, submitted]) await settled(id);
    for (const id of [following, opening, submitted]) await expectOnce(id);
    // The newer main is on the branch once: one merge commit more, and told once.
    await expect.poll(() => eventsOf(following, 'refresh'), patience).toHaveLength(before.length + 1);
    const { branch } = await getRequest(following);
    const { commits } = await platform.api<{ commits: Commit[] }>('GET', `/compare/main...${branch}`);
    expect(commits.filter(({ parents }) => parents.length > 1)).toHaveLength(before.length + 1);

    // The page is told of what happened after the shutdown, and so is everybody else.
    await expect.poll(() => page.last(), patience).toBe('in_review');
    expect(heard).toContain('requests');
    unlisten();
    await page.close();
  },
  300_000,
);
