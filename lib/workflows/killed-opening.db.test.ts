/**
 * A worker is killed (SIGKILL) at every moment of opening a pull request, telling the tracker, and cancelling. The moments are found by watching one that
 * lives; each has a request of its own, and in the end everything stands as it does without a hitch.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { cancelRequest } from '@/lib/requests/commands';
import { KillPoints } from './test-kill-points';
import { KilledJourneys } from './test-killed-journey';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

let platform: TestPlatform;
let points: KillPoints;
let journeys: KilledJourneys;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ webhooks: false, environment: withoutTools });
  points = await KillPoints.install(platform);
  journeys = new KilledJourneys(platform, points);
});
afterAll(async () => {
  await points.end();
  await platform.end();
});

const opened: string[] = [];
let nextPort = 46_600;

async function submit(services: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const service of services) {
    const ports = [{ name: 'http', internal: 7980, external: nextPort++, why: 'HTTP API' }];
    ids.push(await submitOne(platform.dana, specOf(service, { ports })));
  }
  return ids;
}

test('opening: one branch, one pull request, one issue, one runbook page, one set of ports, one timeline', async () => {
  const died = await journeys.live({ endsAs: 'in_review', begin: submit }, () => {
    const service = `opened-${String(opened.length).padStart(2, '0')}`;
    opened.push(service);
    return service;
  });
  expect(died.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'commit: submitted to checking',
      'commit: step check done',
      'GitHub POST /git/trees',
      'GitHub POST /git/commits',
      'GitHub POST /git/refs',
      'GitHub POST /pulls',
      'Notion POST /v1/pages',
      'Notion PATCH /v1/pages/ID',
      'GitHub PATCH /pulls/ID',
      'commit: job done, update-tracker',
    ]),
  );
  // A try that died is a try: the page tells how many there were.
  expect(await db().requestStep.count({ where: { name: 'branch', attempts: 2 } })).toBeGreaterThan(0);
}, 900_000);

test('cancelling: the pull request is closed once, the branch is gone, everything is given back, and the tracker is told', async () => {
  const idOf = async (serviceName: string) =>
    (await db().changeRequest.findFirstOrThrow({ where: { serviceName } })).id;
  const begin = async (services: string[]) => {
    const ids = await Promise.all(services.map(idOf));
    for (const id of ids) await cancelRequest(id, platform.dana);
    return ids;
  };
  const died = await journeys.live({ endsAs: 'cancelled', begin }, () => opened.pop() ?? 'none is left');
  expect(died.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'commit: step cancel running',
      'GitHub PATCH /pulls/ID',
      'GitHub DELETE /git/refs/heads/NAME',
      'Notion PATCH /v1/pages/ID',
    ]),
  );
  expect(
    await db().portReservation.count({ where: { state: { not: 'released' }, request: { state: 'cancelled' } } }),
  ).toBe(0);
}, 300_000);
