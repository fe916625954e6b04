/** Comments on lines as GitHub shows them. */
import type { RestEndpointMethodTypes } from '@octokit/rest';

import type { Hub } from '../hub';
import type { IssueState, LineCommentState } from '../state';
import { association, pageOf, reactions } from './issue';
import { repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

/** As GitHub publishes it; the compiler compares. */
type Published = RestEndpointMethodTypes['pulls']['listReviewComments']['response']['data'][number];

/** GitHub's `pull-request-review-comment`. */
export function presentLineComment(hub: Hub, comment: LineCommentState, issue: IssueState): Published {
  const url = `${repositoryUrl(hub)}/pulls/comments/${comment.id}`;
  const page = `${pageOf(hub, issue)}#discussion_r${comment.id}`;
  const pullUrl = `${repositoryUrl(hub)}/pulls/${issue.number}`;
  return {
    url,
    pull_request_review_id: comment.review,
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: presentUser(hub, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: association(hub, comment.user),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    start_line: null,
    original_start_line: null,
    start_side: null,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    subject_type: 'line',
    reactions: reactions(url),
  };
}
