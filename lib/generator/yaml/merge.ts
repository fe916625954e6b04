/**
 * Three-way merge of a YAML node: the difference between what was written once (`base`) and what would be written now (`next`) is made in the text as
 * it stands (`present`), node by node. What people added or changed beside it stays, with its comments, quotes and order.
 */
import { isMap, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { pairUp } from '../pair-up';
import { mapEntries, nodeAt, pairOf, placeAt, sequenceEntries, keyText, type Entry, type YamlPath } from './locate';
import type { ParsedYaml } from './parse';
import { runsOf } from './remove';
import {
  insertInline,
  insertLinesAfter,
  isInline,
  removeInline,
  replaceInline,
  replaceLines,
  sourceOf,
  type Replacement,
} from './replace';

/** The one node of the three texts. */
export interface MergeSide {
  yaml: ParsedYaml;
  path: YamlPath;
}

/** A node that people changed and that is to change to something else: theirs stays. */
export interface MergeConflict {
  path: YamlPath;
  line: number;
  /** What is to stand there, as text; undefined where it is to go. */
  wanted: string | undefined;
  reason: string;
}

export interface Merged {
  /** Offsets of the present text. */
  replacements: Replacement[];
  conflicts: MergeConflict[];
}

/** Merges the nodes at these paths; see the head of this file. Nodes are compared by value: quotes, order of keys and comments are people's own. */
export function mergeNodes(present: MergeSide, base: MergeSide, next: MergeSide): Merged {
  const merge = new Merge(present.yaml, base.yaml, next.yaml);
  merge.value(
    present.path,
    nodeAt(present.yaml, present.path) ?? null,
    nodeAt(base.yaml, base.path) ?? null,
    nodeAt(next.yaml, next.path) ?? null,
    { present: entryAt(present), next: entryAt(next) },
  );
  return { replacements: merge.replacements, conflicts: merge.conflicts };
}

/** The lines that hold a value, where it has some of its own. */
interface Lines {
  present: Entry | undefined;
  next: Entry | undefined;
}

type Node = ParsedNode | null;

class Merge {
  readonly replacements: Replacement[] = [];
  readonly conflicts: MergeConflict[] = [];

  constructor(
    private readonly present: ParsedYaml,
    private readonly base: ParsedYaml,
    private readonly next: ParsedYaml,
  ) {}

  value(path: YamlPath, present: Node, base: Node, next: Node, lines: Lines): void {
    const wanted = plain(this.next, next);
    if (plain(this.base, base) === wanted || plain(this.present, present) === wanted) return;
    if (isMap(present) && isMap(base) && isMap(next)) this.map(path, present, base, next);
    else if (isSeq(present) && isSeq(base) && isSeq(next)) this.sequence(path, present, base, next);
    else if (plain(this.present, present) !== plain(this.base, base))
      this.refuse(path, present, next, `It was changed by hand since (to ${this.shown(present)})`);
    else this.exchange(path, present, base, next, lines);
  }

  /** Nobody touched the value: the new one takes its place. */
  private exchange(path: YamlPath, present: Node, base: Node, next: Node, lines: Lines): void {
    if (isInline(this.present, present) && isInline(this.next, next)) {
      const asWritten = base !== null && sourceOf(this.present, present) === sourceOf(this.base, base);
      this.replacements.push(replaceInline(this.present, present, { yaml: this.next, node: next }, asWritten));
      return;
    }
    const { present: old, next: put } = lines;
    const commented = old && /(?:^|\s)#/m.test(this.present.text.slice(old.start, old.end));
    if (old?.ownLine && put?.ownLine && !commented)
      this.replacements.push(replaceLines(this.present.text, old, { text: this.next.text, entry: put }));
    else this.refuse(path, present, next, 'Its lines cannot be exchanged without losing what people wrote there');
  }

  private map(path: YamlPath, present: YAMLMap.Parsed, base: YAMLMap.Parsed, next: YAMLMap.Parsed): void {
    const presentEntries = present.flow ? [] : mapEntries(this.present, present);
    const nextEntries = next.flow ? [] : mapEntries(this.next, next);
    const find = (entries: readonly Entry[], key: string) => entries.find((entry) => String(entry.key) === key);
    for (const { key: keyNode, value: was } of base.items) {
      const key = keyText(keyNode);
      const there = pairOf(present, key);
      const wanted = pairOf(next, key);
      const here = [...path, key];
      if (wanted && there)
        this.value(here, there.value, was, wanted.value, {
          present: find(presentEntries, key),
          next: find(nextEntries, key),
        });
      else if (wanted && plain(this.base, was) !== plain(this.next, wanted.value))
        this.refuse(here, null, wanted.value, 'It was taken out by hand since', present);
      else if (!wanted && there) {
        if (plain(this.present, there.value) === plain(this.base, was))
          this.remove(
            here,
            present,
            present.items.findIndex((pair) => keyText(pair.key) === key),
          );
        else this.refuse(here, there.value, null, `It was changed by hand since (to ${this.shown(there.value)})`);
      }
    }
    next.items.forEach(({ key: keyNode, value }, index) => {
      const key = keyText(keyNode);
      if (pairOf(base, key)) return;
      const there = pairOf(present, key);
      if (there) {
        if (plain(this.present, there.value) !== plain(this.next, value))
          this.refuse([...path, key], there.value, value, `It was added by hand since (as ${this.shown(there.value)})`);
        return;
      }
      const before = next.items.slice(0, index).map((pair) => keyText(pair.key));
      const neighbour = before.reverse().find((one) => pairOf(present, one));
      const text = this.next.text.slice(keyNode.range[0], (value ?? keyNode).range[1]);
      this.insert([...path, key], present, presentEntries, neighbour, find(nextEntries, key), text);
    });
  }

  private sequence(path: YamlPath, present: YAMLSeq.Parsed, base: YAMLSeq.Parsed, next: YAMLSeq.Parsed): void {
    const texts = (yaml: ParsedYaml, list: YAMLSeq.Parsed) => list.items.map((item) => plain(yaml, item));
    const [there, was, wanted] = [texts(this.present, present), texts(this.base, base), texts(this.next, next)];
    const presentEntries = present.flow ? [] : sequenceEntries(this.present, present);
    const nextEntries = next.flow ? [] : sequenceEntries(this.next, next);
    const inPresent = new Map(pairUp(was, there));
    const changes = pairUp(was, wanted);
    const toNext = new Map(changes);
    const fromBase = new Map(changes.map(([a, b]) => [b, a]));
    const placeOf = (index: number): number | undefined => {
      const before = fromBase.get(index);
      return before === undefined ? undefined : inPresent.get(before);
    };
    was.forEach((text, index) => {
      const at = inPresent.get(index);
      const goal = toNext.get(index);
      const here = [...path, at ?? index];
      const item = at === undefined ? null : (present.items[at] ?? null);
      if (goal !== undefined) {
        if (wanted[goal] === text) return;
        const put = next.items[goal] ?? null;
        // Somebody put it there already, beside what it replaces.
        if (there.includes(wanted[goal] ?? '')) {
          if (at !== undefined && there[at] === text) this.remove(here, present, at);
          return;
        }
        if (at === undefined) this.refuse(here, null, put, 'It was taken out by hand since', present);
        else
          this.value(here, item, base.items[index] ?? null, put, {
            present: presentEntries[at],
            next: nextEntries[goal],
          });
      } else if (at !== undefined) {
        if (there[at] === text) this.remove(here, present, at);
        else this.refuse(here, item, null, `It was changed by hand since (to ${this.shown(item)})`);
      }
    });
    wanted.forEach((text, index) => {
      if (fromBase.has(index) || there.includes(text)) return;
      let neighbour: number | undefined;
      for (let before = index - 1; before >= 0 && neighbour === undefined; before -= 1) neighbour = placeOf(before);
      const item = next.items[index];
      const source = item ? sourceOf(this.next, item) : '';
      this.insert([...path, index], present, presentEntries, neighbour, nextEntries[index], source);
    });
  }

  private insert(
    path: YamlPath,
    collection: ParsedNode,
    entries: readonly Entry[],
    neighbour: string | number | undefined,
    put: Entry | undefined,
    inline: string,
  ): void {
    const after = entries.find((entry) => neighbour !== undefined && String(entry.key) === String(neighbour));
    const [first] = entries;
    if (put?.ownLine === true && after) {
      this.replacements.push(insertLinesAfter(this.present.text, after, { text: this.next.text, entry: put }));
      return;
    }
    if (put?.ownLine === true && first?.ownLine) {
      const lines = replaceLines(this.present.text, first, { text: this.next.text, entry: put });
      this.replacements.push({ ...lines, end: lines.start });
      return;
    }
    const between = entries.length === 0 && !inline.includes('\n') ? insertInline(collection, inline) : undefined;
    if (between) this.replacements.push(between);
    else this.refuse(path, null, null, 'It cannot be added as whole lines', collection, inline);
  }

  private remove(path: YamlPath, collection: ParsedNode, index: number): void {
    if ((isMap(collection) || isSeq(collection)) && collection.flow) {
      const cut = removeInline(collection, index);
      if (cut) this.replacements.push(cut);
      return;
    }
    const { runs, refusals } = runsOf(this.present, [path]);
    const [way] = runs[0]?.ways ?? [];
    if (way) this.replacements.push({ ...way, text: '' });
    else this.refuse(path, collection, null, refusals[0]?.reason ?? 'It cannot be taken out as whole lines');
  }

  private refuse(
    path: YamlPath,
    present: Node,
    next: Node,
    reason: string,
    beside: Node = present,
    wanted = next ? sourceOf(this.next, next) : undefined,
  ): void {
    const line = this.present.lineOf(beside?.range[0] ?? 0);
    this.conflicts.push({ path, line, wanted, reason });
  }

  private shown(node: Node): string {
    const text = node ? sourceOf(this.present, node).replace(/\s+/g, ' ').trim() : 'nothing';
    return `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
  }
}

/** A node by its value, aliases resolved, keys in any order. */
function plain(yaml: ParsedYaml, node: Node): string {
  return JSON.stringify(node === null ? null : sorted(node.toJS(yaml.document, { maxAliasCount: -1 })));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function entryAt({ yaml, path }: MergeSide): Entry | undefined {
  const place = path.length === 0 ? undefined : placeAt(yaml, path.slice(0, -1));
  if (place?.kind !== 'map' && place?.kind !== 'sequence') return undefined;
  return place.entries.find((entry) => String(entry.key) === String(path.at(-1)));
}
