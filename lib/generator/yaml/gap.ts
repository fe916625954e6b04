/**
 * Whose are the comments between two entries? Decides where an addition stands, so that a banner stays with the group it heads, a remark
 * with the entry it is about, and commented-out entries where they are.
 */
import { lineStart, readLine, type Line } from './lines';
import type { Entry } from './locate';

/** The lines after `from` that are blank or comments, up to the next content or the end of the text. */
export function gapAfter(text: string, from: number): Line[] {
  const lines: Line[] = [];
  for (let start = from; start < text.length;) {
    const line = readLine(text, start);
    if (line.kind === 'content') break;
    lines.push(line);
    start = line.end;
  }
  return lines;
}

/**
 * Where to insert after an entry: behind the comments that belong to it and before everything else in the gap. Its own are comments
 * that touch it and are indented deeper than it, and those at its own indentation that a blank line or the collection's end closes off.
 */
export function positionAfter(text: string, entry: Entry): number {
  const gap = gapAfter(text, entry.end);
  const touching = takeWhile(gap, (line) => line.kind === 'comment');
  const following = touching.length < gap.length ? undefined : (gap.at(-1)?.end ?? entry.end);
  const closed = following === undefined || following >= text.length || readLine(text, following).indent < entry.indent;
  const own = takeWhile(touching, (line) => line.indent > entry.indent || (closed && line.indent === entry.indent));
  const deeper = takeWhile(own, (line) => line.indent > entry.indent);
  const kept = isBanner(text, own.slice(deeper.length)) ? deeper : own;
  return kept.filter((line) => text[line.end - 1] === '\n').at(-1)?.end ?? entry.end;
}

/** Where to insert before an entry: before the remarks that touch it, but behind a banner, which heads the group and not the entry. */
export function positionBefore(text: string, entry: Entry): number {
  const touching: Line[] = [];
  for (let start = entry.start; start > 0;) {
    const line = readLine(text, lineStart(text, start - 1));
    if (line.kind !== 'comment' || line.indent !== entry.indent) break;
    touching.unshift(line);
    start = line.start;
  }
  const rule = touching.map((line) => isRule(text, line)).lastIndexOf(true);
  const line = touching[rule];
  if (!line) return touching.at(0)?.start ?? entry.start;
  // A lone rule above a title has no rule below: the whole block is the banner.
  const wordless = !/\w/.test(text.slice(line.start, line.end).replaceAll('_', ''));
  return rule === 0 && wordless ? entry.start : line.end;
}

/** Offset at which the blank lines and comments above a position start. */
export function commentsAbove(text: string, position: number): number {
  let start = position;
  while (start > 0) {
    const line = readLine(text, lineStart(text, start - 1));
    if (line.kind === 'content') break;
    start = line.start;
  }
  return start;
}

/** The words of the banner that heads an entry's group, without the rules; undefined where none stands between `from` and the entry. */
export function bannerBefore(text: string, entry: Entry, from: number): string | undefined {
  const gap = gapAfter(text, from).filter((line) => line.end <= entry.start);
  if (!isBanner(text, gap)) return undefined;
  const words = gap.map((line) => text.slice(line.start, line.end).replace(/[#=\-*~─━═_+|\s]+/g, ' '));
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

/** Comment lines of which at least one is a rule: `# -----`, `# === NAME ===`, `####`. */
export function isBanner(text: string, lines: readonly Line[]): boolean {
  return lines.some((line) => isRule(text, line));
}

function isRule(text: string, line: Line): boolean {
  return line.kind === 'comment' && /(?:[=\-*~─━═_+]{3,}|#{3,})/.test(text.slice(line.start, line.end));
}

function takeWhile<T>(items: readonly T[], accept: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !accept(item));
  return items.slice(0, end === -1 ? items.length : end);
}
