/**
 * The turn of some emitters in a change. What they wrote for the old spec and what they would write for the new one are told by asking them, in the
 * tree without the service; the difference is made in the text as it stands.
 */
import { changeBlocks, type BlockChange } from './change-blocks';
import { changeFile } from './change-files';
import { emitAll, ownedBy, type Written } from './emit-all';
import { diffLines } from './line-diff';
import { overlay } from './overlay';
import type { ChangeInput } from './plan-change';
import type { Step } from './plan-steps';
import { proveOwnedOnly } from './prove-owned';
import { takeOut, type TakenOut } from './take-out';
import type { EmitContext, Emitter, FileEdit, OwnedPart, Refusal, Tree } from './types';
import type { YamlPath } from './yaml/locate';
import { replaceRanges, type Replacement } from './yaml/replace';

/** What a tree holds of the service. */
export interface Version {
  tree: Tree;
  parts: readonly OwnedPart[];
}

/** The service as it stands, as the emitter writes the old spec, and as it writes the new one. */
export interface Versions {
  present: Version & { taken: TakenOut };
  base: Version;
  next: Version;
}

export interface ChangeTurn extends ChangeInput {
  /** With what the emitters before this one changed. */
  tree: Tree;
  /** As it is before the whole change: what was written for the old spec was written beside the others' parts for the old spec. */
  original: Tree;
}

/** The step; undefined where neither spec concerns the emitter. */
export function changeOwned(emitters: readonly Emitter[], input: ChangeTurn): Step | undefined {
  const old: EmitContext = { manifest: input.before, profile: input.profile, tree: input.tree };
  const now: EmitContext = { ...old, manifest: input.after };
  const concerned = {
    before: emitters.some((emitter) => emitter.applies(old)),
    after: emitters.some((emitter) => emitter.applies(now)),
  };
  if (!concerned.before && !concerned.after) return undefined;
  const step: Step = { files: new Map(), conflicts: [], refusals: [], findings: [], followUps: [] };

  const ownership = ownedBy(emitters, old);
  const { parts } = ownership;
  const taken = takeOut({ emitters, context: old }, parts);
  const written = emitAll(emitters, { ...now, tree: overlay(input.tree, taken.files) });
  const { conflicts } = written;
  const refusals = [...taken.refusals, ...written.refusals];
  const origin = writtenOnce(emitters, { ...old, tree: input.original }, taken);
  // What stands in the way of both specs alike stands in the way of no change.
  if (conflicts.length + refusals.length > 0 && saysTheSame(emitters, old, now)) return step;
  if (conflicts.length > 0 || refusals.length > 0) return { ...step, conflicts, refusals };
  if (!origin.anew) return { ...step, refusals: [withoutBase(input, origin.emission)] };

  const partsIn = (context: EmitContext, tree: Tree) => ownedBy(emitters, { ...context, tree }).parts;
  const versions: Versions = {
    present: { tree: input.tree, parts, taken },
    base: { tree: origin.anew, parts: partsIn(old, origin.anew) },
    next: { tree: written.tree, parts: partsIn(now, written.tree) },
  };
  const changes = changeParts(versions, [...written.files.keys()], step);
  const added = changes.inPlace.size > 0 ? addMissing(emitters, now, changes, step) : [];
  const files = results(input.tree, changes, added);
  const after = overlay(input.tree, new Map([...files].map(([path, file]) => [path, file?.text ?? null])));
  const own = [...partsIn(old, after), ...partsIn(now, after)];
  for (const [path, file] of files) {
    const before = input.tree.read(path);
    if (before === undefined || file === null || isFile(versions, path)) continue;
    const owned = { before: pathsIn(parts, path), after: pathsIn(own, path) };
    const doubt = proveOwnedOnly(path, before, file.text, owned);
    if (!doubt) continue;
    step.refusals.push({ path, ...doubt });
    files.delete(path);
  }
  step.files = files;
  // Who is not concerned any more takes everything out: what holds for a removal holds for that.
  const leaving = ownedBy(
    emitters.filter((emitter) => !emitter.applies(now)),
    old,
  );
  step.conflicts.push(...leaving.conflicts);
  step.findings.push(...leaving.kept);
  if (files.size === 0) return step;
  step.findings.push(...newOnes(written.findings, origin.emission.findings));
  // What is started, or read again by the proxy, is so after each change.
  const again = written.followUps.filter((one) => one.phase === 'start' || one.phase === 'routing');
  step.followUps.push(...new Set([...again, ...newOnes(written.followUps, origin.emission.followUps)]));
  step.followUps.push(...leaving.followUps);
  return step;
}

/** What was written for the old spec, as it stood before the change. @param taken the same of the tree as it is now. */
function writtenOnce(
  emitters: readonly Emitter[],
  context: EmitContext,
  taken: TakenOut,
): Pick<TakenOut, 'anew' | 'emission'> {
  if (taken.tree === context.tree) return taken;
  return takeOut({ emitters, context }, ownedBy(emitters, context).parts);
}

/** Whether the emitters, on the tree as it is, make no difference between the two specs. */
function saysTheSame(emitters: readonly Emitter[], old: EmitContext, now: EmitContext): boolean {
  const said = (context: EmitContext) => {
    const { files, conflicts, refusals } = emitAll(emitters, context);
    return JSON.stringify([[...files], conflicts, refusals]);
  };
  return emitters.every((emitter) => emitter.applies(old) === emitter.applies(now)) && said(old) === said(now);
}

function withoutBase({ before }: ChangeInput, { conflicts, refusals }: Written): Refusal {
  const [conflict] = conflicts;
  const [refusal] = refusals;
  const why = conflict?.message ?? refusal?.reason ?? '';
  return {
    path: conflict?.path ?? refusal?.path ?? '',
    reason: `What Slipway wrote for ${before.name} cannot be told from what people wrote: ${why} Mend that first, or change the service by hand.`,
  };
}

interface PartChanges {
  /** Files as they are to be, whole; null where one goes. */
  files: Map<string, string | null>;
  /** Files whose blocks change where they stand, since people moved them or what is around them. */
  inPlace: Map<string, BlockChange>;
  /** The tree with the parts as the new spec has them, and without what people changed in them. */
  pristine: Tree;
}

/** Makes the difference in the parts that are there. @param written the files that the emitter writes for the new spec. */
function changeParts(versions: Versions, written: readonly string[], step: Step): PartChanges {
  const files = new Map<string, string | null>();
  const inPlace = new Map<string, BlockChange>();
  const pristine = new Map<string, string | null>();
  const { present, base, next } = versions;
  for (const path of new Set([...present.parts, ...base.parts].map((part) => part.path).concat(written))) {
    const there = present.tree.read(path);
    if (isFile(versions, path)) {
      const changed = changeFile(path, versions);
      step.refusals.push(...changed.refusals);
      step.findings.push(...changed.findings);
      if (changed.text !== undefined) files.set(path, changed.text);
      pristine.set(path, changed.pristine);
      continue;
    }
    const changed = changeBlocks(path, versions);
    step.refusals.push(...changed.refusals);
    step.findings.push(...changed.findings);
    if (changed.seated === undefined) {
      inPlace.set(path, changed);
      if (there !== undefined) pristine.set(path, replaceRanges(there, changed.pristine));
    } else {
      files.set(path, changed.seated);
      pristine.set(path, next.tree.read(path) ?? null);
    }
  }
  return { files, inPlace, pristine: overlay(present.tree, pristine) };
}

/** Whether a path is a file of the service's own, and not one that it shares with others. */
function isFile({ present, base, next }: Versions, path: string): boolean {
  const parts = [...present.parts, ...base.parts, ...next.parts];
  return parts.some((part) => part.path === path && part.kind === 'file');
}

/** What the new spec asks for and nothing is there of yet, as the emitters add it to the parts in their places. */
function addMissing(
  emitters: readonly Emitter[],
  now: EmitContext,
  { pristine, inPlace }: PartChanges,
  step: Step,
): FileEdit[] {
  const written = emitAll(emitters, { ...now, tree: pristine });
  step.conflicts.push(...written.conflicts);
  step.refusals.push(...written.refusals);
  if (written.conflicts.length > 0 || written.refusals.length > 0) return [];
  return [...written.files].flatMap(([path, { text, executable }]): FileEdit[] => {
    const before = pristine.read(path);
    if (before === undefined) return [{ kind: 'create', path, text, executable }];
    return additionsOf(before, text).map(({ at, text: lines }) => {
      const offset = presentOffset(at, inPlace.get(path)?.pristine ?? []);
      return { kind: 'splice', path, start: offset, end: offset, text: lines };
    });
  });
}

/** The lines that one text has more than another, and the offset in the other one at which they are. */
function additionsOf(before: string, after: string): { at: number; text: string }[] {
  let at = 0;
  return diffLines(before, after).flatMap(({ kind, lines }) => {
    const text = lines.join('');
    if (kind === 'added') return [{ at, text }];
    at += text.length;
    return [];
  });
}

/** The offset in the present text of one in the text with replacements; behind the part where it falls into one. */
function presentOffset(offset: number, replacements: readonly Replacement[]): number {
  let moved = 0;
  for (const { start, end, text } of [...replacements].sort((a, b) => a.start - b.start)) {
    if (offset <= start + moved) return offset - moved;
    if (offset <= start + moved + text.length) return end;
    moved += text.length - (end - start);
  }
  return offset - moved;
}

/** What becomes of the files that read differently afterwards. */
function results(
  tree: Tree,
  { files, inPlace }: PartChanges,
  added: readonly FileEdit[],
): Map<string, WrittenFile | null> {
  const result = new Map<string, WrittenFile | null>();
  const note = (path: string, text: string | null, executable = tree.isExecutable?.(path) ?? false) => {
    if (text !== (tree.read(path) ?? null)) result.set(path, text === null ? null : { text, executable });
  };
  for (const [path, text] of files) note(path, text);
  for (const edit of added) if (edit.kind === 'create') note(edit.path, edit.text, edit.executable);
  const splices = added.flatMap((edit) => (edit.kind === 'splice' ? [edit] : []));
  for (const path of new Set([...inPlace.keys(), ...splices.map((edit) => edit.path)])) {
    const own = splices.filter((edit) => edit.path === path);
    note(path, replaceRanges(files.get(path) ?? tree.read(path) ?? '', [...(inPlace.get(path)?.merged ?? []), ...own]));
  }
  return result;
}

interface WrittenFile {
  text: string;
  executable: boolean;
}

function pathsIn(parts: readonly OwnedPart[], path: string): YamlPath[] {
  return parts.flatMap((part) => (part.kind === 'yaml' && part.path === path ? [part.at] : []));
}

/** What is said of the new spec and was not of the old one. */
function newOnes<T>(now: readonly T[] = [], before: readonly T[] = []): T[] {
  const known = new Set(before.map((one) => JSON.stringify(one)));
  return now.filter((one) => !known.has(JSON.stringify(one)));
}
