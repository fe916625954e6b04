/** The service's entries in the port registry, in its lists and in its groups, as they stand now. */
import { readPortRange } from '../../observe/port-text';
import { readYaml } from '../../observe/read-yaml';
import { nameOf } from '../../observe/registry-file';
import { isFlat, isHintSection, isPoolSection } from '../../observe/registry-shape';
import type { EmitContext, Ownership } from '../../types';
import type { YamlPath } from '../../yaml/locate';
import { asList, asRecord } from '../../yaml/read';
import { isOwnName } from '../taken-ports';
import { isGroupEntry } from './group-fields';
import { isJson, jsonParts } from './json';

/** How deep sections are looked for: `environments.prod.ports`. */
const DEPTH = 4;

export function owned(context: EmitContext): Ownership {
  const path = context.profile.ports?.registry;
  const root = readYaml(context.tree, path)?.toJs();
  if (path === undefined || root === undefined) return { parts: [] };
  const sections: [string, unknown][] = Object.entries(asRecord(root) ?? {}).filter(
    ([name]) => !isPoolSection(name) && !isHintSection(name),
  );
  const found =
    asList(root) !== undefined || isFlat(root)
      ? entriesIn(context, root, [], DEPTH)
      : sections.flatMap(([name, value]) => entriesIn(context, value, [name], DEPTH));
  if (isJson(path)) return { parts: jsonParts(context.tree.read(path) ?? '', path, found) };
  return { parts: found.map((at) => ({ kind: 'yaml', path, at })) };
}

/** Paths of the service's entries in a section: items of lists, entries of maps by service, and items of lists in another's entry. */
function entriesIn(context: EmitContext, section: unknown, path: YamlPath, depth: number): (string | number)[][] {
  if (depth === 0) return [];
  const children: [string | number, unknown][] = asList(section)?.map((item, index) => [index, item]) ?? [
    ...Object.entries(asRecord(section) ?? {}),
  ];
  return children.flatMap(([key, value]) => {
    const at = [...path, key];
    const fields = asRecord(value);
    if (isOwn(context, key, value)) return [at];
    if (!fields || !isGroupEntry(fields)) return entriesIn(context, value, at, depth - 1);
    const lists = Object.entries(fields).filter(([, one]) => asList(one) !== undefined);
    return lists.flatMap(([name, list]) => entriesIn(context, list, [...at, name], depth - 1));
  });
}

function isOwn({ manifest, profile }: EmitContext, key: string | number, value: unknown): boolean {
  const fields = asRecord(value);
  const name = fields ? (nameOf(fields) ?? key) : key;
  if (typeof name !== 'string' || !isOwnName(name, manifest, profile)) return false;
  // A map of teams or of notes by service is none of ours.
  return fields ? typeof key === 'number' || isGroupEntry(fields) : readPortRange(value) !== undefined;
}
