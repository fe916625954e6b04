/**
 * For tests alone: one stretch of a request's life, lived once without a hitch and then once for each moment at which the worker may die. Afterwards
 * everything stands as it did without a hitch: what is on GitHub and in the tracker, what is held, the steps, and the timeline.
 */
import { expect } from 'vitest';
import { db } from '@/lib/db';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { getRequest } from '@/lib/requests/queries';
import { killPointsOf, watched, type KillPoint, type KillPoints } from './test-kill-points';
import { newestOf, outcomeOf, standOf, type Stand } from './test-outcome';
import type { TestPlatform, TestWorker } from './test-platform';

const patience = { timeout: 120_000, interval: 50 };
/** As many jobs as one worker runs at a time: one SIGKILL for so many requests. */
const MOST_AT_ONCE = 4;

/** What the poll does, whose time is its own. */
const POLLED = /sync-pull-request$|event comment$/;

export interface Journey {
  /** The state in which the request rests when it is through. */
  endsAs: string;
  /** Waits until the service may begin. */
  ready?(service: string): Promise<void>;
  /** What moves all of these services, where a worker runs already. @returns the request of each, in their order. */
  begin(services: string[]): Promise<number[]>;
  /** Where calls do not say whose they are: the next one begins when the one before it is held. */
  oneByOne?: boolean;
  /** What of all that is done counts; the rest may be somebody else's, where all calls are taken for this request's. All where it is absent. */
  counts?(what: string): boolean;
  /** Those of the moments at which a worker is killed; all where it is absent. */
  diesAt?(point: KillPoint): boolean;
  /** How many die at once. */
  atOnce?: number;
}

/** Kills a worker at every moment of the journey, each with a service of its own. @returns those moments. */
export class KilledJourneys {
  private worker: TestWorker | undefined;
  constructor(
    private readonly platform: TestPlatform,
    private readonly points: KillPoints,
  ) {}

  /** @param nextService a service that is ready for the journey. */
  async live(journey: Journey, nextService: () => string): Promise<KillPoint[]> {
    const clean = nextService();
    await this.running();
    await journey.ready?.(clean);
    const before = await standOf(clean);
    // Who went on after a worker died may have made calls that name nobody.
    await this.points.forget();
    if (journey.oneByOne) await this.quiet();
    await this.points.watch(clean, undefined, journey.oneByOne);
    const [id = 0] = await journey.begin([clean]);
    await this.expectRest(journey, id);
    const events = (await this.points.lasting(clean)).filter(
      ({ what }) => !POLLED.test(what) && (journey.counts?.(what) ?? true),
    );
    // Of calls that may be anybody's none is known to come before a commit: then each kind has its own moments.
    const calls = events.filter(({ kind }) => kind === 'call');
    const commits = events.filter(({ kind }) => kind === 'commit');
    const moments = journey.oneByOne ? [...killPointsOf(commits), ...killPointsOf(calls)] : killPointsOf(events);
    const points = moments.filter((point) => journey.diesAt?.(point) ?? true);
    if (!journey.oneByOne) expect(this.points.strays, 'calls that could be anybody’s').toEqual([]);
    await this.points.forget();
    const wanted = await this.settled(journey, id, before);
    for (const crowd of crowdsOf(points, journey.atOnce ?? MOST_AT_ONCE))
      await this.killAll(journey, crowd, nextService, wanted);
    return points;
  }

  private async killAll(
    journey: Journey,
    points: readonly KillPoint[],
    nextService: () => string,
    wanted: unknown,
  ): Promise<void> {
    const victim = await this.running();
    const cases: { point: KillPoint; service: string; before: Stand }[] = [];
    for (const point of points) {
      const service = nextService();
      await journey.ready?.(service);
      cases.push({ point, service, before: await standOf(service) });
    }
    const groups = journey.oneByOne ? cases.map((one) => [one]) : [cases];
    const ids: number[] = [];
    for (const group of groups) {
      if (journey.oneByOne) await this.quiet(ids);
      for (const { service, point } of group) await this.points.watch(service, point, journey.oneByOne);
      ids.push(...(await journey.begin(group.map(({ service }) => service))));
      await expect.poll(async () => this.missing(group), patience).toEqual([]);
    }
    await victim.kill();
    this.worker = undefined;
    await this.points.bury();
    await this.points.forget();
    await this.running();
    for (const [index, { point, before }] of cases.entries()) {
      const id = ids[index] ?? 0;
      const label = `killed ${point.when} ${point.what} (${point.nth})`;
      expect(await this.settled(journey, id, before, label), label).toEqual(wanted);
    }
  }

  /** Nobody else's call can be taken for that of the request that is watched next. @param held what stands still already. */
  private async quiet(held: readonly number[] = []): Promise<void> {
    await expect.poll(() => openJobs(held), patience).toEqual([]);
  }

  /** Those that are not yet held, with what they did. */
  private async missing(group: readonly { service: string; point: KillPoint }[]): Promise<string[]> {
    const held = await this.points.held();
    const away = group.filter(({ service }) => !held.includes(service));
    return Promise.all(
      away.map(async ({ service, point }) => {
        const done = (await this.points.lasting(service)).map(({ what }) => what);
        return `${service} is not held ${point.when} ${point.what} (${point.nth}); it did: ${done.join(', ')}`;
      }),
    );
  }

  /** The worker that lives, or another one. */
  private async running(): Promise<TestWorker> {
    this.worker ??= this.platform.startWorker(watched);
    await this.worker.ready;
    return this.worker;
  }

  /** Nothing is left to do about the request: it stands where it was to, and no job of it may still run. */
  private async expectRest(journey: Journey, id: number, label = 'without a hitch'): Promise<void> {
    await expect
      .poll(async () => ({ state: (await getRequest(id)).state, jobs: await jobsOf(id) }), {
        ...patience,
        message: label,
      })
      .toEqual({ state: journey.endsAs, jobs: [] });
  }

  /** At rest, and what the poll finds was found: it comes by when it does. */
  private async settled(journey: Journey, id: number, before: Stand, label?: string): Promise<unknown> {
    await this.expectRest(journey, id, label);
    await enqueueForRequest(db(), 'sync-pull-request', id);
    await this.expectRest(journey, id, label);
    return outcomeOf(this.platform, id, before);
  }
}

/** Who is killed together. */
function crowdsOf(points: readonly KillPoint[], atOnce: number): KillPoint[][] {
  const together = points.filter(({ locks }) => !locks);
  const crowds = points.filter(({ locks }) => locks).map((point) => [point]);
  for (let at = 0; at < together.length; at += atOnce) crowds.push(together.slice(at, at + atOnce));
  return crowds;
}

/** What may still be done about the request. */
export const jobsOf = async (id: number) => (await unfinishedJobs()).filter(({ request }) => request === String(id));

/** What may still be done about any request but these. */
const openJobs = async (besides: readonly number[]) =>
  (await unfinishedJobs()).filter(({ request }) => !besides.map(String).includes(request));

const unfinishedJobs = () => db().$queryRaw<{ request: string; task: string; error: string | null }[]>`
  SELECT _private_jobs.payload->>'requestId' AS request, job.task_identifier AS task, job.last_error AS error
    FROM graphile_worker.jobs job JOIN graphile_worker._private_jobs USING (id)
   WHERE _private_jobs.payload->>'requestId' IS NOT NULL AND (job.attempts < job.max_attempts OR job.locked_at IS NOT NULL)`;

/** The pull request is merged, and its service found in main. One at a time, since each waits for main as it is after the one before. */
export function mergeJourney(platform: TestPlatform): Journey {
  const pullOf = async (service: string) => `/pulls/${(await newestOf(service)).pullNumber ?? 0}`;
  return {
    endsAs: 'live',
    oneByOne: true,
    atOnce: 1,
    // What moves the request on, and what tells the tracker.
    counts: (what) => / to (merged|live)$|\bsuperseded/.test(what) || what.startsWith('Notion'),
    diesAt: ({ what, when, nth }) => what.startsWith('commit') || (when === 'after' && nth === 1),
    ready: async (service) => {
      const { id } = await newestOf(service);
      await enqueueForRequest(db(), 'refresh-request', id);
      await expect.poll(() => jobsOf(id), patience).toEqual([]);
      await expect
        .poll(async () => platform.api<{ mergeable: boolean | null }>('GET', await pullOf(service)), patience)
        .toMatchObject({ mergeable: true });
    },
    begin: async ([service = '']) => {
      const { id } = await newestOf(service);
      await platform.api('PUT', `${await pullOf(service)}/merge`);
      // As the webhook would.
      await enqueueForRequest(db(), 'sync-pull-request', id);
      return [id];
    },
  };
}
