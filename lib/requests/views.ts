/** What pages and the API are told of requests: plain values that survive JSON (dates are ISO 8601 texts). Types only. */
import type { Lifecycle, Manifest } from '@/lib/services/manifest';
import type { PortRange } from '@/lib/services/port-range';
import type { z } from 'zod';
import type { RequestAction, RequestState } from './states';

/** One row of the list. */
export interface RequestSummary {
  id: number;
  /** `Add livekit-egress`. */
  title: string;
  action: RequestAction;
  /** The change or removal that took its place in main. */
  supersededBy: number | undefined;
  /** Somebody took the service out of main by hand, and what it held was given back. */
  givenBack: boolean;
  serviceName: string;
  state: RequestState;
  requester: { id: string; name: string };
  createdAt: string;
  updatedAt: string;
  /** When it entered review (the pull request was opened). */
  reviewSince: string | undefined;
  mergedAt: string | undefined;
  liveAt: string | undefined;
  pull: { number: number; url: string } | undefined;
  checks: CheckCounts;
  /** Why it failed, for people. */
  failure: string | undefined;
  /** Steps that are owed to the tracker. */
  owedCount: number;
  /** Somebody asked to cancel it and the worker is at it. */
  cancelling: boolean;
  /** As people write them: `7893`, `7894-7899/udp`. */
  ports: string[];
}

export interface CheckCounts {
  pass: number;
  warn: number;
  fail: number;
  notRun: number;
}

export interface RequestPage {
  requests: RequestSummary[];
  /** Give it back as `cursor` for the next page. */
  nextCursor: number | undefined;
}

export type EventStatus = 'info' | 'done' | 'owed' | 'failed';

export interface TimelineEntry {
  id: string;
  /** When it happened: entries of GitHub's may have come in later than others that happened after them. */
  at: string;
  /** `reserved`, `commits`, `pull-request`, `tracker`, `review`, `review-request`, `comment`, `merged`, `live`, `failed`, `retry`, `cancel`, `closed`, `reopened`, `conflict`. */
  kind: string;
  status: EventStatus;
  title: string;
  detail: string | undefined;
  link: string | undefined;
  actor: string | undefined;
  durationMs: number | undefined;
}

export const stepNames = [
  'check',
  'branch',
  'pull-request',
  'tracker-issue',
  'runbook-page',
  'link',
  'refresh',
  'cancel',
  'tracker-end',
] as const;
export type StepName = (typeof stepNames)[number];

/** `owed`: the pull request did not wait for it; it is tried again. `skipped`: this request does not need it. */
export type StepStatus = 'pending' | 'running' | 'done' | 'failed' | 'owed' | 'skipped';

export interface StepView {
  name: StepName;
  title: string;
  status: StepStatus;
  attempts: number;
  /** After so many it waits for a person. */
  maxAttempts: number;
  error: string | undefined;
  reference: string | undefined;
  startedAt: string | undefined;
  finishedAt: string | undefined;
  durationMs: number | undefined;
  nextAttemptAt: string | undefined;
}

/** A step that does not get on, as operators see it. */
export interface TroubledStep {
  requestId: number;
  serviceName: string;
  name: StepName;
  title: string;
  /** Owed to the tracker: the pull request does not wait for it. */
  toTracker: boolean;
  /** It is not tried again by itself. */
  waitsForPerson: boolean;
  error: string;
  reference: string | undefined;
  attempts: number;
  maxAttempts: number;
  since: string | undefined;
  nextAttemptAt: string | undefined;
}

export interface CheckView {
  id: string;
  name: string;
  status: 'pass' | 'fail' | 'warn' | 'not-run';
  summary: string;
  detail: string;
  durationMs: number | undefined;
}

export interface FileView {
  path: string;
  added: number;
  removed: number;
  isNew: boolean;
}

export interface CommitView {
  key: string;
  subject: string;
  /** Once it is on GitHub. */
  sha: string | undefined;
  added: number;
  removed: number;
  files: FileView[];
}

export interface PortAllocation {
  name: string;
  protocol: 'tcp' | 'udp';
  internal: PortRange | undefined;
  /** What the host publishes; `none` where only the network reaches it. */
  external: PortRange | 'none';
  /** `kept`: the service has it by the request that this one leads away from, or that took its place. */
  state: 'held' | 'reserved' | 'active' | 'kept' | 'released' | 'none';
  pool: string | undefined;
  scope: string | undefined;
  /** Only while it is held. */
  leaseUntil: string | undefined;
}

/** Something that a person does after the merge. */
export interface FollowUpView {
  key: string;
  title: string;
  detail?: string;
  command?: string;
  /** Who ticked it off, and when. */
  done: { at: string; by: string } | undefined;
}

/** Everything that the request page shows. */
export interface RequestDetails extends RequestSummary {
  manifest: Manifest;
  lifecycle: z.infer<typeof Lifecycle>;
  digest: string;
  repository: string;
  baseBranch: string;
  baseSha: string;
  branch: string;
  headSha: string | undefined;
  mergeSha: string | undefined;
  failureRef: string | undefined;
  /** The draft that it was submitted from, while that is kept. */
  draftId: string | undefined;
  /** A request of Slipway's stands in main for its service: there is something to change or to remove. */
  serviceIsLive: boolean;
  /** It is merged, and main was found not to show it: by itself it never will. */
  notShown: boolean;
  timeline: TimelineEntry[];
  steps: StepView[];
  /** Steps of `steps` with status `owed`. */
  owed: StepView[];
  checkResults: CheckView[];
  commits: CommitView[];
  files: FileView[];
  allocations: {
    ports: PortAllocation[];
    hosts: { host: string; path: string }[];
    /** Of a change: what the service had and has no more. */
    givenUp: { ports: string[]; hosts: string[] };
    runbook: { number: number; path: string | undefined } | undefined;
    secrets: string[];
    /** Until when the ports are held, while they are held. */
    heldUntil: string | undefined;
  };
  followUps: FollowUpView[];
  /** What other programs say on GitHub of the branch's head, by name. */
  githubChecks: { name: string; state: 'pass' | 'fail' | 'pending'; url: string | undefined }[];
  /** Since when and by whose commit the branch is a person's: Slipway writes no more to it. */
  branchTaken: { at: string; by: string; takeOverAsked: boolean } | undefined;
  links: {
    pull: string | undefined;
    issue: string | undefined;
    runbookPage: string | undefined;
    /** Inside the portal. */
    service: string;
  };
}

/** A file of the change set with its bytes, base to result, for the diff. */
export interface RequestFile extends FileView {
  before: string | null;
  after: string | null;
  executable: boolean;
}

/** One row of what waits for an operator; oldest first. */
export interface ReviewItem extends RequestSummary {
  owner: string;
  /** Seconds since the pull request was opened. */
  waitingSeconds: number;
  files: number;
  added: number;
}
