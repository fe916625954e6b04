/** Arrays of a shell script that are written out, `NAME=( … )`, and a line more in one of them. */
import { lineBreak, lineEnd, lineStart, readLine } from '../yaml/lines';
import type { ShellToken } from './scan';
import type { Word } from './statements';

export interface ShellArray {
  name: string;
  /** Offset of the name. */
  start: number;
  /** Offset behind the opening parenthesis. */
  open: number;
  /** Offset of the closing parenthesis. */
  close: number;
  entries: Word[];
}

/** Every array that the script writes out, `NAME+=( … )` too, in order. */
export function arraysOf(tokens: readonly ShellToken[]): ShellArray[] {
  return tokens.flatMap((token, index): ShellArray[] => {
    const name = token.kind === 'word' ? /^([A-Za-z_]\w*)\+?=$/.exec(token.raw)?.[1] : undefined;
    const parenthesis = tokens[index + 1];
    if (name === undefined || parenthesis?.raw !== '(' || parenthesis.start !== token.end) return [];
    const rest = tokens.slice(index + 2);
    const end = rest.findIndex((one) => one.kind === 'operator');
    const close = rest[end];
    if (close?.raw !== ')') return [];
    const entries = rest.slice(0, end).filter((one): one is Word => one.kind === 'word');
    return [{ name, start: token.start, open: parenthesis.end, close: close.start, entries }];
  });
}

export type ArrayInsertion = { ok: true; offset: number; text: string } | { ok: false; reason: string };

/**
 * A new entry on a line of its own.
 * @param raw the entry as it is to stand there, quotes and all.
 * @param after the entry to stand behind; behind the array's opening line where the array is empty.
 * @returns the text to insert, or why no line can be added: the array, or the entry's end of it, stands on one line.
 */
export function insertArrayEntry(text: string, array: ShellArray, raw: string, after?: Word): ArrayInsertion {
  if (!text.slice(array.open, array.close).includes('\n'))
    return { ok: false, reason: `The array ${array.name} stands on one line: to add to it is to rewrite that line.` };
  const write = (offset: number, indent: string): ArrayInsertion => ({
    ok: true,
    offset,
    text: `${indent}${raw}${lineBreak(text, offset)}`,
  });
  if (!after) {
    const offset = lineEnd(text, array.open);
    return offset > array.close
      ? { ok: false, reason: `The array ${array.name} has no line of its own for an entry.` }
      : write(offset, `${marginOf(text, array.start)}  `);
  }
  const first = lineStart(text, after.start);
  const margin = text.slice(first, after.start);
  let offset = lineEnd(text, after.end);
  if (offset > array.close) {
    // The parenthesis closes on the entry's own line: the new one stands in front of it.
    if (first < array.open || margin.trim() !== '')
      return { ok: false, reason: `The array ${array.name} has no line of its own for an entry.` };
    return write(first, margin);
  }
  // A remark that continues below the entry is deeper than it.
  for (let line = readLine(text, offset); offset < array.close; line = readLine(text, offset)) {
    if (line.kind !== 'comment' || line.indent <= margin.length) break;
    offset = line.end;
  }
  return write(offset, margin.trim() === '' ? margin : `${marginOf(text, array.start)}  `);
}

/** The white space in front of the line that holds an offset. */
function marginOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}
