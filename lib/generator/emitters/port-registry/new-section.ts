/** A section that the registry does not have yet: behind the last one of services, before the hints that end many registries. */
import { insertMapEntry, type InsertResult } from '../../yaml/insert';
import { placeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import type { YamlValue } from '../../yaml/render';
import { asList } from '../../yaml/read';
import { isHintSection } from '../../observe/registry-shape';
import { groupNames, valueAt } from './sections';

/** The text to insert, or a refusal: the document is no block map, or nothing can stand behind its last line. */
export function insertSection(yaml: ParsedYaml, name: string, value: YamlValue): InsertResult {
  const place = placeAt(yaml, []);
  const keys = place.kind === 'map' ? place.entries.map((entry) => String(entry.key)) : [];
  const groups = new Set(groupNames(yaml));
  const services = keys.filter((key) => groups.has(key) || asList(valueAt(yaml.toJs(), [key])) !== undefined);
  const after = services.at(-1) ?? keys.filter((key) => !isHintSection(key)).at(-1);
  const apart = /\n\s*\n/.test(yaml.text) ? 1 : 0;
  return insertMapEntry(yaml, [], name, value, after === undefined ? {} : { after, blankLines: apart });
}
