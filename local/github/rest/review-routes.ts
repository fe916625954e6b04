/** Reviews, what they say of lines, their dismissal, requests for them, and the timeline that tells of all of it. */
import { z } from 'zod';

import { notFound, unprocessable } from '../api-error';
import type { Pull } from '../hub';
import { requireIssue } from '../operations/issues';
import { addLineComment } from '../operations/line-comments';
import { requirePull } from '../operations/pulls';
import { dismissReview, removeReviewers, requestReviewers, REVIEW_EVENTS, submitReview } from '../operations/reviews';
import { presentReview } from '../present/issue';
import { presentLineComment } from '../present/line-comment';
import { presentPullSimple } from '../present/pull';
import { presentTimeline } from '../present/timeline';
import type { LineCommentState, ReviewState } from '../state';
import { created, numberParam, ok, paged, parseBody, type ApiCall, type Reply, type Route } from './api-call';

const LineComment = z.object({
  path: z.string().min(1),
  line: z.number().int().positive(),
  body: z.string().min(1),
});
const NewReview = z.object({
  event: z.enum(Object.keys(REVIEW_EVENTS) as (keyof typeof REVIEW_EVENTS)[]),
  body: z.string().default(''),
  commit_id: z.string().optional(),
  comments: z.array(LineComment).default([]),
});
const Reviewers = z.object({ reviewers: z.array(z.string()).default([]) });
const Dismissal = z.object({ message: z.string().min(1), event: z.literal('DISMISS').optional() });
const NewLineComment = LineComment.extend({ commit_id: z.string() });

const pullOf = (call: ApiCall): Pull => requirePull(call.hub, numberParam(call, 'number'));

function reviewOf(call: ApiCall, request: Pull): ReviewState {
  const id = numberParam(call, 'review');
  const review = call.hub.state.reviews.find((one) => one.id === id && one.pull === request.number);
  if (review === undefined) throw notFound();
  return review;
}

function commentOf(call: ApiCall, request: Pull): LineCommentState {
  const id = numberParam(call, 'comment');
  const comment = call.hub.state.lineComments.find((one) => one.id === id && one.pull === request.number);
  if (comment === undefined) throw notFound();
  return comment;
}

async function postReview(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const { commit_id: commitId, ...input } = parseBody(NewReview, call.body);
  const review = await submitReview(call.hub, call.actor, request, { ...input, commitId });
  return ok(presentReview(call.hub, review, request));
}

function listReviews(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const reviews = call.hub.state.reviews.filter((review) => review.pull === request.number);
  return paged(call, reviews, (review) => presentReview(call.hub, review, request));
}

async function putDismissal(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const review = reviewOf(call, request);
  await dismissReview(call.hub, call.actor, request, review, parseBody(Dismissal, call.body).message);
  return ok(presentReview(call.hub, review, request));
}

function listLineComments(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const comments = call.hub.state.lineComments.filter((comment) => comment.pull === request.number);
  return paged(call, comments, (comment) => presentLineComment(call.hub, comment, request));
}

/** A comment by itself is a review that holds it alone, as on GitHub. */
async function postLineComment(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const { commit_id: commitId, ...comment } = parseBody(NewLineComment, call.body);
  if (commitId !== request.pull.headSha) throw unprocessable('commit_id is not part of the pull request');
  await submitReview(call.hub, call.actor, request, { event: 'COMMENT', body: '', commitId, comments: [comment] });
  const made = call.hub.state.lineComments.at(-1);
  if (made === undefined) throw notFound();
  return created(presentLineComment(call.hub, made, request));
}

async function postReply(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const first = commentOf(call, request);
  const { body } = parseBody(z.object({ body: z.string().min(1) }), call.body);
  const review = { id: first.review, commitId: first.commitId };
  const reply = await addLineComment(call.hub, call.actor, request, review, { ...first, body }, first);
  return created(presentLineComment(call.hub, reply, request));
}

async function postReviewers(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  await requestReviewers(call.hub, call.actor, request, parseBody(Reviewers, call.body).reviewers);
  return { status: 201, body: await presentPullSimple(call.hub, request) };
}

async function deleteReviewers(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  await removeReviewers(call.hub, call.actor, request, parseBody(Reviewers, call.body).reviewers);
  return ok(await presentPullSimple(call.hub, request));
}

function listTimeline(call: ApiCall): Promise<Reply> {
  const issue = requireIssue(call.hub, numberParam(call, 'number'));
  return paged(call, presentTimeline(call.hub, issue), (entry) => entry);
}

export const reviewRoutes: Route[] = [
  { method: 'POST', path: '/pulls/:number/reviews', access: 'push', handle: postReview },
  { method: 'GET', path: '/pulls/:number/reviews', access: 'read', handle: listReviews },
  { method: 'PUT', path: '/pulls/:number/reviews/:review/dismissals', access: 'push', handle: putDismissal },
  { method: 'GET', path: '/pulls/:number/comments', access: 'read', handle: listLineComments },
  { method: 'POST', path: '/pulls/:number/comments', access: 'push', handle: postLineComment },
  { method: 'POST', path: '/pulls/:number/comments/:comment/replies', access: 'push', handle: postReply },
  { method: 'POST', path: '/pulls/:number/requested_reviewers', access: 'push', handle: postReviewers },
  { method: 'DELETE', path: '/pulls/:number/requested_reviewers', access: 'push', handle: deleteReviewers },
  { method: 'GET', path: '/issues/:number/timeline', access: 'read', handle: listTimeline },
];
