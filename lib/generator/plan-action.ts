/** One door to the three kinds of plan, for those who are told the action as a word. */
import { planAddition } from './plan';
import { planChange } from './plan-change';
import { planRemoval } from './plan-removal';
import type { Profile } from './profile';
import type { Plan, PlanAction, ResolvedManifest, Tree } from './types';

export interface PlanActionInput {
  action: PlanAction;
  resolved: ResolvedManifest;
  /** The spec that the service was last planned from; for a change. */
  before?: ResolvedManifest | undefined;
  profile: Profile;
  tree: Tree;
}

/** @throws RangeError for a change without the spec before it. */
export function planAction({ action, resolved, before, profile, tree }: PlanActionInput): Plan {
  switch (action) {
    case 'add':
      return planAddition({ manifest: resolved, profile, tree });
    case 'remove':
      return planRemoval({ manifest: resolved, profile, tree });
    case 'change':
      if (!before) throw new RangeError('A change needs the spec before it.');
      return planChange({ before, after: resolved, profile, tree });
  }
}
