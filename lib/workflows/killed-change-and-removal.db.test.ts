/**
 * A worker is killed (SIGKILL) at every call with which a change and a removal are opened, and while it follows their merges: what the service has goes from one
 * request to the next once. See killed-opening.db.test.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { cancelRequest } from '@/lib/requests/commands';
import { DraftContent } from '@/lib/wizard/draft-content';
import { openPullRequest } from './open-pull-request';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { submitRemoval, submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { KillPoints, type KillPoint } from './test-kill-points';
import { jobsOf, KilledJourneys, mergeJourney } from './test-killed-journey';
import { newestOf } from './test-outcome';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

const SERVICES = Array.from({ length: 6 }, (_, index) => `living-${'abcdef'.charAt(index)}`);

let platform: TestPlatform;
let points: KillPoints;
let journeys: KilledJourneys;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ webhooks: false, environment: withoutTools });
  points = await KillPoints.install(platform);
  journeys = new KilledJourneys(platform, points);
  for (const service of SERVICES) {
    points.know(service);
    const id = await submitOne(platform.dana, specOf(service, { ports: [portOf(service)] }));
    await openPullRequest(id);
    const { pullNumber } = await newestOf(service);
    await platform.api('PUT', `/pulls/${pullNumber ?? 0}/merge`);
    await syncPullRequest(id);
    await syncRepository();
  }
}, 300_000);
afterAll(async () => {
  await points.end();
  await platform.end();
});

const portOf = (service: string, from = 46_800) => ({
  name: 'http',
  internal: 7980,
  external: from + SERVICES.indexOf(service),
  why: 'HTTP API',
});

let asked = 0;

async function change(service: string): Promise<number> {
  // Its port alone: the removals afterwards are alike, of whom was changed and of whom was not.
  const manifest = specOf(service, { ports: [portOf(service, 46_900)] });
  const { digest = '' } = await previewService(DraftContent.parse(manifest), { changes: service });
  const idempotencyKey = `change ${(asked += 1)} of ${service}`;
  const result = await submitService({ action: 'change', manifest, digest, idempotencyKey, actor: platform.dana });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
}

async function remove(service: string): Promise<number> {
  const { digest = '' } = await previewRemoval(service);
  const idempotencyKey = `removal ${(asked += 1)} of ${service}`;
  const result = await submitRemoval({ service, digest, idempotencyKey, actor: platform.dana });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
}

/** The commits of opening are those of killed-opening.db.test.ts, where a worker dies at each; here it dies after each kind of call. */
const answerLost = ({ when, nth }: KillPoint) => when === 'after' && nth === 1;

/** The last is the moment at which the service is handed from one request to the next. */
const merging = ['commit: in_review to merged', 'Notion PATCH /v1/pages/ID', "commit: request's superseded_by_id"];

const everyCall = [
  'GitHub POST /git/trees',
  'GitHub POST /git/commits',
  'GitHub POST /git/refs',
  'GitHub POST /pulls',
  'GitHub POST /issues/ID/labels',
  'GitHub POST /pulls/ID/requested_reviewers',
  'Notion POST /v1/pages',
  'GitHub PATCH /pulls/ID',
];
/** Those that make what there must be one of. */
const makingCalls = ['GitHub POST /git/refs', 'GitHub POST /pulls', 'Notion POST /v1/pages'];

/** What was opened for it before is cancelled: the service is as it was. */
async function ready(service: string): Promise<void> {
  const { id, state } = await newestOf(service);
  if (state === 'in_review') await cancelRequest(id, platform.dana);
  await expect
    .poll(async () => [(await newestOf(service)).state, await jobsOf(id)], { timeout: 120_000 })
    .toEqual([state === 'in_review' ? 'cancelled' : state, []]);
}

/** @param at the calls at which a worker dies; all where it is absent. */
const open = (submit: (service: string) => Promise<number>, at?: readonly string[]) => ({
  endsAs: 'in_review',
  ready,
  begin: async ([service = '']: string[]) => [await submit(service)],
  oneByOne: true,
  atOnce: 1,
  diesAt: (point: KillPoint) => answerLost(point) && (at?.includes(point.what) ?? true),
});
const inTurn = () => {
  let next = 0;
  return () => SERVICES[next++ % SERVICES.length] ?? '';
};
/** Everybody has one that is open, and not only those that were needed so far. */
async function openTheRest(submit: (service: string) => Promise<number>): Promise<void> {
  for (const service of SERVICES)
    if ((await newestOf(service)).state !== 'in_review') await openPullRequest(await submit(service));
}

/** A service is merged once. */
const eachOnce = () => {
  const left = [...SERVICES];
  return () => {
    const service = left.shift();
    if (service === undefined) throw new Error('There are more moments to die in than services.');
    return service;
  };
};
const heldBy = (service: string) =>
  db().portReservation.findMany({
    where: { service, state: { not: 'released' } },
    select: { state: true, portFrom: true },
  });

test('a change: one pull request; at the merge the service has its new port alone, once', async () => {
  const died = await journeys.live(open(change), inTurn());
  expect(died.map(({ what }) => what)).toEqual(expect.arrayContaining(everyCall));
  await openTheRest(change);
  const followed = await journeys.live(mergeJourney(platform), eachOnce());
  expect(followed.map(({ what }) => what)).toEqual(expect.arrayContaining(merging));
  for (const service of SERVICES.slice(0, 1 + followed.length))
    expect(await heldBy(service)).toEqual([{ state: 'active', portFrom: portOf(service, 46_900).external }]);
}, 900_000);

test('a removal: one pull request; at the merge everything is given back, once', async () => {
  const died = await journeys.live(open(remove, makingCalls), inTurn());
  expect(died.map(({ what }) => what).sort()).toEqual(makingCalls.toSorted());
  await openTheRest(remove);
  const followed = await journeys.live(mergeJourney(platform), eachOnce());
  expect(followed.map(({ what }) => what)).toEqual(expect.arrayContaining(merging));
  for (const service of SERVICES.slice(0, 1 + followed.length)) expect(await heldBy(service)).toEqual([]);
}, 900_000);
