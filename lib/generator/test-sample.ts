/** The sample platform repository as a tree, for tests: read once, never written. */
import { fileURLToPath } from 'node:url';
import { readCheckout } from '@/cli/read-checkout';
import { loadProfile } from './load-profile';
import { overlay } from './overlay';
import type { Profile } from './profile';
import type { Plan, Tree } from './types';

export const sampleFolder = fileURLToPath(new URL('../../local/platform', import.meta.url)).replace(/\/$/, '');

/** The tree of the sample repository. @throws where a folder of it cannot be read. */
export function sampleTree(): Tree {
  return readCheckout(sampleFolder, (message) => {
    throw new Error(message);
  });
}

/** The sample's own profile. */
export function sampleProfile(tree: Tree = sampleTree()): Profile {
  const loaded = loadProfile(tree);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.profile;
}

/** The tree as a plan leaves it. */
export function applyPlan(tree: Tree, plan: Plan): Tree {
  return overlay(tree, new Map(plan.files.map((file) => [file.path, file.after])));
}
