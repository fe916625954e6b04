/** Reads a repository at one commit: where a branch stands, the tree's entries, and the files' bytes through a cache by hash. */
import { z } from 'zod';
import { UpstreamError } from '@/lib/errors';
import { blobSha } from './blob-sha';
import type { GitHub } from './client';

/** Larger files are no configuration; they are listed and left unread. */
export const LARGEST_FILE = 2 * 1024 * 1024;

/** How many blobs are asked for at once. */
const PARALLEL = 12;

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const Ref = z.object({ object: z.object({ sha: Sha }) });
const GitTree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: Sha, size: z.number().optional() }),
  ),
});
const Blob = z.object({ content: z.string(), encoding: z.string() });

/** A file of a commit. `size` is undefined for what is no plain file (a symlink, a submodule): it is listed and not read. */
export interface TreeEntry {
  path: string;
  sha: string;
  executable: boolean;
  size: number | undefined;
}

/** Bytes by Git hash: a hash never changes its bytes, so what is found needs no check of age. */
export interface BlobCache {
  get(shas: readonly string[]): Promise<Map<string, Buffer>>;
  put(blobs: ReadonlyMap<string, Buffer>): Promise<void>;
}

/**
 * The commit at which a branch stands.
 * @throws UpstreamError where the repository is missing or empty, or has no such branch.
 */
export async function readHead(github: GitHub, branch: string): Promise<string> {
  const answer = await github.tryCall(`read the branch ${branch}`, Ref, [404, 409], () =>
    github.rest.git.getRef({ ...github.at, ref: `heads/${branch}` }),
  );
  if (answer.ok) return answer.data.object.sha;
  if (answer.status === 404) await requireRepository(github);
  throw new UpstreamError(
    answer.status === 409
      ? `The repository ${github.fullName} is empty. Push a first commit to ${branch}, then try again.`
      : `The repository ${github.fullName} has no branch ${branch}. An operator has to check GITHUB_BASE_BRANCH, or push a first commit to it.`,
    { system: 'GitHub', retryable: false },
  );
}

/** Where a branch stands; undefined where there is none (of a repository that exists, or not: ask for its base first). */
export async function findBranch(github: GitHub, branch: string): Promise<string | undefined> {
  const answer = await github.tryCall(`look for the branch ${branch}`, Ref, [404], () =>
    github.rest.git.getRef({ ...github.at, ref: `heads/${branch}` }),
  );
  return answer.ok ? answer.data.object.sha : undefined;
}

/**
 * Names of the branches that begin with `prefix`, in one question however many there are. Where GitHub names not all of them, some are missing: ask
 * `findBranch` before you call one gone.
 */
export async function listBranches(github: GitHub, prefix: string): Promise<Set<string>> {
  const refs = await github.call(`list the branches ${prefix}*`, z.array(z.object({ ref: z.string() })), () =>
    github.rest.git.listMatchingRefs({ ...github.at, ref: `heads/${prefix}` }),
  );
  return new Set(refs.map(({ ref }) => ref.replace(/^refs\/heads\//, '')));
}

/** Every file of a commit, sorted by path. Where GitHub cuts the list off, folder by folder. */
export async function listTree(github: GitHub, sha: string): Promise<TreeEntry[]> {
  const what = `list the files of ${sha.slice(0, 7)}`;
  const whole = await github.call(what, GitTree, () =>
    github.rest.git.getTree({ ...github.at, tree_sha: sha, recursive: 'true' }),
  );
  const entries = whole.truncated ? await walk(github, sha, '') : whole.tree.flatMap((entry) => entryOf(entry, ''));
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The bytes of blobs, from the cache or from GitHub; each is checked against its hash. */
export async function readBlobs(
  github: GitHub,
  shas: readonly string[],
  cache: BlobCache,
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(shas)];
  const found = await cache.get(wanted);
  const missing = wanted.filter((sha) => !found.has(sha));
  for (let start = 0; start < missing.length; start += PARALLEL) {
    const fresh = new Map<string, Buffer>();
    await Promise.all(
      missing.slice(start, start + PARALLEL).map(async (sha) => fresh.set(sha, await readBlob(github, sha))),
    );
    // Written as they come, so that a long first read that is cut off goes on where it stopped.
    await cache.put(fresh);
    for (const [sha, bytes] of fresh) found.set(sha, bytes);
  }
  return found;
}

async function readBlob(github: GitHub, sha: string): Promise<Buffer> {
  const blob = await github.call(`read the file ${sha.slice(0, 7)}`, Blob, () =>
    github.rest.git.getBlob({ ...github.at, file_sha: sha }),
  );
  const bytes = Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8');
  if (blobSha(bytes) !== sha) {
    throw new UpstreamError(`GitHub sent other bytes than those of ${sha.slice(0, 7)}.`, {
      system: 'GitHub',
      retryable: true,
    });
  }
  return bytes;
}

async function walk(github: GitHub, sha: string, prefix: string): Promise<TreeEntry[]> {
  const { tree, truncated } = await github.call(`list the folder ${prefix || '/'}`, GitTree, () =>
    github.rest.git.getTree({ ...github.at, tree_sha: sha }),
  );
  if (truncated) {
    throw new UpstreamError(`The folder ${prefix || '/'} of ${github.fullName} has more files than GitHub lists.`, {
      system: 'GitHub',
      retryable: false,
    });
  }
  const entries: TreeEntry[] = [];
  for (const entry of tree) {
    if (entry.type === 'tree') entries.push(...(await walk(github, entry.sha, `${prefix}${entry.path}/`)));
    else entries.push(...entryOf(entry, prefix));
  }
  return entries;
}

function entryOf(entry: z.output<typeof GitTree>['tree'][number], prefix: string): TreeEntry[] {
  if (entry.type === 'tree') return [];
  const plain = entry.type === 'blob' && (entry.mode === '100644' || entry.mode === '100755');
  return [
    {
      path: `${prefix}${entry.path}`,
      sha: entry.sha,
      executable: entry.mode === '100755',
      size: plain ? (entry.size ?? 0) : undefined,
    },
  ];
}

/** Tells a missing branch from a missing repository. */
async function requireRepository(github: GitHub): Promise<void> {
  await github.call('find the repository', z.object({ id: z.number() }), () => github.rest.repos.get(github.at));
}
