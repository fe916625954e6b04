/** Whether a pull request can be merged: found by really merging its trees, and remembered for the same two commits. */
import { mergeTrees } from '../git/merge-trees';
import type { Hub, Pull } from '../hub';

export interface Mergeability {
  /** The merged tree; undefined where the two conflict. */
  tree: string | undefined;
  conflicts: readonly string[];
  /** The commit that GitHub calls the test merge; no branch points to it. */
  testMerge: string | undefined;
}

const known = new WeakMap<Hub, Map<string, Promise<Mergeability>>>();

async function compute(hub: Hub, base: string, head: string): Promise<Mergeability> {
  const [baseCommit, headCommit] = await Promise.all([
    hub.objects.requireCommit(base),
    hub.objects.requireCommit(head),
  ]);
  const [ancestor] = await hub.history.mergeBases(base, head);
  const before = ancestor === undefined ? undefined : (await hub.objects.requireCommit(ancestor)).tree;
  const { tree, conflicts } = await mergeTrees(hub.objects, before, baseCommit.tree, headCommit.tree);
  if (conflicts.length > 0) return { tree: undefined, conflicts, testMerge: undefined };
  const signature = headCommit.committer;
  const testMerge = await hub.objects.writeCommit({
    tree,
    parents: [base, head],
    author: signature,
    committer: signature,
    message: `Merge ${head} into ${base}`,
  });
  return { tree, conflicts, testMerge };
}

/** Merges commit `head` into commit `base` without moving any ref. */
export function mergeability(hub: Hub, base: string, head: string): Promise<Mergeability> {
  const ofHub = known.get(hub) ?? new Map<string, Promise<Mergeability>>();
  known.set(hub, ofHub);
  const key = `${base}:${head}`;
  const result = ofHub.get(key) ?? compute(hub, base, head);
  ofHub.set(key, result);
  return result;
}

/** The commit that a pull request's changes are counted from: its base's tip while it is open, later what that was. */
export function baseOf(hub: Hub, { state, pull }: Pull): string {
  return state === 'open' ? (hub.refs.branch(pull.baseRef) ?? pull.baseSha) : pull.baseSha;
}

/** Where a pull request's line of work left its base. */
export async function forkPoint(hub: Hub, request: Pull): Promise<string | undefined> {
  return (await hub.history.mergeBases(baseOf(hub, request), request.pull.headSha))[0];
}
