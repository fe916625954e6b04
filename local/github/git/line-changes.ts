/**
 * Text as lines and the changes between two texts. Bytes are read as latin1, one character each, so that nothing about the
 * encoding or the line endings can get lost.
 */
import { diffArrays } from 'diff';

/** Lines `start` to `end` (exclusive) of the old text become `lines`. */
export interface LineChange {
  start: number;
  end: number;
  lines: string[];
}

/** The lines of a text with their line feeds; the last one may lack it. */
export function splitLines(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Git's rule: a NUL among the first 8000 bytes. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

const isInsertion = (change: LineChange) => change.start === change.end;
const isRemoval = (change: LineChange) => change.lines.length === 0;

// A block between lines like its own (`}` before and after) could stand at several places without a difference to the text.
function slideUp(change: LineChange, before: readonly string[], limit: number): void {
  while (change.start > limit) {
    const above = before[change.start - 1];
    if (isInsertion(change) && above !== undefined && above === change.lines.at(-1)) {
      change.lines = [above, ...change.lines.slice(0, -1)];
    } else if (!isRemoval(change) || above !== before[change.end - 1]) {
      return;
    }
    change.start -= 1;
    change.end -= 1;
  }
}

function slideDown(change: LineChange, before: readonly string[], limit: number): void {
  while (change.end < limit) {
    const below = before[change.end];
    if (isInsertion(change) && below !== undefined && below === change.lines[0]) {
      change.lines = [...change.lines.slice(1), below];
    } else if (!isRemoval(change) || below !== before[change.start]) {
      return;
    }
    change.start += 1;
    change.end += 1;
  }
}

function join(first: LineChange, second: LineChange): LineChange {
  return { start: first.start, end: second.end, lines: [...first.lines, ...second.lines] };
}

/** Brings changes together that can meet, and moves each to the last place it may have, as Git does. */
function settle(changes: readonly LineChange[], before: readonly string[]): LineChange[] {
  const upward: LineChange[] = [];
  for (const change of changes) {
    let current = change;
    slideUp(current, before, upward.at(-1)?.end ?? 0);
    for (let last = upward.at(-1); last !== undefined && last.end === current.start; last = upward.at(-1)) {
      current = join(last, current);
      upward.pop();
      slideUp(current, before, upward.at(-1)?.end ?? 0);
    }
    upward.push(current);
  }
  const settled: LineChange[] = [];
  for (const change of upward.reverse()) {
    let current = change;
    slideDown(current, before, settled[0]?.start ?? before.length);
    for (let next = settled[0]; next !== undefined && next.start === current.end; next = settled[0]) {
      current = join(current, next);
      settled.shift();
      slideDown(current, before, settled[0]?.start ?? before.length);
    }
    settled.unshift(current);
  }
  return settled;
}

/** The changes that turn `before` into `after`, in order; two of them never touch. */
export function lineChanges(before: string[], after: string[]): LineChange[] {
  const changes: LineChange[] = [];
  let position = 0;
  let open: LineChange | undefined;
  for (const part of diffArrays(before, after)) {
    if (!part.added && !part.removed) {
      position += part.value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: position, end: position, lines: [] };
      changes.push(open);
    }
    if (part.added) {
      open.lines.push(...part.value);
    } else {
      position += part.value.length;
      open.end = position;
    }
  }
  return settle(changes, before);
}
