/** Writes what one workload's text says for another one: whole names are replaced, never parts of longer ones. */

/** A pair of names; a longer name is replaced before one that it contains. */
export type Renaming = readonly (readonly [from: string, to: string])[];

/** The text with every whole name replaced, all at once: what was put in is not replaced again. */
export function rename(text: string, names: Renaming): string {
  const known = new Map(names.filter(([from]) => from !== ''));
  if (known.size === 0) return text;
  return text.replace(wholeNames([...known.keys()]), (name) => known.get(name) ?? name);
}

/** Whether a text holds a name as a whole. */
export function mentions(text: string, name: string): boolean {
  return name !== '' && wholeNames([name]).test(text);
}

/** Names end where a letter, a digit, `-`, `_` or a dot within a longer name do not go on. */
function wholeNames(names: readonly string[]): RegExp {
  const longestFirst = [...names].sort((a, b) => b.length - a.length).map(escapeRegExp);
  return new RegExp(`(?<![\\w-]|\\w\\.)(?:${longestFirst.join('|')})(?![\\w-]|\\.\\w)`, 'g');
}

/** A text as the part of a regular expression that matches exactly it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
