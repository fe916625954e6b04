/**
 * A portal that dies while it submits. A real process is killed (SIGKILL) at the borders of its transaction; the person's browser, which had no answer, sends the
 * same again with the same Idempotency-Key.
 */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { submitService, type Submission } from './submit-service';
import { startDatabaseProxy, type Border } from './test-database-proxy';
import { previewOf, specOf, startTestPlatform, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterAll(() => platform.end());

/** What stands in the database of this service, whoever wrote it. */
async function countsOf(service: string) {
  const of = { request: { serviceName: service } };
  const [requests, ports, hosts, numbers, events, jobs] = await Promise.all([
    db().changeRequest.count({ where: { serviceName: service } }),
    db().portReservation.count({ where: { service } }),
    db().hostClaim.count({ where: of }),
    db().runbookClaim.count({ where: of }),
    db().timelineEvent.count({ where: of }),
    db().$queryRaw<unknown[]>`
      SELECT 1 FROM graphile_worker.jobs j JOIN change_requests r ON j.key = 'open-pull-request:' || r.id
       WHERE r.service_name = ${service}`,
  ]);
  return { requests, ports, hosts, numbers, events, jobs: jobs.length };
}

const nothing = { requests: 0, ports: 0, hosts: 0, numbers: 0, events: 0, jobs: 0 };
const once = { requests: 1, ports: 1, hosts: 1, numbers: 1, events: 1, jobs: 1 };

/** Submits in a process of its own and kills it at the border. */
async function killedAt(border: Border, submission: Submission): Promise<void> {
  const proxy = await startDatabaseProxy(
    process.env.DATABASE_URL ?? '',
    'INSERT INTO "public"."change_requests"',
    border,
  );
  try {
    const portal = spawn(process.execPath, ['--import', 'tsx', 'lib/workflows/test-submitter.ts'], {
      env: {
        ...process.env,
        ...platform.environment,
        DATABASE_URL: proxy.url,
        SUBMISSION: JSON.stringify(submission),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [portal.stdout, portal.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const gone = new Promise<never>((_resolve, reject) =>
      portal.once('exit', () => reject(new Error(`the portal ended before the border: ${said}`))),
    );
    await Promise.race([proxy.caught, gone]);
    const killed = new Promise((resolve) => portal.once('exit', (_code, signal) => resolve(signal)));
    gone.catch(() => undefined); // it ends now because it is killed
    portal.kill('SIGKILL');
    expect(await killed).toBe('SIGKILL');
    expect(said).toBe('');
  } finally {
    await proxy.close();
  }
}

test.each<[string, Border, typeof nothing]>([
  ['between the request and its ports', { before: 'port_reservations' }, nothing],
  ['before the job', { before: 'graphile_worker.add_job' }, nothing],
  ['before the commit', 'commit', nothing],
  ['after the commit, before the answer', 'committed', once],
])('killed %s: sent again it is there once', async (where, border, left) => {
  const name = `sent-again-${where.replace(/[^a-z]+/g, '-')}`.slice(0, 40).replace(/-$/, '');
  const manifest = specOf(name);
  const { digest } = (await previewOf(manifest)).plan;
  const submission = { manifest, digest, idempotencyKey: `key of ${name}`, actor: platform.dana };
  await killedAt(border, submission);
  await expect.poll(() => countsOf(name)).toEqual(left);

  // Impatient: three at once.
  const answers = await Promise.all([1, 2, 3].map(() => submitService(submission)));
  const { id } = await db().changeRequest.findFirstOrThrow({ where: { serviceName: name } });
  expect(answers).toEqual(answers.map(() => ({ kind: 'submitted', requestId: id })));
  expect(await countsOf(name)).toEqual(once);

  const other = { ...submission, manifest: { ...manifest, purpose: 'Something else under the same key.' } };
  await expect(submitService(other)).rejects.toThrow(ConflictError);
  expect(await countsOf(name)).toEqual(once);
});
