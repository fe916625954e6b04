/** Ticking off what is to be done after a merge: once, by whoever may, and only what there is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError, NotFoundError } from '@/lib/errors';
import type { Actor } from '@/lib/auth/permissions';
import { tickFollowUp } from './commands';
import { getRequest } from './queries';
import { createActor, createRequest, prepareTestDatabase } from './test-requests';

let end: () => Promise<void>;
let requester: Actor;
let operator: Actor;

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  requester = await createActor('dana');
  operator = await createActor('olaf', 'operator');
});
afterAll(() => end());

async function requestWithSteps(): Promise<number> {
  const id = await createRequest(requester, { state: 'merged' });
  await db().changeRequest.update({
    where: { id },
    data: {
      followUps: [
        { phase: 'resources', key: 'volume:a', title: 'Create the volume' },
        // As requests from before steps had keys have them.
        { title: 'Start it', command: 'docker compose up -d' },
      ],
    },
  });
  return id;
}

const done = async (id: number) => (await getRequest(id)).followUps.map((step) => step.done?.by);

describe('ticking off a step', () => {
  it('stands with who did it first, and can be taken back', async () => {
    const id = await requestWithSteps();
    await tickFollowUp(id, 'volume:a', true, requester);
    await tickFollowUp(id, 'volume:a', true, operator);
    await tickFollowUp(id, 'step-2', true, operator);
    expect(await done(id)).toEqual(['dana', 'olaf']);
    await tickFollowUp(id, 'volume:a', false, operator);
    await tickFollowUp(id, 'volume:a', false, operator);
    expect(await done(id)).toEqual([undefined, 'olaf']);
    const { timeline } = await getRequest(id);
    expect(timeline.map(({ title, actor }) => [title, actor])).toEqual([
      ['Done: Create the volume', 'dana'],
      ['Done: Start it', 'olaf'],
      ['Not done after all: Create the volume', 'olaf'],
    ]);
  });

  it('is for the requester and operators', async () => {
    const id = await requestWithSteps();
    const other = await createActor('erin');
    await expect(tickFollowUp(id, 'volume:a', true, other)).rejects.toThrow(NotAllowedError);
    expect(await done(id)).toEqual([undefined, undefined]);
  });

  it('refuses a step that is not there, a request that is not there, and one that was withdrawn', async () => {
    const id = await requestWithSteps();
    await expect(tickFollowUp(id, 'volume:b', true, requester)).rejects.toThrow(NotFoundError);
    await expect(tickFollowUp(999_999, 'volume:a', true, requester)).rejects.toThrow(NotFoundError);
    await db().changeRequest.update({ where: { id }, data: { state: 'closed' } });
    await expect(tickFollowUp(id, 'volume:a', true, requester)).rejects.toThrow(ConflictError);
    expect(await db().followUpTick.count({ where: { requestId: id } })).toBe(0);
  });
});
