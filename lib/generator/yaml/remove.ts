/**
 * Takes entries out of block maps and block lists as whole lines. An addition left traces around the entry (blank lines, the key of a collection that
 * was not there), and which of them it left cannot always be told from the text: so each cut comes with the ways in which it can be made.
 */
import { isAlias, visit, type ParsedNode } from 'yaml';
import type { Refusal } from '../types';
import { gapAfter, positionBefore } from './gap';
import { lineStart, readLine, type Line } from './lines';
import { nodeAt, placeAt, type Entry, type YamlPath } from './locate';
import type { ParsedYaml } from './parse';

/** Offsets of whole lines; `end` is behind the last one's break. */
export interface Range {
  start: number;
  end: number;
}

/** The lines of one part alone. */
export interface Member extends Range {
  /** Its path, where it is an entry of a YAML file. */
  at?: YamlPath;
}

/** Parts of a file that stand side by side and go together. */
export interface Run {
  /** In order. */
  members: Member[];
  /** What may be cut to take all of them out, the likeliest first: with more or fewer of the blank lines and remarks around them. */
  ways: Range[];
  /** The same with the key of the collection, where nothing else is in it. */
  waysWithKey: Range[];
}

/** A few blank lines stand between entries; nobody parts them by more. */
const MOST_BLANK_LINES = 4;

/**
 * The runs of entries at these paths, in the order of the text. Paths that lead nowhere, or into another one of them, are passed over.
 * @returns a refusal, too, for each entry that shares a line with others, or that others refer to by its anchor.
 */
export function runsOf(yaml: ParsedYaml, paths: readonly YamlPath[]): { runs: Run[]; refusals: Refusal[] } {
  const wanted = outermost(paths).filter((path) => path.length > 0);
  const refusals = wanted.flatMap((path) => anchorRefusal(yaml, path));
  const parents = new Map(wanted.map((path) => [JSON.stringify(path.slice(0, -1)), path.slice(0, -1)]));
  const runs: Run[] = [];
  for (const parent of parents.values()) {
    const keys = wanted.filter((path) => isSame(path.slice(0, -1), parent)).map((path) => path.at(-1));
    const place = placeAt(yaml, parent);
    if (place.kind === 'flow' || place.kind === 'alias') {
      refusals.push(byHand(yaml, parent, place.start, place.end, 'It stands on a line with others'));
      continue;
    }
    if (place.kind !== 'map' && place.kind !== 'sequence') continue;
    const { entries } = place;
    const own = entries.flatMap((entry, index) =>
      keys.some((key) => String(key) === String(entry.key)) ? [index] : [],
    );
    for (const index of own) {
      const entry = entries[index];
      if (entry && !entry.ownLine)
        refusals.push(byHand(yaml, [...parent, entry.key], entry.start, entry.end, 'It shares a line with others'));
    }
    if (own.length === 0 || own.some((index) => !entries[index]?.ownLine)) continue;
    for (const [first, last] of stretches(yaml.text, entries, own)) {
      const whole = first === 0 && last === entries.length - 1;
      runs.push({
        members: entries.slice(first, last + 1).map(({ start, end, key }) => ({ start, end, at: [...parent, key] })),
        ways: waysOf(yaml.text, entries, first, last),
        waysWithKey: whole ? waysOfParent(yaml, parent) : [],
      });
    }
  }
  return { runs: runs.sort((a, b) => (a.members[0]?.start ?? 0) - (b.members[0]?.start ?? 0)), refusals };
}

/** The run of lines of a file that is no YAML. */
export function runOfLines(text: string, range: Range): Run {
  const above = blankLinesAbove(text, range.start);
  const below = blankLinesBelow(text, range.end);
  const parted = above > 0 && (below > 0 || range.end >= text.length);
  return {
    members: [{ start: range.start, end: range.end }],
    ways: widened(text, range, { above: parted ? above : 0, below: 0 }),
    waysWithKey: [],
  };
}

/**
 * What to cut to take out some members of a run alone: with the gap to the members that stay.
 * @param way the cut that takes all of them.
 */
export function cutsOf(run: Run, way: Range, gone: (member: number) => boolean): Range[] {
  const { members } = run;
  if (members.every((_, index) => gone(index))) return [way];
  const cuts: Range[] = [];
  for (const [index, { start, end }] of members.entries()) {
    if (!gone(index)) continue;
    const previous = members[index - 1];
    const last = cuts.at(-1);
    // The gap goes with the later one of two, and with the first ones where only later ones stay.
    if (previous && gone(index - 1) && last) last.end = end;
    else cuts.push({ start: previous?.end ?? start, end });
    const next = members[index + 1];
    const cut = cuts.at(-1);
    if (cut?.start === members[0]?.start && cut && next && !gone(index + 1)) cut.end = next.start;
  }
  return cuts;
}

/** The text without these ranges. They may touch and must not overlap. */
export function cutRanges(text: string, ranges: readonly Range[]): string {
  let result = '';
  let from = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    result += text.slice(from, start);
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}

/** Indexes of first and last of those that stand side by side, with nothing between them but blank lines and their own remarks. */
function stretches(text: string, entries: readonly Entry[], own: readonly number[]): [number, number][] {
  const result: [number, number][] = [];
  for (const index of own) {
    const last = result.at(-1);
    const entry = entries[index];
    const previous = entries[index - 1];
    const joined = entry && previous && last?.[1] === index - 1 && belongsTogether(text, previous, entry);
    if (joined) last[1] = index;
    else result.push([index, index]);
  }
  return result;
}

function belongsTogether(text: string, previous: Entry, entry: Entry): boolean {
  const lead = positionBefore(text, entry);
  const between = gapAfter(text, tailOf(text, previous)).filter((line) => line.end <= lead);
  return between.every((line) => line.kind === 'blank');
}

function waysOf(text: string, entries: readonly Entry[], first: number, last: number): Range[] {
  const start = entries[first];
  const end = entries[last];
  if (!start || !end) return [];
  const leads = [positionBefore(text, start), start.start];
  const tails = [tailOf(text, end), end.end];
  const ways: Range[] = [];
  for (const lead of leads)
    for (const tail of tails) {
      const usual =
        first > 0
          ? { above: blankLinesAbove(text, lead), below: 0 }
          : { above: 0, below: last < entries.length - 1 ? blankLinesBelow(text, tail) : 0 };
      ways.push(...widened(text, { start: lead, end: tail }, usual));
    }
  return distinct(ways);
}

/** The ways to cut the key that holds a collection, and the keys around it that would be left without a value. */
function waysOfParent(yaml: ParsedYaml, path: YamlPath): Range[] {
  const key = path.at(-1);
  const parent = path.slice(0, -1);
  const place = key === undefined ? undefined : placeAt(yaml, parent);
  if (place?.kind !== 'map' && place?.kind !== 'sequence') return [];
  const index = place.entries.findIndex((entry) => String(entry.key) === String(key));
  if (!place.entries[index]?.ownLine) return [];
  const outer = place.entries.length === 1 ? waysOfParent(yaml, parent) : [];
  return [...outer, ...waysOf(yaml.text, place.entries, index, index)];
}

/** The range with the usual number of blank lines around it, then with every other number above or below. */
function widened(text: string, range: Range, usual: { above: number; below: number }): Range[] {
  const above = Math.min(blankLinesAbove(text, range.start), MOST_BLANK_LINES);
  const below = Math.min(blankLinesBelow(text, range.end), MOST_BLANK_LINES);
  const widen = (up: number, down: number): Range => ({
    start: linesUp(text, range.start, up),
    end: linesDown(text, range.end, down),
  });
  const ways = [widen(usual.above, usual.below)];
  for (let count = 0; count <= above; count += 1) ways.push(widen(count, 0));
  for (let count = 1; count <= below; count += 1) ways.push(widen(0, count));
  return distinct(ways);
}

/** Behind the comments that touch an entry's end and are indented deeper than it: they are its own. */
function tailOf(text: string, entry: Entry): number {
  let end = entry.end;
  for (const line of gapAfter(text, entry.end)) {
    if (line.kind !== 'comment' || line.indent <= entry.indent) break;
    end = line.end;
  }
  return end;
}

function blankLinesAbove(text: string, offset: number): number {
  let count = 0;
  for (let start = offset; start > 0; count += 1) {
    const line = readLine(text, lineStart(text, start - 1));
    if (line.kind !== 'blank') break;
    start = line.start;
  }
  return count;
}

function blankLinesBelow(text: string, offset: number): number {
  const gap: Line[] = gapAfter(text, offset);
  const other = gap.findIndex((line) => line.kind !== 'blank');
  return other === -1 ? gap.length : other;
}

function linesUp(text: string, offset: number, count: number): number {
  let start = offset;
  for (let left = count; left > 0 && start > 0; left -= 1) start = lineStart(text, start - 1);
  return start;
}

function linesDown(text: string, offset: number, count: number): number {
  let end = offset;
  for (let left = count; left > 0 && end < text.length; left -= 1) end = readLine(text, end).end;
  return end;
}

function distinct(ranges: readonly Range[]): Range[] {
  return ranges.filter(
    (range, index) => ranges.findIndex((one) => one.start === range.start && one.end === range.end) === index,
  );
}

function outermost(paths: readonly YamlPath[]): YamlPath[] {
  const contains = (outer: YamlPath, inner: YamlPath) =>
    outer.length < inner.length && isSame(outer, inner.slice(0, outer.length));
  return paths.filter(
    (path, index) =>
      !paths.some((other) => contains(other, path)) && paths.findIndex((other) => isSame(other, path)) === index,
  );
}

function isSame(a: YamlPath, b: YamlPath): boolean {
  return a.length === b.length && a.every((step, index) => String(step) === String(b[index]));
}

/** What others take over by an alias has to stay, or be taken over into them first. */
function anchorRefusal(yaml: ParsedYaml, path: YamlPath): Refusal[] {
  const node = nodeAt(yaml, path);
  if (!node) return [];
  const anchors = new Set<string>();
  visit(node, {
    Node: (_, one) => {
      if (!isAlias(one) && one.anchor) anchors.add(one.anchor);
    },
  });
  if (anchors.size === 0) return [];
  let user: ParsedNode | undefined;
  visit(yaml.document, {
    Alias: (_, alias) => {
      const at = alias.range?.[0] ?? 0;
      const inside = node.range[0] <= at && at < node.range[2];
      if (!anchors.has(alias.source) || inside) return undefined;
      user = alias as ParsedNode;
      return visit.BREAK;
    },
  });
  if (!user) return [];
  const line = yaml.lineOf(user.range[0]);
  return [
    {
      path: yaml.path,
      line,
      reason: `${path.join('.')}: Line ${line} takes over what it defines by an anchor. Write that out in line ${line} first, then plan again.`,
    },
  ];
}

function byHand(yaml: ParsedYaml, path: YamlPath, start: number, end: number, reason: string): Refusal {
  const from = lineStart(yaml.text, start);
  return {
    path: yaml.path,
    line: yaml.lineOf(start),
    reason: `${path.join('.')}: ${reason}: to take it out is to rewrite that line. Take it out by hand:`,
    paste: { under: path.join('.'), text: yaml.text.slice(from, end).replace(/\r\n/g, '\n').replace(/\n?$/, '\n') },
  };
}
