/**
 * What goes wrong on purpose: the next requests that match answer with a failure, lose their connection before or after the work
 * is done, are late, or wait until they are let go. And the list of requests that came in, so that they can be counted.
 */
import { z } from 'zod';

export const FaultRule = z
  .object({
    /** Any method where left out. */
    method: z.string().optional(),
    /** A regular expression for the path with its query, without /api/v3. */
    path: z.string().refine((source) => isPattern(source), 'is no regular expression'),
    /** How many requests it strikes. */
    times: z.number().int().positive().default(1),
    /** How many matching requests pass before it strikes. */
    skip: z.number().int().min(0).default(0),
    /** Answers with this instead of doing the work. */
    respond: z
      .object({
        status: z.number().int(),
        body: z.unknown().optional(),
        headers: z.record(z.string(), z.string()).default({}),
      })
      .optional(),
    /** Ends the connection without an answer, before or after the work. */
    drop: z.enum(['before', 'after']).optional(),
    /** Waits, before or after the work, until `release`. */
    hold: z.enum(['before', 'after']).optional(),
    delayMs: z.number().int().positive().optional(),
  })
  .strict();
export type FaultRule = z.input<typeof FaultRule>;
type ParsedRule = z.output<typeof FaultRule>;

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/** A request as it is remembered. `status` is null while it runs and where it had no answer. */
export interface SeenRequest {
  at: string;
  method: string;
  path: string;
  status: number | null;
  login: string | null;
}

const KEPT_REQUESTS = 5000;

export class Faults {
  private rules: ParsedRule[] = [];
  private seen: SeenRequest[] = [];
  private readonly held = new Set<() => void>();

  /** Adds a rule. @throws ZodError where it makes no sense. */
  add(rule: FaultRule): void {
    this.rules.push(FaultRule.parse(rule));
  }

  /** The rule that strikes this request; each strike is counted. */
  strike(method: string, path: string): ParsedRule | undefined {
    for (const rule of this.rules) {
      if (rule.method !== undefined && rule.method.toUpperCase() !== method) continue;
      if (!new RegExp(rule.path).test(path)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.times -= 1;
      if (rule.times === 0) this.rules = this.rules.filter((other) => other !== rule);
      return rule;
    }
    return undefined;
  }

  /** Forgets the rules and lets go of what waits. */
  clear(): void {
    this.rules = [];
    this.release();
  }

  /** Resolves with the next `release`. */
  hold(): Promise<void> {
    return new Promise((resolve) => this.held.add(resolve));
  }

  /** Lets all waiting requests go on. @returns how many. */
  release(): number {
    const waiting = [...this.held];
    this.held.clear();
    for (const resume of waiting) resume();
    return waiting.length;
  }

  /** How many requests wait for `release`. */
  get heldCount(): number {
    return this.held.size;
  }

  pendingRules(): readonly ParsedRule[] {
    return this.rules;
  }

  note(request: SeenRequest): void {
    this.seen.push(request);
    if (this.seen.length > KEPT_REQUESTS) this.seen.shift();
  }

  /** The requests so far, oldest first; with arguments only those that match. */
  requests(method?: string, path?: RegExp): SeenRequest[] {
    return this.seen.filter(
      (request) =>
        (method === undefined || request.method === method) && (path === undefined || path.test(request.path)),
    );
  }

  forgetRequests(): void {
    this.seen = [];
  }
}
