/** Where a branch left another one, as GitHub's history has it: nothing that a pull request's text says goes into it. */
import { z } from 'zod';
import { UpstreamError } from '@/lib/errors';
import type { GitHub } from './client';
import type { WholePullRequest } from './pull-request';
import { findBranch } from './read-tree';

const Comparison = z.object({ merge_base_commit: z.object({ sha: z.string() }) });
const Commit = z.object({ parents: z.array(z.object({ sha: z.string() })) });

/**
 * The merge base of a pull request's target branch and its head. Of a merged one: as it was before the merge, since afterwards the head is part of the target.
 * @throws UpstreamError, also where the target branch is gone or shares no commit with the head.
 */
export async function findMergeBase(github: GitHub, pull: WholePullRequest): Promise<string> {
  const tip =
    pull.mergeSha === undefined ? await headOf(github, pull.target) : await firstParent(github, pull.mergeSha);
  const what = `find where pull request ${pull.number} left ${pull.target}`;
  // Hashes, not names: a tag may have the name of a branch.
  const { merge_base_commit: base } = await github.call(what, Comparison, () =>
    github.rest.repos.compareCommitsWithBasehead({ ...github.at, basehead: `${tip}...${pull.headSha}` }),
  );
  return base.sha;
}

async function headOf(github: GitHub, branch: string): Promise<string> {
  const sha = await findBranch(github, branch);
  if (sha !== undefined) return sha;
  throw new UpstreamError(`GitHub has no branch ${branch}, into which the pull request goes.`, {
    system: 'GitHub',
    retryable: false,
  });
}

/** What the target was before the merge, however it was merged: the last of several rebased commits has another one of them before it, and none of them is on the branch. */
async function firstParent(github: GitHub, sha: string): Promise<string> {
  const { parents } = await github.call(`read the commit ${sha.slice(0, 7)}`, Commit, () =>
    github.rest.git.getCommit({ ...github.at, commit_sha: sha }),
  );
  return parents[0]?.sha ?? sha;
}
