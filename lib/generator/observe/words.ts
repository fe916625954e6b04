/** What a registry says of a service in words: its category, and what it is for. The first entry that says it counts. */
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { readYaml } from './read-yaml';

export interface ServiceWords {
  category?: string;
  purpose?: string;
}

/** By the registry's name of the service. Categories that the profile does not know are somebody's free text and left out. */
export function observeWords(tree: Tree, profile: Profile): Map<string, ServiceWords> {
  const words = new Map<string, ServiceWords>();
  const root = readYaml(tree, profile.ports?.registry)?.toJs();
  const lists = [root, ...Object.values(asRecord(root) ?? {})].flatMap((value) => asList(value) ?? []);
  for (const item of lists) {
    const entry = asRecord(item);
    const name = entry && (asText(entry.service) ?? asText(entry.name));
    if (!entry || name === undefined) continue;
    const known = words.get(name) ?? {};
    const category = asText(entry.category);
    if (known.category === undefined && category !== undefined && Object.hasOwn(profile.categories, category))
      known.category = category;
    const purpose = asText(entry.description) ?? asText(entry.notes);
    if (known.purpose === undefined && purpose !== undefined) known.purpose = purpose;
    words.set(name, known);
  }
  return words;
}
