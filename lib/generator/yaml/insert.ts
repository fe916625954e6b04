/**
 * Adds entries to block maps and block lists as text. Only whole lines are inserted and no line that is there is touched; where that
 * cannot be done the answer is a refusal with the text to paste ("The law of the edit", rules 1, 2 and 4).
 */
import type { FileEdit, Refusal } from '../types';
import { positionAfter, positionBefore } from './gap';
import { lineBreak, lineStart, readLine } from './lines';
import { keepsBlankLines, placeAt, type Entry, type Place, type YamlPath } from './locate';
import type { ParsedYaml } from './parse';
import { renderEntry, renderItem, type YamlValue } from './render';
import { blankLinesBetween, learnStyle, type Style } from './style';

/** Text to insert at an offset of the text that was parsed. */
export interface Splice {
  offset: number;
  text: string;
}

export type InsertResult =
  /** `paths` are those of the new entries in the result. */
  { ok: true; splice: Splice; paths: YamlPath[] } | { ok: false; refusal: Refusal };

export interface InsertOptions {
  /** Key or index of the entry to stand behind; the last one where neither is given. */
  after?: string | number;
  /** Key or index of the entry to stand before. */
  before?: string | number;
  /** Blank lines between entries; as between those that are there where absent. */
  blankLines?: number;
  style?: Style;
}

/**
 * Adds `key: value` to the block map at `path`.
 * @returns the text to insert, or a refusal: the map is on one line, an alias, not there, or the key is there already.
 */
export function insertMapEntry(
  yaml: ParsedYaml,
  path: YamlPath,
  key: string,
  value: YamlValue,
  options: InsertOptions = {},
): InsertResult {
  return insertMapEntries(yaml, path, [[key, value]], options);
}

/** Adds several entries to the block map at `path`, one behind the other; see {@link insertMapEntry}. */
export function insertMapEntries(
  yaml: ParsedYaml,
  path: YamlPath,
  additions: readonly (readonly [string, YamlValue])[],
  options: InsertOptions = {},
): InsertResult {
  const place = placeAt(yaml, path);
  const style = options.style ?? styleFor(yaml, path, place);
  const render = (indent: number): string[][] =>
    additions.map(([key, value]) => renderEntry(key, value, indent, style));
  if (place.kind === 'map') {
    const taken = additions.find(([key]) => place.entries.some((entry) => entry.key === key));
    if (taken) return refuse(yaml, path, place, `${taken[0]} is there already.`, render(place.indent));
  }
  const target = targetOf(yaml, place, 'map', options, style.mapIndent);
  if (!target.ok) return refuse(yaml, path, place, target.reason, render(guessIndent(place, path, style.mapIndent)));
  return {
    ok: true,
    splice: write(yaml, target, render(target.indent)),
    paths: additions.map(([key]) => [...path, key]),
  };
}

/**
 * Adds an item to the block list at `path`.
 * @returns the text to insert, or a refusal: the list is on one line, an alias, or not there.
 */
export function insertSequenceItem(
  yaml: ParsedYaml,
  path: YamlPath,
  value: YamlValue,
  options: InsertOptions = {},
): InsertResult {
  return insertSequenceItems(yaml, path, [value], options);
}

/** Adds several items to the block list at `path`, one behind the other; see {@link insertSequenceItem}. */
export function insertSequenceItems(
  yaml: ParsedYaml,
  path: YamlPath,
  values: readonly YamlValue[],
  options: InsertOptions = {},
): InsertResult {
  const place = placeAt(yaml, path);
  const style = options.style ?? styleFor(yaml, path, place);
  const field = String(path.at(-1) ?? '');
  const render = (indent: number): string[][] => values.map((value) => renderItem(value, indent, field, style));
  const target = targetOf(yaml, place, 'sequence', options, style.sequenceIndent);
  if (!target.ok)
    return refuse(yaml, path, place, target.reason, render(guessIndent(place, path, style.sequenceIndent)));
  return {
    ok: true,
    splice: write(yaml, target, render(target.indent)),
    paths: values.map((_, index) => [...path, target.index + index]),
  };
}

/** The splices of one file as edits; those at one offset become one, in their order. */
export function toEdits(path: string, splices: readonly Splice[]): FileEdit[] {
  const byOffset = new Map<number, string>();
  for (const splice of splices) byOffset.set(splice.offset, (byOffset.get(splice.offset) ?? '') + splice.text);
  return [...byOffset]
    .sort(([a], [b]) => a - b)
    .map(([offset, text]) => ({ kind: 'splice', path, start: offset, end: offset, text }));
}

/** The text with splices applied; all offsets are those of `text`. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let from = 0;
  for (const edit of toEdits('', splices)) {
    if (edit.kind !== 'splice') continue;
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

type Target =
  | { ok: true; offset: number; indent: number; index: number; blankLines: number; side: 'after' | 'before' | 'alone' }
  | { ok: false; reason: string };

const unterminated = 'The file ends here without a line break: to add behind this line is to change it.';

function targetOf(
  yaml: ParsedYaml,
  place: Place,
  wanted: 'map' | 'sequence',
  options: InsertOptions,
  step: number,
): Target {
  const { text } = yaml;
  if (place.kind === 'absent' && text.trim() !== '' && yaml.document.contents !== null)
    return { ok: false, reason: 'There is no such key here.' };
  if (place.kind === 'absent') {
    const end = text === '' || text.endsWith('\n') ? text.length : lineStart(text, text.length);
    if (readLine(text, end).kind === 'content' && end < text.length) return { ok: false, reason: unterminated };
    return { ok: true, offset: end, indent: 0, index: 0, blankLines: 0, side: 'alone' };
  }
  if (place.kind === 'empty') {
    let offset = place.end;
    for (let line = readLine(text, offset); offset < text.length; line = readLine(text, offset)) {
      if (line.kind !== 'comment' || line.indent <= place.indent || text[line.end - 1] !== '\n') break;
      offset = line.end;
    }
    if (text[offset - 1] !== '\n') return { ok: false, reason: unterminated };
    return { ok: true, offset, indent: place.indent + step, index: 0, blankLines: 0, side: 'alone' };
  }
  if (place.kind === 'flow')
    return { ok: false, reason: 'It stands on one line between brackets: to add to it is to rewrite that line.' };
  if (place.kind === 'alias')
    return { ok: false, reason: 'It is an alias: to add to it would change every place that shares it.' };
  if (place.kind !== wanted) return { ok: false, reason: `It is not a ${wanted === 'map' ? 'map' : 'list'}.` };
  const { entries } = place;
  const blankLines = options.blankLines ?? blankLinesBetween(yaml, entries) ?? 0;
  const index = indexOf(entries, options);
  const entry = entries[index];
  if (!entry) return { ok: false, reason: 'There is no such entry to stand beside.' };
  if (options.before === undefined) {
    const offset = positionAfter(text, entry);
    const between = keepsBlankLines(entry.value, text) ? 0 : blankLines;
    if (text[offset - 1] === '\n')
      return { ok: true, offset, indent: entry.indent, index: index + 1, blankLines: between, side: 'after' };
  }
  if (!entry.ownLine) return { ok: false, reason: options.before === undefined ? unterminated : 'It shares a line.' };
  return { ok: true, offset: positionBefore(text, entry), indent: entry.indent, index, blankLines, side: 'before' };
}

function indexOf(entries: readonly Entry[], options: InsertOptions): number {
  const key = options.before ?? options.after;
  return key === undefined ? entries.length - 1 : entries.findIndex((entry) => entry.key === key);
}

function write(yaml: ParsedYaml, target: Extract<Target, { ok: true }>, blocks: readonly string[][]): Splice {
  const newline = lineBreak(yaml.text, target.offset);
  const blank = newline.repeat(target.blankLines);
  const texts = blocks.map((lines) => lines.map((line) => line + newline).join(''));
  const joined = texts.join(blank);
  if (target.side === 'after') return { offset: target.offset, text: blank + joined };
  return { offset: target.offset, text: target.side === 'before' ? joined + blank : joined };
}

function styleFor(yaml: ParsedYaml, path: YamlPath, place: Place): Style {
  const node = place.kind === 'map' || place.kind === 'sequence' ? place.node : undefined;
  return learnStyle(yaml, [node], String(path.at(-1) ?? ''));
}

function guessIndent(place: Place, path: YamlPath, step: number): number {
  return place.kind === 'map' || place.kind === 'sequence' ? place.indent : path.length * step;
}

function refuse(
  yaml: ParsedYaml,
  path: YamlPath,
  place: Place,
  reason: string,
  blocks: readonly string[][],
): InsertResult {
  const start =
    place.kind === 'map' || place.kind === 'sequence'
      ? place.node.range[0]
      : place.kind === 'empty'
        ? lineStart(yaml.text, place.end - 1)
        : place.kind === 'absent'
          ? 0
          : place.start;
  const under = path.length === 0 ? 'the top level' : path.join('.');
  return {
    ok: false,
    refusal: {
      path: yaml.path,
      line: yaml.lineOf(start),
      reason: `${under}: ${reason}`,
      paste: { under, text: blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('') },
    },
  };
}
