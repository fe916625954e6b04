/**
 * Parses a text that is a parsed one with whole lines added, by parsing again only the entry that the lines stand in: of a file of thousands of lines
 * that is most of the work of a plan. The result is what parsing the whole text gives, node by node (parse-inserted.property.test.ts); wherever
 * that is not certain there is none, and the caller parses the whole.
 *
 * Why it is the same: YAML is read from the front, so all in front of the entry is as it was. Behind its last line the reader stands where it stood, if
 * the next key, in its column, is read as the next entry again: that key's line is parsed with the entry, to see. What reaches across entries
 * is looked at by itself: keys that stand twice, anchors and aliases, marks of documents.
 */
import {
  Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Pair,
  Scalar,
  YAMLMap,
  YAMLSeq,
  type ParsedNode,
} from 'yaml';
import { findSpot, type Level, type Spot } from './inserted-spot';
import type { ParsedYaml } from './parse';

/** How every file is parsed. */
export const parseOptions = { version: '1.2', merge: true, prettyErrors: false, logLevel: 'error' } as const;

export type ParsedText = Omit<ParsedYaml, 'path'>;
type BlockNode = YAMLMap.Parsed | YAMLSeq.Parsed;

/**
 * @param at offset in the old text where the lines go in: where a line starts.
 * @param inserted whole lines, each with its line break.
 * @returns the new text, parsed; undefined where only parsing the whole of it can tell. Never throws.
 */
export function parseInserted(old: ParsedText, at: number, inserted: string): ParsedText | undefined {
  if (/^%|\{\{|\{%/m.test(inserted) || /^%/m.test(old.text)) return undefined;
  const spot = findSpot(old, at, inserted);
  if (!spot) return undefined;
  const chunk = old.text.slice(spot.start, at) + inserted + old.text.slice(at, spot.end);
  if (/^(?:---|\.\.\.)|\{\{|\{%/m.test(chunk)) return undefined;
  const document = parseDocument(spot.header + chunk + spot.sentinel, parseOptions);
  if (document.errors.length > 0) return undefined;
  const parsed = levelsOf(document.contents, spot);
  if (!parsed || !isWhole(spot, parsed, spot.header.length + chunk.length)) return undefined;
  const mover = new Mover();
  const contents = rebuild(spot, parsed, 0, mover, inserted.length);
  if (!contents) return undefined;
  const text = old.text.slice(0, at) + inserted + old.text.slice(at);
  document.contents = contents;
  adopt(document, old, spot, inserted.length);
  let value: unknown;
  try {
    value = mover.anchors ? plain(document, contents) : plainValues(document, spot, contents, old.toJs());
  } catch {
    return undefined;
  }
  return { text, document, lineOf: lineCounter(text), toJs: () => value };
}

/** Gives the piece's document what the old one has around its contents; behind the contents only where the piece does not reach the end. */
function adopt(document: ParsedYaml['document'], old: ParsedText, spot: Spot, by: number): void {
  const [from, end, behind] = old.document.range;
  const shift = spot.start - spot.header.length;
  document.directives = old.document.directives;
  document.commentBefore = old.document.commentBefore;
  if (spot.next === -1) {
    document.range = [from, document.range[1] + shift, document.range[2] + shift];
    return;
  }
  document.range = [from, end + by, behind + by];
  document.comment = old.document.comment;
}

/** The line, counted from 1, that holds an offset; the lines are counted when somebody asks. */
function lineCounter(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => {
    if (!starts) {
      starts = [0];
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    }
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The collections of the parsed piece that stand for the spot's levels; undefined where it has another shape. */
function levelsOf(root: ParsedNode | null, spot: Spot): BlockNode[] | undefined {
  const levels: BlockNode[] = [];
  let node: unknown = root;
  for (const [index, level] of spot.levels.entries()) {
    if (!(isMap(node) || isSeq(node)) || isMap(node) !== isMap(level.node) || node.flow) return undefined;
    const block = node as BlockNode;
    const last = index === spot.levels.length - 1;
    const sentinel = index === spot.next ? 1 : 0;
    if (last ? block.items.length <= sentinel : block.items.length !== 1 + sentinel) return undefined;
    levels.push(block);
    node = isMap(block) ? block.items[0]?.value : undefined;
  }
  return levels;
}

/** Whether the piece starts and ends as it did: with the old entry's key, and with the next entry's in its column. */
function isWhole(spot: Spot, parsed: readonly BlockNode[], length: number): boolean {
  const inner = spot.levels.at(-1);
  const piece = parsed.at(-1);
  if (!inner || !piece) return false;
  const first = startOf(piece, 0);
  const shift = spot.start - spot.header.length;
  if (first === undefined || first + shift !== startOf(inner.node, inner.index)) return false;
  if (isMap(piece) && isMap(inner.node) && repeatsKey(inner, inner.node, piece)) return false;
  const [level, outer] = [spot.levels[spot.next], parsed[spot.next]];
  if (!level || !outer) return true;
  if (isSeq(outer)) return startOf(outer, outer.items.length - 1) === length + level.column + 2;
  return startOf(outer, outer.items.length - 1) === length + level.column;
}

/** Where the key or the item starts. */
function startOf(node: BlockNode, index: number): number | undefined {
  return isMap(node) ? node.items[index]?.key.range[0] : node.items[index]?.range[0];
}

/** Whether a key of the piece stands elsewhere in the map, or may for all that can be told here. */
function repeatsKey(level: Level, map: YAMLMap.Parsed, piece: YAMLMap.Parsed): boolean {
  const others = new Set<unknown>();
  for (const [index, { key }] of map.items.entries()) {
    if (!isScalar(key)) return true;
    if (index !== level.index) others.add(key.value);
  }
  // The sentinel is one of the others, and the only one that may be.
  let met = 0;
  for (const { key } of piece.items) {
    if (!isScalar(key) || typeof key.value !== 'string') return true;
    if (others.has(key.value)) met += 1;
  }
  return met !== (level.hasNext ? 1 : 0);
}

/** The old node with the piece in it, and all behind it moved. Undefined where a node is of a kind that is not moved here. */
function rebuild(
  spot: Spot,
  parsed: readonly BlockNode[],
  index: number,
  mover: Mover,
  by: number,
): BlockNode | undefined {
  const [level, piece] = [spot.levels[index], parsed[index]];
  if (!level || !piece) return undefined;
  const { node } = level;
  const shift = spot.start - spot.header.length;
  const sentinel = index === spot.next ? piece.items.at(-1) : undefined;
  const entries: unknown[] = node.items.slice(0, level.index);
  if (index < spot.levels.length - 1) {
    const inner = rebuild(spot, parsed, index + 1, mover, by);
    const pair = isMap(node) ? node.items[level.index] : undefined;
    if (!inner || !pair) return undefined;
    entries.push(new Pair(pair.key, inner));
  } else {
    const own = sentinel === undefined ? piece.items : piece.items.slice(0, -1);
    const moved = own.map((item) => mover.moveEntry(item, shift));
    copyComments(node.items[level.index], moved[0]);
    entries.push(...moved);
    // An anchor that the added lines make text of is missed elsewhere as well.
    mover.moveEntry(node.items[level.index], 0);
  }
  if (node.anchor !== undefined) mover.anchors = true;
  const anchored = mover.anchors;
  const rest = node.items.slice(level.index + 1).map((item) => mover.moveEntry(item, by));
  mover.anchors = anchored;
  if (sentinel !== undefined) copyComments(sentinel, rest[0]);
  entries.push(...rest);
  const made = isMap(node) ? new YAMLMap(node.schema) : new YAMLSeq(node.schema);
  const behind = index > spot.next;
  Object.assign(made, node, {
    items: entries,
    range: behind
      ? [node.range[0], piece.range[1] + shift, piece.range[2] + shift]
      : [node.range[0], node.range[1] + by, node.range[2] + by],
  });
  if (behind) made.comment = piece.comment;
  return mover.failed ? undefined : (made as BlockNode);
}

/** Comments and blank lines in front of an entry are kept at its key, or at the item. */
function copyComments(from: unknown, to: unknown): void {
  const source = from instanceof Pair ? (from.key as unknown) : from;
  const target = to instanceof Pair ? (to.key as unknown) : to;
  if (!isParsed(source) || !isParsed(target)) return;
  target.commentBefore = source.commentBefore;
  target.spaceBefore = source.spaceBefore;
}

function isParsed(node: unknown): node is ParsedNode {
  return isScalar(node) || isAlias(node) || isMap(node) || isSeq(node);
}

/** Copies nodes to another place in the text. */
class Mover {
  /** Whether a node met has an anchor: what stands elsewhere may mean it. */
  anchors = false;
  /** Whether a node met is of no kind that is known here (`!!set`, `!!omap`). */
  failed = false;

  moveEntry(entry: unknown, by: number): unknown {
    if (!(entry instanceof Pair)) return this.move(entry, by);
    return new Pair(this.move(entry.key, by), this.move(entry.value, by));
  }

  private move(node: unknown, by: number): unknown {
    if (node === null || node === undefined) return node;
    if (isAlias(node)) {
      const alias = Object.assign(new Alias(node.source), node);
      alias.range = moveRange(node.range, by);
      return alias;
    }
    if (node instanceof Scalar) {
      if (node.anchor !== undefined) this.anchors = true;
      const scalar = Object.assign(new Scalar(node.value), node);
      scalar.range = moveRange(node.range, by);
      return scalar;
    }
    const kind: unknown = Object.getPrototypeOf(node);
    if ((kind !== YAMLMap.prototype && kind !== YAMLSeq.prototype) || !(isMap(node) || isSeq(node))) {
      this.failed = true;
      return node;
    }
    if (node.anchor !== undefined) this.anchors = true;
    const collection = Object.assign(isMap(node) ? new YAMLMap(node.schema) : new YAMLSeq(node.schema), node);
    collection.items = node.items.map((item) => this.moveEntry(item, by));
    collection.range = moveRange(node.range, by);
    return collection;
  }
}

function moveRange(range: readonly number[] | null | undefined, by: number): [number, number, number] | undefined {
  const [start, end, after] = range ?? [];
  return start === undefined || end === undefined || after === undefined
    ? undefined
    : [start + by, end + by, after + by];
}

/**
 * The values of a collection that the piece stands in: the piece's own between the old ones. Where a key is no plain text, a merge key say, the
 * whole collection is made into values again.
 * @throws where an alias leads nowhere.
 */
function plainValues(document: ParsedYaml['document'], spot: Spot, made: BlockNode, old: unknown, index = 0): unknown {
  const level = spot.levels[index];
  if (!level || typeof old !== 'object' || old === null) return plain(document, made);
  const first = level.index;
  const rest = made.items.length - (level.node.items.length - first - 1);
  if (isSeq(made)) {
    if (!Array.isArray(old)) return plain(document, made);
    const own = plain(document, Object.assign(new YAMLSeq(made.schema), { items: made.items.slice(first, rest) }));
    return [...(old as unknown[]).slice(0, first), ...(own as unknown[]), ...(old as unknown[]).slice(first + 1)];
  }
  const keys = made.items.map(({ key }) => (isScalar(key) ? key.value : undefined));
  if (!keys.every((key): key is string => typeof key === 'string' && key !== '__proto__')) return plain(document, made);
  const known = old as Record<string, unknown>;
  const [pair, key] = [made.items[first], keys[first] ?? ''];
  const own =
    index < spot.levels.length - 1
      ? { [key]: plainValues(document, spot, pair?.value as BlockNode, known[key], index + 1) }
      : (plain(
          document,
          Object.assign(new YAMLMap(made.schema), { items: made.items.slice(first, rest) }),
        ) as typeof known);
  return Object.fromEntries(keys.map((name, at) => [name, at < first || at >= rest ? known[name] : own[name]]));
}

/** Aliases are looked up in the document that the node stands in. */
function plain(document: ParsedYaml['document'], node: YAMLMap | YAMLSeq): unknown {
  return node.toJS(document, { maxAliasCount: -1 });
}
