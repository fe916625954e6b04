/**
 * Brings a branch up to a newer base without ever forcing it: a merge commit whose parents are the branch and the base, and whose tree is the base
 * with the planned files. Made twice it has the same hash.
 */
import { z } from 'zod';
import { UpstreamError } from '@/lib/errors';
import type { GitHub } from './client';
import type { FileToCommit, Signature } from './ensure-branch';
import { proveTrees, treeEntry } from './prove-tree';
import { findBranch } from './read-tree';

const Created = z.object({ sha: z.string() });
const Commit = z.object({ tree: Created });

export interface MergeToMake {
  /** Where the branch stands: the first parent. */
  onto: string;
  /** The newer base: the second parent. */
  base: string;
  /** Every file that the plan changes on that base, once. */
  files: readonly FileToCommit[];
  subject: string;
  body: string;
  signature: Signature;
}

/**
 * Writes the merge commit without any branch to it, and proves that its tree is the base with exactly these files.
 * @returns its hash.
 * @throws UpstreamError where GitHub has other bytes than we meant.
 */
export async function makeMergeCommit(github: GitHub, merge: MergeToMake): Promise<string> {
  const base = await github.call(`read the commit ${merge.base.slice(0, 7)}`, Commit, () =>
    github.rest.git.getCommit({ ...github.at, commit_sha: merge.base }),
  );
  const tree = await github.call('write a tree', Created, () =>
    github.rest.git.createTree({ ...github.at, base_tree: base.tree.sha, tree: merge.files.map(treeEntry) }),
  );
  await proveTrees(github, merge.base, [{ tree: tree.sha, files: merge.files }], notOurs);
  const who = {
    name: merge.signature.name,
    email: merge.signature.email,
    date: merge.signature.date.toISOString(),
  };
  const commit = await github.call('write a merge commit', Created, () =>
    github.rest.git.createCommit({
      ...github.at,
      message: `${merge.subject}\n\n${merge.body}`,
      tree: tree.sha,
      parents: [merge.onto, merge.base],
      author: who,
      committer: who,
    }),
  );
  return commit.sha;
}

/**
 * Moves the branch from `from` to `to`, which stands on it. Never forced.
 * @returns `elsewhere` where somebody moved it or deleted it first: then it is left alone.
 */
export async function moveBranch(
  github: GitHub,
  branch: string,
  { from, to }: { from: string; to: string },
): Promise<'moved' | 'elsewhere'> {
  const before = await findBranch(github, branch);
  if (before === to) return 'moved';
  if (before !== from) return 'elsewhere';
  const answer = await github.tryCall(`move the branch ${branch}`, z.unknown(), [404, 422], () =>
    github.rest.git.updateRef({ ...github.at, ref: `heads/${branch}`, sha: to, force: false }),
  );
  if (answer.ok) return 'moved';
  // Refused because somebody was faster, or because of a rule of the repository: GitHub's own words say which.
  const now = await findBranch(github, branch);
  if (now === to) return 'moved';
  if (now !== from) return 'elsewhere';
  await github.call(`move the branch ${branch}`, z.unknown(), () =>
    github.rest.git.updateRef({ ...github.at, ref: `heads/${branch}`, sha: to, force: false }),
  );
  return 'moved';
}

function notOurs(difference: string): UpstreamError {
  return new UpstreamError(
    `The merge commit would not be the plan on the new base: ${difference}. The branch was left as it is.`,
    { system: 'GitHub', retryable: false },
  );
}
