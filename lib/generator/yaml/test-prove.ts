/**
 * For tests: proves that an edit did what it was meant to do and nothing else: every line of the original is still there, and once both texts
 * are parsed only the intended paths differ. Knows what was meant, and shares nothing with prove-addition.ts, which production relies on.
 */
import { splitLines } from './lines';
import type { YamlPath } from './locate';
import { parseYaml } from './parse';

export type Proof =
  | { ok: true; insertedLines: number }
  | { ok: false; kind: 'bytes' | 'parse' | 'values'; reason: string; line?: number; path?: YamlPath };

/**
 * Proves an addition.
 * @param intended the paths, in the result, of what was added; everything else must have its value and its bytes.
 * @returns how many lines were added, or what is wrong. Never throws.
 */
export function proveSplice(before: string, after: string, intended: readonly YamlPath[]): Proof {
  const lines = proveInsertionOnly(before, after);
  if (!lines.ok) return lines;
  const old = parseYaml(before, 'before');
  const changed = parseYaml(after, 'after');
  if (!old.ok) return { ok: false, kind: 'parse', reason: `Before: ${old.refusal.reason}`, line: old.refusal.line };
  if (!changed.ok)
    return { ok: false, kind: 'parse', reason: `After: ${changed.refusal.reason}`, line: changed.refusal.line };
  const difference = new Comparison(intended).compare(old.yaml.toJs(), changed.yaml.toJs(), []);
  if (difference)
    return {
      ok: false,
      kind: 'values',
      reason: `${pathName(difference)} differs, which nobody meant.`,
      path: difference,
    };
  const missing = intended.find((path) => valueAt(changed.yaml.toJs(), path) === undefined);
  if (missing) return { ok: false, kind: 'values', reason: `${pathName(missing)} is not there.`, path: missing };
  return lines;
}

/**
 * Proves that `after` is `before` with whole lines added: taking these out gives the original text, byte for byte. For any file,
 * YAML or not; it is what `git diff --numstat` counts.
 */
export function proveInsertionOnly(before: string, after: string): Proof {
  const wanted = splitLines(before);
  let found = 0;
  let inserted = 0;
  for (const line of splitLines(after)) {
    if (found < wanted.length && line === wanted[found]) found += 1;
    else inserted += 1;
  }
  if (found < wanted.length)
    return { ok: false, kind: 'bytes', reason: `Line ${found + 1} is not there as it was.`, line: found + 1 };
  return { ok: true, insertedLines: inserted };
}

class Comparison {
  private readonly intended: ReadonlySet<string>;
  private readonly leadsTo = new Set<string>();
  /** Pairs found equal, so that a node behind a hundred aliases is compared once. */
  private readonly equal = new WeakMap<object, WeakSet<object>>();

  constructor(intended: readonly YamlPath[]) {
    this.intended = new Set(intended.map((path) => JSON.stringify(path.map(String))));
    for (const path of intended)
      for (let length = 0; length < path.length; length++)
        this.leadsTo.add(JSON.stringify(path.slice(0, length).map(String)));
  }

  /** The first path that differs and was not meant to; undefined where all is as intended. */
  compare(before: unknown, after: unknown, path: YamlPath): YamlPath | undefined {
    if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
      // A key without a value that gets its first entry: null becomes a map that holds intended paths alone.
      if (before === null && typeof after === 'object' && after !== null && this.leadsTo.has(name(path)))
        return this.compare(Array.isArray(after) ? [] : {}, after, path);
      if (before === null && after === undefined) return path;
      return Object.is(before, after) ? undefined : path;
    }
    if (Array.isArray(before) !== Array.isArray(after)) return path;
    const free = !this.leadsTo.has(name(path));
    if (free && this.equal.get(before)?.has(after)) return undefined;
    if (free) {
      const known = this.equal.get(before) ?? new WeakSet<object>();
      known.add(after);
      this.equal.set(before, known);
    }
    return Array.isArray(before) && Array.isArray(after)
      ? this.compareLists(before, after, path)
      : this.compareMaps(before as Record<string, unknown>, after as Record<string, unknown>, path);
  }

  private compareLists(before: readonly unknown[], after: readonly unknown[], path: YamlPath): YamlPath | undefined {
    let found = 0;
    for (let index = 0; index < after.length; index++) {
      const itemPath = [...path, index];
      if (this.intended.has(name(itemPath))) continue;
      if (found >= before.length) return itemPath;
      const difference = this.compare(before[found], after[index], itemPath);
      if (difference) return difference;
      found += 1;
    }
    return found < before.length ? [...path, found] : undefined;
  }

  private compareMaps(
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    path: YamlPath,
  ): YamlPath | undefined {
    const kept = Object.keys(after).filter((key) => !this.intended.has(name([...path, key])));
    const keys = Object.keys(before);
    for (let index = 0; index < Math.max(kept.length, keys.length); index++) {
      const key = keys[index];
      const keptKey = kept[index];
      if (key === undefined || key !== keptKey) return [...path, keptKey ?? key ?? ''];
      const difference = this.compare(before[key], after[key], [...path, key]);
      if (difference) return difference;
    }
    return undefined;
  }
}

function name(path: YamlPath): string {
  return JSON.stringify(path.map(String));
}

function pathName(path: YamlPath): string {
  return path.length === 0 ? 'The whole document' : path.join('.');
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[String(step)];
  }
  return current;
}
