/**
 * Proves that what GitHub wrote is what was meant, before any branch points to it: hashes stand for bytes. Trees are written with the bytes in them (GitHub
 * limits how much may be written in a minute), so nothing else has looked at them.
 */
import type { UpstreamError } from '@/lib/errors';
import { blobSha } from './blob-sha';
import type { GitHub } from './client';
import type { FileToCommit } from './ensure-branch';
import { listTree, type TreeEntry } from './read-tree';

/** A tree that was written: the one before it with these files. */
export interface WrittenTree {
  tree: string;
  files: readonly FileToCommit[];
}

/** A file for GitHub's `createTree`; one without bytes is taken out. */
export function treeEntry({ path, after, executable }: FileToCommit) {
  const entry = { path, mode: executable ? ('100755' as const) : ('100644' as const), type: 'blob' as const };
  return after === null ? { ...entry, sha: null } : { ...entry, content: after };
}

/**
 * @param base the commit that the first tree stands on; each of the others stands on the one before it.
 * @param refuse makes the error out of the first difference.
 * @throws UpstreamError
 */
export async function proveTrees(
  github: GitHub,
  base: string,
  written: readonly WrittenTree[],
  refuse: (difference: string) => UpstreamError,
): Promise<void> {
  const [before = [], ...after] = await Promise.all(
    [base, ...written.map(({ tree }) => tree)].map((sha) => listTree(github, sha)),
  );
  const wanted = new Map(before.map((entry) => [entry.path, keyOf(entry)]));
  for (const [index, { files }] of written.entries()) {
    for (const file of files) {
      if (shaIn(wanted.get(file.path)) !== shaOf(file.before))
        throw refuse(`${file.path} at ${base.slice(0, 7)} is not what the plan was made from`);
      const sha = shaOf(file.after);
      if (sha === undefined) wanted.delete(file.path);
      else wanted.set(file.path, keyOf({ sha, executable: file.executable }));
    }
    requireEqual(wanted, after[index] ?? [], refuse);
  }
}

function requireEqual(
  wanted: ReadonlyMap<string, string>,
  entries: readonly TreeEntry[],
  refuse: (difference: string) => UpstreamError,
): void {
  for (const entry of entries) {
    const expected = wanted.get(entry.path);
    if (expected === undefined) throw refuse(`${entry.path} is there as well`);
    if (shaIn(expected) !== entry.sha) throw refuse(`${entry.path} has other bytes`);
    if (expected !== keyOf(entry)) throw refuse(`${entry.path} has another mode`);
  }
  if (entries.length === wanted.size) return;
  const there = new Set(entries.map(({ path }) => path));
  const missing = [...wanted.keys()].find((path) => !there.has(path));
  throw refuse(`${missing ?? 'a file'} is gone`);
}

function keyOf({ sha, executable }: Pick<TreeEntry, 'sha' | 'executable'>): string {
  return `${sha}${executable ? ' executable' : ''}`;
}

function shaIn(key: string | undefined): string | undefined {
  return key?.split(' ')[0];
}

function shaOf(text: string | null): string | undefined {
  return text === null ? undefined : blobSha(Buffer.from(text, 'utf8'));
}
