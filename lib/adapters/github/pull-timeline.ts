/**
 * What happened to a pull request beside what people wrote: who was asked for a review, whose review was dismissed, who closed it. GitHub's timeline has
 * many more kinds of entries, each of a shape of its own: what is not looked for is passed over.
 * https://docs.github.com/rest/issues/timeline
 */
import { z } from 'zod';
import type { GitHub } from './client';
import { allPages, PAGE_SIZE } from './pages';

const Account = z.object({ login: z.string() }).nullish();
const common = { id: z.number(), actor: Account, created_at: z.string() };
const reviewRequest = {
  ...common,
  requested_reviewer: Account,
  requested_team: z.object({ name: z.string() }).nullish(),
};
const Entry = z.discriminatedUnion('event', [
  z.object({ event: z.literal('review_requested'), ...reviewRequest }),
  z.object({ event: z.literal('review_request_removed'), ...reviewRequest }),
  z.object({
    event: z.literal('review_dismissed'),
    ...common,
    dismissed_review: z.object({
      review_id: z.number(),
      state: z.string(),
      dismissal_message: z.string().nullish(),
    }),
  }),
  z.object({ event: z.literal('closed'), ...common }),
  z.object({ event: z.literal('reopened'), ...common }),
  z.object({ event: z.literal('head_ref_deleted'), ...common }),
]);
export type TimelineEntry = z.output<typeof Entry>;

/** Refusals of tokens and servers that do not have the timeline: nothing that Slipway does depends on it. */
const WITHOUT = [403, 404, 410];

/** Oldest first. */
export async function listTimeline(github: GitHub, number: number): Promise<TimelineEntry[]> {
  const entries = await allPages(async (page) => {
    const answer = await github.tryCall('read the timeline', z.array(z.unknown()), WITHOUT, () =>
      github.rest.issues.listEventsForTimeline({ ...github.at, issue_number: number, per_page: PAGE_SIZE, page }),
    );
    return answer.ok ? answer.data : [];
  });
  return entries.flatMap((entry) => {
    const known = Entry.safeParse(entry);
    return known.success ? [known.data] : [];
  });
}

/** Who did something to the pull request last, and when; undefined where GitHub does not say. */
export async function whoDid(
  github: GitHub,
  number: number,
  event: 'closed' | 'reopened' | 'head_ref_deleted',
): Promise<{ actor: string | undefined; at: Date } | undefined> {
  const last = (await listTimeline(github, number)).filter((entry) => entry.event === event).at(-1);
  return last && { actor: last.actor?.login, at: new Date(last.created_at) };
}
