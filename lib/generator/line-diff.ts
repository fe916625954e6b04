/**
 * A line diff of two texts. Lines keep their ends, so that CRLF and a missing final newline count. The patch, the additions-only check and
 * the summary all go through here: they cannot disagree.
 */
import { diffArrays } from 'diff';
import { splitLines } from './yaml/lines';

export interface LineChange {
  kind: 'same' | 'added' | 'removed';
  lines: string[];
}

/** The shortest way from one text to the other; where a pure addition is possible, it is one. */
export function diffLines(before: string, after: string): LineChange[] {
  const old = splitLines(before);
  const new_ = splitLines(after);
  // Most of a big file is the same at both ends; the search in between is then small.
  let head = 0;
  while (head < old.length && head < new_.length && old[head] === new_[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < new_.length - head &&
    old[old.length - 1 - tail] === new_[new_.length - 1 - tail]
  )
    tail += 1;
  const changes: LineChange[] = [];
  const push = (kind: LineChange['kind'], lines: string[]) => {
    if (lines.length === 0) return;
    const last = changes.at(-1);
    if (last?.kind === kind) last.lines.push(...lines);
    else changes.push({ kind, lines });
  };
  push('same', old.slice(0, head));
  for (const part of diffArrays(old.slice(head, old.length - tail), new_.slice(head, new_.length - tail)))
    push(part.added ? 'added' : part.removed ? 'removed' : 'same', part.value);
  push('same', old.slice(old.length - tail));
  return changes;
}

/** The line diff of a file of a change set: a new file was empty before, a deleted one is afterwards. */
export function diffFile(file: { before: string | null; after: string | null }): LineChange[] {
  return diffLines(file.before ?? '', file.after ?? '');
}

/** How many lines a change adds and removes. */
export function countLines(changes: readonly LineChange[]): { added: number; removed: number } {
  const count = (kind: LineChange['kind']) =>
    changes.reduce((sum, change) => (change.kind === kind ? sum + change.lines.length : sum), 0);
  return { added: count('added'), removed: count('removed') };
}
