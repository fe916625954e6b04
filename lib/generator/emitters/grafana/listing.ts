/** Where an inventory keeps its services: found by the services that the platform runs, whatever the keys are called. */
import type { JsonPath } from '../../json/parse';
import { asList, asRecord, asText } from '../../yaml/read';

/** A list or map of services in a file. */
export interface Listing {
  path: JsonPath;
  form: 'list' | 'map';
  /** The key that carries a service's name, in a list. */
  nameKey: string;
  entries: { key: string | number; name: string; fields: Record<string, unknown> }[];
}

const NAME_KEYS = ['name', 'service', 'id', 'slug', 'key', 'title'];

/** The first list or map below a value in which at least two entries are services that the platform runs. */
export function findListing(value: unknown, services: ReadonlySet<string>, path: JsonPath): Listing | undefined {
  const list = asList(value);
  if (list) {
    for (const nameKey of NAME_KEYS) {
      const entries = list.flatMap((item, index) => {
        const fields = asRecord(item);
        const name = asText(fields?.[nameKey]);
        return fields && name !== undefined ? [{ key: index, name, fields }] : [];
      });
      if (entries.filter((entry) => services.has(entry.name)).length >= 2)
        return { path, form: 'list', nameKey, entries };
    }
  }
  const record = asRecord(value);
  if (record) {
    const entries = Object.entries(record).flatMap(([key, item]) => {
      const fields = asRecord(item);
      return fields ? [{ key, name: key, fields }] : [];
    });
    if (entries.filter((entry) => services.has(entry.name)).length >= 2)
      return { path, form: 'map', nameKey: '', entries };
  }
  if (path.length >= 4) return undefined;
  const children: [string | number, unknown][] = list
    ? list.map((item, index) => [index, item])
    : Object.entries(record ?? {});
  for (const [key, child] of children) {
    const found = findListing(child, services, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
