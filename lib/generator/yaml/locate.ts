/**
 * Finds nodes by path and tells which lines each entry of a collection takes, so that others can stand between them.
 */
import { isAlias, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { lineEnd, lineStart } from './lines';
import type { ParsedYaml } from './parse';

/** Keys and list indexes from the root down. */
export type YamlPath = readonly (string | number)[];

/** One entry of a block collection and the whole lines it takes, comments before and after it not counted. */
export interface Entry {
  key: string | number;
  value: ParsedNode | null;
  /** Column of the key, or of the dash. */
  indent: number;
  /** Offset of its first line. */
  start: number;
  /** Offset behind its last line of content. */
  end: number;
  /** Whether it is the first thing on its line: the first key of `- name: x` is not. */
  ownLine: boolean;
}

/** What stands at a path, as far as adding to it is concerned. */
export type Place =
  | { kind: 'map'; node: YAMLMap.Parsed; entries: Entry[]; indent: number }
  | { kind: 'sequence'; node: YAMLSeq.Parsed; entries: Entry[]; indent: number }
  /** A key without a value; `indent` is the key's column, `end` the offset behind its line. */
  | { kind: 'empty'; indent: number; end: number }
  | { kind: 'flow' | 'alias' | 'scalar'; start: number; end: number }
  | { kind: 'absent' };

/** The node at a path, or undefined. Aliases are not followed: what stands behind them is somebody else's text. */
export function nodeAt(yaml: ParsedYaml, path: YamlPath): ParsedNode | undefined {
  let node: ParsedNode | null = yaml.document.contents;
  for (const step of path) {
    if (isMap(node)) node = pairOf(node, step)?.value ?? null;
    else if (isSeq(node) && typeof step === 'number') node = node.items[step] ?? null;
    else return undefined;
    if (node === null) return undefined;
  }
  return node ?? undefined;
}

/** The line of the key or item at a path; of its closest parent that is there where the path leads through an alias or nowhere. */
export function lineAt(yaml: ParsedYaml, path: YamlPath): number {
  let node: ParsedNode | null = yaml.document.contents;
  let offset = node?.range[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = pairOf(node, step);
      if (!pair) break;
      offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      if (!item) break;
      offset = item.range[0];
      node = item;
    } else break;
  }
  return yaml.lineOf(offset);
}

/** What stands at a path and, for block collections, the lines of its entries. */
export function placeAt(yaml: ParsedYaml, path: YamlPath): Place {
  if (path.length === 0 && yaml.document.contents === null) return { kind: 'absent' };
  const parent = path.length === 0 ? undefined : nodeAt(yaml, path.slice(0, -1));
  const key = path.at(-1);
  const pair = isMap(parent) && key !== undefined ? pairOf(parent, key) : undefined;
  const node = pair ? pair.value : nodeAt(yaml, path);
  if (pair && isNothing(pair.value) && !(isMap(parent) && parent.flow)) {
    const start = pair.key.range[0];
    return {
      kind: 'empty',
      indent: start - lineStart(yaml.text, start),
      end: lineEnd(yaml.text, lastOffset(pair.value, yaml.text) ?? pair.key.range[1]),
    };
  }
  if (!node || (isScalar(node) && path.length === 0 && isNothing(node))) return { kind: 'absent' };
  const [start, end] = node.range;
  if (isAlias(node)) return { kind: 'alias', start, end };
  if (isCollection(node) && node.flow) return { kind: 'flow', start, end };
  if (isMap(node)) return { kind: 'map', node, entries: mapEntries(yaml, node), indent: columnOf(yaml, start) };
  if (isSeq(node)) {
    const entries = sequenceEntries(yaml, node);
    return { kind: 'sequence', node, entries, indent: entries.at(0)?.indent ?? 0 };
  }
  return { kind: 'scalar', start, end };
}

/** The pair of a map by its key as text (`8080:` is found by 8080 and by '8080'). */
export function pairOf(
  map: YAMLMap.Parsed,
  key: string | number,
): { key: ParsedNode; value: ParsedNode | null } | undefined {
  const wanted = String(key);
  if (map.items.length <= LONG) return map.items.find((pair) => keyText(pair.key) === wanted);
  let index = indexes.get(map);
  if (!index) {
    index = new Map();
    // From the end, so that the first of two counts.
    for (const pair of [...map.items].reverse()) index.set(keyText(pair.key), pair);
    indexes.set(map, index);
  }
  return index.get(wanted);
}

/** Keys beyond which a map has an index: each of hundreds of services is looked up by its name. Parsed maps do not change. */
const LONG = 16;
const indexes = new WeakMap<YAMLMap.Parsed, Map<string, YAMLMap.Parsed['items'][number]>>();

/** A key as text; a merge key, which the parser turns into a symbol, as it is written. Empty for keys that are no scalars. */
export function keyText(key: ParsedNode): string {
  if (!isScalar(key)) return '';
  return typeof key.value === 'symbol' ? '<<' : String(key.value);
}

/** The entries of a block map with their lines. */
export function mapEntries(yaml: ParsedYaml, map: YAMLMap.Parsed): Entry[] {
  return map.items.map((pair) =>
    entryOf(yaml, keyText(pair.key), pair.value, keyStart(yaml, pair.key), pair.key.range[1]),
  );
}

/** Columns of a block map's keys: the entries' `indent`, for whoever need not know where each entry ends. */
export function keyColumns(yaml: ParsedYaml, map: YAMLMap.Parsed): number[] {
  return map.items.map((pair) => columnOf(yaml, keyStart(yaml, pair.key)));
}

/** Offset of a key; an explicit one (`? key`) starts at its question mark. */
function keyStart({ text }: ParsedYaml, key: ParsedNode): number {
  const start = key.range[0];
  const mark =
    text[start - 1] === ' ' || text[start - 1] === '\t'
      ? /\?[ \t]+$/.exec(text.slice(lineStart(text, start), start))
      : null;
  return mark ? start - mark[0].length : start;
}

/** The items of a block sequence with their lines; an item starts at its dash. */
export function sequenceEntries(yaml: ParsedYaml, sequence: YAMLSeq.Parsed): Entry[] {
  const first = sequence.range[0];
  const column = columnOf(yaml, first);
  return sequence.items.map((item, index) => {
    const value = item;
    const start = index === 0 ? first : dashBefore(yaml.text, value.range[0], column);
    return entryOf(yaml, index, value, start, start + 1);
  });
}

/** Offset of the dash that an item hangs on: all dashes of a list stand in one column, and what they hold may start on a later line. */
function dashBefore(text: string, offset: number, column: number): number {
  for (let start = lineStart(text, offset); start > 0; start = lineStart(text, start - 1))
    if (text[start + column] === '-' && text.slice(start, start + column).trim() === '') return start + column;
  return offset;
}

function entryOf(
  yaml: ParsedYaml,
  key: string | number,
  value: ParsedNode | null,
  start: number,
  keyEnd: number,
): Entry {
  const first = lineStart(yaml.text, start);
  const last = Math.max(keyEnd, lastOffset(value, yaml.text) ?? keyEnd);
  return {
    key,
    value,
    indent: columnOf(yaml, start),
    start: first,
    end: lineEnd(yaml.text, Math.max(last - 1, start)),
    ownLine: /^[\s\uFEFF]*$/.test(yaml.text.slice(first, start)),
  };
}

/** The column of an offset, a byte-order mark not counted. */
export function columnOf(yaml: ParsedYaml, offset: number): number {
  const first = lineStart(yaml.text, offset);
  return offset - first - (yaml.text.charCodeAt(first) === 0xfeff ? 1 : 0);
}

/** Whether a value is not there at all; `~` and `null` are, and so is an anchor or a tag. */
function isNothing(node: ParsedNode | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '' && !node.anchor && !node.tag);
}

/** Offset behind a node's last character of content. A block scalar's blank lines count only where it keeps them (`|+`). */
function lastOffset(node: ParsedNode | null, text: string): number | undefined {
  if (node === null) return undefined;
  if (isMap(node) && !node.flow) {
    const pair = node.items.at(-1);
    return pair ? Math.max(lastOffset(pair.key, text) ?? 0, lastOffset(pair.value, text) ?? 0) : node.range[1];
  }
  if (isSeq(node) && !node.flow) {
    const item = node.items.at(-1);
    return item ? lastOffset(item, text) : node.range[1];
  }
  if (isBlockScalar(node)) {
    if (keepsBlankLines(node, text)) return node.range[1];
    const trimmed = text.slice(0, node.range[1]).trimEnd().length;
    return Math.max(trimmed, node.range[0] + 1);
  }
  return node.range[1];
}

/** Whether a node ends with a block scalar that keeps the blank lines behind it (`|+`): another blank line there would be its own. */
export function keepsBlankLines(node: ParsedNode | null, text: string): boolean {
  if (isMap(node) && !node.flow) return keepsBlankLines(node.items.at(-1)?.value ?? null, text);
  if (isSeq(node) && !node.flow) return keepsBlankLines(node.items.at(-1) ?? null, text);
  if (!isBlockScalar(node)) return false;
  return text.slice(node.range[0], lineEnd(text, node.range[0])).split('#')[0]?.includes('+') ?? false;
}

function isBlockScalar(node: ParsedNode | null): node is Scalar.Parsed {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}
