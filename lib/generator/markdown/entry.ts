/**
 * Adds one line about a service to a page that people keep: to the right table or list, in its order and in the form of the lines beside it.
 * No line that is there changes.
 */
import { escapeRegExp } from '../escape-reg-exp';
import { escapeMarkdown } from '../markdown-text';
import { lineBreak } from '../yaml/lines';
import type { EntryContext, EntryFacts } from './entry-facts';
import { itemFor } from './list-entry';
import { leadsToPage, linksIn, pathsOf } from './links';
import { outlineOf, type List, type ListItem, type Outline, type Row, type Table } from './outline';
import { hasKin, isAboutCategory, neighbourOf, placeAmong, type Neighbour } from './place';
import { categoryColumnOf, rowFor } from './table-entry';
import { MENTION, plainWords, wordsOf } from './words';

/** Text to insert at an offset; `line` is that of the table's header or the list's first item, counted from 1. */
export interface EntryInsertion {
  at: number;
  text: string;
  line: number;
}

export interface EntryOptions {
  /** Only tables and lists that list runbooks. */
  runbooksOnly?: boolean;
  /** Lists inside items are lists like any other: a book's table of contents. */
  nested?: boolean;
  /** Only below the heading of these words, and what is under it. */
  under?: string;
}

type Block = { kind: 'table'; block: Table; nested?: never } | { kind: 'list'; block: List; nested: boolean };

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
  const chosen = choose(blocksOf(outline, context, options), facts, context, options);
  if (!chosen) return undefined;
  const written =
    chosen.kind === 'table' ? rowFor(chosen.block, facts, context) : itemFor(chosen.block, facts, context);
  if (written === undefined) return undefined;
  const line = chosen.kind === 'table' ? chosen.block.header.line : (chosen.block.items[0]?.line ?? 1);
  const place = placeIn(chosen, facts, context);
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
  const found = blocks.flatMap(({ kind, block }): (Row | ListItem)[] =>
    kind === 'table'
      ? block.rows.filter((row) => isAbout(row.cells[0]?.text ?? '', row.text, facts, context))
      : block.items.filter((item) => isAbout(item.text, item.text, facts, context)),
  );
  // An item goes with the list inside it.
  return found.filter((one) => !found.some((other) => other.start < one.start && one.end <= other.end));
}

/**
 * A line is the service's where it leads to its page, first of all or alone, or where its first words are the service's name. A line about
 * something else that mentions the page too is not.
 * @param first the first cell of a row, or the whole of an item.
 */
function isAbout(first: string, whole: string, facts: EntryFacts, context: EntryContext): boolean {
  if (first === escapeMarkdown(facts.title)) return true;
  const names = [facts.name, facts.title].map(plainWords).filter((name) => name !== '');
  const said = plainWords(first);
  if (names.includes(said)) return true;
  // In an item what it is about is followed by what parts it from the rest.
  const parted = /^(?:\s*[:–—,]|\s+-|\s+\((?:see\s+)?runbook)/;
  if (first === whole && names.some((name) => said.startsWith(name) && parted.test(said.slice(name.length))))
    return true;
  const { runbook } = facts;
  if (!runbook) return false;
  if (
    linksIn(first)
      .slice(0, 1)
      .some((link) => leadsToPage(link.target, runbook.path, context))
  )
    return true;
  if (!runbook.numbered || linksIn(first).length > 0) return false;
  const claimed = new RegExp(`^\\W*${escapeRegExp(runbook.numbered.id)}\\b`, 'i').test(first);
  return claimed && plainWords(whole).includes(plainWords(facts.title));
}

function blocksOf(outline: Outline, context: EntryContext, options: EntryOptions): Block[] {
  const inside = options.under === undefined ? () => true : isUnder(outline, options.under);
  const tables = outline.tables
    .filter((table) => inside(table.header.line))
    .map((block): Block => ({ kind: 'table', block }));
  const lists = [...outline.lists, ...outline.nested]
    .filter((list) => inside(list.items[0]?.line ?? 0) && !isContents(list))
    .map((block): Block => ({ kind: 'list', block, nested: outline.nested.includes(block) }));
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
  const wanted = plainWords(words.replace(/^#+\s*/, ''));
  const index = outline.headings.findIndex((heading) => plainWords(heading.text) === wanted);
  const heading = outline.headings[index];
  if (!heading) return () => false;
  const next = outline.headings.slice(index + 1).find((one) => one.level <= heading.level);
  return (line) => line > heading.line && (next === undefined || line < next.line);
}

/**
 * The block under the heading that speaks of the service's category or stack, else one with its kind in it, else one of services, else the last.
 * A list inside an item is one of those only where the item speaks of the category.
 */
function choose(
  blocks: readonly Block[],
  facts: EntryFacts,
  context: EntryContext,
  options: EntryOptions,
): Block | undefined {
  const score = (one: Block): number => {
    const { block, nested = false } = one;
    const heading = block.heading?.text ?? '';
    const words = wordsOf(heading);
    if (wordsOf(facts.category).every((word) => words.includes(word))) return 5;
    if (facts.stack !== undefined && wordsOf(facts.stack).every((word) => words.includes(word))) return 4;
    if (isAboutCategory(heading, facts)) return 3;
    if (nested) return options.nested === true ? 2 : -1;
    if (hasKin(neighboursIn(one), facts, context)) return 2;
    return words.some((word) => /^(services?|applications?|apps?|others?|misc(ellaneous)?|rest)$/.test(word)) ? 1 : 0;
  };
  let best: { block: Block; points: number } | undefined;
  for (const block of blocks) {
    const points = score(block);
    if (points >= 0 && (!best || points > best.points || (points === 0 && best.points === 0))) best = { block, points };
  }
  return best?.block;
}

function entriesIn({ kind, block }: Block): readonly (Row | ListItem)[] {
  return kind === 'table' ? block.rows : block.items;
}

function neighboursIn(one: Block): Neighbour[] {
  const column = one.kind === 'table' ? categoryColumnOf(one.block) : undefined;
  return entriesIn(one).map((entry) => neighbourOf(entry, column));
}

/**
 * Where the new line goes: behind the one that it follows, in front of all others where it is the first.
 * @returns undefined where the last line has no line break that a line behind it could follow, and nothing may stand in front of it.
 */
function placeIn(one: Block, facts: EntryFacts, context: EntryContext): { at: number; before: boolean } | undefined {
  const { text } = context;
  const { kind, block } = one;
  const entries = entriesIn(one);
  const last = entries.at(-1);
  if (!last) {
    const head = kind === 'table' ? block.delimiter.end : undefined;
    return head === undefined || text[head - 1] !== '\n' ? undefined : { at: head, before: false };
  }
  const counted = kind === 'list' && block.items.some((item) => /^\d/.test(item.marker));
  // A counted list goes on with its next number: anywhere else the numbers would have to change.
  const place = counted ? entries.length : placeAmong(neighboursIn(one), facts, context);
  const above = entries[place - 1];
  const below = entries[place];
  if (above && text[above.end - 1] === '\n') return { at: above.end, before: false };
  if (below) return { at: below.start, before: true };
  // A last line without a line break stays as it is: the new one goes in front of it.
  return counted ? undefined : { at: last.start, before: true };
}

/** Blank lines between the items of a list: none, or one where people leave one. */
function blankLinesIn(list: List, outline: Outline): number {
  const gaps = list.items.slice(1).map((item) => (outline.lines[item.line - 2]?.text.trim() === '' ? 1 : 0));
  return gaps.length > 0 && gaps.filter((gap) => gap === 1).length * 2 > gaps.length ? 1 : 0;
}
