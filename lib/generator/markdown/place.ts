/**
 * Where a new line stands among its neighbours, as whoever keeps the page would put it: by number or by name where they are in that order, else beside
 * what it belongs to, else at the end. Two additions of different kinds then touch different lines, and merge.
 */
import { sharedSegments } from '../observe/kinship';
import type { EntryContext, EntryFacts } from './entry-facts';
import { leadsToPage, linksIn } from './links';
import { placeInOrder } from './order';
import type { ListItem, Row } from './outline';
import { plainWords, wordsOf } from './words';

/** One line of the table or list, with what decides about its neighbours. */
export interface Neighbour {
  /** The first cell, or the whole item. */
  first: string;
  text: string;
  /** What its column of categories says; undefined where there is none. */
  category?: string;
  /** A row that only announces those under it: `| **Realtime** | | |`. */
  banner: boolean;
}

/** How close a line is to the service; the larger the closer. */
const kinships = {
  none: 0,
  /** Speaks of the category. */
  mentions: 1,
  /** Is about the category, or in it. */
  category: 2,
  /** Is called like it: `livekit` beside `livekit-egress`. */
  name: 3,
} as const;
type Kinship = (typeof kinships)[keyof typeof kinships];

/** How many of the lines stand in front of the new one. */
export function placeAmong(neighbours: readonly Neighbour[], facts: EntryFacts, context: EntryContext): number {
  const group = groupOf(neighbours, facts);
  if (group) return group.start + placeAmong(neighbours.slice(group.start, group.end), facts, context);
  const inOrder = byNumber(neighbours, facts) ?? byName(neighbours, facts);
  return inOrder ?? besideKin(neighbours, facts, context) ?? neighbours.length;
}

/** The lines under the banner of the service's category. */
function groupOf(neighbours: readonly Neighbour[], facts: EntryFacts): { start: number; end: number } | undefined {
  const at = neighbours.findIndex((one) => one.banner && isAboutCategory(one.first, facts));
  if (at === -1) return undefined;
  const length = neighbours.slice(at + 1).findIndex((one) => one.banner);
  return { start: at + 1, end: length === -1 ? neighbours.length : at + 1 + length };
}

function byNumber(neighbours: readonly Neighbour[], { runbook }: EntryFacts): number | undefined {
  if (!runbook?.numbered) return undefined;
  const numbers = neighbours.map(({ first }) =>
    Number(/\b(?:RUNBOOK|RB)[-_ ]?(\d+)/i.exec(first)?.[1] ?? /^\W*(\d{1,5})\b/.exec(first)?.[1] ?? Number.NaN),
  );
  return numbers.some(Number.isNaN) ? undefined : placeInOrder(numbers, runbook.numbered.number);
}

function byName(neighbours: readonly Neighbour[], facts: EntryFacts): number | undefined {
  const names = neighbours.map(({ first }) => nameIn(first));
  const own = names.every((name) => /^[a-z0-9-]+$/.test(name)) ? facts.name : facts.title;
  return placeInOrder(names, plainWords(own));
}

/** What a line is about: its first words, without a number and without what is said of it. */
function nameIn(first: string): string {
  const words = plainWords(/^\W*([\p{L}\p{N}][^\]:–—|(]*)/u.exec(first)?.[1] ?? first);
  return words.replace(/\s+-\s.*$/, '');
}

/** Behind the last of those that it belongs to most. Where these are in order by name, in its place among them. */
function besideKin(neighbours: readonly Neighbour[], facts: EntryFacts, context: EntryContext): number | undefined {
  const kinship = neighbours.map((one) => kinshipOf(one, facts, context));
  const closest = kinship.reduce<Kinship>((most, one) => (one > most ? one : most), kinships.none);
  if (closest === kinships.none) return undefined;
  const end = kinship.lastIndexOf(closest) + 1;
  let start = end - 1;
  while (start > 0 && kinship[start - 1] === closest) start -= 1;
  const inOrder = byName(neighbours.slice(start, end), facts);
  return inOrder === undefined ? end : start + inOrder;
}

/** Whether a service of its category, or of its name, is among the lines. */
export function hasKin(neighbours: readonly Neighbour[], facts: EntryFacts, context: EntryContext): boolean {
  return neighbours.some((one) => kinshipOf(one, facts, context) >= kinships.category);
}

function kinshipOf(one: Neighbour, facts: EntryFacts, context: EntryContext): Kinship {
  const named = nameIn(one.first).replaceAll(' ', '-');
  // A word of two letters is an abbreviation that says nothing.
  if (sharedSegments(named, facts.name) > 0 && /^[^-]{3,}/.test(named)) return kinships.name;
  if ([one.category ?? '', one.first].some((text) => isAboutCategory(text, facts))) return kinships.category;
  const relative = linksIn(one.text).some(({ target }) =>
    facts.relatives.some((path) => leadsToPage(target, path, context)),
  );
  if (relative) return kinships.category;
  const prose = one.text.replace(/`[^`]*`/g, ' ').replace(/\]\([^)]*\)|\[\[[^\]]*\]\]/g, ' ');
  return includesAll(wordsOf(prose), facts.category) ? kinships.mentions : kinships.none;
}

/** Whether a heading, a banner or a line names what the service is one of: its category by name or title, its stack. */
export function isAboutCategory(text: string, facts: EntryFacts): boolean {
  const words = wordsOf(text.replace(/\]\([^)]*\)/g, ' '));
  const titled = wordsOf(facts.categoryTitle ?? '').filter((word) => word.length > 3 && !COMMON.test(word));
  return (
    includesAll(words, facts.category) ||
    (facts.stack !== undefined && includesAll(words, facts.stack)) ||
    titled.some((word) => words.includes(word))
  );
}

/** Words of a category's title that are in many other lines too. */
const COMMON =
  /^(?:services?|tools?|other|others|else|anything|everything|everybody|that|their|them|with|from|between|need|needs)$/;

function includesAll(words: readonly string[], of: string): boolean {
  const wanted = wordsOf(of);
  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}

/** A row or an item as a neighbour. @param categoryColumn the table's column of categories. */
export function neighbourOf(entry: Row | ListItem, categoryColumn: number | undefined): Neighbour {
  if (!('cells' in entry)) return { first: entry.text, text: entry.text, banner: false };
  const [first, ...others] = entry.cells.map((cell) => cell.text);
  const category = categoryColumn === undefined ? undefined : entry.cells[categoryColumn]?.text;
  return {
    first: first ?? '',
    text: entry.text,
    banner: others.length > 0 && first !== '' && others.every((text) => text === ''),
    ...(category === undefined ? {} : { category }),
  };
}
