/** Which request says how a service stands: after it was given back, removed and added again, and after changes of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { endGivenBack, findGivenBack, supersede } from './live';
import { getRequest } from './queries';
import { createActor, createRequest, prepareTestDatabase } from './test-requests';

const repository = 'ravenhelm/platform';
let end: () => Promise<void>;
let dana: Actor;

beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  dana = await createActor('dana');
});
afterAll(() => end());

async function make(serviceName: string, fields: Prisma.ChangeRequestUncheckedUpdateInput): Promise<number> {
  const id = await createRequest(dana, { serviceName });
  await db().changeRequest.update({ where: { id }, data: fields });
  return id;
}

const wentLive = (day: number) => ({ state: 'live' as const, liveAt: new Date(Date.UTC(2026, 10, day)) });
const giveBack = (id: number) => db().$transaction((tx) => endGivenBack(tx, id, { by: 'dana', because: 'scrapped' }));
const replace = (predecessor: number, id: number) => db().$transaction((tx) => supersede(tx, predecessor, id));
const isOffered = async (id: number) => (await getRequest(id)).serviceIsLive;

test('what came to nothing may be asked for again while its service is live, by whichever request', async () => {
  const first = await make('lasting', wentLive(1));
  const closed = await make('lasting', { state: 'closed', action: 'change', predecessorId: first });
  expect(await isOffered(closed)).toBe(true);

  const change = await make('lasting', { state: 'merged', action: 'change', predecessorId: first });
  await replace(first, change);
  await db().changeRequest.update({ where: { id: change }, data: wentLive(2) });
  expect(await isOffered(closed), 'after a later change').toBe(true);

  await giveBack(change);
  expect(await isOffered(closed), 'given back').toBe(false);

  await make('lasting', wentLive(3));
  expect(await isOffered(closed), 'added again').toBe(true);
});

test('a service is given back until it is added again, also where that one is removed later', async () => {
  const lost = await make('returning', wentLive(4));
  // Closed, merged all the same, and heard of late: it was history at once.
  await make('returning', { ...wentLive(5), action: 'change', predecessorId: lost, supersededById: lost });
  expect(await findGivenBack(repository, 'returning')).toBeUndefined();
  await giveBack(lost);
  expect(await findGivenBack(repository, 'returning')).toMatchObject({ id: lost, by: 'dana' });

  // A change of it that came to nothing says nothing of how it stands.
  await make('returning', { state: 'cancelled', action: 'change', predecessorId: lost });
  expect(await findGivenBack(repository, 'returning')).toMatchObject({ id: lost });

  const again = await make('returning', wentLive(6));
  expect(await findGivenBack(repository, 'returning')).toBeUndefined();
  const removal = await make('returning', { state: 'merged', action: 'remove', predecessorId: again });
  await replace(again, removal);
  await db().changeRequest.update({ where: { id: removal }, data: wentLive(7) });
  expect(await findGivenBack(repository, 'returning')).toBeUndefined();
});
