/** A tree with some files written over it: what an emitter sees of the edits of those before it. */
import type { Tree } from './types';

/** What a tree was written over, and which files were. */
interface Origin {
  base: Tree;
  written: ReadonlySet<string>;
  /** The tree at the bottom, and every file that differs from it: a tree ten times written over is read like one. */
  root: Tree;
  files: ReadonlyMap<string, string | null>;
}

const origins = new WeakMap<Tree, Origin>();
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A tree made of the given files alone, for small trees and for tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = new Map(Object.entries(files));
  return { paths: [...texts.keys()].sort(), read: (path) => texts.get(path) };
}

/** `base` as it reads once `written` is in place; null is a file that is deleted. The map is copied: later changes to it do not show. */
export function overlay(base: Tree, written: ReadonlyMap<string, string | null>): Tree {
  const below = origins.get(base);
  const root = below?.root ?? base;
  const files = new Map([...(below?.files ?? []), ...written]);
  const known = pathsOf(base);
  const added = [...written].flatMap(([path, text]) => (text !== null && !known.has(path) ? [path] : []));
  const deleted = new Set([...written].flatMap(([path, text]) => (text === null && known.has(path) ? [path] : [])));
  const kept = deleted.size === 0 ? base.paths : base.paths.filter((path) => !deleted.has(path));
  const tree: Tree = {
    paths: added.length === 0 ? kept : [...kept, ...added].sort(),
    read: (path) => {
      const text = files.get(path);
      return text === undefined ? root.read(path) : (text ?? undefined);
    },
    isExecutable: (path) => root.isExecutable?.(path) ?? false,
  };
  origins.set(tree, { base, written: new Set(written.keys()), root, files });
  return tree;
}

/** What a tree was written over and with which files; undefined where it was read from somewhere. */
export function originOf(tree: Tree): Pick<Origin, 'base' | 'written'> | undefined {
  return origins.get(tree);
}

/** A tree's paths, to look one up. */
export function pathsOf({ paths }: Tree): ReadonlySet<string> {
  const set = sets.get(paths) ?? new Set(paths);
  sets.set(paths, set);
  return set;
}
