/** What differs between two trees, file by file, with patches in the form that GitHub's answers carry. */
import { structuredPatch } from 'diff';

import { isBinary } from './line-changes';
import { EMPTY_TREE, type ObjectStore, type TreeEntry } from './object-store';

export interface ChangedFile {
  path: string;
  status: 'added' | 'removed' | 'modified';
  before: TreeEntry | undefined;
  after: TreeEntry | undefined;
}

export interface FileDifference {
  additions: number;
  deletions: number;
  /** Hunks without a file header; undefined for binary files, huge ones, and where only the mode changed. */
  patch: string | undefined;
}

const PATCH_LIMIT = 500_000;
const KNOWN_LIMIT = 2000;

/** The files in which two trees differ, by path. `before` undefined stands for an empty tree. */
export async function changedFiles(
  store: ObjectStore,
  before: string | undefined,
  after: string,
  prefix = '',
): Promise<ChangedFile[]> {
  if (before === after) return [];
  const [old, now] = await Promise.all([store.tree(before ?? EMPTY_TREE), store.tree(after)]);
  if (old === undefined || now === undefined) throw new Error(`The repository lacks tree ${before} or ${after}.`);
  const oldByName = new Map(old.map((entry) => [entry.path, entry]));
  const nowByName = new Map(now.map((entry) => [entry.path, entry]));
  const found: ChangedFile[] = [];
  for (const name of [...new Set([...oldByName.keys(), ...nowByName.keys()])].sort()) {
    const [a, b] = [oldByName.get(name), nowByName.get(name)];
    if (a?.oid === b?.oid && a?.mode === b?.mode) continue;
    if (a?.type === 'tree' || b?.type === 'tree') {
      const folderBefore = a?.type === 'tree' ? a.oid : EMPTY_TREE;
      const folderAfter = b?.type === 'tree' ? b.oid : EMPTY_TREE;
      found.push(...(await changedFiles(store, folderBefore, folderAfter, `${prefix}${name}/`)));
    }
    const [fileBefore, fileAfter] = [a?.type === 'tree' ? undefined : a, b?.type === 'tree' ? undefined : b];
    if (fileBefore === undefined && fileAfter === undefined) continue;
    const status = fileBefore === undefined ? 'added' : fileAfter === undefined ? 'removed' : 'modified';
    found.push({ path: prefix + name, status, before: fileBefore, after: fileAfter });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

// Unified diffs name the line before an empty range, and leave out a count of one.
const range = (start: number, count: number) =>
  count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;

function differenceOf(before: Buffer, after: Buffer): FileDifference {
  if (before.equals(after) || isBinary(before) || isBinary(after))
    return { additions: 0, deletions: 0, patch: undefined };
  const { hunks } = structuredPatch('a', 'b', before.toString('utf8'), after.toString('utf8'), '', '', { context: 3 });
  const lines = hunks.flatMap((hunk) => [
    `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ...hunk.lines,
  ]);
  const patch = lines.join('\n');
  const count = (sign: string) => hunks.flatMap((hunk) => hunk.lines).filter((line) => line.startsWith(sign)).length;
  return { additions: count('+'), deletions: count('-'), patch: patch.length > PATCH_LIMIT ? undefined : patch };
}

const known = new Map<string, FileDifference>();

/** The patch and its numbers for one changed file. */
export async function fileDifference(store: ObjectStore, file: ChangedFile): Promise<FileDifference> {
  const key = `${file.before?.oid ?? ''}:${file.after?.oid ?? ''}`;
  const before = file.before?.type === 'blob' ? await store.blob(file.before.oid) : undefined;
  const after = file.after?.type === 'blob' ? await store.blob(file.after.oid) : undefined;
  const difference = known.get(key) ?? differenceOf(before ?? Buffer.alloc(0), after ?? Buffer.alloc(0));
  if (known.size > KNOWN_LIMIT) known.clear();
  known.set(key, difference);
  return difference;
}
