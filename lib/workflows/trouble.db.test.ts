/** What else goes wrong on a request's way: a newer version wrote it, the tracker is away, the lease runs out, main cannot be read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { retryRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { listTaken } from '@/lib/ports/queries';
import { createRequest } from '@/lib/requests/test-requests';
import { expire } from './expire';
import { openPullRequest } from './open-pull-request';
import { currentRepository } from './read-repository';
import { UnreadableRequestError } from './request-row';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
const portless = { ports: [], routing: undefined };
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => platform.github.faults.clear());
afterAll(() => platform.end());

const portOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01')).find((port) => port.service === service);
const nextJob = async (key: string) => {
  const [job] = await db().$queryRaw<{ run_at: Date }[]>`
    SELECT run_at FROM graphile_worker.jobs WHERE key = ${key} AND locked_at IS NULL`;
  return job?.run_at;
};

test('what a newer version wrote is left as it is, for a worker of that version', async () => {
  const id = await submitOne(platform.dana, specOf('newcomer'));
  const { manifest } = await db().changeRequest.findUniqueOrThrow({ where: { id } });
  const write = (value: unknown) =>
    db().changeRequest.update({ where: { id }, data: { manifest: value as Prisma.InputJsonValue } });
  await write({ ...(manifest as object), fieldOfTomorrow: true });
  for (let attempt = 0; attempt < 4; attempt += 1)
    await expect(openPullRequest(id)).rejects.toBeInstanceOf(UnreadableRequestError);
  const [row, steps] = await Promise.all([
    db().changeRequest.findUniqueOrThrow({ where: { id } }),
    db().requestStep.count({ where: { requestId: id } }),
  ]);
  expect([row.state, row.failureRef, steps]).toEqual(['submitted', null, 0]);
  expect(await portOf('newcomer')).toMatchObject({ state: 'held' });
  // The worker that knows the field.
  await write(manifest);
  await openPullRequest(id);
  expect((await getRequest(id)).state).toBe('in_review');
});

describe('the tracker is away', () => {
  test('the pull request opens all the same; what is owed is shown, tried again, and written once', async () => {
    const id = await submitOne(platform.dana, specOf('untracked', portless));
    await platform.notionApi('POST', '/_slipway/down', { down: true });
    await openPullRequest(id);
    await updateTracker(id);
    const owing = await getRequest(id);
    expect(owing).toMatchObject({ state: 'in_review', owedCount: 2 });
    expect(owing.owed.map((step) => step.name)).toEqual(['tracker-issue', 'runbook-page']);
    expect(owing.owed[0]?.nextAttemptAt).toBeDefined();
    expect(owing.timeline.filter((event) => event.status === 'owed')).toHaveLength(2);
    expect(await nextJob(`update-tracker:${id}`)).toBeInstanceOf(Date);
    await updateTracker(id);
    expect((await getRequest(id)).timeline.filter((event) => event.status === 'owed')).toHaveLength(2);

    await platform.notionApi('POST', '/_slipway/down', { down: false });
    await retryRequest(id, platform.dana);
    await updateTracker(id);
    const done = await getRequest(id);
    expect(done.owed).toEqual([]);
    expect(done.steps.every((step) => step.status === 'done')).toBe(true);
    const pull = await platform.api<{ body: string }>('GET', `/pulls/${done.pull?.number ?? 0}`);
    expect(pull.body).toContain(done.links.issue);
    expect(pull.body).toContain(done.links.runbookPage);
  });
  test('what a person wrote in the pull request’s text stays', async () => {
    const id = await submitOne(platform.dana, specOf('annotated', portless));
    await openPullRequest(id);
    const { pull } = await getRequest(id);
    await platform.api('PATCH', `/pulls/${pull?.number ?? 0}`, { body: 'My own words.' });
    await updateTracker(id);
    const { links } = await getRequest(id);
    const { body } = await platform.api<{ body: string }>('GET', `/pulls/${pull?.number ?? 0}`);
    expect(body).toContain('My own words.');
    expect(body).toContain(links.issue);
  });
});

describe('a lease that ran out', () => {
  const lapse = async (id: number) => {
    await db().portReservation.updateMany({ where: { requestId: id }, data: { leaseUntil: new Date(Date.now() - 1) } });
    await expire();
    expect((await getRequest(id)).state).toBe('failed');
  };

  test('a retry takes everything anew', async () => {
    const id = await submitOne(platform.dana, specOf('revived'));
    await lapse(id);
    expect(await portOf('revived')).toBeUndefined();
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    expect(await portOf('revived')).toMatchObject({ state: 'reserved' });
    expect(await db().hostClaim.count({ where: { requestId: id, releasedAt: null } })).toBe(1);
  });

  test('unless somebody else has it by then: it says who', async () => {
    const ports = [{ name: 'http', internal: 7980, external: 47_001, why: 'HTTP API' }];
    const id = await submitOne(platform.dana, specOf('outrun', { ports }));
    await lapse(id);
    const other = await submitOne(platform.dana, specOf('outrunner', { ports }));
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    const { state, failure } = await getRequest(id);
    expect(state).toBe('failed');
    expect(failure).toContain(`outrunner, request ${other}`);
    expect(await portOf('outrun')).toBeUndefined();
  });

  test('that runs out while the worker is at it stops the worker', async () => {
    const id = await submitOne(platform.dana, specOf('overtaken'));
    platform.github.faults.add({ method: 'POST', path: '/pulls$', hold: 'before' });
    const working = openPullRequest(id);
    await expect.poll(() => platform.github.faults.heldCount, { timeout: 45_000 }).toBe(1);
    await lapse(id);
    platform.github.faults.release();
    await working;
    expect(await getRequest(id)).toMatchObject({ state: 'failed', pull: undefined });
    expect((await getRequest(id)).timeline.map((event) => event.kind)).not.toContain('pull-request');
    // Tried again it finds the pull request that was opened all the same.
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    const { branch } = await getRequest(id);
    expect(await platform.api('GET', `/pulls?state=all&head=ravenhelm:${branch}`)).toHaveLength(1);
  });
});

test.each(['change', 'remove'])('nobody took up a %s: what its service has is not told to be free', async (action) => {
  const serviceName = `untaken-${action}`;
  const predecessorId = await createRequest(platform.dana, { serviceName, state: 'live' });
  const id = await createRequest(platform.dana, { serviceName, state: 'failed' });
  const asIfForgotten = { action, predecessorId, state: 'submitted', updatedAt: new Date(0) } as const;
  await db().changeRequest.update({ where: { id }, data: asIfForgotten });
  await expire();
  const { state, failure, timeline } = await getRequest(id);
  const told = timeline.find(({ kind }) => kind === 'released')?.detail;
  expect(state).toBe('failed');
  expect(told).toContain(`${serviceName} stays as it is in main`);
  expect(`${failure} ${told}`).not.toMatch(/runbook number/i);
});

describe('the repository cannot be read', () => {
  test('while GitHub is away people submit on the last known main', async () => {
    platform.github.faults.add({ path: '.*', drop: 'before', times: 20 });
    const id = await submitOne(platform.dana, specOf('undeterred'));
    platform.github.faults.clear();
    expect((await getRequest(id)).state).toBe('submitted');
  });

  test('a profile that is not valid is said to be so, with its line', async () => {
    const { tree } = await currentRepository({ maxAgeMs: 0 });
    const profile = tree.read('slipway.yaml') ?? '';
    const write = (text: string) =>
      platform.api('POST', '/_slipway/push', {
        login: 'operator',
        message: 'chore: x',
        files: { 'slipway.yaml': text },
      });
    await write(profile.replace('platform:', 'platfrom:'));
    const attempt = submitOne(platform.dana, specOf('unprofiled'));
    await expect(attempt).rejects.toThrow(/slipway\.yaml.* is not valid.*(platform|platfrom)/);
    await write(profile);
    await submitOne(platform.dana, specOf('unprofiled'));
  });
});
