/** What is read out of a tree, read once: a tree does not change, emitters and checks ask for the same, and so does every preview of one commit. */
import { originOf } from '../overlay';
import type { Profile } from '../profile';
import type { Tree } from '../types';

/**
 * `read`, done once for each tree and profile. What it gives is shared by all who ask: they must not change it.
 * @param concerns whether what is read may be another when a file is written, made or deleted over the tree `below`: where none of those counts that a
 * tree has over another, it shares what was read there.
 */
export function oncePerTree<T>(
  read: (tree: Tree, profile: Profile) => T,
  concerns: (path: string, profile: Profile, below: Tree) => boolean = () => true,
): (tree: Tree, profile: Profile) => T {
  const known = new WeakMap<Tree, WeakMap<Profile, { value: T }>>();
  const once = (tree: Tree, profile: Profile): T => {
    const ofTree = known.get(tree) ?? new WeakMap<Profile, { value: T }>();
    known.set(tree, ofTree);
    const found = ofTree.get(profile) ?? { value: readOrShare(tree, profile) };
    ofTree.set(profile, found);
    return found.value;
  };
  const readOrShare = (tree: Tree, profile: Profile): T => {
    const origin = originOf(tree);
    const shares = origin !== undefined && ![...origin.written].some((path) => concerns(path, profile, origin.base));
    return shares ? once(origin.base, profile) : read(tree, profile);
  };
  return once;
}
