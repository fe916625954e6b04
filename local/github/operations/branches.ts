/** Branches and tags come, move and go, with what follows from it for pull requests. */
import type { GitHubAccount } from '../accounts';
import { unprocessable } from '../api-error';
import { isRefName } from '../git/refs';
import { DEFAULT_BRANCH, type Hub, type Pull } from '../hub';
import { presentPull } from '../present/pull';
import { announce, announcePush, NO_COMMIT } from './announce';
import { noteEvent } from './issue-events';

const HEADS = 'refs/heads/';

async function requireTarget(hub: Hub, ref: string, sha: string): Promise<void> {
  const type = await hub.objects.type(sha);
  if (type === undefined) throw unprocessable('Object does not exist');
  if (ref.startsWith(HEADS) && type !== 'commit')
    throw unprocessable('Reference update failed: the object is not a commit');
}

/** Closes an open pull request: by a person, or because a branch it needs is gone. */
export async function closePull(hub: Hub, actor: GitHubAccount, request: Pull): Promise<void> {
  request.pull.baseSha = hub.refs.branch(request.pull.baseRef) ?? request.pull.baseSha;
  request.state = 'closed';
  request.closedAt = request.updatedAt = hub.timestamp();
  noteEvent(hub, actor, request, 'closed');
  const pull_request = await presentPull(hub, request);
  announce(hub, actor, 'pull_request', 'closed', { number: request.number, pull_request });
}

/** Notes that a pull request's commits are in its base now. `base` is where the base stood before. */
export async function markMerged(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  { base, commit }: { base: string; commit: string },
): Promise<void> {
  request.state = 'closed';
  request.closedAt = request.updatedAt = hub.timestamp();
  Object.assign(request.pull, {
    baseSha: base,
    mergedAt: request.closedAt,
    mergedBy: actor.login,
    mergeCommitSha: commit,
  });
  noteEvent(hub, actor, request, 'merged', { commitId: commit });
  noteEvent(hub, actor, request, 'closed');
  const pull_request = await presentPull(hub, request);
  announce(hub, actor, 'pull_request', 'closed', { number: request.number, pull_request });
}

/** What a branch that moved from `before` to `after` means for the open pull requests from it and into it. */
export async function followBranch(
  hub: Hub,
  actor: GitHubAccount,
  branch: string,
  before: string,
  after: string,
): Promise<void> {
  for (const request of hub.pulls().filter((candidate) => candidate.state === 'open')) {
    const { pull } = request;
    if (pull.headRef === branch && pull.headSha !== after) {
      const old = pull.headSha;
      pull.headSha = after;
      pull.baseSha = hub.refs.branch(pull.baseRef) ?? pull.baseSha;
      request.updatedAt = hub.timestamp();
      await hub.refs.set(`refs/pull/${request.number}/head`, after);
      const pull_request = await presentPull(hub, request, { known: false });
      announce(hub, actor, 'pull_request', 'synchronize', { number: request.number, before: old, after, pull_request });
    }
    if (pull.baseRef === branch && before !== NO_COMMIT && (await hub.history.contains(after, pull.headSha))) {
      await markMerged(hub, actor, request, { base: before, commit: after });
    }
  }
}

/** Creates a branch or tag. @throws {ApiError} 422 as GitHub: bad name, exists already, no such object. */
export async function createRef(hub: Hub, actor: GitHubAccount, ref: string, sha: string): Promise<void> {
  if (!isRefName(ref)) throw unprocessable(`${ref} is not a valid ref name.`);
  if (!/^refs\/(heads|tags)\//.test(ref)) throw unprocessable('Only branches and tags can be created here.');
  await requireTarget(hub, ref, sha);
  if (hub.refs.get(ref) !== undefined) throw unprocessable('Reference already exists');
  if (hub.refs.clashes(ref)) throw unprocessable('Reference cannot be created');
  await hub.refs.set(ref, sha);
  hub.state.pushedAt = hub.timestamp();
  await announcePush(hub, actor, ref, NO_COMMIT, sha);
}

/** Moves a ref. @throws {ApiError} 422 as GitHub: not there, no such object, not a fast-forward without `force`. */
export async function updateRef(
  hub: Hub,
  actor: GitHubAccount,
  ref: string,
  sha: string,
  force: boolean,
): Promise<void> {
  const before = hub.refs.get(ref);
  if (before === undefined) throw unprocessable('Reference does not exist');
  await requireTarget(hub, ref, sha);
  if (before === sha) return;
  if (!force && !(await hub.history.contains(sha, before))) throw unprocessable('Update is not a fast forward');
  await hub.refs.set(ref, sha);
  hub.state.pushedAt = hub.timestamp();
  await announcePush(hub, actor, ref, before, sha);
  if (ref.startsWith(HEADS)) await followBranch(hub, actor, ref.slice(HEADS.length), before, sha);
}

/** Deletes a ref; open pull requests that need it are closed. @throws {ApiError} 422 as GitHub. */
export async function deleteRef(hub: Hub, actor: GitHubAccount, ref: string): Promise<void> {
  const before = hub.refs.get(ref);
  if (before === undefined) throw unprocessable('Reference does not exist');
  if (ref === HEADS + DEFAULT_BRANCH) throw unprocessable('Cannot delete the default branch');
  const branch = ref.startsWith(HEADS) ? ref.slice(HEADS.length) : undefined;
  const affected = hub
    .pulls()
    .filter(
      ({ state, pull }) => state === 'open' && branch !== undefined && [pull.headRef, pull.baseRef].includes(branch),
    );
  await hub.refs.delete(ref);
  hub.state.pushedAt = hub.timestamp();
  for (const request of hub.pulls())
    if (branch !== undefined && request.pull.headRef === branch) noteEvent(hub, actor, request, 'head_ref_deleted');
  await announcePush(hub, actor, ref, before, NO_COMMIT);
  for (const request of affected) await closePull(hub, actor, request);
}
