/** Reviews of pull requests, their dismissal, and requests for them. */
import { permits, type GitHubAccount } from '../accounts';
import { ApiError, unprocessable } from '../api-error';
import type { Hub, Pull } from '../hub';
import { presentReview } from '../present/issue';
import { presentPullSimple } from '../present/pull';
import { presentUser } from '../present/user';
import type { ReviewState } from '../state';
import { announce } from './announce';
import { noteEvent } from './issue-events';
import { addLineComment, requireLine, type NewLineComment } from './line-comments';

export const REVIEW_EVENTS = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

export interface NewReview {
  event: keyof typeof REVIEW_EVENTS;
  body: string;
  commitId?: string | undefined;
  comments?: readonly NewLineComment[];
}

/** Submits a review. @throws {ApiError} 422: one's own pull request, no words where words are needed, or a line that is not there. */
export async function submitReview(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  { comments = [], ...input }: NewReview,
): Promise<ReviewState> {
  const refuse = (why: string) => new ApiError(422, 'Unprocessable Entity', [why]);
  const own = actor.login === request.user;
  if (own && input.event === 'APPROVE') throw refuse('Can not approve your own pull request');
  if (own && input.event === 'REQUEST_CHANGES') throw refuse('Can not request changes on your own pull request');
  if (input.event !== 'APPROVE' && input.body.trim() === '' && comments.length === 0)
    throw refuse('Body can not be blank');
  // All of it or nothing.
  for (const { path, line } of comments) await requireLine(hub, request, path, line);
  const review: ReviewState = {
    id: hub.nextId(),
    pull: request.number,
    user: actor.login,
    body: input.body,
    state: REVIEW_EVENTS[input.event],
    commitId: input.commitId ?? request.pull.headSha,
    submittedAt: hub.timestamp(),
  };
  for (const comment of comments) await addLineComment(hub, actor, request, review, comment);
  hub.state.reviews.push(review);
  request.pull.requestedReviewers = request.pull.requestedReviewers.filter((login) => login !== actor.login);
  request.updatedAt = review.submittedAt;
  await announceReview(hub, actor, request, review, 'submitted');
  return review;
}

async function announceReview(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  review: ReviewState,
  action: 'submitted' | 'dismissed',
): Promise<void> {
  const shown = presentReview(hub, review, request);
  announce(hub, actor, 'pull_request_review', action, {
    review: { ...shown, state: shown.state.toLowerCase() },
    pull_request: await presentPullSimple(hub, request),
  });
}

/** Takes a review's word back. @throws {ApiError} 422 where it neither approves nor asks for changes. */
export async function dismissReview(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  review: ReviewState,
  message: string,
): Promise<void> {
  const { state } = review;
  if (state !== 'APPROVED' && state !== 'CHANGES_REQUESTED') {
    throw unprocessable(`Can not dismiss a ${state.toLowerCase()} pull request review`);
  }
  review.state = 'DISMISSED';
  request.updatedAt = hub.timestamp();
  const dismissed = { reviewId: review.id, state: state.toLowerCase(), message };
  noteEvent(hub, actor, request, 'review_dismissed', { dismissed });
  await announceReview(hub, actor, request, review, 'dismissed');
}

/** Asks people for a review. @throws {ApiError} 422: the author, or somebody who has no part in the repository. */
export async function requestReviewers(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  logins: readonly string[],
): Promise<void> {
  const accounts = logins.map((login) => hub.accounts.byLogin(login));
  if (accounts.some((account) => account?.login === request.user)) {
    throw unprocessable('Review cannot be requested from pull request author.');
  }
  const found = accounts.filter((account) => account !== undefined && permits(account.permission, 'read'));
  if (found.length < logins.length) {
    throw unprocessable(
      `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${hub.fullName} repository.`,
    );
  }
  const known = request.pull.requestedReviewers;
  const asked = [...new Set(found.flatMap((account) => account?.login ?? []))].filter(
    (login) => !known.includes(login),
  );
  request.pull.requestedReviewers = [...known, ...asked];
  await announceRequests(hub, actor, request, 'review_requested', asked);
}

/** Asks them no longer. Who was not asked is not missed. */
export async function removeReviewers(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  logins: readonly string[],
): Promise<void> {
  const { requestedReviewers } = request.pull;
  const removed = requestedReviewers.filter((login) => logins.includes(login));
  request.pull.requestedReviewers = requestedReviewers.filter((login) => !logins.includes(login));
  await announceRequests(hub, actor, request, 'review_request_removed', removed);
}

async function announceRequests(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  event: 'review_requested' | 'review_request_removed',
  logins: readonly string[],
): Promise<void> {
  request.updatedAt = hub.timestamp();
  for (const login of logins) {
    noteEvent(hub, actor, request, event, { requestedReviewer: login });
    announce(hub, actor, 'pull_request', event, {
      number: request.number,
      pull_request: await presentPullSimple(hub, request),
      requested_reviewer: presentUser(hub, login),
    });
  }
}
