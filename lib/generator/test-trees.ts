/** Comparing whole trees, for tests. */
import { expect } from 'vitest';
import type { Tree } from './types';

/** The same files with the same bytes; what differs is shown file by file. */
export function expectSameFiles(tree: Tree, wanted: Tree): void {
  expect(tree.paths).toEqual(wanted.paths);
  for (const path of wanted.paths) expect([path, tree.read(path)]).toEqual([path, wanted.read(path)]);
}
