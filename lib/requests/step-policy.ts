/** The steps of a request's jobs for people, and how often and when a step that failed is tried again. Pure. */
import type { StepName } from './views';

export const stepTitles: Record<StepName, string> = {
  check: 'Check against the base',
  branch: 'Branch and commits',
  'pull-request': 'Pull request',
  'tracker-issue': 'Issue in the tracker',
  'runbook-page': 'Runbook page in the tracker',
  link: 'Links both ways',
  refresh: 'Follow the base branch',
  cancel: 'Close the pull request',
  'tracker-end': 'Tell the tracker how it ended',
};

/** Steps for which the pull request does not wait: they are owed until they are done. */
export const owableSteps: ReadonlySet<StepName> = new Set(['tracker-issue', 'runbook-page', 'link', 'tracker-end']);

/** The order in which pages show the steps that every request has. */
export const mainSteps = ['check', 'branch', 'pull-request', 'tracker-issue', 'runbook-page', 'link'] as const;

/** After so many tries a step waits for a person. Trackers are away for longer than anybody wants to wait for a pull request. */
export function maxAttempts(step: StepName): number {
  return owableSteps.has(step) ? 20 : 8;
}

/** Longer than this no system is believed that asks to wait: it is asked again then. */
const LONGEST_WAIT = 6 * 3600;

/** How long to wait before the next try: doubling from one second up to ten minutes. @param attempts tries so far, at least 1. */
export function backoffSeconds(attempts: number): number {
  return Math.min(2 ** (attempts - 1), 600);
}

/** How long to wait where the other system asked for it. */
export function waitSeconds(asked: number): number {
  return Math.min(Math.max(asked, 1), LONGEST_WAIT);
}
