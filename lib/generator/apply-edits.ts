/**
 * Carries out what an emitter asked for, and proves it: every byte that an edit does not mean stays as it was, and a YAML file still parses and
 * has gained nodes alone. What cannot be proved is refused and the file left as it was.
 */
import { pathsOf } from './overlay';
import { proveAddition } from './prove-addition';
import type { Conflict, FileEdit, Refusal, Tree } from './types';

type Splice = Extract<FileEdit, { kind: 'splice' }>;

export interface AppliedEdits {
  /** The files that differ from the tree now. */
  files: Map<string, { text: string; executable: boolean }>;
  conflicts: Conflict[];
  refusals: Refusal[];
}

/** Applies edits to a tree. Nothing is thrown: what cannot be done safely comes back as a conflict or a refusal. */
export function applyEdits(tree: Tree, edits: readonly FileEdit[]): AppliedEdits {
  const result: AppliedEdits = { files: new Map(), conflicts: [], refusals: [] };
  const splices = new Map<string, Splice[]>();
  const paths = pathsOf(tree);
  for (const edit of edits) {
    if (edit.kind === 'splice') {
      splices.set(edit.path, [...(splices.get(edit.path) ?? []), edit]);
      continue;
    }
    if (!paths.has(edit.path)) {
      result.files.set(edit.path, { text: edit.text, executable: edit.executable ?? false });
      continue;
    }
    if (tree.read(edit.path) !== edit.text)
      result.conflicts.push({
        kind: 'file',
        field: 'name',
        path: edit.path,
        message: `${edit.path} is there already and reads differently. Choose another name, or remove the file first.`,
      });
  }
  for (const [path, list] of splices) {
    const before = tree.read(path);
    const refuse = (reason: string) => result.refusals.push({ path, reason, paste: pasteOf(path, list) });
    if (before === undefined) {
      refuse('The file is not there, or is not UTF-8 text.');
      continue;
    }
    const spliced = splice(before, list);
    if ('reason' in spliced) {
      refuse(spliced.reason);
      continue;
    }
    const doubt = proveAddition(path, before, spliced.text);
    if (doubt) result.refusals.push({ path, ...doubt, paste: pasteOf(path, list) });
    else if (spliced.text !== before) result.files.set(path, { text: spliced.text, executable: false });
  }
  return result;
}

/**
 * The text with the additions in place. Two additions at one point stand in the order given.
 * The result is taken apart again: without the inserted ranges it must be the old text, byte for byte.
 */
export function splice(
  before: string,
  edits: readonly Omit<Splice, 'kind' | 'path'>[],
): { text: string } | { reason: string } {
  if (edits.some((edit) => edit.start !== edit.end)) return { reason: 'The edit would replace text that is there.' };
  if (edits.some((edit) => edit.start < 0 || edit.start > before.length || !Number.isInteger(edit.start)))
    return { reason: 'The edit points outside the file.' };
  if (edits.some((edit) => /^[\ud800-\udbff][\udc00-\udfff]$/.test(before.slice(edit.start - 1, edit.start + 1))))
    return { reason: 'The edit points into the middle of a character.' };
  const sorted = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.start - b.start || a.index - b.index);
  let text = '';
  let at = 0;
  const inserted: { start: number; end: number }[] = [];
  for (const edit of sorted) {
    text += before.slice(at, edit.start);
    inserted.push({ start: text.length, end: text.length + edit.text.length });
    text += edit.text;
    at = edit.start;
  }
  text += before.slice(at);
  let undone = '';
  let from = 0;
  for (const range of inserted) {
    undone += text.slice(from, range.start);
    from = range.end;
  }
  undone += text.slice(from);
  if (!Buffer.from(undone, 'utf8').equals(Buffer.from(before, 'utf8')))
    return { reason: 'Taking the addition out again would not give back the bytes that were there.' };
  return { text };
}

function pasteOf(path: string, edits: readonly Splice[]): { under: string; text: string } {
  return {
    under: path,
    text: edits.map((edit) => edit.text.replace(/\r\n/g, '\n').replace(/^\n|\n$/g, '')).join('\n\n'),
  };
}
