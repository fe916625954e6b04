import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError, NotFoundError, UpstreamError } from '@/lib/errors';
import { cancelRequest, retryRequest } from './commands';
import { getRequest, listRequests, listReviewQueue } from './queries';
import { allowedTransitions, canFollow, requestStates } from './states';
import { RequestMovedError, runStep, StepFailure } from './steps';
import { createActor, createRequest, prepareTestDatabase } from './test-requests';
import { recordEvent } from './timeline';
import { transition } from './transition';

let end: () => Promise<void>;
let dana: Actor;
const Result = z.object({ head: z.string() });

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  dana = await createActor('Dana');
});
afterAll(() => end());

const stepOf = async (requestId: number, name: string) =>
  db().requestStep.findUnique({ where: { requestId_name: { requestId, name } } });
const jobsOf = (id: number) =>
  db().$queryRaw<{ task_identifier: string }[]>`
    SELECT task_identifier FROM graphile_worker.jobs WHERE key LIKE ${`%:${id}`} ORDER BY id`;

describe('transitions', () => {
  test('of many processes that move a request, one succeeds', async () => {
    const id = await createRequest(dana);
    const moves = await Promise.all(Array.from({ length: 8 }, () => transition(db(), id, 'submitted', 'checking')));
    expect(moves.filter(Boolean)).toHaveLength(1);
  });

  test('a request that is elsewhere does not move, and what the table forbids throws', async () => {
    const id = await createRequest(dana, { state: 'in_review' });
    expect(await transition(db(), id, ['submitted', 'checking'], 'failed')).toBe(false);
    await expect(transition(db(), id, 'live', 'submitted')).rejects.toThrow('cannot go from live');
    expect((await getRequest(id)).state).toBe('in_review');
  });

  test('what is merged becomes live, or an operator ends it; and live is the end', () => {
    for (const state of requestStates) {
      expect(canFollow('live', state)).toBe(false);
      expect(canFollow('merged', state)).toBe(state === 'live' || state === 'cancelled');
    }
    expect(Object.keys(allowedTransitions).sort()).toEqual([...requestStates].sort());
  });
});

describe('the timeline', () => {
  test('an event with one key stands there once, and nothing changes it', async () => {
    const requestId = await createRequest(dana);
    const event = { requestId, key: 'commits', kind: 'commits', status: 'done' as const, title: '4 commits' };
    expect(await recordEvent(db(), event)).toBe(true);
    expect(await recordEvent(db(), { ...event, title: 'again' })).toBe(false);
    expect((await getRequest(requestId)).timeline.map((entry) => entry.title)).toEqual(['4 commits']);
    await expect(db().timelineEvent.updateMany({ where: { requestId }, data: { title: 'forged' } })).rejects.toThrow();
    await expect(db().timelineEvent.deleteMany({ where: { requestId } })).rejects.toThrow();
    await expect(db().$executeRaw`TRUNCATE timeline_events`).rejects.toThrow(/append-only/);
    await db().changeRequest.delete({ where: { id: requestId } });
    expect(await db().timelineEvent.count({ where: { requestId } })).toBe(0);
  });
});

describe('steps', () => {
  test('what is done is not run again', async () => {
    const id = await createRequest(dana);
    let runs = 0;
    const step = {
      result: Result,
      run: () => {
        runs += 1;
        return Promise.resolve({ head: 'abc' });
      },
    };
    expect(await runStep(id, 'branch', step)).toEqual({ head: 'abc' });
    expect(await runStep(id, 'branch', step)).toEqual({ head: 'abc' });
    expect(runs).toBe(1);
    expect(await stepOf(id, 'branch')).toMatchObject({ status: 'done', attempts: 1, error: null });
  });

  test('where what belongs to the checkpoint cannot be written, there is no checkpoint', async () => {
    const id = await createRequest(dana);
    const attempt = runStep(id, 'branch', {
      result: Result,
      run: () => Promise.resolve({ head: 'abc' }),
      finish: () => Promise.reject(new RequestMovedError('cancelled meanwhile')),
    });
    await expect(attempt).rejects.toThrow(RequestMovedError);
    expect(await stepOf(id, 'branch')).toMatchObject({ status: 'running' });
  });

  test('of two processes on one step, the one that started later writes the checkpoint, and its events once', async () => {
    const id = await createRequest(dana);
    let letFirstGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letFirstGo = resolve));
    const finished: string[] = [];
    const run = (who: string, wait: Promise<void>) =>
      runStep(id, 'branch', {
        result: Result,
        run: async () => {
          await wait;
          return { head: who };
        },
        finish: () => {
          finished.push(who);
          return Promise.resolve();
        },
      });
    const first = run('first', held);
    await expect.poll(() => stepOf(id, 'branch')).toMatchObject({ attempts: 1 });
    await run('second', Promise.resolve());
    letFirstGo();
    await expect(first).rejects.toThrow(RequestMovedError);
    expect(finished).toEqual(['second']);
    expect((await stepOf(id, 'branch'))?.result).toEqual({ head: 'second' });
  });

  test.each(['started by another process', 'begun afresh by a person'])(
    '%s while it runs: that it fails in the end fails nothing',
    async (how) => {
      const id = await createRequest(dana, { state: 'failed' });
      let refuse: (error: Error) => void = () => undefined;
      const held = new Promise<never>((_resolve, reject) => (refuse = reject));
      const first = runStep(id, 'branch', { result: Result, run: () => held });
      await expect.poll(() => stepOf(id, 'branch')).toMatchObject({ attempts: 1 });
      if (how.startsWith('begun')) await retryRequest(id, dana);
      else await runStep(id, 'branch', { result: Result, run: () => Promise.resolve({ head: 'second' }) });
      const before = await stepOf(id, 'branch');
      refuse(new ConflictError('too late'));
      await expect(first).rejects.toThrow(RequestMovedError);
      expect(await stepOf(id, 'branch')).toEqual(before);
    },
  );

  test('who is asked to wait waits as long as the other side asked, and loses no try', async () => {
    const id = await createRequest(dana);
    const fail = () =>
      runStep(id, 'branch', {
        result: Result,
        run: () =>
          Promise.reject(new UpstreamError('Slow down.', { system: 'GitHub', retryable: true, retryAfterSeconds: 90 })),
      });
    const failure: unknown = await fail().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StepFailure);
    const step = await stepOf(id, 'branch');
    expect(step).toMatchObject({ status: 'pending', error: 'Slow down.', attempts: 0 });
    expect((step?.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(80_000);
  });

  test('what cannot get better by itself waits for a person; the tracker is owed', async () => {
    const id = await createRequest(dana);
    const refused = new UpstreamError('The token was refused.', { system: 'GitHub', retryable: false });
    const run = () => Promise.reject(refused);
    await expect(runStep(id, 'branch', { result: Result, run })).rejects.toMatchObject({ nextAttemptAt: undefined });
    await expect(runStep(id, 'runbook-page', { result: Result, run })).rejects.toThrow(StepFailure);
    const { steps, owed } = await getRequest(id);
    expect(steps.find((step) => step.name === 'branch')).toMatchObject({
      status: 'failed',
      error: 'The token was refused.',
    });
    expect(owed.map((step) => step.name)).toEqual(['runbook-page']);
  });

  test('an unexpected error is not shown but referred to, and is given up after three tries', async () => {
    const id = await createRequest(dana);
    const run = () => runStep(id, 'branch', { result: Result, run: () => Promise.reject(new Error('secret inside')) });
    for (const expected of [Date, Date, undefined]) {
      const failure = (await run().catch((error: unknown) => error)) as StepFailure;
      if (expected) expect(failure.nextAttemptAt).toBeInstanceOf(expected);
      else expect(failure.nextAttemptAt).toBeUndefined();
    }
    const step = await stepOf(id, 'branch');
    expect(step).toMatchObject({ status: 'failed', attempts: 3 });
    expect(step?.error).not.toContain('secret');
    expect(step?.error).toContain(step?.reference);
  });
});

describe('try again and cancel', () => {
  test('a failed request goes back to the queue, by its owner or an operator', async () => {
    const id = await createRequest(dana, { state: 'failed' });
    const other = await createActor('Eve');
    const operator = await createActor('Olga', 'operator');
    await expect(retryRequest(id, other)).rejects.toThrow(NotAllowedError);
    await retryRequest(id, operator);
    expect(await getRequest(id)).toMatchObject({ state: 'submitted', timeline: [{ kind: 'retry', actor: 'Olga' }] });
    expect(await jobsOf(id)).toEqual([{ task_identifier: 'open-pull-request' }]);
    await expect(retryRequest(2 ** 40, operator)).rejects.toThrow(NotFoundError);
  });

  test('with nothing to try again it says so', async () => {
    const id = await createRequest(dana, { state: 'in_review' });
    await expect(retryRequest(id, dana)).rejects.toThrow(ConflictError);
  });

  test('cancel is asked once however often it is clicked, and not after the merge', async () => {
    const id = await createRequest(dana, { state: 'in_review' });
    await Promise.all([cancelRequest(id, dana), cancelRequest(id, dana), cancelRequest(id, dana)]);
    expect(await getRequest(id)).toMatchObject({ state: 'in_review', cancelling: true });
    expect((await getRequest(id)).timeline).toHaveLength(1);
    expect(await jobsOf(id)).toEqual([{ task_identifier: 'cancel-request' }]);
    const merged = await createRequest(dana, { state: 'merged' });
    await expect(cancelRequest(merged, dana)).rejects.toThrow(ConflictError);
  });
});

describe('lists', () => {
  test('newest first, in pages, by state and by person', async () => {
    const paula = await createActor('Paula');
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await createRequest(paula, { state: 'closed' }));
    const first = await listRequests({ mine: paula.id, limit: 2 });
    expect(first.requests.map((request) => request.id)).toEqual([ids[4], ids[3]]);
    const second = await listRequests({ mine: paula.id, limit: 2, cursor: first.nextCursor ?? 0 });
    const third = await listRequests({ mine: paula.id, limit: 2, cursor: second.nextCursor ?? 0 });
    expect(third).toMatchObject({ requests: [{ id: ids[0] }], nextCursor: undefined });
    expect((await listRequests({ mine: paula.id, states: ['live'] })).requests).toEqual([]);
  });

  test('what waits for review is in review and nobody is cancelling it', async () => {
    const waiting = await createRequest(dana, { state: 'in_review' });
    const leaving = await createRequest(dana, { state: 'in_review' });
    await cancelRequest(leaving, dana);
    const ids = (await listReviewQueue()).map((item) => item.id);
    expect(ids).toContain(waiting);
    expect(ids).not.toContain(leaving);
  });
});
