/** What the tracker's pages say of a request, by what it does to its service. */
import type { DesiredIssue } from '@/lib/adapters/notion/ensure-issue';
import type { DesiredRunbookPage } from '@/lib/adapters/notion/ensure-runbook-page';
import { env } from '@/lib/env';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { actionNamed, requestTitle } from '@/lib/requests/states';
import { filesOf, storedManifest, StoredPlan } from '@/lib/requests/stored';
import { requestUrl } from './request-row';

/** The issue of a request. */
export function issueOf(request: ChangeRequest, links: { runbookUrl?: string | undefined }): DesiredIssue {
  const manifest = storedManifest(request.manifest);
  return {
    requestId: String(request.id),
    requestUrl: requestUrl(request.id),
    title: requestTitle(actionNamed(request.action), manifest.displayName ?? manifest.name),
    service: manifest.name,
    component: manifest.category,
    status: issueStatus(request.state),
    pullRequestUrl: request.pullUrl ?? undefined,
    runbookUrl: links.runbookUrl,
    body: [whatItDoes(request), endSentence(request)].filter(Boolean).join('\n\n'),
  };
}

function whatItDoes(request: ChangeRequest): string {
  const { name, purpose } = storedManifest(request.manifest);
  if (request.action === 'add') return purpose;
  const commits = StoredPlan.parse(request.plan).commits.map(({ subject }) => `- ${subject}`);
  const first =
    request.action === 'change'
      ? `Changes ${name}, which is live: ${purpose}`
      : `Takes ${name} out of ${request.repository}. Its ports, hosts and name are free once ${request.baseBranch} has nothing of it.`;
  return [first, commits.join('\n')].join('\n\n');
}

function issueStatus(state: ChangeRequest['state']): DesiredIssue['status'] {
  if (state === 'merged' || state === 'live') return 'Done';
  // Nobody works on it any more; whoever wants it takes it up from there.
  if (state === 'closed' || state === 'cancelled') return 'Idea';
  return 'In Review';
}

function endSentence(request: ChangeRequest): string {
  const stays = request.action === 'add' ? '' : ` ${request.serviceName} stays as it was.`;
  if (request.state === 'cancelled')
    return `Cancelled${request.cancelAskedBy ? ` by ${request.cancelAskedBy}` : ''}.${stays}`;
  if (request.state === 'closed') return `The pull request was closed without merging.${stays}`;
  return '';
}

/**
 * The page of the service's runbook.
 * @param first the request that added the service: the page is known by it, so that a change finds the page that is there.
 */
export function runbookOf(
  request: ChangeRequest,
  first: ChangeRequest,
  path: string,
  links: { issueUrl?: string },
): DesiredRunbookPage {
  const manifest = storedManifest(request.manifest);
  const file = filesOf(StoredPlan.parse(request.plan)).find((one) => one.path === path);
  const removed = request.action === 'remove';
  const markdown = (removed ? file?.before : file?.after) ?? '';
  const gone = whyGone(request);
  return {
    requestId: String(first.id),
    requestUrl: requestUrl(first.id),
    title: /^# (.+)$/m.exec(markdown)?.[1]?.trim() ?? manifest.name,
    service: manifest.name,
    owner: manifest.owner,
    dashboardUrl: manifest.docs.dashboards[0]?.url,
    pullRequestUrl: request.pullUrl ?? undefined,
    issueUrl: links.issueUrl,
    markdown: gone === undefined ? markdown : `${gone}\n\n${markdown}`,
    // What is not there is not where its links point to.
    sourceUrl: gone === undefined ? sourceUrl(request, path) : undefined,
  };
}

/** Why there is no such service: it was removed, or came to nothing before it was there. */
function whyGone(request: ChangeRequest): string | undefined {
  const { id, action, state, serviceName, cancelAskedBy } = request;
  if (action === 'remove')
    return `${serviceName} was removed by request ${id}: ${requestUrl(id)}. What follows is how its runbook read last.`;
  if (action !== 'add' || (state !== 'cancelled' && state !== 'closed')) return undefined;
  const how =
    state === 'cancelled'
      ? `was cancelled${cancelAskedBy ? ` by ${cancelAskedBy}` : ''}`
      : 'ended when its pull request was closed without merging';
  return `There is no ${serviceName}: request ${id} ${how}, ${requestUrl(id)}. What follows is what its runbook was to say.`;
}

/** Where the file is shown once it is merged: beside the pull request, since an enterprise's GitHub has its own address. */
function sourceUrl(request: ChangeRequest, path: string): string | undefined {
  const repository = request.pullUrl?.replace(/\/pull\/\d+$/, '');
  return repository === undefined ? undefined : `${repository}/blob/${env().github.baseBranch}/${path}`;
}
