/** Makes a new tree from an old one and a list of changes by path, as GitHub's "create a tree" with `base_tree` does. */
import type { ObjectStore, ObjectType, TreeEntry } from './object-store';

/** What a path becomes; `entry: undefined` removes it. */
export interface TreeChange {
  path: string;
  entry: { mode: string; oid: string; type: ObjectType } | undefined;
}

/** Thrown when a change removes a path that the tree does not have. */
export class NothingToRemoveError extends Error {
  constructor(readonly path: string) {
    super(`There is no ${path} to remove.`);
  }
}

/**
 * Applies `changes` to the tree `base` (undefined: an empty one) and writes what is new.
 * @returns the new tree's id.
 * @throws {NothingToRemoveError}
 */
export async function editTree(
  store: ObjectStore,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const entries = new Map<string, TreeEntry>();
  for (const entry of base === undefined ? [] : ((await store.tree(base)) ?? [])) entries.set(entry.path, entry);
  const below = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const slash = change.path.indexOf('/');
    if (slash === -1) {
      if (change.entry !== undefined) entries.set(change.path, { path: change.path, ...change.entry });
      else if (!entries.delete(change.path)) throw new NothingToRemoveError(change.path);
      continue;
    }
    const name = change.path.slice(0, slash);
    const rest = { ...change, path: change.path.slice(slash + 1) };
    below.set(name, [...(below.get(name) ?? []), rest]);
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    const oid = await editTree(store, old?.type === 'tree' ? old.oid : undefined, inner);
    const remaining = await store.tree(oid);
    if (remaining === undefined || remaining.length === 0) entries.delete(name);
    else entries.set(name, { path: name, mode: '040000', type: 'tree', oid });
  }
  return store.writeTree([...entries.values()]);
}
