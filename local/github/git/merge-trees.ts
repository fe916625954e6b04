/** The three-way merge of whole trees, without detection of renames: a moved file is one removed and one added. */
import { mergeLines } from './merge-lines';
import { EMPTY_TREE, MODE, type ObjectStore, type TreeEntry } from './object-store';

export interface TreeMerge {
  /** The merged tree; where there are conflicts it holds our side of them and must not be used. */
  tree: string;
  /** Paths that both sides changed in ways that do not fit together. */
  conflicts: string[];
}

type Side = TreeEntry | undefined;

function same(a: Side, b: Side): boolean {
  return a === undefined || b === undefined ? a === b : a.oid === b.oid && a.mode === b.mode;
}

const isFolder = (side: Side) => side === undefined || side.type === 'tree';
const isFile = (side: Side): side is TreeEntry => side?.type === 'blob' && side.mode !== MODE.link;

async function mergeFiles(store: ObjectStore, base: TreeEntry, ours: TreeEntry, theirs: TreeEntry): Promise<Side> {
  const [old, mine, other] = await Promise.all([store.blob(base.oid), store.blob(ours.oid), store.blob(theirs.oid)]);
  if (old === undefined || mine === undefined || other === undefined)
    throw new Error(`The repository lacks ${ours.path}.`);
  const bytes = mergeLines(old, mine, other);
  if (bytes === undefined) return undefined;
  const mode = ours.mode === base.mode ? theirs.mode : ours.mode;
  return { ...ours, mode, oid: await store.writeBlob(bytes) };
}

/**
 * Merges what the trees `ours` and `theirs` changed since `base` (undefined for unrelated histories) and writes the result.
 * Only blobs and trees are written; no ref moves.
 */
export async function mergeTrees(
  store: ObjectStore,
  base: string | undefined,
  ours: string,
  theirs: string,
  prefix = '',
): Promise<TreeMerge> {
  const sides = await Promise.all(
    [base ?? EMPTY_TREE, ours, theirs].map(async (oid) => {
      const entries = await store.tree(oid);
      if (entries === undefined) throw new Error(`The repository lacks tree ${oid}.`);
      return new Map(entries.map((entry) => [entry.path, entry]));
    }),
  );
  const [old, mine, other] = sides;
  if (old === undefined || mine === undefined || other === undefined) throw new Error('Three trees make a merge.');
  const merged: TreeEntry[] = [];
  const conflicts: string[] = [];
  for (const name of new Set([...old.keys(), ...mine.keys(), ...other.keys()])) {
    const [b, o, t] = [old.get(name), mine.get(name), other.get(name)];
    let result: Side;
    if (same(o, t) || same(b, t)) {
      result = o;
    } else if (same(b, o)) {
      result = t;
    } else if (isFolder(b) && isFolder(o) && isFolder(t)) {
      const below = await mergeTrees(store, b?.oid, o?.oid ?? EMPTY_TREE, t?.oid ?? EMPTY_TREE, `${prefix}${name}/`);
      conflicts.push(...below.conflicts);
      const filled = ((await store.tree(below.tree)) ?? []).length > 0;
      result = filled ? { mode: MODE.tree, path: name, oid: below.tree, type: 'tree' } : undefined;
    } else {
      const joined = isFile(b) && isFile(o) && isFile(t) ? await mergeFiles(store, b, o, t) : undefined;
      if (joined === undefined) conflicts.push(prefix + name);
      result = joined ?? o;
    }
    if (result !== undefined) merged.push(result);
  }
  return { tree: await store.writeTree(merged), conflicts };
}
