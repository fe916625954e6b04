/**
 * For tests alone: does what a worker, the clock and a person with a Retry button do for one request, in this process and at once. Jobs are taken from the real
 * queue: one that was forgotten is never run, and the life does not get on. After each strike it looks at what is said of it.
 */
import { expect } from 'vitest';
import { db } from '@/lib/db';
import { jobs } from '@/lib/jobs/index';
import { enqueue } from '@/lib/queue/enqueue';
import { forgetPauses } from '@/lib/queue/upstream-pauses';
import { retryRequest } from '@/lib/requests/commands';
import { enqueueForRequest, type RequestJob } from '@/lib/requests/jobs';
import { getRequest } from '@/lib/requests/queries';
import type { RequestState } from '@/lib/requests/states';
import type { RequestDetails, StepName, StepView } from '@/lib/requests/views';
import type { TestPlatform } from './test-platform';
import { ASKED_SECONDS, isCourtesy, type Strike, type Strikes } from './test-strikes';

const requestJobs: RequestJob[] = [
  'open-pull-request',
  'update-tracker',
  'refresh-request',
  'sync-pull-request',
  'cancel-request',
];
/** The steps of each job; the others have none, and what they throw is the queue's. */
const stepsOf: Partial<Record<JobOfLife, readonly StepName[]>> = {
  'open-pull-request': ['check', 'branch', 'pull-request'],
  'update-tracker': ['tracker-issue', 'runbook-page', 'link', 'tracker-end'],
  'refresh-request': ['refresh'],
  'cancel-request': ['cancel'],
};
type JobOfLife = RequestJob | 'sync-repository';
/** More rounds than any life needs. */
const MOST_ROUNDS = 60;

/** What a job left behind. */
interface Run {
  job: JobOfLife;
  /** Its steps that failed in this run, in order. */
  troubled: StepView[];
  /** What it threw: the queue tries it again, and its page shows this. */
  thrown: string;
  /** When it is tried again at the earliest. */
  next: Date | undefined;
  request: RequestDetails;
}

export class Life {
  constructor(
    private readonly platform: TestPlatform,
    private readonly strikes: Strikes,
  ) {}

  /** Works on the request until it is in that state and nothing of it waits, fails or is owed. */
  async until(id: number, state: RequestState): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.drain(id);
      const request = await getRequest(id);
      const idle = request.owed.length === 0 && request.steps.every(({ status }) => status !== 'failed');
      if (request.state === state && idle) return;
      if (waitsForPerson(request)) await retryRequest(id, this.platform.dana);
      else await this.clock(id);
    }
    const { state: at, timeline } = await getRequest(id);
    throw new Error(`request ${id} is ${at} and does not become ${state}: ${JSON.stringify(timeline.slice(-5))}`);
  }

  /** What the clock does each minute. */
  async clock(id: number): Promise<void> {
    await enqueueForRequest(db(), 'sync-pull-request', id);
    await enqueue(db(), 'sync-repository', {}, { key: 'sync-repository' });
  }

  /** Runs the request's jobs, earliest first, until none is left. */
  private async drain(id: number): Promise<void> {
    for (;;) {
      const job = await takeNext(id);
      if (!job) return;
      await this.run(id, job);
    }
  }

  private async run(id: number, job: JobOfLife): Promise<void> {
    // The wait that somebody asked for is over by now.
    await db().upstreamPause.deleteMany();
    forgetPauses('GitHub');
    let thrown = '';
    const startedAt = new Date();
    const struck = await this.strikes.during(job, async () => {
      try {
        if (job === 'sync-repository') await jobs[job]({});
        else await jobs[job]({ requestId: id });
      } catch (error) {
        thrown = String(error);
      }
    });
    const next = (await dueAt(id, job)) ?? undefined;
    const request = await getRequest(id);
    const run = { job, troubled: troubledSteps(request, job, startedAt), thrown, next, request };
    if (struck.length === 0) expect(thrown).toBe('');
    struck.filter(isCourtesy).forEach((strike) => expectCourtesy(strike, run));
    struck
      .filter((strike) => !isCourtesy(strike))
      .forEach((strike, at) => expectAnswered(strike, run.troubled[at], run));
    if (thrown === '' || next) return;
    if (job === 'sync-repository') await enqueue(db(), job, {}, { key: job });
    else await enqueueForRequest(db(), job, id);
  }
}

function waitsForPerson({ state, steps }: RequestDetails): boolean {
  return state === 'failed' || steps.some(({ status, nextAttemptAt }) => isStuck(status) && !nextAttemptAt);
}

const isStuck = (status: string) => status === 'failed' || status === 'owed';

/** Takes it off the queue as a worker does: what is queued under its key meanwhile is another one. */
async function takeNext(id: number): Promise<JobOfLife | undefined> {
  const [row] = await db().$queryRaw<{ id: bigint; task_identifier: JobOfLife }[]>`
    SELECT id, task_identifier FROM graphile_worker.jobs WHERE key = ANY(${keysOf(id)}) ORDER BY run_at, id LIMIT 1`;
  if (!row) return undefined;
  await db().$executeRaw`SELECT graphile_worker.complete_jobs(ARRAY[${row.id}]::bigint[])`;
  return row.task_identifier;
}

async function dueAt(id: number, job: JobOfLife): Promise<Date | undefined> {
  const key = job === 'sync-repository' ? job : `${job}:${id}`;
  const [row] = await db().$queryRaw<{ run_at: Date }[]>`SELECT run_at FROM graphile_worker.jobs WHERE key = ${key}`;
  return row?.run_at;
}

function keysOf(id: number): string[] {
  return [...requestJobs.map((name) => `${name}:${id}`), 'sync-repository'];
}

function troubledSteps({ steps }: RequestDetails, job: JobOfLife, since: Date): StepView[] {
  return steps
    .filter(({ name, status }) => stepsOf[job]?.includes(name) && status !== 'done')
    .filter(({ finishedAt }) => finishedAt !== undefined && new Date(finishedAt) >= since)
    .sort((a, b) => Number(new Date(a.finishedAt ?? 0)) - Number(new Date(b.finishedAt ?? 0)));
}

/** Asked again at once, and then told: nothing waits for labels and reviewers, but for a limit. */
function expectCourtesy({ kind, call }: Strike, { request, troubled }: Run): void {
  if (/limit/.test(kind)) {
    expectWait(troubled[0]?.nextAttemptAt, `${kind} at ${call}`);
    return;
  }
  const told = request.timeline.find((event) => event.kind === 'pull-request')?.detail;
  const words = call.includes('labels') ? 'set the labels' : 'for a review';
  if (told !== undefined) expect(told.includes(words), `${kind} at ${call}`).toBe(kind === 'refusal');
}

/** A strike is never swallowed: a person is told, the wait that was asked for is kept, and what time does not mend waits for a person. */
function expectAnswered(strike: Strike, troubled: StepView | undefined, { job, next, thrown, request }: Run): void {
  const label = `${strike.kind} at ${strike.call}`;
  const forPerson = strike.kind === 'refusal' || (strike.system === 'Notion' && strike.kind === 'second-limit');
  const asked = !forPerson && /limit/.test(strike.kind);
  // The last known main does for now; the clock asks again in a minute.
  if (job === 'sync-repository' && !forPerson) return;
  if (job === 'open-pull-request' && request.state === 'failed') {
    expect(forPerson, label).toBe(true);
    expect(request.failure, label).toContain('Refused on purpose');
    expect(request.timeline.at(-1), label).toMatchObject({ kind: 'failed' });
    // Nothing is lost by it: Retry goes on with the same ports.
    expect(
      request.allocations.ports.map(({ state }) => state),
      label,
    ).not.toContain('released');
  } else if (troubled) {
    expect(troubled.nextAttemptAt === undefined, label).toBe(forPerson);
    if (strike.system === 'GitHub' && forPerson) expect(troubled.error, label).toContain('Refused on purpose');
    if (asked) expectWait(troubled.nextAttemptAt, label);
    expectTold(strike, troubled, request);
  } else if (asked) expectWait(next?.toISOString(), label);
  // Jobs without steps are tried again by the queue, whose page shows why.
  else expect(thrown, `${label}, ${job}`).toMatch(/GitHub|Notion/);
}

/** The timeline says of the step that it waits, was tried, or is owed. */
function expectTold({ system, kind, call }: Strike, { title }: StepView, { timeline }: RequestDetails): void {
  const limited = system === 'GitHub' && /limit/.test(kind);
  const told = timeline.filter((event) => (limited ? event.kind === 'limit' : true));
  const says = (text: string) => told.some((event) => event.title.toLowerCase().includes(text.toLowerCase()));
  expect(
    says(title) || says('Could not cancel yet'),
    `${kind} at ${call}: the timeline says nothing of “${title}”`,
  ).toBe(true);
}

function expectWait(until: string | undefined, label: string): void {
  expect((new Date(until ?? 0).getTime() - Date.now()) / 1000, label).toBeGreaterThan(ASKED_SECONDS / 2);
}
