/** Pull requests: found by their branch, created once, followed, closed. A closed one means "no" and is not opened again. */
import { z } from 'zod';
import { UpstreamError } from '@/lib/errors';
import { log } from '@/lib/log';
import type { GitHub } from './client';
import { refusalStatus } from './errors';

const Pull = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullable(),
  merged_at: z.string().nullable(),
  merge_commit_sha: z.string().nullable(),
  updated_at: z.string(),
  head: z.object({ sha: z.string(), ref: z.string() }),
  user: z.object({ login: z.string() }).nullable(),
});
/** Only the answer about a single pull request says these. */
const WholePull = Pull.extend({
  mergeable: z.boolean().nullable(),
  merged_by: z.object({ login: z.string() }).nullable(),
  base: z.object({ ref: z.string() }),
});

export interface PullRequest {
  number: number;
  url: string;
  state: 'open' | 'closed' | 'merged';
  title: string;
  body: string;
  branch: string;
  headSha: string;
  /** The commit that the merge made on the base; only when merged. */
  mergeSha: string | undefined;
  mergedAt: Date | undefined;
  updatedAt: Date;
}

export interface WholePullRequest extends PullRequest {
  /** False: it conflicts with its base. Undefined: GitHub is still finding out. */
  mergeable: boolean | undefined;
  mergedBy: string | undefined;
  /** The branch that it goes into. */
  target: string;
}

/**
 * The branch's pull request: found, or opened.
 * @throws UpstreamError
 */
export async function ensurePullRequest(
  github: GitHub,
  input: { branch: string; base: string; title: string; body: string },
): Promise<{ pull: PullRequest; created: boolean }> {
  const found = await findPullRequest(github, input.branch);
  if (found) return { pull: found, created: false };
  const answer = await github.tryCall('open the pull request', Pull, [422], () =>
    github.rest.pulls.create({
      ...github.at,
      head: input.branch,
      base: input.base,
      title: input.title,
      body: input.body,
    }),
  );
  if (answer.ok) return { pull: pullOf(answer.data), created: true };
  // Another run was faster, or there is nothing to open: then GitHub's own words say why.
  const raced = await findPullRequest(github, input.branch);
  if (raced) return { pull: raced, created: false };
  const again = await github.call('open the pull request', Pull, () =>
    github.rest.pulls.create({
      ...github.at,
      head: input.branch,
      base: input.base,
      title: input.title,
      body: input.body,
    }),
  );
  return { pull: pullOf(again), created: true };
}

/** The newest pull request of a branch; an open one before closed ones. */
export async function findPullRequest(github: GitHub, branch: string): Promise<PullRequest | undefined> {
  const pulls = await github.call('look for the pull request', z.array(Pull), () =>
    github.rest.pulls.list({ ...github.at, head: `${github.owner}:${branch}`, state: 'all', per_page: 20 }),
  );
  const own = pulls.filter((pull) => pull.head.ref === branch).map(pullOf);
  return own.find((pull) => pull.state === 'open') ?? own[0];
}

/** @throws UpstreamError, not retryable where there is no such pull request. */
export async function getPullRequest(github: GitHub, number: number): Promise<WholePullRequest> {
  const pull = await github.call(`read pull request ${number}`, WholePull, () =>
    github.rest.pulls.get({ ...github.at, pull_number: number }),
  );
  return {
    ...pullOf(pull),
    mergeable: pull.mergeable ?? undefined,
    mergedBy: pull.merged_by?.login,
    target: pull.base.ref,
  };
}

/** Pull requests of all branches, the one that changed last first, one page. */
export async function listRecentPullRequests(github: GitHub): Promise<PullRequest[]> {
  const pulls = await github.call('list the pull requests', z.array(Pull), () =>
    github.rest.pulls.list({ ...github.at, state: 'all', sort: 'updated', direction: 'desc', per_page: 100 }),
  );
  return pulls.map(pullOf);
}

/** Writes the description. */
export async function updatePullRequest(github: GitHub, number: number, body: string): Promise<void> {
  await github.call(`update pull request ${number}`, z.unknown(), () =>
    github.rest.pulls.update({ ...github.at, pull_number: number, body }),
  );
}

/** Closes it if it is open, saying why in a comment first. @returns how it stands afterwards. */
export async function closePullRequest(github: GitHub, number: number, reason: string): Promise<PullRequest['state']> {
  const pull = await getPullRequest(github, number);
  if (pull.state !== 'open') return pull.state;
  await commentOnce(github, number, reason);
  const answer = await github.tryCall(`close pull request ${number}`, Pull, [422], () =>
    github.rest.pulls.update({ ...github.at, pull_number: number, state: 'closed' }),
  );
  // A merge may have been faster.
  return answer.ok ? pullOf(answer.data).state : (await getPullRequest(github, number)).state;
}

/** Labels and reviewers are a courtesy: what GitHub refuses there is told and stands in nobody's way. @returns what it refused. */
export async function decoratePullRequest(
  github: GitHub,
  number: number,
  wanted: { labels: readonly string[]; reviewers: readonly string[]; teamReviewers: readonly string[] },
): Promise<string[]> {
  const refused: string[] = [];
  const attempt = async (what: string, ask: () => Promise<unknown>) => {
    try {
      await ask();
    } catch (error) {
      log('github').warn({ number, status: refusalStatus(error) }, `could not ${what}`);
      refused.push(what);
    }
  };
  if (wanted.labels.length > 0) {
    await attempt(`set the labels ${wanted.labels.join(', ')}`, () =>
      github.rest.issues.addLabels({ ...github.at, issue_number: number, labels: [...wanted.labels] }),
    );
  }
  // One by one: GitHub refuses all of them for one that it does not know.
  for (const reviewer of wanted.reviewers) {
    await attempt(`ask ${reviewer} for a review`, () =>
      github.rest.pulls.requestReviewers({ ...github.at, pull_number: number, reviewers: [reviewer] }),
    );
  }
  for (const team of wanted.teamReviewers) {
    await attempt(`ask the team ${team} for a review`, () =>
      github.rest.pulls.requestReviewers({ ...github.at, pull_number: number, team_reviewers: [team] }),
    );
  }
  return refused;
}

export interface PullActivity {
  /** Natural key: `comment:123`, `review:45`. */
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
              key: `review:${one.id}`,
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

/** The most that GitHub gives at once. */
const PAGE_SIZE = 100;

/** Reads page after page until one is not full. */
async function allPages<Item>(read: (page: number) => Promise<Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 1; ; page += 1) {
    const items = await read(page);
    all.push(...items);
    if (items.length < PAGE_SIZE) return all;
  }
}

const PullCommit = z.object({
  sha: z.string(),
  html_url: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
  commit: z.object({ message: z.string(), author: z.object({ name: z.string().optional() }).nullable() }),
});

/** Commits of the pull request, oldest first. */
export async function listPullCommits(
  github: GitHub,
  number: number,
): Promise<{ sha: string; url: string; subject: string; author: string; isMerge: boolean }[]> {
  const commits = await github.call('read the commits', z.array(PullCommit), () =>
    github.rest.pulls.listCommits({ ...github.at, pull_number: number, per_page: 100 }),
  );
  return commits.map((one) => ({
    sha: one.sha,
    url: one.html_url,
    subject: one.commit.message.split('\n')[0] ?? '',
    author: one.commit.author?.name ?? 'somebody',
    isMerge: one.parents.length > 1,
  }));
}

/** Says something on the pull request unless it stands there already. */
export async function commentOnce(github: GitHub, number: number, body: string): Promise<void> {
  const activity = await listActivity(github, number);
  if (activity.some((one) => one.body.trim() === body.trim())) return;
  await github.call('comment on the pull request', z.unknown(), () =>
    github.rest.issues.createComment({ ...github.at, issue_number: number, body }),
  );
}

function pullOf(pull: z.output<typeof Pull>): PullRequest {
  const merged = pull.merged_at !== null;
  if (merged && pull.merge_commit_sha === null) {
    throw new UpstreamError(`GitHub did not say which commit merged pull request ${pull.number}.`, {
      system: 'GitHub',
      retryable: true,
    });
  }
  return {
    number: pull.number,
    url: pull.html_url,
    state: merged ? 'merged' : pull.state,
    title: pull.title,
    body: pull.body ?? '',
    branch: pull.head.ref,
    headSha: pull.head.sha,
    mergeSha: merged ? (pull.merge_commit_sha ?? undefined) : undefined,
    mergedAt: pull.merged_at === null ? undefined : new Date(pull.merged_at),
    updatedAt: new Date(pull.updated_at),
  };
}
