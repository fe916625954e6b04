/** Guesses about the port registry: where it is, where its entries are, which pools and categories it knows. */
import { readYaml } from '../observe/read-yaml';
import { readRegistryFile, type RegistryFile } from '../observe/registry-file';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { baseName, isInUse, mostCommon, shallowest, type Guesses } from './guess';

export interface PortsGuess {
  ports?: Record<string, unknown>;
  categories: Record<string, Record<string, string>>;
  host?: string;
}

export function detectPorts(tree: Tree, guesses: Guesses): PortsGuess {
  const candidates = tree.paths.filter(
    (path) =>
      /^ports?[s_-]*(?:registry|map|assignments|allocations|list)?\.(?:ya?ml|json)$/i.test(baseName(path)) &&
      isInUse(path) &&
      !isKubernetes(tree, path),
  );
  // An empty one, or one that nobody can read, is the registry only where there is no other.
  const registry = shallowest(candidates.filter((path) => holdsPorts(tree, path))) ?? shallowest(candidates);
  if (registry === undefined) return { categories: {} };
  const yaml = readYaml(tree, registry);
  if (!yaml) {
    guesses.note('ports.registry', registry, 'its name says so; it cannot be read', registry);
    return { ports: { registry }, categories: {} };
  }
  const file = readRegistryFile(yaml);
  guesses.note('ports.registry', registry, `${file.ports.length} ports are registered there`, registry);
  const document: unknown = yaml.toJs();
  const section = mostCommon(file.ports.filter((port) => !port.grouped).map((port) => port.section)) ?? soleGroup(file);
  if (section && section.value !== '')
    guesses.note('ports.section', section.value, `${section.count} ports are registered there`, registry);
  const host = asText(asRecord(document)?.['host']);
  if (host !== undefined) guesses.note('platform.host', host, 'the registry says so', registry);

  const categories: Record<string, Record<string, string>> = {};
  const slug = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '')
      .slice(0, 40);
  for (const pool of file.pools)
    if (slug(pool.name) !== '')
      categories[slug(pool.name)] = { pool: pool.name, ...(pool.description ? { title: pool.description } : {}) };
  const named = entriesOf(document).flatMap((entry) => asText(entry['category']) ?? []);
  for (const category of named) if (slug(category) !== '') categories[slug(category)] ??= {};
  if (Object.keys(categories).length > 0)
    guesses.note('categories', Object.keys(categories), 'the ranges and the categories of the registry', registry);
  return {
    ports: {
      registry,
      ...(section && section.value !== '' ? { section: section.value } : {}),
    },
    categories,
    ...(host === undefined ? {} : { host }),
  };
}

function holdsPorts(tree: Tree, path: string): boolean {
  const yaml = readYaml(tree, path);
  return yaml !== undefined && readRegistryFile(yaml).ports.length > 0;
}

/** The one group of a registry that has no list. */
function soleGroup(file: RegistryFile): { value: string; count: number } | undefined {
  const sections = new Set(file.ports.map((port) => port.section));
  const [only] = sections;
  return sections.size === 1 && only !== undefined ? { value: only, count: file.ports.length } : undefined;
}

/** An object of a cluster may well be called `ports.yaml`. */
function isKubernetes(tree: Tree, path: string): boolean {
  const text = tree.read(path) ?? '';
  return /^apiVersion:/m.test(text) && /^kind:/m.test(text);
}

function entriesOf(document: unknown): Record<string, unknown>[] {
  const lists = asList(document) ? [document] : Object.values(asRecord(document) ?? {});
  return lists.flatMap((list) => (asList(list) ?? []).flatMap((item) => [asRecord(item) ?? {}]));
}
