/**
 * The life of a change request: its states and which may follow which. Pure, so that pages may use it too; who moves a request from one
 * to the next is transition.ts alone.
 */

export const requestStates = [
  'submitted',
  'checking',
  'opening',
  'in_review',
  'merged',
  'live',
  'failed',
  'closed',
  'cancelled',
] as const;
export type RequestState = (typeof requestStates)[number];

/** Which state may follow which. What is not here cannot happen. */
export const allowedTransitions: Record<RequestState, readonly RequestState[]> = {
  submitted: ['checking', 'failed', 'cancelled'],
  checking: ['opening', 'failed', 'cancelled'],
  opening: ['in_review', 'failed', 'cancelled'],
  in_review: ['merged', 'closed', 'cancelled'],
  // Ended by an operator, where main does not show what was merged.
  merged: ['live', 'cancelled'],
  live: [],
  // Retried, or its pull request was there after all when GitHub answered again.
  failed: ['submitted', 'cancelled', 'merged', 'closed'],
  // Reopened on GitHub, or reopened and merged before we looked.
  closed: ['in_review', 'merged'],
  // A merge on GitHub that was faster than our closing counts.
  cancelled: ['merged'],
};

/** Before the pull request stands: the worker has something to do. */
export const workingStates = ['submitted', 'checking', 'opening'] as const satisfies readonly RequestState[];

/** Not at its end: counted in the navigation, and its ports are somebody's. */
export const openStates = [
  'submitted',
  'checking',
  'opening',
  'in_review',
  'merged',
  'failed',
] as const satisfies readonly RequestState[];

/** Whether `to` may follow `from`. */
export function canFollow(from: RequestState, to: RequestState): boolean {
  return allowedTransitions[from].includes(to);
}

/** A request may be cancelled until it is merged: after that there is nothing to close, and main has to be looked at first. */
export function isCancellable(state: RequestState): boolean {
  return state !== 'merged' && canFollow(state, 'cancelled');
}

/** The state in words, for people. */
export const stateLabels: Record<RequestState, string> = {
  submitted: 'Submitted',
  checking: 'Checking',
  opening: 'Opening',
  in_review: 'In review',
  merged: 'Merged',
  live: 'Live',
  failed: 'Failed',
  closed: 'Closed',
  cancelled: 'Cancelled',
};

/** What a request does to its service. */
export const requestActions = ['add', 'change', 'remove'] as const;
export type RequestAction = (typeof requestActions)[number];

/** A stored word as an action; rows have no fourth (check constraint `change_requests_action`). */
export function actionNamed(word: string): RequestAction {
  return requestActions.find((one) => one === word) ?? 'add';
}

const verbs: Record<RequestAction, string> = { add: 'Add', change: 'Change', remove: 'Remove' };

/** `Add livekit-egress`. */
export function requestTitle(action: RequestAction, name: string): string {
  return `${verbs[action]} ${name}`;
}

/** The state of this request in words: a removal that is through is not live, and neither is what left main again. */
export function stateLabel({
  state,
  action,
  supersededBy,
  givenBack = false,
}: {
  state: RequestState;
  action: RequestAction;
  supersededBy?: number | undefined;
  givenBack?: boolean | undefined;
}): string {
  if (state !== 'live') return stateLabels[state];
  if (action === 'remove') return 'Removed';
  if (givenBack) return 'Given back';
  return supersededBy === undefined ? stateLabels.live : 'Superseded';
}
