/** The results of a request's checks are kept with it, and some of them are made anew: when its change is judged on a newer main, or checked with the real tools. */
import type { StoredChecks } from './stored';

type Check = StoredChecks[number];

/**
 * The checks with their newer results, each once and in the place that it had; those that were not there come last. So the table in a pull request's text
 * keeps its order, however often and after whatever the checks ran again.
 */
export function mergeChecks(stored: readonly Check[], newer: readonly Check[]): Check[] {
  const byId = new Map(newer.map((check) => [check.id, check]));
  const known = new Set(stored.map(({ id }) => id));
  return [...stored.map((check) => byId.get(check.id) ?? check), ...newer.filter(({ id }) => !known.has(id))];
}
