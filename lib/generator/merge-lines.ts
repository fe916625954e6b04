/** Applies to a text that people edited what changed between two others, line by line. */
import { diffLines } from './line-diff';
import { splitLines } from './yaml/lines';

export interface LineConflict {
  /** Line of the edited text, counted from 1, at which it reads differently. */
  line: number;
  /** What is to stand there. */
  wanted: string;
}

export interface MergedLines {
  text: string;
  conflicts: LineConflict[];
}

/** One change from base to next: lines of the base that go, and what comes in their place. */
interface Hunk {
  start: number;
  end: number;
  lines: string[];
}

/**
 * `present` with the changes that lead from `base` to `next`. What people changed elsewhere stays; where they changed the very lines, theirs stay and
 * the change is a conflict, unless both made the same of them.
 */
export function mergeLines(base: string, present: string, next: string): MergedLines {
  if (present === base) return { text: next, conflicts: [] };
  const place = placesIn(base, present);
  const there = splitLines(present);
  const conflicts: LineConflict[] = [];
  const changes: Hunk[] = [];
  for (const hunk of hunksOf(base, next)) {
    const target = locate(hunk, place, there.length);
    if (target) {
      const inserted = there.slice(target.start, target.start + hunk.lines.length).join('');
      const done = hunk.start === hunk.end && hunk.lines.length > 0 && inserted === hunk.lines.join('');
      if (!done) changes.push({ ...target, lines: hunk.lines });
      continue;
    }
    const around = surroundings(hunk, place, there.length);
    if (there.slice(around.start, around.end).join('') === hunk.lines.join('')) continue;
    conflicts.push({ line: around.start + 1, wanted: hunk.lines.join('') });
  }
  return { text: write(there, changes), conflicts };
}

/** For each line of the base where it stands in the present text; undefined where it does not any more. */
function placesIn(base: string, present: string): (number | undefined)[] {
  const place: (number | undefined)[] = [];
  let at = 0;
  for (const change of diffLines(base, present)) {
    if (change.kind === 'added') at += change.lines.length;
    else
      for (let count = 0; count < change.lines.length; count += 1)
        place.push(change.kind === 'same' ? at++ : undefined);
  }
  return place;
}

function hunksOf(base: string, next: string): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: Hunk | undefined;
  for (const change of diffLines(base, next)) {
    if (change.kind === 'same') {
      at += change.lines.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { start: at, end: at, lines: [] };
      hunks.push(open);
    }
    if (change.kind === 'added') open.lines.push(...change.lines);
    else {
      at += change.lines.length;
      open.end = at;
    }
  }
  return hunks;
}

/** Where a change goes; undefined where the lines that it is about are not as they were. */
function locate(
  { start, end }: Hunk,
  place: readonly (number | undefined)[],
  length: number,
): { start: number; end: number } | undefined {
  if (start === end) {
    const before = start === 0 ? -1 : place[start - 1];
    if (before !== undefined) return { start: before + 1, end: before + 1 };
    const after = start === place.length ? length : place[start];
    return after === undefined ? undefined : { start: after, end: after };
  }
  const first = place[start];
  if (first === undefined) return undefined;
  for (let index = start; index < end; index += 1) if (place[index] !== first + index - start) return undefined;
  return { start: first, end: first + end - start };
}

/** The lines of the present text between those around a change that are as they were. */
function surroundings(
  { start, end }: Hunk,
  place: readonly (number | undefined)[],
  length: number,
): { start: number; end: number } {
  let above = start - 1;
  while (above >= 0 && place[above] === undefined) above -= 1;
  let below = end;
  while (below < place.length && place[below] === undefined) below += 1;
  return { start: above < 0 ? 0 : (place[above] ?? 0) + 1, end: place[below] ?? length };
}

function write(there: readonly string[], changes: readonly Hunk[]): string {
  const lines: string[] = [];
  let from = 0;
  for (const { start, end, lines: wanted } of [...changes].sort((a, b) => a.start - b.start)) {
    lines.push(...there.slice(from, start), ...wanted);
    from = end;
  }
  return [...lines, ...there.slice(from)].join('');
}
