/** What the queue page is told: plain values that survive JSON (dates are ISO 8601 texts), and the pure rules over them. */

/** `failed`: its tries are used up, and it waits for a person. `again`: it failed and is tried again. */
export type JobState = 'running' | 'waiting' | 'again' | 'failed';

export interface JobView {
  id: string;
  /** The contract's name: `open-pull-request`. */
  name: string;
  /** What it is about, where that is a request. */
  requestId: number | undefined;
  state: JobState;
  /** When it may start; of one that runs, when it started. */
  at: string;
  attempts: number;
  maxAttempts: number;
  /** The last error's first line. */
  error: string | undefined;
}

export interface JobQueue {
  /** Those that failed first, then those that run, then by the time they are due. */
  jobs: JobView[];
  counts: Record<JobState, number>;
}

export interface DeliveryView {
  id: string;
  /** `pull_request`, with its action: `pull_request.closed`. */
  event: string;
  receivedAt: string;
  processedAt: string | undefined;
  outcome: string | undefined;
}

export interface WorkerView {
  /** The number of its connection in PostgreSQL. */
  connection: number;
  since: string;
  /** Where it runs; undefined where it is on the database's machine. */
  address: string | undefined;
  running: number;
}

export interface PauseView {
  system: string;
  scope: 'all' | 'writes';
  until: string;
  reason: string;
}

export interface BudgetView {
  system: string;
  resource: string;
  remaining: number;
  limit: number;
  resetAt: string;
  seenAt: string;
}

export interface TurnsView {
  /** How many steps wait for their turn to write. */
  waiting: number;
  /** When the last of them has it. */
  lastAt: string | undefined;
  /** Writing requests that were given out in the last hour. */
  writesInHour: number;
}

/** A job's key says what it is about: `open-pull-request:142`. */
export function requestOfKey(key: string | null): number | undefined {
  const number = /^(?:open-pull-request|update-tracker|cancel-request|sync-pull-request|refresh-request):(\d+)$/.exec(
    key ?? '',
  )?.[1];
  return number === undefined ? undefined : Number(number);
}
