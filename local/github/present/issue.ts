/** Issues, their labels, comments, and the reviews of pull requests as GitHub shows them. */
import type { Hub } from '../hub';
import type { CommentState, IssueState, LabelState, ReviewState } from '../state';
import { repositoryPage, repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

/** How a login relates to the repository. */
export function association(hub: Hub, login: string): 'MEMBER' | 'NONE' {
  const account = hub.accounts.byLogin(login);
  return account === undefined || account.permission === 'none' ? 'NONE' : 'MEMBER';
}

/** GitHub's `label`. */
export function presentLabel(hub: Hub, label: LabelState) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryUrl(hub)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

/** The labels of an issue, by the names it holds. */
export function presentLabels(hub: Hub, issue: IssueState) {
  return hub.state.labels.filter((label) => issue.labels.includes(label.name)).map((label) => presentLabel(hub, label));
}

export function pageOf(hub: Hub, issue: IssueState): string {
  return `${repositoryPage(hub)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
}

/** GitHub's `reaction-rollup`: nobody reacts here. */
export function reactions(url: string) {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

/** GitHub's `issue`, also for the issue side of a pull request. */
export function presentIssue(hub: Hub, issue: IssueState) {
  const url = `${repositoryUrl(hub)}/issues/${issue.number}`;
  const assignees = issue.assignees.map((login) => presentUser(hub, login));
  const pullUrl = `${repositoryUrl(hub)}/pulls/${issue.number}`;
  return {
    url,
    repository_url: repositoryUrl(hub),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: pageOf(hub, issue),
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    number: issue.number,
    title: issue.title,
    user: presentUser(hub, issue.user),
    labels: presentLabels(hub, issue),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: hub.state.comments.filter((comment) => comment.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(hub, issue.user),
    body: issue.body,
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    ...(issue.pull === null
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: pullUrl,
            html_url: pageOf(hub, issue),
            diff_url: `${pageOf(hub, issue)}.diff`,
            patch_url: `${pageOf(hub, issue)}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }),
  };
}

/** GitHub's `issue-comment`. */
export function presentComment(hub: Hub, comment: CommentState, issue: IssueState) {
  const url = `${repositoryUrl(hub)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pageOf(hub, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(hub)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: presentUser(hub, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(hub, comment.user),
    body: comment.body,
    reactions: reactions(url),
    performed_via_github_app: null,
  };
}

/** GitHub's `pull-request-review`. */
export function presentReview(hub: Hub, review: ReviewState, issue: IssueState) {
  const page = `${pageOf(hub, issue)}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryUrl(hub)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: presentUser(hub, review.user),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: association(hub, review.user),
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}
