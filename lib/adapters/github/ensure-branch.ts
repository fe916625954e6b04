/**
 * Puts planned commits on a branch. Made twice they have the same hashes, so a run that was cut off anywhere is simply run again; a branch on
 * which somebody else stands is never overwritten.
 */
import { z } from 'zod';
import { ConflictError, UpstreamError } from '@/lib/errors';
import { blobSha } from './blob-sha';
import type { GitHub } from './client';
import { proveTrees, treeEntry, type WrittenTree } from './prove-tree';
import { findBranch, listTree } from './read-tree';

const Created = z.object({ sha: z.string() });
const CreatedRef = z.object({ object: Created });
const Comparison = z.object({
  status: z.enum(['ahead', 'behind', 'identical', 'diverged']),
  files: z
    .array(
      z.object({
        filename: z.string(),
        previous_filename: z.string().optional(),
        sha: z.string().nullable(),
        status: z.string(),
        additions: z.number(),
        deletions: z.number(),
      }),
    )
    .optional(),
});

/** A file as a commit writes it; `before` is what the commit before it has, null for a new file, `after` is null where the commit deletes it. */
export interface FileToCommit {
  path: string;
  before: string | null;
  after: string | null;
  executable: boolean;
}

export interface CommitToMake {
  subject: string;
  body: string;
  files: readonly FileToCommit[];
}

export interface Signature {
  name: string;
  email: string;
  /** The same at every run: it is part of the commits' hashes. */
  date: Date;
}

export interface PlannedBranch {
  branch: string;
  /** Commit that the first one stands on. */
  base: string;
  commits: readonly CommitToMake[];
  signature: Signature;
}

export interface PushedBranch {
  head: string;
  /** One hash for each commit, in order. */
  commits: string[];
}

/**
 * Creates `branch` at `base` with these commits on top, or finds it so.
 * @throws ConflictError where the branch has somebody else's commits; UpstreamError where GitHub has other bytes than we meant.
 */
export async function ensureBranch(github: GitHub, input: PlannedBranch): Promise<PushedBranch> {
  const pushed = await makeCommits(github, input);
  await ensureRef(github, input.branch, pushed.head);
  return pushed;
}

/**
 * Writes the commits without any branch to them. Their hashes follow from what they hold, so this also tells what the branch is if nobody touched it.
 * @throws UpstreamError where GitHub has other bytes than we meant: each tree is proven before anything points to it.
 */
export async function makeCommits(github: GitHub, input: Omit<PlannedBranch, 'branch'>): Promise<PushedBranch> {
  const commits: string[] = [];
  const trees: WrittenTree[] = [];
  let parent = input.base;
  let baseTree = await treeOf(github, input.base);
  for (const commit of input.commits) {
    const made = await makeCommit(github, { parent, baseTree }, commit, input.signature);
    parent = made.sha;
    baseTree = made.tree;
    commits.push(parent);
    trees.push({ tree: baseTree, files: commit.files });
  }
  await proveTrees(github, input.base, trees, notOurs);
  return { head: parent, commits };
}

/**
 * Proves that the branch changes exactly these files to exactly these bytes, deletes exactly those that it is to delete, and removes no line
 * unless `mayRemoveLines`.
 * @throws UpstreamError naming the first difference.
 */
export async function requireSameBytes(
  github: GitHub,
  base: string,
  head: string,
  commits: readonly CommitToMake[],
  options: { mayRemoveLines: boolean } = { mayRemoveLines: false },
): Promise<void> {
  const wanted = new Map(commits.flatMap((commit) => commit.files).map((file) => [file.path, file.after]));
  const answer = await github.tryCall('compare the branch with its base', Comparison, [404], () =>
    github.rest.repos.compareCommitsWithBasehead({ ...github.at, basehead: `${base}...${head}` }),
  );
  if (!answer.ok) {
    // GitHub answers from several machines; one of them may not have heard of commits that were made a moment ago.
    throw new UpstreamError('GitHub does not know the commits yet.', { system: 'GitHub', retryable: true });
  }
  const { files = [] } = answer.data;
  for (const file of files) {
    const text = wanted.get(file.filename);
    if (text === undefined) throw notOurs(`the branch also changes ${file.filename}`);
    if ((text === null) !== (file.status === 'removed'))
      throw notOurs(`${file.filename} is ${text === null ? 'still there' : 'deleted'}`);
    if (text !== null && file.sha !== blobSha(Buffer.from(text, 'utf8')))
      throw notOurs(`${file.filename} has other bytes`);
    // GitHub tells a deleted file and a new one like it as one that was renamed.
    const { previous_filename: previous } = file;
    if (file.status === 'renamed' && previous !== undefined) {
      if (wanted.get(previous) !== null) throw notOurs(`${previous} is deleted`);
      wanted.delete(previous);
    }
    if (file.deletions > 0 && !options.mayRemoveLines) throw notOurs(`${file.filename} loses ${file.deletions} lines`);
    wanted.delete(file.filename);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw notOurs(`${missing} is not on the branch`);
}

/** Deletes the branch if it still stands at `head`. @returns what became of it. */
export async function deleteBranch(
  github: GitHub,
  branch: string,
  head: string,
): Promise<'deleted' | 'absent' | 'touched'> {
  const current = await findBranch(github, branch);
  if (current === undefined) return 'absent';
  if (current !== head) return 'touched';
  const what = `delete the branch ${branch}`;
  const ask = () => github.rest.git.deleteRef({ ...github.at, ref: `heads/${branch}` });
  const answer = await github.tryCall(what, z.unknown(), [404, 422], ask);
  if (answer.ok) return 'deleted';
  // Somebody was faster, or a rule of the repository keeps it: then GitHub's own words say which.
  if ((await findBranch(github, branch)) === undefined) return 'absent';
  await github.call(what, z.unknown(), ask);
  return 'deleted';
}

/**
 * Proves that what the plan took for the base is what GitHub has there, byte for byte: hashes stand for bytes.
 * @throws UpstreamError naming the first difference.
 */
export async function requireBytesOfBase(
  github: GitHub,
  base: string,
  commits: readonly CommitToMake[],
): Promise<void> {
  const entries = new Map((await listTree(github, base)).map((entry) => [entry.path, entry.sha]));
  const seen = new Set<string>();
  for (const file of commits.flatMap((commit) => commit.files)) {
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    const expected = file.before === null ? undefined : blobSha(Buffer.from(file.before, 'utf8'));
    if (entries.get(file.path) !== expected) {
      throw notOurs(`${file.path} at ${base.slice(0, 7)} is not what the preview was made from`);
    }
  }
}

async function treeOf(github: GitHub, sha: string): Promise<string> {
  const { tree } = await github.call(`read the commit ${sha.slice(0, 7)}`, z.object({ tree: Created }), () =>
    github.rest.git.getCommit({ ...github.at, commit_sha: sha }),
  );
  return tree.sha;
}

async function makeCommit(
  github: GitHub,
  onto: { parent: string; baseTree: string },
  commit: CommitToMake,
  signature: Signature,
): Promise<{ sha: string; tree: string }> {
  const created = await github.call('write a tree', Created, () =>
    github.rest.git.createTree({ ...github.at, base_tree: onto.baseTree, tree: commit.files.map(treeEntry) }),
  );
  const who = { name: signature.name, email: signature.email, date: signature.date.toISOString() };
  const { sha } = await github.call('write a commit', Created, () =>
    github.rest.git.createCommit({
      ...github.at,
      message: commit.body === '' ? commit.subject : `${commit.subject}\n\n${commit.body}`,
      tree: created.sha,
      parents: [onto.parent],
      author: who,
      committer: who,
    }),
  );
  return { sha, tree: created.sha };
}

async function ensureRef(github: GitHub, branch: string, head: string): Promise<void> {
  const before = await findBranch(github, branch);
  const what = `create the branch ${branch}`;
  const ask = () => github.rest.git.createRef({ ...github.at, ref: `refs/heads/${branch}`, sha: head });
  if (before === undefined) {
    const answer = await github.tryCall(what, CreatedRef, [422], ask);
    if (answer.ok && answer.data.object.sha === head) return;
  }
  // It is there: from a run of ours that was cut off, or from somebody else.
  const current = before ?? (await findBranch(github, branch));
  if (current === undefined) {
    // Refused although nobody has it, by a rule of the repository: GitHub's own words say which.
    await github.call(what, CreatedRef, ask);
    return;
  }
  if (current === head) return;
  if (await isAncestor(github, head, current)) return;
  throw new ConflictError(
    `GitHub has a branch ${branch} with other commits: a person touched it. Delete or rename that branch, then try again.`,
    { owner: { label: branch } },
  );
}

/** Whether `later` stands on top of `earlier`: a person committed after us, before we had noted that we were done. */
async function isAncestor(github: GitHub, earlier: string, later: string): Promise<boolean> {
  const { status } = await github.call('compare the branch with our commits', Comparison, () =>
    github.rest.repos.compareCommitsWithBasehead({ ...github.at, basehead: `${earlier}...${later}` }),
  );
  return status === 'ahead' || status === 'identical';
}

function notOurs(difference: string): UpstreamError {
  return new UpstreamError(
    `The branch would not be what the preview showed: ${difference}. Nothing was opened; look at the change again.`,
    { system: 'GitHub', retryable: false },
  );
}
