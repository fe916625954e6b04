/** Each job's name and what it is given. Whoever enqueues knows the contract alone; lib/jobs says what is done. */
import { z } from 'zod';

export const jobContracts = {
  /** Takes a request from `submitted` to `in_review`: branch, commits, pull request, tracker. */
  'open-pull-request': z.object({ requestId: z.number().int() }).strict(),
  /** Writes what is owed to the tracker, and the links both ways. */
  'update-tracker': z.object({ requestId: z.number().int() }).strict(),
  /** Closes the pull request and gives back what the request holds. */
  'cancel-request': z.object({ requestId: z.number().int() }).strict(),
  /** Reads what GitHub says of a request's pull request, and follows it. */
  'sync-pull-request': z.object({ requestId: z.number().int() }).strict(),
  /** Looks at an open request on main as it is now, and brings its branch up to it where it has to be. */
  'refresh-request': z.object({ requestId: z.number().int() }).strict(),
  /** Looks for pull requests that moved without our hearing of it, and for requests that nobody works on. */
  reconcile: z.object({}).strict(),
  /** Reads the base branch and brings the catalog and the ports up to it. */
  'sync-repository': z.object({}).strict(),
  /** Works on one stored webhook delivery. */
  'process-webhook': z.object({ deliveryId: z.string() }).strict(),
  /** Ends what is overdue: leases, drafts. */
  expire: z.object({}).strict(),
  /** Tries whether active ports answer, where that is configured. */
  'probe-ports': z.object({}).strict(),
} as const;

export type JobName = keyof typeof jobContracts;
export type JobInput<Name extends JobName> = z.infer<(typeof jobContracts)[Name]>;

/**
 * Which jobs go before others that wait as well: graphile-worker takes the smallest number first, 0 where a name is not here. Whoever cancels gives
 * things back, and what GitHub says of a pull request may end it; neither waits for those that are still to be opened. Open requests that follow main are
 * many after each merge: what people look at goes before them, or a webhook would show only minutes later.
 */
export const jobPriorities: Partial<Record<JobName, number>> = {
  'cancel-request': -20,
  'process-webhook': -10,
  'sync-pull-request': -10,
  'sync-repository': -10,
  'refresh-request': 10,
  'update-tracker': 10,
};

/**
 * Jobs of which only one runs at a time, by the name of their queue; those of a request have one of its own (lib/requests/jobs.ts). The key alone does not do
 * that: a job that runs has lost it, and the next one of that key would run beside it.
 */
export const jobQueues: Partial<Record<JobName, string>> = {
  'sync-repository': 'sync-repository',
  // A range where nothing answers takes longer than the others: a second run would count the same silence twice.
  'probe-ports': 'probe-ports',
};
