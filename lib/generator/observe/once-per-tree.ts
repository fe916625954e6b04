/** What is read out of a tree, read once: a tree does not change, emitters and checks ask for the same, and so does every preview of one commit. */
import type { Profile } from '../profile';
import type { Tree } from '../types';

/** `read`, done once for each tree and profile. What it gives is shared by all who ask: they must not change it. */
export function oncePerTree<T>(read: (tree: Tree, profile: Profile) => T): (tree: Tree, profile: Profile) => T {
  const known = new WeakMap<Tree, WeakMap<Profile, { value: T }>>();
  return (tree, profile) => {
    const ofTree = known.get(tree) ?? new WeakMap<Profile, { value: T }>();
    known.set(tree, ofTree);
    const found = ofTree.get(profile) ?? { value: read(tree, profile) };
    ofTree.set(profile, found);
    return found.value;
  };
}
