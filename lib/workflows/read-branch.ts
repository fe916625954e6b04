/** A pull request with the two commits that it stands between, read from GitHub alone: no database is needed. For the command line. */
import { findMergeBase } from '@/lib/adapters/github/merge-base';
import { getPullRequest, listPullCommits } from '@/lib/adapters/github/pull-request';
import { listTree, LARGEST_FILE, readBlobs, type BlobCache, type TreeEntry } from '@/lib/adapters/github/read-tree';
import { gitHubSettings } from '@/lib/env';
import type { Tree } from '@/lib/generator/types';
import type { BranchState } from '@/lib/generator/verify-change';
import { githubAlone } from './connections';
import { treeOf } from './read-repository';

export interface PullRequestEnds {
  body: string;
  head: string;
  /** The commit where it left the branch that it goes into. */
  start: string;
  /** The branch that it goes into, and the one that Slipway plans for. */
  target: string;
  plannedFor: string;
}

/** @throws UpstreamError where GitHub does not answer, or has no such pull request or commit. */
export async function readPullRequestEnds(number: number): Promise<PullRequestEnds> {
  const pull = await getPullRequest(githubAlone(), number);
  const start = await findMergeBase(githubAlone(), pull);
  const { body, headSha: head, target } = pull;
  return { body, head, start, target, plannedFor: gitHubSettings().baseBranch };
}

/**
 * The branch of a pull request, from the commit where it left its target.
 * @throws UpstreamError as above.
 */
export async function readPullRequestBranch(number: number, start: string, head: string): Promise<BranchState> {
  const blobs = memoryCache();
  const [before, after] = await Promise.all([listTree(githubAlone(), start), listTree(githubAlone(), head)]);
  const known = new Map(before.map((entry) => [entry.path, entry]));
  const differs = (a: TreeEntry, b: TreeEntry | undefined) => a.sha !== b?.sha || a.executable !== b.executable;
  const left = new Set(after.map((entry) => entry.path));
  const changed = [
    ...after.filter((entry) => differs(entry, known.get(entry.path))),
    ...before.filter((entry) => !left.has(entry.path)),
  ].map((entry) => entry.path);
  const commits = await listPullCommits(githubAlone(), number);
  return {
    start,
    base: await readTree(before, blobs),
    head: await readTree(after, blobs),
    changed: [...new Set(changed)].sort(),
    subjects: commits.map(({ subject }) => subject),
    hasMerges: commits.some(({ isMerge }) => isMerge),
  };
}

async function readTree(entries: readonly TreeEntry[], blobs: BlobCache): Promise<Tree> {
  const readable = entries.filter((entry) => (entry.size ?? 0) <= LARGEST_FILE);
  const shas = readable.map((entry) => entry.sha);
  const bytes = await readBlobs(githubAlone(), shas, blobs);
  return treeOf(entries, new Map(readable.map((entry) => [entry.path, bytes.get(entry.sha)])));
}

/** Base and head share most of their files. */
function memoryCache(): BlobCache {
  const known = new Map<string, Buffer>();
  return {
    get: (shas) =>
      Promise.resolve(
        new Map(shas.flatMap((sha) => (known.has(sha) ? [[sha, known.get(sha) ?? Buffer.alloc(0)] as const] : []))),
      ),
    put: (blobs) => {
      for (const [sha, bytes] of blobs) known.set(sha, bytes);
      return Promise.resolve();
    },
  };
}
