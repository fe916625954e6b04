import { describe, expect, it } from 'vitest';
import type { RequestDetails, StepName, StepView, TimelineEntry } from '@/lib/requests/views';
import { Manifest } from '@/lib/services/manifest';
import { offsetFrom, timelineNodes } from './timeline-model';

const manifest = Manifest.parse({
  name: 'livekit-egress',
  purpose: 'Records rooms',
  category: 'realtime',
  owner: 'realtime',
  runtime: { source: { kind: 'image', image: 'livekit/egress:v1.9.0' }, compose: {} },
});

let id = 0;
const entry = (kind: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: String((id += 1)),
  at: `2026-11-20T10:00:0${id % 10}.000Z`,
  kind,
  status: 'done',
  title: kind,
  detail: undefined,
  link: undefined,
  actor: undefined,
  durationMs: undefined,
  ...more,
});

const step = (name: StepName, status: StepView['status'], more: Partial<StepView> = {}): StepView => ({
  name,
  title: { 'pull-request': 'Pull request', 'runbook-page': 'Runbook page in the tracker' }[name as string] ?? name,
  status,
  attempts: 1,
  maxAttempts: 8,
  error: undefined,
  reference: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  durationMs: undefined,
  nextAttemptAt: undefined,
  ...more,
});

const request = (more: Partial<RequestDetails>): RequestDetails => {
  const steps = more.steps ?? [];
  return {
    id: 142,
    title: 'Add livekit-egress',
    action: 'add',
    supersededBy: undefined,
    givenBack: false,
    serviceName: 'livekit-egress',
    state: 'in_review',
    requester: { id: '1', name: 'Dana' },
    createdAt: '2026-11-20T10:00:00.000Z',
    updatedAt: '2026-11-20T10:00:00.000Z',
    reviewSince: '2026-11-20T10:00:03.000Z',
    mergedAt: undefined,
    liveAt: undefined,
    pull: undefined,
    checks: { pass: 0, warn: 0, fail: 0, notRun: 0 },
    failure: undefined,
    owedCount: 0,
    cancelling: false,
    ports: [],
    manifest,
    lifecycle: 'experimental',
    digest: 'd',
    repository: 'r/p',
    baseBranch: 'main',
    baseSha: 'b',
    branch: 'slipway/142-livekit-egress',
    headSha: undefined,
    mergeSha: undefined,
    failureRef: undefined,
    draftId: undefined,
    serviceIsLive: false,
    notShown: false,
    timeline: [],
    steps,
    owed: steps.filter(({ status }) => status === 'owed'),
    checkResults: [],
    commits: [],
    files: [],
    allocations: {
      ports: [],
      hosts: [],
      givenUp: { ports: [], hosts: [] },
      runbook: undefined,
      secrets: [],
      heldUntil: undefined,
    },
    followUps: [],
    githubChecks: [],
    branchTaken: undefined,
    links: { pull: undefined, issue: undefined, runbookPage: undefined, service: '/services/livekit-egress' },
    ...more,
  };
};

const shape = (details: RequestDetails) => timelineNodes(details).map(({ state, title }) => `${state}: ${title}`);

describe('timelineNodes', () => {
  it('shows what happened, what is owed, where it stands and what lies ahead', () => {
    const details = request({
      timeline: [entry('reserved'), entry('pull-request'), entry('tracker', { status: 'owed' })],
      steps: [step('runbook-page', 'owed', { error: 'Notion answered 503.', reference: 'slw-1' })],
    });
    expect(shape(details)).toEqual([
      'done: reserved',
      'done: pull-request',
      'owed: Owed: runbook page in the tracker',
      'now: Waiting for review',
      'ahead: Merge',
      'ahead: Live',
    ]);
    expect(timelineNodes(details)[2]).toMatchObject({ detail: 'Notion answered 503.', reference: 'slw-1' });
  });

  it('puts what GitHub told late where it happened, and says how long steps took', () => {
    const details = request({
      timeline: [
        entry('reserved', { at: '2026-11-20T10:00:00.000Z' }),
        entry('pull-request', { at: '2026-11-20T10:00:04.000Z', durationMs: 840 }),
        entry('merged', { at: '2026-11-20T10:09:00.000Z' }),
        entry('comment', { at: '2026-11-20T10:05:00.000Z' }),
        entry('review', { at: '2026-11-20T10:05:00.000Z' }),
      ],
      state: 'live',
    });
    expect(timelineNodes(details).map(({ kind, durationMs }) => [kind, durationMs])).toEqual([
      ['reserved', undefined],
      ['pull-request', 840],
      ['comment', undefined],
      ['review', undefined],
      ['merged', undefined],
    ]);
  });

  it('does not promise that a merge is found that main does not show', () => {
    const merged = request({ state: 'merged', mergedAt: '2026-11-20T10:09:00.000Z' });
    expect(timelineNodes(merged)[0]?.title).toBe('Waiting to be found in main');
    const told = entry('conflict', { status: 'failed', title: 'main does not have the merge' });
    const apart = { ...merged, notShown: true, timeline: [told] };
    expect(shape(apart)).toEqual([
      'failed: main does not have the merge',
      'now: Waits for main, or for an operator',
      'ahead: Live',
    ]);
    // The entry says why, and what follows.
    expect(timelineNodes(apart)[1]).toMatchObject({ kind: 'waiting', detail: undefined, at: merged.mergedAt });
  });

  it('says whose the branch is, and when it cannot follow main', () => {
    const branchTaken = { at: '2026-11-20T10:00:04.000Z', by: 'Owen', takeOverAsked: false };
    expect(timelineNodes(request({ branchTaken }))[0]?.detail).toContain('Owen committed to the branch');
    const asked = request({ branchTaken: { ...branchTaken, takeOverAsked: true } });
    expect(timelineNodes(asked)[0]?.detail).toContain('is taking the branch over');
    const waits = step('refresh', 'pending', { error: 'GitHub answered 503.' });
    expect(shape(request({ steps: [waits] }))[0]).toBe('owed: refresh: trying again');
    const stuck = step('refresh', 'failed', { error: 'GitHub refused the token.' });
    expect(shape(request({ steps: [stuck] }))[0]).toBe('failed: refresh: needs a person');
  });

  it('keeps an owed entry as history once nothing is owed any more', () => {
    const details = request({ timeline: [entry('tracker', { status: 'owed' })], steps: [] });
    expect(shape(details)[0]).toBe('done: tracker');
  });

  it('says what a working request is at, and that it waits for its next try', () => {
    expect(shape(request({ state: 'submitted', timeline: [entry('reserved')] }))).toEqual([
      'done: reserved',
      'now: Waiting for a worker',
      'ahead: Pull request',
      'ahead: Review',
      'ahead: Merge',
      'ahead: Live',
    ]);
    const waits = request({
      state: 'opening',
      steps: [
        step('pull-request', 'pending', { error: 'GitHub answered 502.', nextAttemptAt: '2026-11-20T10:01:00Z' }),
      ],
    });
    expect(timelineNodes(waits)[0]).toMatchObject({ state: 'owed', title: 'Pull request: trying again' });
  });

  it('shows one failure, with its reason and reference, and nothing ahead', () => {
    const details = request({
      state: 'failed',
      failure: 'The token may not push.',
      failureRef: 'slw-9',
      timeline: [entry('reserved'), entry('failed', { status: 'failed' })],
      steps: [step('pull-request', 'failed')],
    });
    expect(shape(details)).toEqual(['done: reserved', 'failed: Failed: pull request']);
    expect(timelineNodes(details)[1]).toMatchObject({ detail: 'The token may not push.', reference: 'slw-9' });
  });

  it('ends where the request has ended', () => {
    for (const state of ['live', 'closed', 'cancelled'] as const) {
      expect(shape(request({ state, timeline: [entry('reserved')] }))).toEqual(['done: reserved']);
    }
  });

  it('leads a removal to its end, which is not live', () => {
    expect(shape(request({ action: 'remove', state: 'merged' }))).toEqual([
      'now: Waiting until main has nothing of it',
      'ahead: Removed',
    ]);
    expect(timelineNodes(request({ action: 'change', cancelling: true }))[0]?.detail).toContain('stays as it is');
  });

  it('has nothing ahead of a request that is being cancelled', () => {
    expect(shape(request({ cancelling: true }))).toEqual(['now: Cancelling']);
  });
});

it('tells offsets within the first hour only', () => {
  const first = '2026-11-20T10:00:00.000Z';
  expect(offsetFrom(first, '2026-11-20T10:00:01.900Z')).toBe(1900);
  expect(offsetFrom(first, '2026-11-20T11:00:00.000Z')).toBeUndefined();
  expect(offsetFrom(first, first)).toBeUndefined();
  expect(offsetFrom(undefined, first)).toBeUndefined();
});
