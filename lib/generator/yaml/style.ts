/**
 * Learns how a file is written (indentation, quotes, blank lines) from the text around the place that takes an addition, so that the
 * addition looks as if the same hands had written it.
 */
import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { gapAfter, isBanner } from './gap';
import { columnOf, keyColumns, keyText, sequenceEntries, type Entry } from './locate';
import type { ParsedYaml } from './parse';
import { needsQuotes, type Quote } from './scalar';

export interface Style {
  /** Columns from a key to the keys of the map below it. */
  mapIndent: number;
  /** Columns from a key to the dashes of the list below it; 0 where lists are not indented. */
  sequenceIndent: number;
  /** Columns from a dash to what it holds. */
  dashWidth: number;
  /** The quotes that are used where quotes are needed. */
  quote: Quote;
  /** `{ a: 1 }` and `[ a ]` rather than `{a: 1}` and `[a]`. */
  paddedMaps: boolean;
  paddedLists: boolean;
  /** Fields whose text is quoted although it need not be, or left plain: `image`, `ports[]` for a list's items, `labels.*` for a map's values. */
  quotedFields: ReadonlyMap<string, boolean>;
}

/** How YAML is usually written, where a file shows nothing else. */
export const defaultStyle: Style = {
  mapIndent: 2,
  sequenceIndent: 2,
  dashWidth: 2,
  quote: 'double',
  paddedMaps: true,
  paddedLists: false,
  quotedFields: new Map(),
};

class Tally<T> {
  private readonly counts = new Map<T, number>();

  add(value: T): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  /** The value seen most often, the first of equals; undefined where none was seen. */
  most(): T | undefined {
    let best: [T, number] | undefined;
    for (const entry of this.counts) if (!best || entry[1] > best[1]) best = entry;
    return best?.[0];
  }
}

interface Seen {
  mapIndent: Tally<number>;
  sequenceIndent: Tally<number>;
  dashWidth: Tally<number>;
  quote: Tally<Quote>;
  paddedMaps: Tally<boolean>;
  paddedLists: Tally<boolean>;
  fields: Map<string, Tally<boolean>>;
}

const styles = new WeakMap<ParsedYaml['document'], Style>();

/**
 * The style of a part of a document; what the part does not show is taken from the whole document, and what that does not show either
 * from the usual: two spaces, indented lists, double quotes.
 * @param near the nodes to look at first: the neighbours of what is to be written.
 * @param field the key that `near` stand under, where they are lists.
 */
export function learnStyle(yaml: ParsedYaml, near: readonly (ParsedNode | null | undefined)[] = [], field = ''): Style {
  let whole = styles.get(yaml.document);
  if (!whole) {
    whole = conclude(look(yaml, [yaml.document.contents], ''), defaultStyle);
    styles.set(yaml.document, whole);
  }
  const nodes = near.filter((node) => node !== null && node !== undefined);
  return nodes.length === 0 ? whole : conclude(look(yaml, nodes, field), whole);
}

/**
 * How many blank lines usually stand between a collection's entries: the most frequent number, the smaller of equals; undefined where
 * there are fewer than two entries. Gaps with a banner part groups and not entries: they count only where there are no others.
 */
export function blankLinesBetween(yaml: ParsedYaml, entries: readonly Entry[]): number | undefined {
  const counts = new Map<number, number>();
  const parted = new Map<number, number>();
  entries.slice(0, -1).forEach((entry, index) => {
    const gap = gapAfter(yaml.text, entry.end).filter((line) => line.end <= (entries[index + 1]?.start ?? 0));
    const blank = gap.filter((line) => line.kind === 'blank').length;
    const count = blank < gap.length ? Math.min(blank, 1) : blank;
    const counted = isBanner(yaml.text, gap) ? parted : counts;
    counted.set(count, (counted.get(count) ?? 0) + 1);
  });
  const best = counts.size > 0 ? counts : parted;
  return [...best].sort((a, b) => b[1] - a[1] || a[0] - b[0]).at(0)?.[0];
}

function look(yaml: ParsedYaml, nodes: readonly (ParsedNode | null)[], field: string): Seen {
  const seen: Seen = {
    mapIndent: new Tally(),
    sequenceIndent: new Tally(),
    dashWidth: new Tally(),
    quote: new Tally(),
    paddedMaps: new Tally(),
    paddedLists: new Tally(),
    fields: new Map(),
  };
  for (const node of nodes) walk(yaml, node, field, seen);
  return seen;
}

function walk(yaml: ParsedYaml, node: ParsedNode | null, field: string, seen: Seen, inside = ''): void {
  if (isScalar(node)) {
    noteQuotes(node, field, seen);
    if (inside !== '') noteQuotes(node, `${inside}.*`, seen);
  } else if (isMap(node)) {
    if (node.flow) noteFlow(yaml, node.range, seen.paddedMaps);
    const columns = node.flow ? [] : keyColumns(yaml, node);
    node.items.forEach((pair, index) => {
      const column = columns[index];
      if (column !== undefined) noteIndent(yaml, column, pair.value, seen);
      walk(yaml, pair.value, keyText(pair.key), seen, field);
    });
  } else if (isSeq(node)) {
    if (node.flow) noteFlow(yaml, node.range, seen.paddedLists);
    const items = node.items;
    for (const entry of node.flow ? [] : sequenceEntries(yaml, node)) {
      const start = entry.value?.range[0];
      if (start !== undefined && start < entry.end) {
        const width = start - entry.start - entry.indent;
        if (entry.ownLine && width > 1 && width < 9) seen.dashWidth.add(width);
      }
    }
    for (const item of items) walk(yaml, item, `${field}[]`, seen);
  }
}

function noteIndent(yaml: ParsedYaml, column: number, value: ParsedNode | null, seen: Seen): void {
  if (isMap(value) && !value.flow) {
    const child = keyColumns(yaml, value).at(0);
    if (child !== undefined && child > column) seen.mapIndent.add(child - column);
  } else if (isSeq(value) && !value.flow) {
    const child = columnOf(yaml, value.range[0]);
    if (child >= column) seen.sequenceIndent.add(child - column);
  }
}

function noteFlow(yaml: ParsedYaml, range: readonly [number, number, number], tally: Tally<boolean>): void {
  if (range[1] - range[0] > 2) tally.add(/\s/.test(yaml.text[range[0] + 1] ?? ''));
}

function noteQuotes(node: ParsedNode & { value: unknown }, field: string, seen: Seen): void {
  if (!isScalar(node) || typeof node.value !== 'string') return;
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  if (quoted && !/['"\\]/.test(node.value)) seen.quote.add(node.type === 'QUOTE_SINGLE' ? 'single' : 'double');
  if ((!quoted && node.type !== 'PLAIN') || needsQuotes(node.value)) return;
  const tally = seen.fields.get(field) ?? new Tally<boolean>();
  tally.add(quoted);
  seen.fields.set(field, tally);
}

function conclude(seen: Seen, otherwise: Style): Style {
  const fields = new Map(otherwise.quotedFields);
  for (const [field, tally] of seen.fields) fields.set(field, tally.most() ?? false);
  return {
    mapIndent: seen.mapIndent.most() ?? otherwise.mapIndent,
    sequenceIndent: seen.sequenceIndent.most() ?? otherwise.sequenceIndent,
    dashWidth: seen.dashWidth.most() ?? otherwise.dashWidth,
    quote: seen.quote.most() ?? otherwise.quote,
    paddedMaps: seen.paddedMaps.most() ?? otherwise.paddedMaps,
    paddedLists: seen.paddedLists.most() ?? otherwise.paddedLists,
    quotedFields: fields,
  };
}
