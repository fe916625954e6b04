/**
 * For tests alone: every call to a system outside is struck once by a fault of each kind. Nobody lists the calls: a life without faults says which there are,
 * and a call is known again by the job that makes it, its method and path, and how many others like it the job made before.
 */
import { createHash } from 'node:crypto';
import type { Proxy, ProxyFault } from './test-proxy';

/** The same number of kinds for each system, so that one life takes a kind of each in turn. */
export const faultKinds = ['error', 'limit', 'second-limit', 'refusal', 'lost-before', 'lost-after'] as const;
export type FaultKind = (typeof faultKinds)[number];
type System = 'GitHub' | 'Notion';

/** How long the faults ask to wait, in seconds: nobody sits through it, and no patience of a client is as long. */
export const ASKED_SECONDS = 120;

/** Calls that differ by nothing but their content, like the blocks of a page, are known apart up to so many: the rest are one. */
const MOST_ALIKE = 6;

export interface Strike {
  system: System;
  kind: FaultKind;
  /** The call, as it is known again in another life. */
  call: string;
}

function gitHubFault(kind: FaultKind, index: number): ProxyFault {
  const refused = (status: number, headers: Record<string, string>, body: unknown): ProxyFault => ({
    status,
    headers,
    body,
  });
  switch (kind) {
    case 'error':
      return refused(index % 2 === 0 ? 500 : 502, {}, { message: 'Server Error' });
    case 'limit': {
      const reset = String(Math.ceil(Date.now() / 1000) + ASKED_SECONDS);
      const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      return refused(403, headers, { message: 'API rate limit exceeded' });
    }
    case 'second-limit':
      return refused(index % 2 === 0 ? 403 : 429, { 'retry-after': String(ASKED_SECONDS) }, { message: 'Slow down' });
    case 'refusal':
      return refused(422, {}, { message: 'Validation Failed', errors: [{ message: 'Refused on purpose' }] });
    default:
      return kind;
  }
}

function notionFault(kind: FaultKind, index: number): ProxyFault {
  const refused = (status: number, code: string, headers: Record<string, string> = {}): ProxyFault => ({
    status,
    headers,
    body: { object: 'error', status, code, message: 'Refused on purpose.' },
  });
  switch (kind) {
    case 'error':
      return refused(500, 'internal_server_error');
    case 'limit':
      return refused(429, 'rate_limited', { 'retry-after': String(ASKED_SECONDS) });
    case 'second-limit':
      return index % 2 === 0 ? refused(401, 'unauthorized') : refused(403, 'restricted_resource');
    case 'refusal':
      return refused(400, 'validation_error');
    default:
      return kind;
  }
}

/** A call of the life without faults: how often one run of its job makes it, and which kinds are to strike it. */
interface KnownCall {
  times: number;
  kinds: readonly FaultKind[];
}

/** Stands at both doors and strikes. */
export class Strikes {
  /** Every call of a life without faults. */
  readonly known = new Map<string, KnownCall>();
  /** `CALL, time N: KIND` of every strike so far. */
  private readonly struck = new Set<string>();
  /** The order in which calls were met first: it says which kind a call meets in which life. */
  private readonly indices = new Map<string, number>();
  /** Undefined: a life without faults. */
  private turn: number | undefined;
  private part = '';
  private kinds: readonly FaultKind[] = faultKinds;
  /** Of this life: the contents of calls that are alike, and how often a call was struck and passed. */
  private readonly ordinals = new Map<string, Map<string, number>>();
  private readonly met = new Map<string, { struck: number; passed: number }>();
  /** Of the run that is going on. */
  private job: string | undefined;
  private inRun: Strike[] = [];
  private readonly timesInRun = new Map<string, number>();
  private refused: { door: string; fault: ProxyFault } | undefined;

  constructor(proxies: Record<System, Proxy>) {
    for (const system of ['GitHub', 'Notion'] as const)
      proxies[system].fault = (method, path, body) => this.decide(system, method, path, body);
  }

  /** @param turn from nought; undefined for a life without faults. */
  beginLife(turn: number | undefined): void {
    this.turn = turn;
    this.met.clear();
    this.ordinals.clear();
  }

  /**
   * @param part names what the jobs are about now: the same calls of another part are calls of their own.
   * @param kinds with which they are struck; all where absent.
   */
  beginPart(part: string, kinds: readonly FaultKind[] = faultKinds): void {
    this.part = part;
    this.kinds = kinds;
  }

  /** Runs one job. @returns what struck it, in order. */
  async during(job: string, run: () => Promise<void>): Promise<Strike[]> {
    this.job = job;
    this.inRun = [];
    this.timesInRun.clear();
    this.refused = undefined;
    try {
      await run();
    } finally {
      this.job = undefined;
    }
    return this.inRun;
  }

  /** Which strikes there should have been in the lives so far, and were not. */
  missing(): string[] {
    return [...this.known].flatMap(([call, { times, kinds }]) =>
      Array.from({ length: times }, (_, time) => time + 1).flatMap((time) =>
        kinds.map((kind) => nameOf(call, time, kind)).filter((name) => !this.struck.has(name)),
      ),
    );
  }

  private decide(system: System, method: string, path: string, body: Buffer): ProxyFault | undefined {
    if (this.job === undefined) return undefined;
    const call = this.callOf(system, method, path, body);
    if (this.turn === undefined) {
      this.learn(call);
      return undefined;
    }
    // A rule does not go away by asking again at once.
    const door = `${system} ${method} ${path}`;
    if (this.refused?.door === door) return this.refused.fault;
    const met = this.met.get(call) ?? { struck: 0, passed: 0 };
    this.met.set(call, met);
    const times = this.known.get(call)?.times ?? 1;
    // What is made twice is struck the second time after it went well once.
    if (met.struck === times || met.passed < met.struck || !this.mayStrike(system)) {
      met.passed += 1;
      return undefined;
    }
    met.struck += 1;
    const { kind, index } = this.kindOf(call, met.struck, this.turn);
    if (!this.kinds.includes(kind)) {
      met.passed += 1;
      return undefined;
    }
    this.struck.add(nameOf(call, met.struck, kind));
    this.inRun.push({ system, kind, call });
    const fault = system === 'GitHub' ? gitHubFault(kind, index) : notionFault(kind, index);
    if (kind === 'refusal') this.refused = { door, fault };
    return fault;
  }

  private learn(call: string): void {
    const alike = call.endsWith(`#${MOST_ALIKE}`);
    const times = alike ? 1 : (this.timesInRun.get(call) ?? 0) + 1;
    this.timesInRun.set(call, times);
    this.known.set(call, { times: Math.max(times, this.known.get(call)?.times ?? 0), kinds: this.kinds });
  }

  /** GitHub is asked several things at once, and nobody could tell by which of two strikes a step ended. Notion is asked by one step after the other. */
  private mayStrike(system: System): boolean {
    return system === 'Notion' || this.inRun.every(isCourtesy);
  }

  /** Another kind in each life, so that in as many lives as there are kinds every call meets all of them. */
  private kindOf(call: string, time: number, turn: number): { kind: FaultKind; index: number } {
    const key = `${call}, time ${time}`;
    const index = this.indices.get(key) ?? this.indices.size;
    this.indices.set(key, index);
    return { kind: faultKinds[(index + turn) % faultKinds.length] ?? 'error', index };
  }

  private callOf(system: System, method: string, path: string, body: Buffer): string {
    const asked = `${system} ${method} ${templateOf(path)}`;
    // Whoever comes first reads a new main, for all.
    const readsMain = /^GitHub GET \/git\/(ref\/heads\/main|trees|blobs)/.test(asked) && isReader(this.job);
    const template = `${this.part}, ${readsMain ? 'reading main' : (this.job ?? '')}: ${asked}`;
    const own = createHash('sha256').update(path).update(body).digest('hex');
    const known = this.ordinals.get(template) ?? new Map<string, number>();
    this.ordinals.set(template, known);
    const ordinal = known.get(own) ?? Math.min(known.size + 1, MOST_ALIKE);
    known.set(own, ordinal);
    return `${template} #${ordinal}`;
  }
}

/** Labels and reviewers: what happens there ends no step. */
export function isCourtesy({ call }: Strike): boolean {
  return /labels|requested_reviewers/.test(call);
}

function nameOf(call: string, time: number, kind: FaultKind): string {
  return `${call}, time ${time}: ${kind}`;
}

function isReader(job: string | undefined): boolean {
  return job === 'sync-repository' || job === 'refresh-request';
}

/** The path without what differs from one request to the next: hashes, ids, numbers, the branch. */
function templateOf(path: string): string {
  return decodeURIComponent(path)
    .replace('/api/v3/repos/ravenhelm/platform', '')
    .replace(/slipway\/\d+-[a-z0-9-]+/g, 'BRANCH')
    .replace(/[0-9a-f]{40}/g, 'SHA')
    .replace(/[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/g, 'ID')
    .replace(/\/\d+(?=\/|$|\?)/g, '/N');
}
