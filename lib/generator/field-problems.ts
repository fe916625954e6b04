/**
 * Turns what Zod found into problems that a person can act on: one per field, with the line it stands on.
 */
import { leavesOf, meantBy, plainWords, type Issue } from '@/lib/services/manifest-issues';
import type { FieldProblem } from './types';

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
