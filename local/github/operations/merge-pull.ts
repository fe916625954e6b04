/** The merge of a pull request: a real one, of the trees as they are at this moment. */
import type { GitHubAccount } from '../accounts';
import { ApiError } from '../api-error';
import type { Hub, Pull } from '../hub';
import { announcePush } from './announce';
import { followBranch, markMerged } from './branches';
import { mergeability } from './mergeability';

export interface MergeInput {
  method: 'merge' | 'squash' | 'rebase';
  title?: string | undefined;
  message?: string | undefined;
  /** The head that the caller has seen; another one is refused. */
  sha?: string | undefined;
}

async function squashMessage(hub: Hub, commits: readonly string[]): Promise<string> {
  const messages = await Promise.all(commits.map(async (sha) => (await hub.objects.requireCommit(sha)).message.trim()));
  return messages.length > 1 ? messages.map((message) => `* ${message}`).join('\n\n') : '';
}

/**
 * Merges into the base branch as it stands now, keeping what others have merged in between.
 * @returns the new commit of the base branch.
 * @throws {ApiError} 405 where it cannot be merged, 409 where the head is no longer `sha`.
 */
export async function mergePull(hub: Hub, actor: GitHubAccount, request: Pull, input: MergeInput): Promise<string> {
  const { pull, number, title } = request;
  if (input.method === 'rebase') throw new ApiError(405, 'Rebase merges are not allowed on this repository.');
  if (request.state === 'closed') throw new ApiError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new ApiError(405, 'Pull Request is still a draft');
  if (input.sha !== undefined && input.sha !== pull.headSha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  }
  const base = hub.refs.branch(pull.baseRef);
  if (base === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  const { tree } = await mergeability(hub, base, pull.headSha);
  if (tree === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  const commits = await hub.history.between(base, pull.headSha);
  const squash = input.method === 'squash';
  const subject =
    input.title ??
    (squash ? `${title} (#${number})` : `Merge pull request #${number} from ${hub.owner}/${pull.headRef}`);
  const text = input.message ?? (squash ? await squashMessage(hub, commits) : title);
  const commit = await hub.objects.writeCommit({
    tree,
    parents: squash ? [base] : [base, pull.headSha],
    author: hub.signature(actor),
    committer: { name: 'GitHub', email: 'noreply@github.com', date: hub.now() },
    message: text === '' ? subject : `${subject}\n\n${text}`,
  });
  const ref = `refs/heads/${pull.baseRef}`;
  await hub.refs.set(ref, commit);
  hub.state.pushedAt = hub.timestamp();
  await markMerged(hub, actor, request, { base, commit });
  await announcePush(hub, actor, ref, base, commit);
  await followBranch(hub, actor, pull.baseRef, base, commit);
  return commit;
}
