/** Reviews of pull requests and requests for them. */
import { permits, type GitHubAccount } from '../accounts';
import { ApiError, unprocessable } from '../api-error';
import type { Hub, Pull } from '../hub';
import { presentReview } from '../present/issue';
import { presentPullSimple } from '../present/pull';
import type { ReviewState } from '../state';
import { announce } from './announce';

export const REVIEW_EVENTS = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

/** Submits a review. @throws {ApiError} 422: one's own pull request, or no words where words are needed. */
export async function submitReview(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  input: { event: keyof typeof REVIEW_EVENTS; body: string; commitId?: string | undefined },
): Promise<ReviewState> {
  const refuse = (why: string) => new ApiError(422, 'Unprocessable Entity', [why]);
  const own = actor.login === request.user;
  if (own && input.event === 'APPROVE') throw refuse('Can not approve your own pull request');
  if (own && input.event === 'REQUEST_CHANGES') throw refuse('Can not request changes on your own pull request');
  if (input.event !== 'APPROVE' && input.body.trim() === '') throw refuse('Body can not be blank');
  const review: ReviewState = {
    id: hub.nextId(),
    pull: request.number,
    user: actor.login,
    body: input.body,
    state: REVIEW_EVENTS[input.event],
    commitId: input.commitId ?? request.pull.headSha,
    submittedAt: hub.timestamp(),
  };
  hub.state.reviews.push(review);
  request.pull.requestedReviewers = request.pull.requestedReviewers.filter((login) => login !== actor.login);
  request.updatedAt = review.submittedAt;
  const shown = presentReview(hub, review, request);
  announce(hub, actor, 'pull_request_review', 'submitted', {
    review: { ...shown, state: shown.state.toLowerCase() },
    pull_request: await presentPullSimple(hub, request),
  });
  return review;
}

/** Asks people for a review. @throws {ApiError} 422: the author, or somebody who has no part in the repository. */
export function requestReviewers(hub: Hub, request: Pull, logins: readonly string[]): void {
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
  const all = [...request.pull.requestedReviewers, ...found.flatMap((account) => account?.login ?? [])];
  request.pull.requestedReviewers = [...new Set(all)];
  request.updatedAt = hub.timestamp();
}
