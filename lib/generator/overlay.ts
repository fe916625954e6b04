/** A tree with some files written over it: what an emitter sees of the edits of those before it. */
import type { Tree } from './types';

/** A tree made of the given files alone, for small trees and for tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = new Map(Object.entries(files));
  return { paths: [...texts.keys()].sort(), read: (path) => texts.get(path) };
}

/** `base` as it reads once `written` is in place; null is a file that is deleted. The map is copied: later changes to it do not show. */
export function overlay(base: Tree, written: ReadonlyMap<string, string | null>): Tree {
  const files = new Map(written);
  const known = new Set(base.paths);
  const added = [...files].flatMap(([path, text]) => (text !== null && !known.has(path) ? [path] : []));
  const deleted = new Set([...files].flatMap(([path, text]) => (text === null && known.has(path) ? [path] : [])));
  const kept = deleted.size === 0 ? base.paths : base.paths.filter((path) => !deleted.has(path));
  return {
    paths: added.length === 0 ? kept : [...kept, ...added].sort(),
    read: (path) => {
      const text = files.get(path);
      return text === undefined ? base.read(path) : (text ?? undefined);
    },
    isExecutable: (path) => base.isExecutable?.(path) ?? false,
  };
}
