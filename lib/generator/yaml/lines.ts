/**
 * Lines of a text by offset. Everything that inserts works in whole lines, so that an addition never changes a line that is there.
 */

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line break of the line that holds `offset`; the text's length where that line is not terminated. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/** The line break that a text uses: that of the line before `offset`, else of the line there, else of the first line, else LF. */
export function lineBreak(text: string, offset: number): '\n' | '\r\n' {
  const before = text.lastIndexOf('\n', offset - 1);
  const newline = before === -1 ? text.indexOf('\n') : before;
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

/** One line: where it starts and ends (its line break included) and what it is. */
export interface Line {
  start: number;
  end: number;
  kind: 'blank' | 'comment' | 'content';
  /** Column of the first character that is not white space. */
  indent: number;
}

/** The line that starts at `start`. */
export function readLine(text: string, start: number): Line {
  const end = lineEnd(text, start);
  const source = text.slice(start, end);
  const indent = source.search(/[^\s\uFEFF]/);
  if (indent === -1) return { start, end, kind: 'blank', indent: source.replace(/\r?\n$/, '').length };
  return { start, end, kind: source[indent] === '#' ? 'comment' : 'content', indent };
}

/** The lines of a text, each with its line break. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = lineEnd(text, start);
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}
