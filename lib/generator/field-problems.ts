/**
 * Turns what Zod found into problems that a person can act on: one per field, with the line it stands on.
 */
import type { FieldProblem } from './types';

/** A Zod issue, as far as it is told to people. */
interface Issue {
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

type LineOf = (path: readonly PropertyKey[]) => number | undefined;

/**
 * The problems of one issue. An issue about several unknown keys names each where it stands; one about a union names what its nearest branch
 * minds, or what could stand there.
 */
export function fieldProblemsOf(issue: Issue, lineOf: LineOf = () => undefined): FieldProblem[] {
  if (issue.code === 'unrecognized_keys' && issue.keys)
    return issue.keys.map((key) =>
      problem([...issue.path, key], 'There is no such field here; look for a spelling mistake.', lineOf),
    );
  return [problem(issue.path, explain(issue), lineOf)];
}

function problem(path: readonly PropertyKey[], message: string, lineOf: LineOf): FieldProblem {
  const line = lineOf(path);
  return { path: path.map(String).join('.'), message, ...(line === undefined ? {} : { line }) };
}

function explain(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'This field is missing.';
  if (issue.code !== 'invalid_union' || !issue.errors || issue.errors.length === 0) return plainWords(issue);
  const meant = meantBy(issue);
  if (meant) return plainWords(meant);
  const wanted = leavesOf(issue).flatMap(
    (leaf) => leaf.values?.map((value) => JSON.stringify(value)) ?? leaf.expected ?? [],
  );
  return wanted.length > 0 ? `Expected one of: ${[...new Set(wanted)].join(', ')}.` : issue.message;
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

function leavesOf(issue: Issue): Issue[] {
  return issue.code === 'invalid_union' && issue.errors
    ? issue.errors.flatMap((branch) => branch.flatMap(leavesOf))
    : [issue];
}
