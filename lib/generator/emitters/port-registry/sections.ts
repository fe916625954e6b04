/**
 * Where a service's ports go in the registry: the list of bare ports, and the group that its kind stands in. Said by the profile (a category's
 * `section`, `ports.groups`), else read off the registry: who is there, and where.
 */
import { mostShared, segments } from '../../observe/kinship';
import { readComposeFiles } from '../../observe/compose-files';
import { listPools } from '../../observe/ports';
import { readRegistryFile, type RegistryPort } from '../../observe/registry-file';
import { isFlat, isHintSection, isPoolSection } from '../../observe/registry-shape';
import { overlaps } from '@/lib/services/port-range';
import { workloadOf } from '../../naming';
import type { EmitContext } from '../../types';
import type { YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { isGroupEntry, isServiceEntry, recordsIn } from './group-fields';

export interface RegistrySections {
  /** The list of bare ports; undefined where the registry has groups alone, or the service goes into its group alone. */
  list?: YamlPath;
  /** The group of services; undefined where the service has no place in one. */
  group?: YamlPath;
  /** A group that the registry should have and does not: nothing says which one the service belongs to. */
  unknownGroup?: true;
}

/** Whether a service that has a host stands in a group alone, there and in the list, or in the list alone. */
type GroupUse = 'also' | 'only' | 'none';

export function sectionsOf(context: EmitContext, yaml: ParsedYaml): RegistrySections {
  const { manifest, profile } = context;
  const root: unknown = yaml.toJs();
  if (asList(root) || yaml.document.contents === null) return { list: [] };
  if (isFlat(root)) return { group: [] };
  const usual = pathOf(profile.ports?.section ?? 'ports');
  const named = profile.categories[manifest.category]?.section;
  const own = named === undefined ? undefined : pathOf(named);
  if (own && !isGroup(root, own) && (valueAt(root, own) !== undefined || named === profile.ports?.section))
    return { list: own };
  if (isGroup(root, usual)) return { group: own ?? usual };
  const hasList = asList(valueAt(root, usual)) !== undefined;
  const use = profile.ports?.groups ?? usualUse(yaml, hasList);
  if (use === 'none' || (!manifest.routing && hasList)) return { list: usual };
  const group = own ?? nearestGroup(context, yaml);
  if (!group) return manifest.routing ? { list: usual, unknownGroup: true } : { list: usual };
  return use === 'only' || !hasList ? { group } : { list: usual, group };
}

/** `a.b` is b below a. */
export function pathOf(section: string): string[] {
  return section.split('.').filter((step) => step !== '');
}

/** The plain value at a path, aliases resolved. */
export function valueAt(root: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((value, step) => asRecord(value)?.[String(step)], root);
}

/** A map of services or of numbers, or a list of services with several ports each. */
function isGroup(root: unknown, path: YamlPath): boolean {
  const value = valueAt(root, path);
  const list = asList(value);
  if (!list) return asRecord(value) !== undefined;
  const entries = recordsIn(list);
  return entries.filter(isServiceEntry).length * 2 > entries.length;
}

/** `also` where most grouped services have a port that stands in a list too. */
function usualUse(yaml: ParsedYaml, hasList: boolean): GroupUse {
  const { ports, domains } = readRegistryFile(yaml);
  const grouped = ports.filter((port) => port.grouped);
  if (!hasList) return 'only';
  if (grouped.length === 0 || domains.length === 0) return 'none';
  const listed = ports.filter((port) => !port.grouped);
  const entryOf = (port: RegistryPort) => `${port.section} ${port.parent ?? port.service}`;
  const both = grouped.filter((port) => listed.some((one) => overlaps(one.range, port.range)));
  return new Set(both.map(entryOf)).size * 2 >= new Set(grouped.map(entryOf)).size ? 'also' : 'only';
}

/** The group in which the service's kind stands: its relatives by name, its category, its pool, its stack. */
function nearestGroup(context: EmitContext, yaml: ParsedYaml): YamlPath | undefined {
  const { manifest, profile, tree } = context;
  const file = readRegistryFile(yaml);
  const category = profile.categories[manifest.category];
  const stack = manifest.runtime.compose?.stack ?? category?.stack;
  const composed = readComposeFiles(tree, profile).filter((place) => stack !== undefined && place.stack === stack);
  const neighbours = new Set(composed.flatMap((place) => place.file.services.map((service) => service.name)));
  const pool = listPools(tree, profile).find((one) => one.name === (category?.pool ?? manifest.category));
  const kinds = new Set([manifest.category, ...(pool ? [pool.name] : [])]);
  const kindOf = categoriesByPort(yaml);
  const names = groupNames(yaml);

  const score = (port: RegistryPort): number => {
    const plain = port.service.replaceAll('_', '-');
    const listed = file.ports.filter((one) => !one.grouped && overlaps(one.range, port.range));
    return (
      40 * mostShared(plain, [manifest.name, workloadOf(manifest)]) +
      (kinds.has(kindOf.get(port.range.from) ?? '') ? 60 : 0) +
      (pool && overlaps(pool, port.range) ? 20 : 0) +
      ([plain, ...listed.map((one) => one.service)].some((name) => neighbours.has(name)) ? 10 : 0)
    );
  };
  const totals = names.map((name) => {
    const scores = file.ports.filter((port) => port.grouped && port.section === name).map(score);
    const called = segments(name).some((word) => segments(manifest.category).includes(word)) ? 80 : 0;
    return { name, best: Math.max(called, 0, ...scores), sum: scores.reduce((sum, one) => sum + one, called) };
  });
  const [first] = totals.sort((a, b) => b.best - a.best || b.sum - a.sum);
  return first && first.best > 0 ? [first.name] : undefined;
}

/** The top-level maps that hold services. */
export function groupNames(yaml: ParsedYaml): string[] {
  return Object.entries(asRecord(yaml.toJs()) ?? {}).flatMap(([name, value]) => {
    if (isPoolSection(name) || isHintSection(name)) return [];
    return recordsIn(Object.values(asRecord(value) ?? {})).some(isGroupEntry) ? [name] : [];
  });
}

/** What the lists call the kind of whoever has a port. */
function categoriesByPort(yaml: ParsedYaml): Map<number, string> {
  const kinds = new Map<number, string>();
  for (const value of Object.values(asRecord(yaml.toJs()) ?? {}))
    for (const item of asList(value) ?? []) {
      const entry = asRecord(item);
      const port = Number(asText(entry?.['port']));
      const kind = asText(entry?.['category']);
      if (kind !== undefined && Number.isInteger(port)) kinds.set(port, kind);
    }
  return kinds;
}
