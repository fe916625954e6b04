/** What Zod minds about a spec or a profile, in words that say what to do. */

/** A Zod issue, as far as it is told to people. */
export interface Issue {
  code?: string;
  path: readonly PropertyKey[];
  message: string;
  keys?: readonly string[];
  values?: readonly unknown[];
  expected?: string;
  /** What is too small or too big: a number, a string, an array. */
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  format?: string;
  errors?: readonly (readonly Issue[])[];
}

/** Of all ways to write a union, the complaint of the one that was meant: it is about more than the type. */
export function meantBy(issue: Issue): Issue | undefined {
  return leavesOf(issue).find((leaf) => leaf.code !== 'invalid_type' && leaf.code !== 'invalid_value');
}

const units: Record<string, string> = { string: ' characters', array: ' entries' };

/** The schema's own words, and plain ones where it has none: Zod's speak of types. */
export function plainWords(issue: Issue): string {
  const { code, message, expected, origin = '', minimum, maximum, format } = issue;
  if (code === 'invalid_type' && expected === 'number') return 'A number.';
  if (code === 'invalid_type' && expected === 'int') return 'A whole number.';
  if (code === 'too_small' && message.startsWith('Too small')) return `At least ${minimum}${units[origin] ?? ''}.`;
  if (code === 'too_big' && message.startsWith('Too big')) return `At most ${maximum}${units[origin] ?? ''}.`;
  if (code === 'invalid_format' && format === 'url') return 'A whole address, starting with https:// or http://.';
  return message;
}

/** The complaints of every way to write a union. */
export function leavesOf(issue: Issue): Issue[] {
  return issue.code === 'invalid_union' && issue.errors
    ? issue.errors.flatMap((branch) => branch.flatMap(leavesOf))
    : [issue];
}
