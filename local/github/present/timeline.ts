/** The timeline of a pull request as GitHub shows it: what happened to it, what was said, oldest first. */
import type { RestEndpointMethodTypes } from '@octokit/rest';

import type { Hub } from '../hub';
import type { IssueEventState, IssueState } from '../state';
import { presentComment, presentReview } from './issue';
import { presentLineComment } from './line-comment';
import { repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

/** As GitHub publishes it; the compiler compares. */
type Published = RestEndpointMethodTypes['issues']['listEventsForTimeline']['response']['data'][number];

function presentEvent(hub: Hub, event: IssueEventState): Published {
  const actor = presentUser(hub, event.actor);
  const common = {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: `${repositoryUrl(hub)}/issues/events/${event.id}`,
    actor,
    event: event.event,
    commit_id: event.commitId,
    commit_url: event.commitId === null ? null : `${repositoryUrl(hub)}/commits/${event.commitId}`,
    created_at: event.createdAt,
    performed_via_github_app: null,
  };
  if (event.dismissed !== null) {
    const { reviewId, state, message } = event.dismissed;
    return { ...common, dismissed_review: { review_id: reviewId, state, dismissal_message: message } };
  }
  if (event.requestedReviewer === null) return common;
  return { ...common, review_requester: actor, requested_reviewer: presentUser(hub, event.requestedReviewer) };
}

/** GitHub's `timeline-issue-events` of an issue or pull request. */
export function presentTimeline(hub: Hub, issue: IssueState): Published[] {
  const { comments, reviews, lineComments, issueEvents } = hub.state;
  const entries: { at: string; id: number; shown: Published }[] = [
    ...issueEvents
      .filter((event) => event.issue === issue.number)
      .map((event) => ({ at: event.createdAt, id: event.id, shown: presentEvent(hub, event) })),
    ...comments
      .filter((comment) => comment.issue === issue.number)
      .map((comment) => ({
        at: comment.createdAt,
        id: comment.id,
        shown: { ...presentComment(hub, comment, issue), event: 'commented', actor: presentUser(hub, comment.user) },
      })),
    ...reviews
      .filter((review) => review.pull === issue.number)
      .map((review) => ({
        at: review.submittedAt,
        id: review.id,
        shown: { ...presentReview(hub, review, issue), event: 'reviewed', state: review.state.toLowerCase() },
      })),
    ...lineComments
      .filter((comment) => comment.pull === issue.number && comment.inReplyTo === null)
      .map((comment) => ({
        at: comment.createdAt,
        id: comment.id,
        shown: {
          event: 'line-commented',
          node_id: nodeId('PullRequestReviewThread', comment.id),
          comments: lineComments
            .filter(({ id, inReplyTo }) => id === comment.id || inReplyTo === comment.id)
            .map((one) => presentLineComment(hub, one, issue)),
        },
      })),
  ];
  return entries.sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id).map(({ shown }) => shown);
}
