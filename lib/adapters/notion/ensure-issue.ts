/**
 * The issue of a change request in the Backlog: the trace from a deployable change to its tracker (requirements, section 10).
 */
import type { Tracker } from './client';
import { ensurePage, mendPage, type DesiredPage, type EnsuredPage } from './ensure-page';
import { markdownToBlocks } from './markdown-to-blocks';

/** The columns of the board. */
export type IssueStatus = 'Idea' | 'Ready' | 'In Progress' | 'In Review' | 'Blocked' | 'Done';

export interface DesiredIssue {
  /** The natural key: one issue for each change request. */
  requestId: string;
  /** The change request's page in the portal. */
  requestUrl: string;
  title: string;
  service: string;
  component?: string | undefined;
  /** Absent: the database's default on a new issue, and left as it is on one that exists. */
  status?: IssueStatus | undefined;
  pullRequestUrl?: string | undefined;
  /** The runbook's page, in Notion or in the repository. */
  runbookUrl?: string | undefined;
  /** What it is about, in Markdown. */
  body: string;
}

export const PULL_REQUEST_NAMES: readonly string[] = [
  'PR',
  'Pull request',
  'PR link',
  'PR URL',
  'Pull request URL',
  'GitHub PR',
];

/**
 * Makes the issue or brings it up to date.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export function ensureIssue(tracker: Tracker, issue: DesiredIssue): Promise<EnsuredPage> {
  return ensurePage(tracker, pageOf(issue));
}

/**
 * Brings it up to date if it is there; makes none.
 * @returns undefined where there is none.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export function mendIssue(tracker: Tracker, issue: DesiredIssue): Promise<EnsuredPage | undefined> {
  return mendPage(tracker, pageOf(issue));
}

function pageOf(issue: DesiredIssue): DesiredPage {
  return {
    table: 'backlog',
    requestId: issue.requestId,
    requestUrl: issue.requestUrl,
    title: issue.title,
    columns: [
      { names: ['Service', 'Services'], value: issue.service, ours: false },
      { names: ['Component', 'Components', 'Area'], value: issue.component, ours: false },
      { names: ['Status', 'State'], value: issue.status, ours: true },
    ],
    links: [
      { label: 'Pull request', names: PULL_REQUEST_NAMES, url: issue.pullRequestUrl },
      { label: 'Runbook', names: ['Runbook', 'Runbook link', 'Runbook URL'], url: issue.runbookUrl },
    ],
    body: markdownToBlocks(issue.body),
  };
}
