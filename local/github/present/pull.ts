/** Pull requests as GitHub shows them: short in lists, whole on their own. */
import { fileDifference } from '../git/changed-files';
import type { Hub, Pull } from '../hub';
import { baseOf, forkPoint, mergeability } from '../operations/mergeability';
import { hasUnfinishedOrFailedChecks } from './check';
import { changesBetween } from './commit';
import { association, pageOf, presentLabels } from './issue';
import { presentRepository, repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

function presentEnd(hub: Hub, ref: string, sha: string) {
  return { label: `${hub.owner}:${ref}`, ref, sha, user: presentUser(hub, hub.owner), repo: presentRepository(hub) };
}

async function mergeCommitSha(hub: Hub, request: Pull): Promise<string | null> {
  if (request.state === 'closed') return request.pull.mergeCommitSha;
  return (await mergeability(hub, baseOf(hub, request), request.pull.headSha)).testMerge ?? null;
}

/** GitHub's `pull-request-simple`. */
export async function presentPullSimple(hub: Hub, request: Pull) {
  const { pull } = request;
  const url = `${repositoryUrl(hub)}/pulls/${request.number}`;
  const issueUrl = `${repositoryUrl(hub)}/issues/${request.number}`;
  const statusesUrl = `${repositoryUrl(hub)}/statuses/${pull.headSha}`;
  const page = pageOf(hub, request);
  const assignees = request.assignees.map((login) => presentUser(hub, login));
  return {
    url,
    id: request.id,
    node_id: nodeId('PullRequest', request.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: request.number,
    state: request.state,
    locked: false,
    title: request.title,
    user: presentUser(hub, request.user),
    body: request.body,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    closed_at: request.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: await mergeCommitSha(hub, request),
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((login) => presentUser(hub, login)),
    requested_teams: [],
    labels: presentLabels(hub, request).map((label) => ({ ...label, description: label.description ?? '' })),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(hub)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
    head: presentEnd(hub, pull.headRef, pull.headSha),
    base: presentEnd(hub, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repositoryUrl(hub)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statusesUrl },
    },
    author_association: association(hub, request.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

async function presentMergeability(hub: Hub, request: Pull, known: boolean) {
  if (request.state === 'closed' || !known) return { mergeable: null, rebaseable: null, mergeable_state: 'unknown' };
  const { tree } = await mergeability(hub, baseOf(hub, request), request.pull.headSha);
  const mergeable = tree !== undefined;
  const state = !mergeable
    ? 'dirty'
    : request.pull.draft
      ? 'draft'
      : hasUnfinishedOrFailedChecks(hub, request.pull.headSha)
        ? 'unstable'
        : 'clean';
  return { mergeable, rebaseable: false, mergeable_state: state };
}

/**
 * GitHub's `pull-request`. `known: false` shows it as GitHub does right after a change, when it has not yet found out whether
 * the pull request can be merged.
 */
export async function presentPull(hub: Hub, request: Pull, { known = true }: { known?: boolean } = {}) {
  const base = baseOf(hub, request);
  const start = await forkPoint(hub, request);
  const changes = await changesBetween(hub, start, request.pull.headSha);
  const differences = await Promise.all(changes.map((file) => fileDifference(hub.objects, file)));
  const simple = await presentPullSimple(hub, request);
  return {
    ...simple,
    merge_commit_sha: known || request.state === 'closed' ? simple.merge_commit_sha : null,
    merged: request.pull.mergedAt !== null,
    ...(await presentMergeability(hub, request, known)),
    merged_by: request.pull.mergedBy === null ? null : presentUser(hub, request.pull.mergedBy),
    comments: hub.state.comments.filter((comment) => comment.issue === request.number).length,
    review_comments: hub.state.lineComments.filter((comment) => comment.pull === request.number).length,
    maintainer_can_modify: false,
    commits: (await hub.history.between(base, request.pull.headSha)).length,
    additions: differences.reduce((sum, { additions }) => sum + additions, 0),
    deletions: differences.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: changes.length,
  };
}
