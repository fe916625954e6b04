/**
 * Puts nodes of one text into another, in place: a scalar within its line, entries as whole lines, items between brackets. What stands around them
 * stays, comments on the same line included.
 */
import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { positionAfter } from './gap';
import { lineBreak, splitLines } from './lines';
import type { Entry } from './locate';
import type { ParsedYaml } from './parse';
import { quote, renderText } from './scalar';

/** Text in place of a range; an insertion where `start === end`. */
export interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** The whole lines of an entry, and its first column. */
type EntryLines = Pick<Entry, 'start' | 'end' | 'indent'>;

/** The text with replacements made, those at one place in their order. They must not overlap. */
export function replaceRanges(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let from = 0;
  const inOrder = replacements.map((one, index) => ({ ...one, index }));
  for (const { start, end, text: put } of inOrder.sort((a, b) => a.start - b.start || a.index - b.index)) {
    result += text.slice(from, start) + put;
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}

/** A node's own text, without what follows it on the line. */
export function sourceOf(yaml: ParsedYaml, node: ParsedNode): string {
  return yaml.text.slice(node.range[0], node.range[1]);
}

/** Whether a node stands on one line and can be exchanged within it. */
export function isInline(yaml: ParsedYaml, node: ParsedNode | null): node is ParsedNode {
  if (node === null || sourceOf(yaml, node).includes('\n')) return false;
  return isScalar(node)
    ? node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'
    : !isCollection(node) || node.flow === true;
}

/**
 * One value in place of another on its line.
 * @param asWritten whether the old one reads as it was written, so that the new one may too; else it takes the quotes that people gave the old one.
 */
export function replaceInline(
  yaml: ParsedYaml,
  node: ParsedNode,
  next: { yaml: ParsedYaml; node: ParsedNode },
  asWritten: boolean,
): Replacement {
  const [start, end] = node.range;
  const source = sourceOf(next.yaml, next.node);
  const text = isScalar(next.node) && typeof next.node.value === 'string' ? next.node.value : undefined;
  if (asWritten || text === undefined || !isScalar(node)) return { start, end, text: source };
  if (node.type === 'QUOTE_SINGLE') return { start, end, text: quote(text, 'single') };
  if (node.type === 'QUOTE_DOUBLE') return { start, end, text: quote(text, 'double') };
  return { start, end, text: renderText(text, { quote: 'double' }) };
}

/** Whole lines of an entry of another text in place of those of this one. */
export function replaceLines(text: string, entry: EntryLines, next: { text: string; entry: EntryLines }): Replacement {
  const lines = linesOf(next.text, next.entry, entry.indent, lineBreak(text, entry.start));
  const ended = text[entry.end - 1] === '\n';
  return { start: entry.start, end: entry.end, text: ended ? lines : lines.replace(/\r?\n$/, '') };
}

/** Whole lines of an entry of another text behind an entry of this one. */
export function insertLinesAfter(text: string, entry: Entry, next: { text: string; entry: EntryLines }): Replacement {
  const at = positionAfter(text, entry);
  const newline = lineBreak(text, at);
  const lines = linesOf(next.text, next.entry, entry.indent, newline);
  if (text[at - 1] === '\n') return { start: at, end: at, text: lines };
  return { start: at, end: at, text: newline + lines.replace(/\r?\n$/, '') };
}

/** An item or `key: value` of another text at the end of a collection between brackets, or in it where it is empty. */
export function insertInline(collection: ParsedNode, text: string): Replacement | undefined {
  if (!isCollection(collection)) return undefined;
  const last = collection.items.at(-1);
  if (!collection.flow) return undefined;
  const node = isMap(collection) ? pairEnd(last) : (last as ParsedNode | undefined);
  const at = node ? node.range[1] : collection.range[0] + 1;
  return { start: at, end: at, text: node ? `, ${text}` : text };
}

/** Takes an item or a pair out of a collection between brackets, with one of the commas beside it. */
export function removeInline(collection: ParsedNode, index: number): Replacement | undefined {
  if (!isCollection(collection)) return undefined;
  const ranges = collection.items.map((item): [number, number] => {
    if (!isPair(item)) return [item.range[0], item.range[1]];
    return [item.key.range[0], (item.value ?? item.key).range[1]];
  });
  const own = ranges[index];
  const previous = ranges[index - 1];
  const next = ranges[index + 1];
  if (!own) return undefined;
  if (previous) return { start: previous[1], end: own[1], text: '' };
  return { start: own[0], end: next ? next[0] : own[1], text: '' };
}

function isCollection(node: ParsedNode): node is Extract<ParsedNode, { items: unknown[] }> {
  return isMap(node) || isSeq(node);
}

function isPair(item: unknown): item is { key: ParsedNode; value: ParsedNode | null } {
  return typeof item === 'object' && item !== null && 'key' in item;
}

function pairEnd(item: unknown): ParsedNode | undefined {
  return isPair(item) ? (item.value ?? item.key) : undefined;
}

/** An entry's lines with its first column at `indent`. */
function linesOf(text: string, entry: EntryLines, indent: number, newline: string): string {
  return splitLines(text.slice(entry.start, entry.end))
    .map((line) => {
      const bare = line.replace(/\r?\n$/, '').replace(/^\uFEFF/, '');
      if (bare.trim() === '') return newline;
      const moved = indent - entry.indent;
      return `${moved >= 0 ? ' '.repeat(moved) + bare : bare.slice(Math.min(-moved, bare.search(/\S/)))}${newline}`;
    })
    .join('');
}
