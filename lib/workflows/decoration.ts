/** What a pull request gets on GitHub beside its text: labels by what it does to its service, and whoever is asked for a review. */
import type { Profile } from '@/lib/generator/profile';
import type { RequestAction } from '@/lib/requests/states';

export interface Decoration {
  labels: readonly string[];
  reviewers: readonly string[];
  teamReviewers: readonly string[];
}

/** As the platform's profile has it: docs/slipway-yaml.md, review. */
export function decorationOf({ review }: Pick<Profile, 'review'>, action: RequestAction): Decoration {
  const { reviewers, teamReviewers } = review;
  const labels = { add: review.labels, change: review.changeLabels, remove: review.removalLabels }[action];
  return { labels, reviewers, teamReviewers };
}
