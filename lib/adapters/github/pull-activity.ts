/** What people say on a pull request: comments and reviews. */
import { z } from 'zod';
import type { GitHub } from './client';
import { allPages, PAGE_SIZE } from './pages';

export interface PullActivity {
  /** Natural key: `comment:123`, `review:45`, `review:45:dismissed`. */
  key: string;
  kind: 'comment' | 'review';
  state: string | undefined;
  author: string;
  body: string;
  url: string;
  at: Date;
}

const Author = z.object({ login: z.string() }).nullable();
const Comment = z.object({
  id: z.number(),
  body: z.string().optional(),
  html_url: z.string(),
  user: Author,
  created_at: z.string(),
});
const Review = z.object({
  id: z.number(),
  body: z.string().nullable(),
  state: z.string(),
  html_url: z.string(),
  user: Author,
  submitted_at: z.string().optional(),
});

/** Comments and reviews, oldest first. */
export async function listActivity(github: GitHub, number: number): Promise<PullActivity[]> {
  const [comments, reviews] = await Promise.all([
    allPages((page) =>
      github.call('read the comments', z.array(Comment), () =>
        github.rest.issues.listComments({ ...github.at, issue_number: number, per_page: PAGE_SIZE, page }),
      ),
    ),
    allPages((page) =>
      github.call('read the reviews', z.array(Review), () =>
        github.rest.pulls.listReviews({ ...github.at, pull_number: number, per_page: PAGE_SIZE, page }),
      ),
    ),
  ]);
  const activity: PullActivity[] = [
    ...comments.map((one) => ({
      key: `comment:${one.id}`,
      kind: 'comment' as const,
      state: undefined,
      author: one.user?.login ?? 'somebody',
      body: one.body ?? '',
      url: one.html_url,
      at: new Date(one.created_at),
    })),
    ...reviews.flatMap((one) =>
      one.submitted_at === undefined
        ? []
        : [
            {
              // A dismissal comes later than the review, and is told as well.
              key: one.state === 'DISMISSED' ? `review:${one.id}:dismissed` : `review:${one.id}`,
              kind: 'review' as const,
              state: one.state,
              author: one.user?.login ?? 'somebody',
              body: one.body ?? '',
              url: one.html_url,
              at: new Date(one.submitted_at),
            },
          ],
    ),
  ];
  return activity.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Says something on the pull request unless it stands there already. */
export async function commentOnce(github: GitHub, number: number, body: string): Promise<void> {
  const activity = await listActivity(github, number);
  if (activity.some((one) => one.body.trim() === body.trim())) return;
  await github.call('comment on the pull request', z.unknown(), () =>
    github.rest.issues.createComment({ ...github.at, issue_number: number, body }),
  );
}
