/** What people say on a pull request and ask of each other there: comments, comments on lines, reviews, their dismissal, requests for reviews. */
import { z } from 'zod';
import type { GitHub } from './client';
import { allPages, PAGE_SIZE } from './pages';
import { listTimeline, type TimelineEntry } from './pull-timeline';

interface Activity {
  /** Natural key: `comment:123`, `line-comment:7`, `review:45`, `review:45:dismissed`, `review-request:9`. */
  key: string;
  author: string;
  body: string;
  url: string;
  at: Date;
}
export type PullActivity = Activity &
  (
    | { kind: 'comment' }
    /** `line` is undefined where the comment is about the whole file, or its line is gone. */
    | { kind: 'line-comment'; path: string; line: number | undefined; isReply: boolean }
    /** `state` is GitHub's word: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`. */
    | { kind: 'review'; state: string }
    | { kind: 'dismissal'; reviewer: string }
    /** `asked` is false where somebody is asked no longer. */
    | { kind: 'review-request'; asked: boolean; reviewer: string }
  );

const Author = z.object({ login: z.string() }).nullable();
const Comment = z.object({
  id: z.number(),
  body: z.string().optional(),
  html_url: z.string(),
  user: Author,
  created_at: z.string(),
});
const LineComment = z.object({
  id: z.number(),
  body: z.string(),
  html_url: z.string(),
  user: Author,
  created_at: z.string(),
  path: z.string(),
  line: z.number().nullish(),
  in_reply_to_id: z.number().optional(),
  pull_request_review_id: z.number().nullish(),
});
type LineComment = z.output<typeof LineComment>;
const Review = z.object({
  id: z.number(),
  body: z.string().nullable(),
  state: z.string(),
  html_url: z.string(),
  user: Author,
  submitted_at: z.string().optional(),
});
type Review = z.output<typeof Review>;

const nameOf = (account: { login: string } | null | undefined) => account?.login ?? 'somebody';

/**
 * All of it, oldest first.
 * @param url the pull request's page, for what has none of its own.
 */
export async function listActivity(github: GitHub, number: number, url: string): Promise<PullActivity[]> {
  const at = { ...github.at, pull_number: number };
  const [comments, lines, reviews, timeline] = await Promise.all([
    listComments(github, number),
    allPages((page) =>
      github.call('read the comments on lines', z.array(LineComment), () =>
        github.rest.pulls.listReviewComments({ ...at, per_page: PAGE_SIZE, page }),
      ),
    ),
    allPages((page) =>
      github.call('read the reviews', z.array(Review), () =>
        github.rest.pulls.listReviews({ ...at, per_page: PAGE_SIZE, page }),
      ),
    ),
    listTimeline(github, number),
  ]);
  const activity = [
    ...comments,
    ...lines.map(lineComment),
    ...reviews.flatMap((review) => reviewAndDismissal(review, lines, timeline)),
    ...timeline.flatMap((entry) => reviewRequest(entry, url)),
  ];
  return activity.sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function listComments(github: GitHub, number: number): Promise<PullActivity[]> {
  const comments = await allPages((page) =>
    github.call('read the comments', z.array(Comment), () =>
      github.rest.issues.listComments({ ...github.at, issue_number: number, per_page: PAGE_SIZE, page }),
    ),
  );
  return comments.map((one) => ({
    key: `comment:${one.id}`,
    kind: 'comment',
    author: nameOf(one.user),
    body: one.body ?? '',
    url: one.html_url,
    at: new Date(one.created_at),
  }));
}

function lineComment(one: LineComment): PullActivity {
  return {
    key: `line-comment:${one.id}`,
    kind: 'line-comment',
    path: one.path,
    line: one.line ?? undefined,
    isReply: one.in_reply_to_id !== undefined,
    author: nameOf(one.user),
    body: one.body,
    url: one.html_url,
    at: new Date(one.created_at),
  };
}

/** A review as it was submitted and, where somebody dismissed it since, that: GitHub's list only has how it stands now. */
function reviewAndDismissal(
  review: Review,
  lines: readonly LineComment[],
  timeline: readonly TimelineEntry[],
): PullActivity[] {
  // Not submitted yet: only its author sees it.
  if (review.submitted_at === undefined) return [];
  const { id, html_url: url } = review;
  const [author, body] = [nameOf(review.user), review.body ?? ''];
  const submitted = new Date(review.submitted_at);
  const dismissal = timeline.find(
    (entry) => entry.event === 'review_dismissed' && entry.dismissed_review.review_id === id,
  );
  const before = dismissal?.event === 'review_dismissed' ? dismissal.dismissed_review : undefined;
  const dismissed = review.state === 'DISMISSED';
  const state = dismissed ? (before?.state.toUpperCase() ?? 'COMMENTED') : review.state;
  // GitHub wraps comments on lines into a review that says nothing itself.
  const isWrap = state === 'COMMENTED' && body === '' && lines.some((line) => line.pull_request_review_id === id);
  return [
    ...(isWrap ? [] : [{ key: `review:${id}`, kind: 'review' as const, state, author, body, url, at: submitted }]),
    ...(dismissed
      ? [
          {
            key: `review:${id}:dismissed`,
            kind: 'dismissal' as const,
            reviewer: author,
            author: nameOf(dismissal?.actor),
            body: before?.dismissal_message ?? '',
            url,
            at: dismissal ? new Date(dismissal.created_at) : submitted,
          },
        ]
      : []),
  ];
}

function reviewRequest(entry: TimelineEntry, url: string): PullActivity[] {
  if (entry.event !== 'review_requested' && entry.event !== 'review_request_removed') return [];
  return [
    {
      key: `review-request:${entry.id}`,
      kind: 'review-request',
      asked: entry.event === 'review_requested',
      reviewer: entry.requested_team ? `the team ${entry.requested_team.name}` : nameOf(entry.requested_reviewer),
      author: nameOf(entry.actor),
      body: '',
      url: `${url}#event-${entry.id}`,
      at: new Date(entry.created_at),
    },
  ];
}

/** Says something on the pull request unless it stands there already. */
export async function commentOnce(github: GitHub, number: number, body: string): Promise<void> {
  const comments = await listComments(github, number);
  if (comments.some((one) => one.body.trim() === body.trim())) return;
  await github.call('comment on the pull request', z.unknown(), () =>
    github.rest.issues.createComment({ ...github.at, issue_number: number, body }),
  );
}
