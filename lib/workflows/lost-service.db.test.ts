import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import type { Prisma } from '@/lib/generated/prisma/client';
import { createActor, createRequest, prepareTestDatabase } from '@/lib/requests/test-requests';
import { findLostService } from './lost-service';

let end: () => Promise<void>;
let dana: Actor;
let eve: Actor;
beforeAll(async () => {
  ({ end } = await prepareTestDatabase());
  [dana, eve] = await Promise.all([createActor('Dana'), createActor('Eve')]);
});
afterAll(() => end());

const liveAt = new Date(Date.UTC(2026, 10, 20));

async function make(requester: Actor, serviceName: string, fields: Prisma.ChangeRequestUncheckedUpdateInput) {
  const id = await createRequest(requester, { serviceName });
  await db().changeRequest.update({ where: { id }, data: fields });
  return id;
}

test('what main lost is told with who added it, what is kept for it, and whether it is a finding', async () => {
  const added = await make(dana, 'lost', { state: 'live', liveAt });
  const change = await make(eve, 'lost', { state: 'merged', action: 'change', predecessorId: added });
  await db().changeRequest.update({ where: { id: added }, data: { supersededById: change } });
  await db().changeRequest.update({ where: { id: change }, data: { state: 'live', liveAt } });
  const port = { scope: 'ravenhelm-01', protocol: 'udp', service: 'lost', portName: 'media', requestId: change };
  await db().portReservation.create({ data: { ...port, portFrom: 7893, portTo: 7894, state: 'active' } });
  await db().portReservation.create({ data: { ...port, portFrom: 7895, portTo: 7895, state: 'released' } });
  await db().hostClaim.create({ data: { host: 'lost.ravenhelm.test', requestId: change } });
  const lost = {
    ...{ name: 'lost', purpose: 'A service of a test.', branch: 'main' },
    ...{ added: { id: added, by: 'Dana' }, live: { id: change, since: liveAt.toISOString() } },
    ...{ kept: { ports: ['7893-7894/udp'], hosts: ['lost.ravenhelm.test'] } },
    ...{ isTold: false, isUnread: false, underWay: undefined },
  };
  expect(await findLostService('lost')).toEqual(lost);

  const finding = { repository: 'ravenhelm/platform', branch: 'main', origin: 'reservations', path: 'ports.yaml' };
  const kind = 'gone-from-main';
  const tell = (service: string) =>
    db().portFinding.create({
      data: { ...finding, kind, key: service, message: 'Gone.', remedy: { kind: 'give-back', service } },
    });
  await tell('another');
  expect(await findLostService('lost')).toEqual(lost);
  const broken = { ...finding, origin: 'files', kind: 'unreadable', key: 'broken', message: 'Not read.' };
  const unreadable = await db().portFinding.create({ data: { ...broken, remedy: { kind: 'edit' } } });
  expect(await findLostService('lost')).toEqual({ ...lost, isUnread: true });
  await db().portFinding.update({ where: { id: unreadable.id }, data: { state: 'mended', mendedAt: liveAt } });
  const { id } = await tell('lost');
  expect(await findLostService('lost')).toEqual({ ...lost, isTold: true });
  await db().portFinding.update({ where: { id }, data: { state: 'mended', mendedAt: liveAt } });
  const removal = await make(dana, 'lost', { state: 'in_review', action: 'remove', predecessorId: change });
  expect(await findLostService('lost')).toEqual({ ...lost, underWay: { id: removal, title: 'Remove lost' } });
});

test('nothing is lost that the catalog has, that was given back, removed, is not live yet, or that nobody asked for', async () => {
  await make(dana, 'there', { state: 'live', liveAt });
  await db().service.create({ data: { name: 'there', seenSha: 'a'.repeat(40) } });
  await make(dana, 'given', {
    state: 'live',
    liveAt,
    givenBackAt: liveAt,
    givenBackBy: 'dana',
    givenBackBecause: 'scrapped',
  });
  const removed = await make(dana, 'removed', { state: 'live', liveAt });
  const removal = await make(dana, 'removed', { state: 'live', action: 'remove', predecessorId: removed });
  await db().changeRequest.update({ where: { id: removed }, data: { supersededById: removal } });
  await make(dana, 'opened', { state: 'in_review' });
  for (const name of ['there', 'given', 'removed', 'opened', 'unknown'])
    expect(await findLostService(name), name).toBeUndefined();
});
