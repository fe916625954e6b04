/** What the services of one file share, as the file says it: anchors that they merge, forms and order of their keys. */
import { isAlias, isMap, isSeq, type ParsedNode } from 'yaml';
import { keyText } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';

export type Form = 'list' | 'map';

/** A top-level `x-name: &anchor` and what it says. */
export interface Anchored {
  anchor: string;
  value: Record<string, unknown>;
}

export function formAt(node: ParsedNode | null | undefined): Form | undefined {
  return isSeq(node) ? 'list' : isMap(node) ? 'map' : undefined;
}

export function childOf(node: ParsedNode | null | undefined, key: string): ParsedNode | null | undefined {
  return isMap(node) ? node.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
}

/** The values of a map by key: one pass, where many are looked for. */
export function childrenOf(node: ParsedNode | null | undefined): Map<string, ParsedNode | undefined> {
  return new Map(isMap(node) ? node.items.map((pair) => [keyText(pair.key), pair.value ?? undefined]) : []);
}

export function keysOf(node: ParsedNode | null | undefined): string[] {
  return isMap(node) ? node.items.map((pair) => keyText(pair.key)) : [];
}

/** The names that a map merges with `<<: *a` or `<<: [*a, *b]`. */
export function mergedAnchors(node: ParsedNode | null | undefined): string[] {
  const merged = childOf(node, '<<');
  if (isAlias(merged)) return [merged.source];
  return isSeq(merged) ? merged.items.flatMap((item) => (isAlias(item) ? [item.source] : [])) : [];
}

/** What a top-level anchor says (`x-name: &name`): only those stand before every service for certain. */
export function anchored(yaml: ParsedYaml, anchor: string): Anchored | undefined {
  const value = asRecord(anchoredValue(yaml, anchor));
  return value && { anchor, value };
}

/** The value of a top-level anchor, map or list. */
function anchoredValue(yaml: ParsedYaml, anchor: string): unknown {
  const root = yaml.document.contents;
  const services = childOf(root, 'services');
  if (!isMap(root) || !services) return undefined;
  const pair = root.items.find(
    ({ value }) => (isMap(value) || isSeq(value)) && value.anchor === anchor && value.range[0] < services.range[0],
  );
  return pair && asRecord(yaml.toJs())?.[keyText(pair.key)];
}

/** The anchor that a node is an alias of, where that stands at the top of the file. */
export function aliasOf(yaml: ParsedYaml, node: ParsedNode | null | undefined): string | undefined {
  return isAlias(node) && anchoredValue(yaml, node.source) !== undefined ? node.source : undefined;
}

/** The most common item; the first of equals. */
export function majority<T>(items: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  let best: [T, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}

/** A value that was read, for writing it again. */
export function toYamlValue(value: unknown): YamlValue {
  const list = asList(value);
  if (list) return list.map(toYamlValue);
  const record = asRecord(value);
  if (record) return Object.fromEntries(Object.entries(record).map(([key, one]) => [key, toYamlValue(one)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
