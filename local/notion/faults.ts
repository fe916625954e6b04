/**
 * What tests and curious people do to the Notion stand-in from outside, under /_slipway/: make requests fail on purpose, limit their
 * rate, take the whole service down, edit a page as a person would, and look at what was received.
 */
import { z } from 'zod';

import { NotionError, statusByCode, type NotionErrorCode } from './notion-error';
import type { JsonObject } from './reading';

const codes = Object.keys(statusByCode) as [NotionErrorCode, ...NotionErrorCode[]];

/** What happens to a request that a fault matches. */
export const FaultAction = z.discriminatedUnion('kind', [
  /** Refuse with an error of Notion's. */
  z
    .object({ kind: z.literal('refuse'), code: z.enum(codes), retryAfterSeconds: z.number().int().min(0).optional() })
    .strict(),
  /** Answer with a bare status and a body that is not Notion's, as a proxy in between would. */
  z.object({ kind: z.literal('answer'), status: z.number().int().min(400).max(599) }).strict(),
  /** Cut the connection before doing anything. */
  z.object({ kind: z.literal('drop') }).strict(),
  /** Do the work, then cut the connection: the caller never learns that it was done. */
  z.object({ kind: z.literal('drop-after') }).strict(),
  /** Answer later. */
  z.object({ kind: z.literal('delay'), milliseconds: z.number().int().min(0).max(120_000) }).strict(),
]);
export type FaultAction = z.infer<typeof FaultAction>;

export const Fault = z
  .object({
    method: z.string().regex(/^[A-Z]+$/),
    /** A regular expression on the path, for example `^/v1/pages$`. */
    path: z.string().refine((text) => {
      try {
        return new RegExp(text) instanceof RegExp;
      } catch {
        return false;
      }
    }, 'Not a regular expression.'),
    /** For how many of the next matching requests. */
    times: z.number().int().min(1).default(1),
    /** Let this many matching requests through first. */
    after: z.number().int().min(0).default(0),
    action: FaultAction,
  })
  .strict();
export type Fault = z.input<typeof Fault>;

export const RateLimit = z.object({ requests: z.number().int().min(1), seconds: z.number().int().min(1) }).strict();
export type RateLimit = z.infer<typeof RateLimit>;

/** One request as it was received under /v1. `status` is what was answered, or `dropped`. */
export interface ReceivedRequest {
  method: string;
  path: string;
  query: string;
  body: JsonObject;
  status: number | 'dropped';
}

/** The switches of one running stand-in. They are not kept over a restart. */
export class Faults {
  private faults: z.output<typeof Fault>[] = [];
  private recent: number[] = [];
  readonly received: ReceivedRequest[] = [];
  down = false;
  rateLimit: RateLimit | undefined;

  constructor(private readonly clock: () => Date) {}

  add(fault: z.output<typeof Fault>): void {
    this.faults.push({ ...fault });
  }

  /** Removes faults, limit and outage, and forgets what was received. */
  clear(): void {
    this.faults = [];
    this.recent = [];
    this.received.length = 0;
    this.down = false;
    this.rateLimit = undefined;
  }

  list(): z.output<typeof Fault>[] {
    return this.faults;
  }

  /** The action for a request, used up by asking. */
  take(method: string, path: string): FaultAction | undefined {
    const fault = this.faults.find((candidate) => candidate.method === method && new RegExp(candidate.path).test(path));
    if (fault === undefined) return undefined;
    if (fault.after > 0) {
      fault.after -= 1;
      return undefined;
    }
    fault.times -= 1;
    if (fault.times === 0) this.faults = this.faults.filter((other) => other !== fault);
    return fault.action;
  }

  /** @throws {NotionError} 429 with Retry-After when the limit is used up, 503 when the service is down. */
  admit(): void {
    if (this.down) throw new NotionError('service_unavailable', 'Notion is unavailable, please try again later.');
    const limit = this.rateLimit;
    if (limit === undefined) return;
    const now = this.clock().getTime();
    this.recent = this.recent.filter((time) => time > now - limit.seconds * 1000);
    const oldest = this.recent[0];
    if (this.recent.length >= limit.requests && oldest !== undefined) {
      const wait = Math.max(1, Math.ceil((oldest + limit.seconds * 1000 - now) / 1000));
      throw new NotionError('rate_limited', 'You have been rate limited. Please try again in a few minutes.', wait);
    }
    this.recent.push(now);
  }
}

const MESSAGES: Partial<Record<NotionErrorCode, string>> = {
  unauthorized: 'API token is invalid.',
  rate_limited: 'You have been rate limited. Please try again in a few minutes.',
  conflict_error: 'Conflict occurred while saving. Please try again.',
  internal_server_error: 'Unexpected error occurred.',
  service_unavailable: 'Notion is unavailable, please try again later.',
};

/** The refusal that a `refuse` action stands for. */
export function refusalOf(action: Extract<FaultAction, { kind: 'refuse' }>): NotionError {
  const wait = action.retryAfterSeconds ?? (action.code === 'rate_limited' ? 1 : undefined);
  return new NotionError(action.code, MESSAGES[action.code] ?? 'Refused on request.', wait);
}
