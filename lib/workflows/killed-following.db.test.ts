/**
 * A worker is killed (SIGKILL) at every moment of following main, and of a merge until its service is live. See killed-opening.db.test.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { openPullRequest } from './open-pull-request';
import { KillPoints } from './test-kill-points';
import { jobsOf, KilledJourneys, mergeJourney } from './test-killed-journey';
import { newestOf } from './test-outcome';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

const FOLLOWERS = ['follower-a', 'follower-b', 'follower-c', 'follower-d', 'follower-e', 'follower-f'];

let platform: TestPlatform;
let points: KillPoints;
let journeys: KilledJourneys;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ webhooks: false, environment: withoutTools });
  points = await KillPoints.install(platform);
  journeys = new KilledJourneys(platform, points);
  for (const service of FOLLOWERS) {
    points.know(service);
    await openPullRequest(await submitOne(platform.dana, specOf(service)));
  }
}, 300_000);
afterAll(async () => {
  await points.end();
  await platform.end();
});

/** The followers, again and again. */
function inTurn(): () => string {
  let next = 0;
  return () => FOLLOWERS[next++ % FOLLOWERS.length] ?? '';
}

let moves = 0;

/** Somebody adds a service to main by hand where the followers add theirs. */
async function moveMain(): Promise<void> {
  const ports = [{ name: 'http', internal: 7980, external: 46_700 + moves, why: 'HTTP API' }];
  const { plan } = await previewOf(specOf(`mover-${'abcdefghij'.charAt((moves += 1))}`, { ports }));
  const files = Object.fromEntries(plan.files.map(({ path, after }) => [path, after]));
  await platform.api('POST', '/_slipway/push', { login: 'operator', branch: 'main', message: 'feat: by hand', files });
}

test('main moves: one merge commit on the branch, one text, the same ports, told once', async () => {
  const begin = async (services: string[]) => {
    await moveMain();
    const ids = await Promise.all(services.map(async (service) => (await newestOf(service)).id));
    // As the import of that commit does.
    for (const id of ids) await enqueueForRequest(db(), 'refresh-request', id);
    return ids;
  };
  const died = await journeys.live(
    {
      endsAs: 'in_review',
      ready: async (service) => {
        const { id } = await newestOf(service);
        await expect.poll(() => jobsOf(id), { timeout: 120_000 }).toEqual([]);
      },
      begin,
    },
    inTurn(),
  );
  expect(died.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'GitHub POST /git/trees',
      'GitHub POST /git/commits',
      'GitHub PATCH /git/refs/heads/NAME',
      'GitHub PATCH /pulls/ID',
      'commit: step refresh running',
    ]),
  );
}, 900_000);

test('merged: the service is live once, and the tracker is told', async () => {
  const died = await journeys.live(mergeJourney(platform), inTurn());
  expect(died.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['commit: in_review to merged', 'commit: merged to live', 'Notion PATCH /v1/pages/ID']),
  );
  for (const service of FOLLOWERS.slice(0, 1 + died.length))
    expect(await db().portReservation.count({ where: { service, state: 'active' } })).toBe(1);
}, 300_000);
