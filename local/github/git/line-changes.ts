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

// As Git does, a block that could stand at several places (`}` before and after) goes to the last of them.
function slideDown(change: LineChange, before: readonly string[], limit: number): void {
  if (change.start === change.end) {
    while (change.end < limit && change.lines.length > 0 && before[change.end] === change.lines[0]) {
      change.lines.push(...change.lines.splice(0, 1));
      change.start += 1;
      change.end += 1;
    }
  } else if (change.lines.length === 0) {
    while (change.end < limit && before[change.end] === before[change.start]) {
      change.start += 1;
      change.end += 1;
    }
  }
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
  for (const [index, change] of changes.entries()) {
    const following = changes[index + 1];
    slideDown(change, before, following === undefined ? before.length : following.start - 1);
  }
  return changes;
}
