/** Several emitters as one: each on the result of those before it, and what they own put together. */
import { applyEdits } from './apply-edits';
import { overlay } from './overlay';
import type { Conflict, EmitContext, Emitter, Finding, FollowUp, Ownership, Refusal, Tree } from './types';

/** What emitters make of a tree. */
export interface Written {
  tree: Tree;
  /** The files that differ from the tree that they were given. */
  files: Map<string, { text: string; executable: boolean }>;
  conflicts: Conflict[];
  refusals: Refusal[];
  findings: Finding[];
  followUps: FollowUp[];
}

/** Lets the emitters that the service concerns write, one after the other. */
export function emitAll(emitters: readonly Emitter[], context: EmitContext): Written {
  const all: Written = {
    tree: context.tree,
    files: new Map(),
    conflicts: [],
    refusals: [],
    findings: [],
    followUps: [],
  };
  for (const emitter of emitters) {
    const current: EmitContext = { ...context, tree: all.tree };
    if (!emitter.applies(current)) continue;
    const emission = emitter.emit(current);
    const applied = applyEdits(all.tree, emission.edits);
    all.conflicts.push(...(emission.conflicts ?? []), ...applied.conflicts);
    all.refusals.push(...(emission.refusals ?? []), ...applied.refusals);
    all.findings.push(...(emission.findings ?? []));
    all.followUps.push(...(emission.followUps ?? []));
    if (applied.files.size === 0) continue;
    for (const [path, file] of applied.files)
      all.files.set(path, { ...file, executable: file.executable || (all.files.get(path)?.executable ?? false) });
    all.tree = overlay(all.tree, new Map([...applied.files].map(([path, { text }]) => [path, text])));
  }
  return all;
}

/** What the emitters that the service concerns own in a tree. */
export function ownedBy(emitters: readonly Emitter[], context: EmitContext): Required<Ownership> {
  const owned = emitters.flatMap((emitter) => (emitter.applies(context) ? [emitter.owned(context)] : []));
  return {
    parts: owned.flatMap((one) => one.parts),
    kept: owned.flatMap((one) => one.kept ?? []),
    conflicts: owned.flatMap((one) => one.conflicts ?? []),
    followUps: owned.flatMap((one) => one.followUps ?? []),
  };
}
