/**
 * The parts of a Markdown file that a line can be added to: headings, tables and lists, each with its lines and offsets. Code blocks, comments
 * and front matter are no such parts: what stands in them is an example.
 */
import { splitLines } from '../yaml/lines';

/** A line, without its line break. `line` counts from 1; `end` is behind the line break. */
export interface SourceLine {
  line: number;
  start: number;
  end: number;
  text: string;
  /** Whether it stands in a code block, a comment or the front matter. */
  hidden: boolean;
}

export interface Heading {
  line: number;
  level: number;
  /** The words, without the marks around them. */
  text: string;
}

/** One cell: `raw` is everything between two bars, the spaces included. */
export interface Cell {
  raw: string;
  text: string;
}

export interface Row extends SourceLine {
  cells: Cell[];
}

export interface Table {
  heading: Heading | undefined;
  header: Row;
  delimiter: Row;
  rows: Row[];
}

/** An item of a list at one indentation, with what belongs to it: wrapped lines and deeper lists. */
export interface ListItem {
  line: number;
  start: number;
  /** Behind the last line that belongs to it. */
  end: number;
  indent: string;
  /** `-`, `*`, `+`, or `1.` with its number. */
  marker: string;
  /** The first line's text behind the marker, a wrapped remainder joined to it by a space. */
  text: string;
}

export interface List {
  heading: Heading | undefined;
  items: ListItem[];
}

export interface Outline {
  lines: SourceLine[];
  headings: Heading[];
  tables: Table[];
  lists: List[];
  /** Lists inside an item of another, at any depth; the item stands in for the heading. */
  nested: List[];
}

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(\s+)(\S.*)$/;
const DELIMITER = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*$|^\s*\|\s*:?-+:?\s*\|?\s*$/;

/** Reads a Markdown text. Total: whatever is no heading, table or list is left out. */
export function outlineOf(text: string): Outline {
  const lines = sourceLines(text);
  const headings = findHeadings(lines);
  const headingAt = (line: number): Heading | undefined => headings.filter((one) => one.line < line).at(-1);
  const lists = findLists(lines, headingAt);
  return { lines, headings, tables: findTables(lines, headingAt), lists, nested: nestedIn(lists, lines) };
}

/** The cells of a table's line. A bar behind a backslash or in a code span with one is text. */
export function splitCells(text: string): Cell[] {
  return text
    .replace(/^\s*\|/, '')
    .replace(/(?<!\\)\|\s*$/, '')
    .split(/(?<!\\)\|/)
    .map((raw) => ({ raw, text: raw.trim() }));
}

/** The anchor that GitHub and GitLab give a heading: `## Who may join?` is `#who-may-join`. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, '')
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function sourceLines(text: string): SourceLine[] {
  let start = 0;
  let fence: string | undefined;
  let comment = false;
  const sources = splitLines(text);
  const frontMatter = frontMatterLength(sources);
  return sources.map((source, index) => {
    const line = source.replace(/\r?\n$/, '');
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const wasFenced = fence !== undefined;
    if (!comment && fence === undefined && mark?.[1] && !(mark[1].startsWith('`') && mark[2]?.includes('`')))
      fence = mark[1];
    else if (fence !== undefined && mark?.[1]?.startsWith(fence) && mark[2]?.trim() === '') fence = undefined;
    const wasComment = comment;
    if (!wasFenced && fence === undefined) {
      const opened = line.lastIndexOf('<!--');
      const closed = line.lastIndexOf('-->');
      if (opened > closed) comment = true;
      else if (closed >= 0) comment = false;
    }
    const hidden = index < frontMatter || wasFenced || fence !== undefined || wasComment || comment;
    const result = { line: index + 1, start, end: start + source.length, text: line, hidden };
    start += source.length;
    return result;
  });
}

function frontMatterLength(sources: readonly string[]): number {
  if (!/^\ufeff?---\s*$/.test(sources[0] ?? '')) return 0;
  const end = sources.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  return end === -1 ? 0 : end + 1;
}

function findHeadings(lines: readonly SourceLine[]): Heading[] {
  return lines.flatMap((line, index) => {
    if (line.hidden) return [];
    const marked = /^\ufeff? {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/.exec(line.text);
    if (marked) return [{ line: line.line, level: marked[1]?.length ?? 1, text: (marked[2] ?? '').trim() }];
    const under = lines[index + 1];
    const level = under && !under.hidden ? /^ {0,3}(=+|-+)\s*$/.exec(under.text)?.[1]?.[0] : undefined;
    const isText = /^ {0,3}[^\s#>|*+-]/.test(line.text) && !ITEM.test(line.text);
    return level !== undefined && isText
      ? [{ line: line.line, level: level === '=' ? 1 : 2, text: line.text.trim() }]
      : [];
  });
}

function findTables(lines: readonly SourceLine[], headingAt: (line: number) => Heading | undefined): Table[] {
  const tables: Table[] = [];
  const rowOf = (line: SourceLine): Row => ({ ...line, cells: splitCells(line.text) });
  let open: Table | undefined;
  lines.forEach((line, index) => {
    const above = lines[index - 1];
    if (line.hidden || !line.text.includes('|')) {
      open = undefined;
      return;
    }
    if (open) {
      open.rows.push(rowOf(line));
      return;
    }
    if (!above || above.hidden || !above.text.includes('|') || !DELIMITER.test(line.text)) return;
    if (splitCells(above.text).length !== splitCells(line.text).length) return;
    open = { heading: headingAt(above.line), header: rowOf(above), delimiter: rowOf(line), rows: [] };
    tables.push(open);
  });
  return tables;
}

function findLists(lines: readonly SourceLine[], headingAt: (line: number) => Heading | undefined): List[] {
  const lists: List[] = [];
  let open: List | undefined;
  let blank = false;
  for (const line of lines) {
    const match = line.hidden ? null : ITEM.exec(line.text);
    const item = open?.items.at(-1);
    const deeper = item !== undefined && /\S/.test(line.text) && indentOf(line.text) > item.indent.length;
    if (line.text.trim() === '') {
      blank = true;
      continue;
    }
    if (item && deeper) {
      // A wrapped line, a deeper list, a code block: the item's own.
      item.end = line.end;
      if (!match && !line.hidden && !blank && !/\n/.test(item.text) && item.line === line.line - 1)
        item.text = `${item.text} ${line.text.trim()}`;
    } else if (match) {
      const next: ListItem = {
        line: line.line,
        start: line.start,
        end: line.end,
        indent: match[1] ?? '',
        marker: match[2] ?? '-',
        text: (match[4] ?? '').trim(),
      };
      const same = item && item.indent === next.indent && kindOf(item.marker) === kindOf(next.marker);
      if (open && same) open.items.push(next);
      else lists.push((open = { heading: headingAt(line.line), items: [next] }));
    } else open = undefined;
    blank = false;
  }
  return lists;
}

function nestedIn(lists: readonly List[], lines: readonly SourceLine[]): List[] {
  return lists.flatMap((list) =>
    list.items.flatMap((item) => {
      const inside: SourceLine[] = [];
      for (let line = lines[item.line]; line && line.end <= item.end; line = lines[line.line]) inside.push(line);
      if (!inside.some((line) => ITEM.test(line.text))) return [];
      const heading = { line: item.line, level: 7, text: item.text };
      const found = findLists(inside, () => heading);
      return [...found, ...nestedIn(found, lines)];
    }),
  );
}

function indentOf(text: string): number {
  return text.search(/\S/);
}

function kindOf(marker: string): string {
  return marker.replace(/\d+/, '1');
}
