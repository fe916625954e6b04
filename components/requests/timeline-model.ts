/** The timeline as it is drawn: what happened, what is owed, where the request stands now and what lies ahead. Pure. */
import type { RequestDetails, StepView, TimelineEntry } from '@/lib/requests/views';
import type { TimelineState } from '@/components/ui/timeline';

export interface TimelineNode {
  key: string;
  state: TimelineState;
  /** Chooses the icon: an entry's kind, or `waiting`, `working`. */
  kind: string;
  title: string;
  detail: string | undefined;
  link: string | undefined;
  actor: string | undefined;
  /** When it happened, or since when it lasts. */
  at: string | undefined;
  /** How long Slipway took for it. */
  durationMs: number | undefined;
  /** For a step that failed, is owed or waits for its next try. */
  step: StepView | undefined;
  /** Under which reference the log has the rest. */
  reference: string | undefined;
}

const plain = {
  detail: undefined,
  link: undefined,
  actor: undefined,
  at: undefined,
  durationMs: undefined,
  step: undefined,
  reference: undefined,
};

/** @returns the nodes in order; the page draws them from top to bottom. */
export function timelineNodes(request: RequestDetails): TimelineNode[] {
  return [...history(request), ...owed(request), ...now(request), ...ahead(request)];
}

function history(request: RequestDetails): TimelineNode[] {
  const failure = request.timeline.filter((entry) => entry.status === 'failed').at(-1);
  // What GitHub told late stands where it happened.
  const inOrder = [...request.timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return inOrder.flatMap((entry): TimelineNode[] => {
    // Said below with its next try and its retry, for as long as it is true.
    if (entry.status === 'owed' && request.owed.length > 0) return [];
    if (entry === failure && request.state === 'failed') return [];
    return [{ ...fromEntry(entry), state: entry.status === 'failed' ? 'failed' : 'done' }];
  });
}

function fromEntry(entry: TimelineEntry): TimelineNode {
  const { kind, title, detail, link, actor, at, durationMs } = entry;
  return { ...plain, key: `entry-${entry.id}`, state: 'done', kind, title, detail, link, actor, at, durationMs };
}

function owed(request: RequestDetails): TimelineNode[] {
  return request.owed.map((step) => ({
    ...plain,
    key: `owed-${step.name}`,
    state: 'owed',
    kind: 'owed',
    title: `Owed: ${step.title.charAt(0).toLowerCase()}${step.title.slice(1)}`,
    detail: step.error,
    at: step.finishedAt ?? step.startedAt,
    step,
    reference: step.reference,
  }));
}

const working = ['submitted', 'checking', 'opening'] as const;

function now(request: RequestDetails): TimelineNode[] {
  const one = (node: Partial<TimelineNode> & Pick<TimelineNode, 'title' | 'kind'>): TimelineNode[] => [
    { ...plain, key: 'now', state: 'now', ...node },
  ];
  if (request.cancelling) {
    const step = request.steps.find(({ name }) => name === 'cancel');
    return one({
      title: 'Cancelling',
      kind: 'cancel',
      detail:
        step?.error ??
        (request.action === 'add'
          ? 'The pull request is closed, its branch deleted, and ports, host and runbook number are given back.'
          : `The pull request is closed and its branch deleted; ${request.serviceName} stays as it is in main.`),
      step: step?.error ? step : undefined,
      reference: step?.reference,
    });
  }
  if (request.state === 'failed') {
    const entry = request.timeline.filter(({ status }) => status === 'failed').at(-1);
    const step = request.steps.find(({ status }) => status === 'failed');
    return [
      {
        ...plain,
        key: 'now',
        state: 'failed',
        kind: 'failed',
        title: step ? `Failed: ${step.title.charAt(0).toLowerCase()}${step.title.slice(1)}` : 'Failed',
        detail: request.failure ?? step?.error ?? entry?.detail,
        at: entry?.at,
        step,
        reference: request.failureRef ?? step?.reference,
      },
    ];
  }
  if (working.some((state) => state === request.state)) {
    const waits = request.steps.find(({ status, error }) => status === 'pending' && error !== undefined);
    if (waits) {
      return one({
        state: 'owed',
        kind: 'owed',
        title: `${waits.title}: trying again`,
        detail: waits.error,
        step: waits,
        reference: waits.reference,
      });
    }
    const running = request.steps.find(({ status }) => status === 'running');
    return one(
      running
        ? { title: running.title, kind: 'working', at: running.startedAt }
        : { title: 'Waiting for a worker', kind: 'waiting', at: request.timeline.at(-1)?.at ?? request.createdAt },
    );
  }
  if (request.state === 'in_review') {
    const refresh = request.steps.find(({ name }) => name === 'refresh');
    if (refresh?.error !== undefined && refresh.status !== 'done')
      return one({
        state: refresh.status === 'failed' ? 'failed' : 'owed',
        kind: 'owed',
        title: `${refresh.title}: ${refresh.status === 'failed' ? 'needs a person' : 'trying again'}`,
        detail: refresh.error,
        step: refresh,
        reference: refresh.reference,
      });
    return one({
      title: 'Waiting for review',
      kind: 'review',
      detail: reviewDetail(request),
      link: request.links.pull,
      at: request.reviewSince,
    });
  }
  if (request.state === 'merged' && request.notShown) {
    // Why, and what an operator's end of it gives back, stands in the entry above.
    return one({
      title: `Waits for ${request.baseBranch}, or for an operator`,
      kind: 'waiting',
      at: request.mergedAt,
    });
  }
  if (request.state === 'merged') {
    return one({
      title: request.action === 'remove' ? 'Waiting until main has nothing of it' : 'Waiting to be found in main',
      kind: 'waiting',
      detail: 'Main is read again after each merge.',
      at: request.mergedAt,
    });
  }
  return [];
}

function reviewDetail({ branchTaken, baseBranch }: RequestDetails): string {
  if (branchTaken?.takeOverAsked)
    return 'Slipway is taking the branch over: it plans the service again on main as it is now.';
  if (branchTaken)
    return `${branchTaken.by} committed to the branch, so it is theirs: Slipway does not keep it up with ${baseBranch}. Review it on GitHub, or let Slipway take the branch over.`;
  return 'Approve and merge it on GitHub; what happens there shows here within seconds.';
}

/** Where a request leads. */
const ends: Record<RequestDetails['action'], [title: string, detail: string]> = {
  add: ['Live', 'Counted when its block is found in main after the merge.'],
  change: ['Live', 'Counted when main has it so; what it no longer needs is then free.'],
  remove: ['Removed', 'Counted when main has nothing of it; its name, ports and hosts are then free.'],
};

function ahead(request: RequestDetails): TimelineNode[] {
  if (request.cancelling) return [];
  const step = (key: string, kind: string, title: string, detail?: string): TimelineNode => ({
    ...plain,
    key: `ahead-${key}`,
    state: 'ahead',
    kind,
    title,
    detail,
  });
  const [title, detail] = ends[request.action];
  const live = step('live', 'live', title, detail);
  if (working.some((state) => state === request.state)) {
    return [
      ...(request.pull ? [] : [step('pull', 'pull-request', 'Pull request')]),
      step('review', 'review', 'Review'),
      step('merge', 'merged', 'Merge'),
      live,
    ];
  }
  if (request.state === 'in_review') return [step('merge', 'merged', 'Merge'), live];
  if (request.state === 'merged') return [live];
  return [];
}

/** How much later than the first it was, for the first hour; after that the time itself says more. */
export function offsetFrom(first: string | undefined, at: string): number | undefined {
  if (first === undefined) return undefined;
  const offset = Date.parse(at) - Date.parse(first);
  return offset > 0 && offset < 3_600_000 ? offset : undefined;
}
