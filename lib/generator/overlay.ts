/** A tree with some files written over it: what an emitter sees of the edits of those before it. */
import type { Tree } from './types';

/** A tree made of the given files alone, for small trees and for tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = new Map(Object.entries(files));
  return { paths: [...texts.keys()].sort(), read: (path) => texts.get(path) };
}

/** `base` as it reads once `written` is in place. The map is copied: later changes to it do not show. */
export function overlay(base: Tree, written: ReadonlyMap<string, string>): Tree {
  const files = new Map(written);
  const added = [...files.keys()].filter((path) => !base.paths.includes(path));
  const paths = added.length === 0 ? base.paths : [...base.paths, ...added].sort();
  return {
    paths,
    read: (path) => files.get(path) ?? base.read(path),
    isExecutable: (path) => base.isExecutable?.(path) ?? false,
  };
}
