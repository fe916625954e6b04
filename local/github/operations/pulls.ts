/** Pull requests are opened and edited, closed and reopened, as GitHub allows it. */
import type { GitHubAccount } from '../accounts';
import { ApiError, notFound, unprocessable, validationFailed } from '../api-error';
import { isPull, type Hub, type Pull } from '../hub';
import { presentPull } from '../present/pull';
import { announce } from './announce';
import { closePull, updateRef } from './branches';
import { noteEvent } from './issue-events';
import { mergeability } from './mergeability';

export interface NewPull {
  title: string;
  head: string;
  base: string;
  body: string | null;
  draft: boolean;
}

/** A pull request by its number. @throws {ApiError} 404 */
export function requirePull(hub: Hub, number: number): Pull {
  const issue = hub.issue(number);
  if (issue === undefined || !isPull(issue)) throw notFound();
  return issue;
}

/** The branch in `owner:branch` or `branch`; undefined where the owner is another. */
export function branchOf(hub: Hub, label: string): string | undefined {
  const colon = label.indexOf(':');
  if (colon === -1) return label;
  return label.slice(0, colon).toLowerCase() === hub.owner.toLowerCase() ? label.slice(colon + 1) : undefined;
}

function openFor(hub: Hub, headRef: string, baseRef: string): Pull | undefined {
  return hub
    .pulls()
    .find(({ state, pull }) => state === 'open' && pull.headRef === headRef && pull.baseRef === baseRef);
}

const LONGEST_BODY = 65_536;

/** @throws {ApiError} 422 in GitHub's words where the body is longer than it takes. */
function requireShort(body: string | null | undefined): void {
  if ((body?.length ?? 0) <= LONGEST_BODY) return;
  const message = `body is too long (maximum is ${LONGEST_BODY} characters)`;
  throw validationFailed({ resource: 'Issue', code: 'custom', field: 'body', message });
}

/** Opens a pull request. @throws {ApiError} 422 as GitHub: unknown head or base, nothing between them, already one open, body too long. */
export async function openPull(hub: Hub, actor: GitHubAccount, input: NewPull): Promise<Pull> {
  const invalid = (field: string) => validationFailed({ resource: 'PullRequest', field, code: 'invalid' });
  const custom = (message: string) => validationFailed({ resource: 'PullRequest', code: 'custom', message });
  requireShort(input.body);
  const headRef = branchOf(hub, input.head);
  const headSha = headRef === undefined ? undefined : hub.refs.branch(headRef);
  if (headRef === undefined || headSha === undefined) throw invalid('head');
  const baseSha = hub.refs.branch(input.base);
  if (baseSha === undefined) throw invalid('base');
  if (openFor(hub, headRef, input.base) !== undefined) {
    throw custom(`A pull request already exists for ${hub.owner}:${headRef}.`);
  }
  if ((await hub.history.between(baseSha, headSha)).length === 0) {
    throw custom(`No commits between ${input.base} and ${headRef}`);
  }
  if ((await hub.history.mergeBases(baseSha, headSha)).length === 0) {
    throw custom(`The ${headRef} branch has no history in common with ${input.base}`);
  }
  const now = hub.timestamp();
  const request: Pull = {
    id: hub.nextId(),
    number: hub.nextNumber(),
    title: input.title,
    body: input.body,
    state: 'open',
    stateReason: null,
    user: actor.login,
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    pull: {
      headRef,
      headSha,
      baseRef: input.base,
      baseSha,
      draft: input.draft,
      mergedAt: null,
      mergedBy: null,
      mergeCommitSha: null,
      requestedReviewers: [],
    },
  };
  hub.state.issues.push(request);
  await hub.refs.set(`refs/pull/${request.number}/head`, headSha);
  const pull_request = await presentPull(hub, request, { known: false });
  announce(hub, actor, 'pull_request', 'opened', { number: request.number, pull_request });
  return request;
}

async function reopen(hub: Hub, actor: GitHubAccount, request: Pull): Promise<void> {
  const { pull } = request;
  const refuse = (why: string) => {
    const message = `state cannot be changed. ${why}`;
    return validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  };
  if (pull.mergedAt !== null) throw refuse('The pull request cannot be reopened.');
  const headSha = hub.refs.branch(pull.headRef);
  if (headSha === undefined) throw refuse(`The ${pull.headRef} branch has been deleted.`);
  const baseSha = hub.refs.branch(pull.baseRef);
  if (baseSha === undefined) throw refuse(`The ${pull.baseRef} branch has been deleted.`);
  if (openFor(hub, pull.headRef, pull.baseRef) !== undefined) {
    throw refuse(`There is already an open pull request from ${pull.headRef} to ${pull.baseRef}.`);
  }
  if (!(await hub.history.contains(headSha, pull.headSha))) {
    throw refuse(`The ${pull.headRef} branch was force-pushed or recreated.`);
  }
  Object.assign(pull, { headSha, baseSha });
  request.state = 'open';
  request.closedAt = null;
  request.updatedAt = hub.timestamp();
  noteEvent(hub, actor, request, 'reopened');
  await hub.refs.set(`refs/pull/${request.number}/head`, headSha);
  const pull_request = await presentPull(hub, request, { known: false });
  announce(hub, actor, 'pull_request', 'reopened', { number: request.number, pull_request });
}

/** Changes title, body or state. @throws {ApiError} 422 where it cannot be reopened, or the body is too long. */
export async function updatePull(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  input: { title?: string; body?: string | null; state?: 'open' | 'closed' },
): Promise<void> {
  requireShort(input.body);
  const changes: Record<string, { from: string }> = {};
  if (input.title !== undefined && input.title !== request.title) {
    changes.title = { from: request.title };
    request.title = input.title;
  }
  if (input.body !== undefined && input.body !== request.body) {
    changes.body = { from: request.body ?? '' };
    request.body = input.body;
  }
  if (Object.keys(changes).length > 0) {
    request.updatedAt = hub.timestamp();
    const pull_request = await presentPull(hub, request);
    announce(hub, actor, 'pull_request', 'edited', { number: request.number, changes, pull_request });
  }
  if (input.state === 'closed' && request.state === 'open') await closePull(hub, actor, request);
  if (input.state === 'open' && request.state === 'closed') await reopen(hub, actor, request);
}

/** Merges the base's tip into the head branch ("Update branch"). @throws {ApiError} 422 as GitHub. */
export async function updatePullBranch(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  expectedHead: string | undefined,
): Promise<void> {
  const { headRef, headSha, baseRef } = request.pull;
  const base = hub.refs.branch(baseRef);
  if (request.state === 'closed' || base === undefined) throw notFound();
  if (expectedHead !== undefined && expectedHead !== headSha) {
    throw unprocessable(`expected head sha didn’t match current head ref.`);
  }
  if (await hub.history.contains(headSha, base)) throw unprocessable('There are no new commits on the base branch.');
  const { tree } = await mergeability(hub, base, headSha);
  if (tree === undefined) throw new ApiError(422, 'merge conflict between base and head');
  const author = hub.signature(actor);
  const message = `Merge branch '${baseRef}' into ${headRef}`;
  const commit = await hub.objects.writeCommit({ tree, parents: [headSha, base], author, committer: author, message });
  await updateRef(hub, actor, `refs/heads/${headRef}`, commit, false);
}
