/** Writes what one workload's text says for another one: whole names are replaced, never parts of longer ones. */
import { escapeRegExp } from '../../escape-reg-exp';

/** A pair of names; a longer name is replaced before one that it contains. */
export type Renaming = readonly (readonly [from: string, to: string])[];

/**
 * The text with every whole name replaced, all at once: what was put in is not replaced again.
 * @param dotted whether a name may be a part of a dotted one, as in `redis.pem`; in `redis.x.test` it is another name.
 */
export function rename(text: string, names: Renaming, dotted = false): string {
  const known = new Map(names.filter(([from]) => from !== ''));
  if (known.size === 0) return text;
  return text.replace(wholeNames([...known.keys()], dotted), (name) => known.get(name) ?? name);
}

/** Whether a text holds a name as a whole. */
export function mentions(text: string, name: string): boolean {
  return name !== '' && wholeNames([name]).test(text);
}

/** Finds which of many names a text holds as wholes: one pass over the text, however many names there are. */
export function nameFinder(names: Iterable<string>): (text: string) => string[] {
  const known = [...new Set(names)].filter((name) => name !== '');
  const pattern = known.length === 0 ? undefined : wholeNames(known);
  return (text) => (pattern ? (text.match(pattern) ?? []) : []);
}

/** Names end where a letter, a digit, `-`, `_` or a dot within a longer name do not go on. */
function wholeNames(names: readonly string[], dotted = false): RegExp {
  const longestFirst = [...names].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const [before, after] = dotted ? ['', ''] : ['|\\w\\.', '|\\.\\w'];
  return new RegExp(`(?<![\\w-]${before})(?:${longestFirst.join('|')})(?![\\w-]${after})`, 'g');
}
