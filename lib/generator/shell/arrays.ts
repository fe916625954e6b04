/** Arrays of a shell script that are written out, `NAME=( … )`, and a line more in one of them. */
import { lineBreak, lineEnd, lineStart, readLine } from '../yaml/lines';
import { tokenize, type ShellToken } from './tokens';
import { literalOf } from './words';

export interface ShellEntry {
  /** As it is written, quotes and all; offsets are those of the script. */
  raw: string;
  start: number;
  end: number;
  /** What it says; undefined where something in it is expanded when the script runs. */
  literal: string | undefined;
}

export interface ShellArray {
  name: string;
  /** Offset of the name. */
  start: number;
  /** Offset behind the opening parenthesis. */
  open: number;
  /** Offset of the closing parenthesis. */
  close: number;
  entries: ShellEntry[];
}

const ARRAY = /^([A-Za-z_]\w*)\+?=\(([\s\S]*)\)$/;

/**
 * Every array that the script writes out, `NAME+=( … )` too, in order.
 * @throws ShellSyntaxError where a quote, a substitution or a here-document is not closed.
 */
export function arraysOf(text: string): ShellArray[] {
  return tokenize(text).flatMap((token): ShellArray[] => {
    const match = token.kind === 'word' ? ARRAY.exec(token.raw) : null;
    if (!match) return [];
    const [, name = '', inner = ''] = match;
    const close = token.end - 1;
    const open = close - inner.length;
    const words = tokenize(inner).filter((one) => one.kind === 'word');
    return [{ name, start: token.start, open, close, entries: words.map((word) => entryOf(word, open)) }];
  });
}

function entryOf({ raw, start, end }: ShellToken, open: number): ShellEntry {
  return { raw, start: open + start, end: open + end, literal: literalOf(raw) };
}

export type LineInsertion = { ok: true; offset: number; text: string } | { ok: false; reason: string };

/**
 * A new entry on a line of its own.
 * @param raw the entry as it is to stand there, quotes and all.
 * @param after the entry to stand behind; behind the array's opening line where the array is empty.
 * @returns the text to insert, or why no line can be added: the array, or this entry in it, shares its line.
 */
export function insertArrayEntry(text: string, array: ShellArray, raw: string, after?: ShellEntry): LineInsertion {
  const inside = text.slice(array.open, array.close);
  if (!inside.includes('\n'))
    return { ok: false, reason: `The array ${array.name} stands on one line: to add to it is to rewrite that line.` };
  if (/\\\r?\n/.test(inside))
    return {
      ok: false,
      reason: `The array ${array.name} goes on behind backslashes: a line between them changes them.`,
    };
  const usual = `${marginOf(text, array.start)}  `;
  const write = (offset: number, indent: string): LineInsertion => ({
    ok: true,
    offset,
    text: `${indent}${raw}${lineBreak(text, offset)}`,
  });
  if (!after) return write(lineEnd(text, array.open), usual);
  const first = lineStart(text, after.start);
  const margin = text.slice(first, after.start);
  const ownLine = margin.trim() === '';
  let offset = lineEnd(text, after.end);
  if (offset > array.close)
    // The parenthesis closes on the entry's own line: the new one stands in front of it.
    return ownLine
      ? write(first, margin)
      : { ok: false, reason: `The array ${array.name} has no line of its own for an entry.` };
  // A remark that goes on below the entry is deeper than it.
  for (let line = readLine(text, offset); line.end <= array.close; line = readLine(text, offset)) {
    if (!ownLine || line.kind !== 'comment' || line.indent <= margin.length) break;
    offset = line.end;
  }
  return write(offset, ownLine ? margin : usual);
}

/** The white space in front of the line that holds an offset. */
function marginOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}
