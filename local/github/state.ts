/** Everything about the repository that Git itself does not keep, as it stands in the state file. */
import { z } from 'zod';

const Moment = z.iso.datetime();
const Oid = z.string().regex(/^[0-9a-f]{40}$/);

const PullState = z.object({
  headRef: z.string(),
  headSha: Oid,
  baseRef: z.string(),
  /** Where the base stood when the pull request was opened, updated or merged. */
  baseSha: Oid,
  draft: z.boolean(),
  mergedAt: Moment.nullable(),
  mergedBy: z.string().nullable(),
  mergeCommitSha: Oid.nullable(),
  requestedReviewers: z.array(z.string()),
});
export type PullState = z.infer<typeof PullState>;

const IssueState = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  stateReason: z.enum(['completed', 'not_planned', 'reopened']).nullable(),
  user: z.string(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  createdAt: Moment,
  updatedAt: Moment,
  closedAt: Moment.nullable(),
  pull: PullState.nullable(),
});
export type IssueState = z.infer<typeof IssueState>;

const CommentState = z.object({
  id: z.number(),
  issue: z.number(),
  user: z.string(),
  body: z.string(),
  createdAt: Moment,
  updatedAt: Moment,
});
export type CommentState = z.infer<typeof CommentState>;

const ReviewState = z.object({
  id: z.number(),
  pull: z.number(),
  user: z.string(),
  body: z.string(),
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED']),
  commitId: Oid,
  submittedAt: Moment,
});
export type ReviewState = z.infer<typeof ReviewState>;

/** A comment on a line of a file; every one belongs to a review, as on GitHub. */
const LineCommentState = z.object({
  id: z.number(),
  pull: z.number(),
  review: z.number(),
  user: z.string(),
  body: z.string(),
  path: z.string(),
  line: z.number(),
  diffHunk: z.string(),
  commitId: Oid,
  inReplyTo: z.number().nullable(),
  createdAt: Moment,
  updatedAt: Moment,
});
export type LineCommentState = z.infer<typeof LineCommentState>;

/** What happened to a pull request beside what people wrote. */
const IssueEventState = z.object({
  id: z.number(),
  issue: z.number(),
  event: z.enum([
    'closed',
    'reopened',
    'merged',
    'head_ref_deleted',
    'review_requested',
    'review_request_removed',
    'review_dismissed',
  ]),
  actor: z.string(),
  createdAt: Moment,
  commitId: Oid.nullable(),
  requestedReviewer: z.string().nullable(),
  dismissed: z.object({ reviewId: z.number(), state: z.string(), message: z.string() }).nullable(),
});
export type IssueEventState = z.infer<typeof IssueEventState>;

export const CHECK_STATUSES = ['queued', 'in_progress', 'completed'] as const;
export const CHECK_CONCLUSIONS = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;

const CheckState = z.object({
  id: z.number(),
  headSha: Oid,
  name: z.string(),
  externalId: z.string().nullable(),
  detailsUrl: z.string().nullable(),
  status: z.enum(CHECK_STATUSES),
  conclusion: z.enum(CHECK_CONCLUSIONS).nullable(),
  startedAt: Moment.nullable(),
  completedAt: Moment.nullable(),
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable(), text: z.string().nullable() }),
});
export type CheckState = z.infer<typeof CheckState>;

export const COMMIT_STATUSES = ['error', 'failure', 'pending', 'success'] as const;

const CommitStatusState = z.object({
  id: z.number(),
  sha: Oid,
  state: z.enum(COMMIT_STATUSES),
  context: z.string(),
  description: z.string().nullable(),
  targetUrl: z.string().nullable(),
  creator: z.string(),
  createdAt: Moment,
});
export type CommitStatusState = z.infer<typeof CommitStatusState>;

const LabelState = z.object({
  id: z.number(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
  default: z.boolean(),
});
export type LabelState = z.infer<typeof LabelState>;

const DeliveryState = z.object({
  id: z.number(),
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  deliveredAt: Moment,
  redelivery: z.boolean(),
  /** The answer's status; 0 where there was none. */
  statusCode: z.number(),
  status: z.string(),
  durationMs: z.number(),
});
export type DeliveryState = z.infer<typeof DeliveryState>;

export const HubState = z.object({
  version: z.literal(1),
  repository: z.string(),
  createdAt: Moment,
  pushedAt: Moment,
  nextNumber: z.number(),
  nextId: z.number(),
  /** The webhook address that has had its ping. */
  pinged: z.string().nullable(),
  issues: z.array(IssueState),
  comments: z.array(CommentState),
  reviews: z.array(ReviewState),
  // State files from before these were kept have none.
  lineComments: z.array(LineCommentState).default([]),
  issueEvents: z.array(IssueEventState).default([]),
  checks: z.array(CheckState),
  statuses: z.array(CommitStatusState),
  labels: z.array(LabelState),
  deliveries: z.array(DeliveryState),
});
export type HubState = z.infer<typeof HubState>;

const DEFAULT_LABELS: readonly [name: string, color: string, description: string][] = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['enhancement', 'a2eeef', 'New feature or request'],
];

/** What a repository begins with. */
export function newState(repository: string, now: string): HubState {
  const labels = DEFAULT_LABELS.map(([name, color, description], index) => ({
    id: index + 1,
    name,
    color,
    description,
    default: true,
  }));
  return {
    version: 1,
    repository,
    createdAt: now,
    pushedAt: now,
    nextNumber: 1,
    nextId: 100,
    pinged: null,
    issues: [],
    comments: [],
    reviews: [],
    lineComments: [],
    issueEvents: [],
    checks: [],
    statuses: [],
    labels,
    deliveries: [],
  };
}
