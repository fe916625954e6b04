/** Pull requests: found by their branch, created once, followed, closed. A closed one means "no" and is not opened again. */
import { z } from 'zod';
import { UpstreamError } from '@/lib/errors';
import { log } from '@/lib/log';
import type { GitHub } from './client';
import { limitOf, refusalStatus, translateError } from './errors';
import { PAGE_SIZE } from './pages';
import { commentOnce } from './pull-activity';

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

/** So many pages are read of what changed: a thousand pull requests in one go. */
const MOST_PAGES = 10;

/**
 * Pull requests of all branches that changed since a moment, the one that changed last first.
 * @returns also whether these are all: more than can be read at once may have changed.
 */
export async function listPullRequestsSince(
  github: GitHub,
  since: Date,
): Promise<{ pulls: PullRequest[]; complete: boolean }> {
  const pulls: PullRequest[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const read = await github.call('list the pull requests', z.array(Pull), () =>
      github.rest.pulls.list({
        ...github.at,
        state: 'all',
        sort: 'updated',
        direction: 'desc',
        per_page: PAGE_SIZE,
        page,
      }),
    );
    pulls.push(...read.map(pullOf));
    const oldest = pulls.at(-1)?.updatedAt;
    if (read.length < PAGE_SIZE || (oldest && oldest < since)) return { pulls, complete: true };
  }
  return { pulls, complete: false };
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
  const what = `close pull request ${number}`;
  const ask = () => github.rest.pulls.update({ ...github.at, pull_number: number, state: 'closed' });
  const answer = await github.tryCall(what, Pull, [422], ask);
  if (answer.ok) return pullOf(answer.data).state;
  // A merge may have been faster. While it is open GitHub's own words say why: whoever cancels must not take it for closed.
  const { state } = await getPullRequest(github, number);
  return state === 'open' ? pullOf(await github.call(what, Pull, ask)).state : state;
}

/**
 * Labels and reviewers are a courtesy: what GitHub refuses there is told and stands in nobody's way.
 * @returns what it refused.
 * @throws UpstreamError where GitHub asks to wait: then it refused nothing.
 */
export async function decoratePullRequest(
  github: GitHub,
  number: number,
  wanted: { labels: readonly string[]; reviewers: readonly string[]; teamReviewers: readonly string[] },
): Promise<string[]> {
  const refused: string[] = [];
  const attempt = async (what: string, ask: () => Promise<unknown>) => {
    try {
      await ask().catch((error: unknown) => {
        // An answer that was lost, or an error on the other side, is no refusal. Asked twice it is done once.
        if (!isPassing(error)) throw error;
        return ask();
      });
    } catch (error) {
      if (limitOf(error) || error instanceof UpstreamError) throw translateError(error, what, github.fullName);
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

function isPassing(error: unknown): boolean {
  const status = refusalStatus(error);
  return !(error instanceof UpstreamError) && (status === undefined || status >= 500);
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
