/**
 * The page of a service's runbook in the Runbooks database: the same text as in the repository, linked with the issue and the pull
 * request (requirements, sections 10 and 17).
 */
import type { Tracker } from './client';
import { PULL_REQUEST_NAMES } from './ensure-issue';
import { ensurePage, mendPage, type DesiredPage, type EnsuredPage } from './ensure-page';
import { markdownToBlocks } from './markdown-to-blocks';

export interface DesiredRunbookPage {
  /** The natural key: one runbook page for each change request. */
  requestId: string;
  /** The change request's page in the portal. */
  requestUrl: string;
  title: string;
  service: string;
  owner?: string | undefined;
  dashboardUrl?: string | undefined;
  pullRequestUrl?: string | undefined;
  issueUrl?: string | undefined;
  /** The runbook as it stands in the repository. */
  markdown: string;
  /** The file's own web address, so that its relative links lead somewhere. */
  sourceUrl?: string | undefined;
}

/**
 * Makes the runbook's page or brings it up to date. A page on which a person has written keeps its text.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export function ensureRunbookPage(tracker: Tracker, runbook: DesiredRunbookPage): Promise<EnsuredPage> {
  return ensurePage(tracker, pageOf(runbook));
}

/**
 * Brings it up to date if it is there; makes none.
 * @returns undefined where there is none.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export function mendRunbookPage(tracker: Tracker, runbook: DesiredRunbookPage): Promise<EnsuredPage | undefined> {
  return mendPage(tracker, pageOf(runbook));
}

function pageOf(runbook: DesiredRunbookPage): DesiredPage {
  return {
    table: 'runbooks',
    requestId: runbook.requestId,
    requestUrl: runbook.requestUrl,
    title: runbook.title,
    columns: [
      { names: ['Service', 'Services'], value: runbook.service, ours: false },
      { names: ['Ownership', 'Owner', 'Owners'], value: runbook.owner, ours: false },
      { names: ['Dashboards', 'Dashboard'], value: runbook.dashboardUrl, ours: false },
    ],
    links: [
      { label: 'Issue', names: ['Issue', 'Issues', 'Tracker issue', 'Backlog'], url: runbook.issueUrl },
      { label: 'Pull request', names: PULL_REQUEST_NAMES, url: runbook.pullRequestUrl },
    ],
    body: markdownToBlocks(runbook.markdown, runbook.sourceUrl),
  };
}
