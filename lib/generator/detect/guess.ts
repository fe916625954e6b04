/** How guesses are made and told: count what the files say, take the most common, remember from where. */
import type { Inference } from '../types';

/** Guesses gathered on the way. */
export class Guesses {
  readonly inferences: Inference[] = [];

  /** Notes a guess and hands its value on; an undefined value is no guess. */
  note<T>(key: string, value: T | undefined, evidence: string, path?: string): T | undefined {
    if (value !== undefined) this.inferences.push({ key, value, evidence, ...(path === undefined ? {} : { path }) });
    return value;
  }
}

/** The most common item and how often it is there; the first of equals. */
export function mostCommon<T>(items: Iterable<T>): { value: T; count: number; of: number } | undefined {
  const counts = new Map<T, number>();
  let of = 0;
  for (const item of items) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
    of += 1;
  }
  let best: { value: T; count: number; of: number } | undefined;
  for (const [value, count] of counts) if (!best || count > best.count) best = { value, count, of };
  return best;
}

/** Backups, examples and templates beside the real files count for nothing. */
export function isInUse(path: string): boolean {
  return !/(?:^|[/._~-])(?:bak|backups?|old|orig|examples?|samples?|tmpl|templates?|archived?|archives|deprecated|disabled|legacy|unused|copy|save|demos?|fixtures?|tests?|__tests__|testdata|node_modules|vendor)(?:[/._~-]|$)|~$/i.test(
    path,
  );
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The shallowest path, the first of equals. */
export function shallowest(paths: readonly string[]): string | undefined {
  return [...paths].sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))[0];
}

/** An object without the keys that are undefined; undefined where nothing is left. */
export function known<T extends Record<string, unknown>>(value: T): Partial<T> | undefined {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as Partial<T>) : undefined;
}
