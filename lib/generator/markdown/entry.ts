/**
 * Adds one line about a service to a page that people keep: to the right table or list, in its order and in the form of the lines beside it.
 * No line that is there changes.
 */
import { escapeMarkdown } from '../markdown-text';
import { lineBreak } from '../yaml/lines';
import type { EntryContext, EntryFacts } from './entry-facts';
import { itemFor } from './list-entry';
import { linksIn, pathsOf } from './links';
import { outlineOf, type Heading, type List, type ListItem, type Outline, type Row, type Table } from './outline';
import { rowFor } from './table-entry';
import { MENTION } from './words';

/** Text to insert at an offset; `line` is that of the table's header or the list's first item, counted from 1. */
export interface EntryInsertion {
  at: number;
  text: string;
  line: number;
}

export interface EntryOptions {
  /** Only tables and lists that list runbooks. */
  runbooksOnly?: boolean;
  /** Only below the heading of these words, and what is under it. */
  under?: string;
}

type Block = { kind: 'table'; block: Table } | { kind: 'list'; block: List };

/**
 * The line about a service.
 * @returns undefined where the page has no table or list that it would stand in.
 */
export function entryFor(
  facts: EntryFacts,
  context: EntryContext,
  options: EntryOptions = {},
): EntryInsertion | undefined {
  const outline = outlineOf(context.text);
  const chosen = choose(blocksOf(outline, context, options), facts);
  if (!chosen) return undefined;
  const written =
    chosen.kind === 'table' ? rowFor(chosen.block, facts, context) : itemFor(chosen.block, facts, context);
  if (written === undefined) return undefined;
  const entries: readonly (Row | ListItem)[] = chosen.kind === 'table' ? chosen.block.rows : chosen.block.items;
  const line = chosen.kind === 'table' ? chosen.block.header.line : (chosen.block.items[0]?.line ?? 1);
  const head = chosen.kind === 'table' ? chosen.block.delimiter : undefined;
  const place = placeIn(entries, chosen.kind, facts, context.text, head?.end);
  if (!place) return undefined;
  const newline = lineBreak(context.text, place.at);
  const blank = newline.repeat(chosen.kind === 'list' ? blankLinesIn(chosen.block, outline) : 0);
  return { at: place.at, line, text: place.before ? `${written}${newline}${blank}` : `${blank}${written}${newline}` };
}

/** The lines about a service: rows and items that lead to its page, or that are called like it where it has none. */
export function entriesOf(
  facts: EntryFacts,
  context: EntryContext,
  options: EntryOptions = {},
): { start: number; end: number; line: number }[] {
  const blocks = blocksOf(outlineOf(context.text), context, { ...options, runbooksOnly: false });
  return blocks.flatMap(({ kind, block }): (Row | ListItem)[] =>
    kind === 'table'
      ? block.rows.filter((row) => isAbout(row.cells[0]?.text ?? '', row.text, facts, context))
      : block.items.filter((item) => isAbout(item.text, item.text, facts, context)),
  );
}

/**
 * A line is the service's where it leads to its page, first of all or alone, or where its first words are the service's name. A line about
 * something else that mentions the page too is not.
 * @param first the first cell of a row, or the whole of an item.
 */
function isAbout(first: string, whole: string, facts: EntryFacts, context: EntryContext): boolean {
  if (first === escapeMarkdown(facts.title)) return true;
  const names = [facts.name, facts.title].map(plain).filter((name) => name !== '');
  const said = plain(first);
  if (names.includes(said)) return true;
  // In an item what it is about is followed by what parts it from the rest.
  const parted = /^(?:\s*[:–—,]|\s+-|\s+\((?:see\s+)?runbook)/;
  if (first === whole && names.some((name) => said.startsWith(name) && parted.test(said.slice(name.length))))
    return true;
  const { runbook } = facts;
  if (!runbook) return false;
  const stem = runbook.path.slice(runbook.path.lastIndexOf('/') + 1).replace(/\.md$/i, '');
  const leads = (target: string): boolean =>
    target === stem ||
    pathsOf(target, context.path).some((path) => path === runbook.path || `${path}.md` === runbook.path) ||
    (/^https?:/.test(target) &&
      decoded(target)
        .replace(/[#?].*$/, '')
        .endsWith(`/${runbook.path}`));
  if (
    linksIn(first)
      .slice(0, 1)
      .some((link) => leads(link.target))
  )
    return true;
  const claimed = new RegExp(`^\\W*${runbook.id}\\b`, 'i').test(first) && linksIn(first).length === 0;
  return claimed && plain(whole).includes(plain(facts.title));
}

function decoded(target: string): string {
  try {
    return decodeURI(target);
  } catch {
    return target;
  }
}

function plain(text: string): string {
  return text
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/[*_`\\[\]]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function blocksOf(outline: Outline, context: EntryContext, options: EntryOptions): Block[] {
  const inside = options.under === undefined ? () => true : isUnder(outline, options.under);
  const tables = outline.tables
    .filter((table) => inside(table.header.line))
    .map((block): Block => ({ kind: 'table', block }));
  const lists = outline.lists
    .filter((list) => inside(list.items[0]?.line ?? 0) && !isContents(list))
    .map((block): Block => ({ kind: 'list', block }));
  const wanted = (one: Block): boolean =>
    options.runbooksOnly !== true || textsOf(one).some((text) => MENTION.test(text) || linksToRunbook(text, context));
  const fit = tables.filter(wanted);
  if (options.under !== undefined) return [...fit, ...lists.filter(wanted)];
  return fit.length > 0 ? fit : lists.filter(wanted);
}

function linksToRunbook(text: string, { path }: EntryContext): boolean {
  return linksIn(text).some((link) => pathsOf(link.target, path).some((one) => /(^|\/)runbooks?\//i.test(one)));
}

/** A table of contents: every item leads to a heading of the page itself. */
function isContents(list: List): boolean {
  return list.items.every((item) => linksIn(item.text).some((link) => link.target.startsWith('#')));
}

function textsOf({ kind, block }: Block): string[] {
  return kind === 'table' ? block.rows.map((row) => row.text) : block.items.map((item) => item.text);
}

function isUnder(outline: Outline, words: string): (line: number) => boolean {
  const wanted = plain(words.replace(/^#+\s*/, ''));
  const index = outline.headings.findIndex((heading) => plain(heading.text) === wanted);
  const heading = outline.headings[index];
  if (!heading) return () => false;
  const next = outline.headings.slice(index + 1).find((one) => one.level <= heading.level);
  return (line) => line > heading.line && (next === undefined || line < next.line);
}

/** The block under the heading that speaks of the service's category or stack, else of services, else the last. */
function choose(blocks: readonly Block[], facts: EntryFacts): Block | undefined {
  const score = (heading: Heading | undefined): number => {
    const words = wordsOf(heading?.text ?? '');
    if (words.includes(facts.category.toLowerCase()) || wordsOf(facts.category).every((word) => words.includes(word)))
      return 4;
    if (facts.stack !== undefined && wordsOf(facts.stack).every((word) => words.includes(word))) return 3;
    if (wordsOf(facts.categoryTitle ?? '').some((word) => word.length > 3 && words.includes(word))) return 2;
    return words.some((word) => /^(services?|applications?|apps?|others?|misc(ellaneous)?|rest)$/.test(word)) ? 1 : 0;
  };
  let best: { block: Block; points: number } | undefined;
  for (const block of blocks) {
    const points = score(block.block.heading);
    if (!best || points > best.points || (points === 0 && best.points === 0)) best = { block, points };
  }
  return best?.block;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Behind the last entry; in the place of its number or name where the entries are in that order. */
function placeIn(
  entries: readonly (Row | ListItem)[],
  kind: Block['kind'],
  facts: EntryFacts,
  text: string,
  head: number | undefined,
): { at: number; before: boolean } | undefined {
  const last = entries.at(-1);
  if (!last) return head === undefined || text[head - 1] !== '\n' ? undefined : { at: head, before: false };
  const firsts = entries.map((entry) => ('cells' in entry ? (entry.cells[0]?.text ?? '') : entry.text));
  const next = nextInOrder(firsts, facts);
  const entry = next === undefined ? undefined : entries[next];
  if (entry) return { at: entry.start, before: true };
  // A last line without a line break stays as it is: the new one goes in front of it.
  if (text[last.end - 1] === '\n') return { at: last.end, before: false };
  return kind === 'list' && /^\d/.test('marker' in last ? last.marker : '')
    ? undefined
    : { at: last.start, before: true };
}

/** Index of the entry that the new one stands before; undefined where it is the last, or where there is no order. */
function nextInOrder(firsts: readonly string[], facts: EntryFacts): number | undefined {
  const numbers = firsts.map((text) =>
    Number(/\bRUNBOOK-(\d+)/i.exec(text)?.[1] ?? /^\W*(\d{2,5})\b/.exec(text)?.[1] ?? Number.NaN),
  );
  if (facts.runbook && numbers.every((number) => !Number.isNaN(number))) return before(numbers, facts.runbook.number);
  const names = firsts.map((text) => plain(/^\W*([\p{L}\p{N}][^\]:–—|(]*)/u.exec(text)?.[1] ?? text));
  const own = [facts.title, facts.name].map(plain);
  return before(names, (names.every((name) => /^[a-z0-9-]+$/.test(name)) ? own[1] : own[0]) ?? '');
}

function before<T extends string | number>(keys: readonly T[], own: T): number | undefined {
  const ascending = keys.every((key, index) => index === 0 || (keys[index - 1] ?? key) <= key);
  const descending = keys.every((key, index) => index === 0 || (keys[index - 1] ?? key) >= key);
  // Two are in some order always.
  if (keys.length < 3 || ascending === descending) return undefined;
  const at = keys.findIndex((key) => (ascending ? key > own : key < own));
  return at === -1 ? undefined : at;
}

/** Blank lines between the items of a list: none, or one where people leave one. */
function blankLinesIn(list: List, outline: Outline): number {
  const gaps = list.items.slice(1).map((item) => (outline.lines[item.line - 2]?.text.trim() === '' ? 1 : 0));
  return gaps.length > 0 && gaps.filter((gap) => gap === 1).length * 2 > gaps.length ? 1 : 0;
}
