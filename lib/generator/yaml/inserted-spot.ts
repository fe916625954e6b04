/** Finds the smallest piece of a parsed text that has to be parsed again when lines are added to it; for parse-inserted.ts. */
import { isMap, isScalar, isSeq, YAMLMap, YAMLSeq } from 'yaml';
import { lineStart } from './lines';
import type { ParsedYaml } from './parse';

/** One block map or list on the way down, and which of its entries leads on. The innermost one's entry is the piece. */
export interface Level {
  node: YAMLMap.Parsed | YAMLSeq.Parsed;
  column: number;
  index: number;
  /** Whether the piece ends where its next entry starts. */
  hasNext: boolean;
}

export interface Spot {
  /** From the root down; all but the last are maps. */
  levels: Level[];
  /** Which level's next entry stands behind the piece; -1 where the piece ends with the text. */
  next: number;
  /** Offsets of the piece in the old text: where its entry's line starts, and where the next entry's does. */
  start: number;
  end: number;
  /** Keys that put the piece as deep as it stands. */
  header: string;
  /** The next entry's key once more, without its value. */
  sentinel: string;
}

/** The innermost entry in whose lines `at` stands, as deep as the added lines' indentation goes; undefined where none is plain enough. */
export function findSpot(old: Pick<ParsedYaml, 'text' | 'document'>, at: number, inserted: string): Spot | undefined {
  const { text } = old;
  if (at <= 0 || text[at - 1] !== '\n' || !inserted.endsWith('\n')) return undefined;
  const { indent, dash } = outermost(inserted);
  const levels: Level[] = [];
  let node: unknown = old.document.contents;
  for (;;) {
    const level = levelOf(text, node, at);
    if (!level || level.column > indent) break;
    if (isSeq(level.node) && level.column === indent && !dash) break;
    levels.push(level);
    if (!isMap(level.node) || !leadsOn(text, level)) break;
    node = level.node.items[level.index]?.value;
  }
  const inner = levels.at(-1);
  const start = inner && entryStart(text, inner, inner.index);
  if (start === undefined) return undefined;
  const header = levels
    .slice(0, -1)
    .map(({ column }) => `${' '.repeat(column)}k:\n`)
    .join('');
  const next = levels.findLastIndex((level) => level.index + 1 < level.node.items.length);
  const level = levels[next];
  if (!level) return { levels, next, start, end: text.length, header, sentinel: '' };
  level.hasNext = true;
  const end = entryStart(text, level, level.index + 1);
  const sentinel = sentinelOf(text, level);
  return end === undefined || sentinel === undefined ? undefined : { levels, next, start, end, header, sentinel };
}

/** How far to the left the lines go, and whether what stands there is an item. */
function outermost(lines: string): { indent: number; dash: boolean } {
  let found = { indent: -1, dash: false };
  for (const line of lines.split('\n')) {
    const content = /[^ \r]/.exec(line);
    if (!content || content[0] === '#') continue;
    if (found.indent === -1 || content.index < found.indent)
      found = { indent: content.index, dash: /^-[ \r]|^-$/.test(line.slice(content.index)) };
  }
  return found;
}

/** The last entry that starts in front of `at`. */
function levelOf(text: string, node: unknown, at: number): Level | undefined {
  const kind: unknown = typeof node === 'object' && node !== null ? Object.getPrototypeOf(node) : undefined;
  if ((kind !== YAMLMap.prototype && kind !== YAMLSeq.prototype) || !(isMap(node) || isSeq(node))) return undefined;
  const block = node as YAMLMap.Parsed | YAMLSeq.Parsed;
  if (block.flow || block.items.length === 0) return undefined;
  const first = isMap(block) ? block.items[0]?.key.range[0] : block.range[0];
  if (first === undefined) return undefined;
  const column = first - lineStart(text, first);
  let [low, high] = [0, block.items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = isMap(block) ? block.items[middle]?.key.range[0] : block.items[middle]?.range[0];
    if (start === undefined) return undefined;
    if (start < at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : { node: block, column, index: low - 1, hasNext: false };
}

/** Offset of an entry's line; undefined where its key or dash is not the first thing on it, or not in the collection's column. */
function entryStart(text: string, { node, column }: Level, index: number): number | undefined {
  const offset = isMap(node) ? node.items[index]?.key.range[0] : node.items[index]?.range[0];
  if (offset === undefined) return undefined;
  const start = lineStart(text, offset);
  const lead = text.slice(start, offset);
  if (isMap(node)) return lead.length === column && /^ *$/.test(lead) ? start : undefined;
  // An item with nothing on its dash's line, or nothing at all, is left to the whole parse.
  const [from, to] = node.items[index]?.range ?? [0, 0];
  return to > from && lead.slice(0, column + 2) === `${' '.repeat(column)}- ` ? start : undefined;
}

/** Whether the entry is a key alone on its line with its entries below, so that `k:` may stand for it. */
function leadsOn(text: string, level: Level): boolean {
  if (!isMap(level.node)) return false;
  const pair = level.node.items[level.index];
  const value: unknown = pair?.value;
  if (!pair || !(isMap(value) || isSeq(value)) || !isPlainKey(text, pair.key)) return false;
  if (entryStart(text, level, level.index) === undefined) return false;
  const start = (value as YAMLMap.Parsed | YAMLSeq.Parsed).range[0];
  return text.lastIndexOf('\n', start) > pair.key.range[1];
}

function isPlainKey(text: string, key: YAMLMap.Parsed['items'][number]['key']): boolean {
  if (!isScalar(key) || key.anchor !== undefined || key.tag !== undefined) return false;
  const [start, end] = key.range;
  return end > start && !text.slice(start, end).includes('\n') && text[end] === ':';
}

function sentinelOf(text: string, level: Level): string | undefined {
  const { node, column, index } = level;
  if (!isMap(node)) return `${' '.repeat(column)}- k\n`;
  const key = node.items[index + 1]?.key;
  if (!key || !isPlainKey(text, key)) return undefined;
  return `${' '.repeat(column)}${text.slice(key.range[0], key.range[1])}:\n`;
}
