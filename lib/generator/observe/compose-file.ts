/** What one Compose file says: its services, the networks and volumes it declares, and what it includes. Merges and aliases are resolved. */
import type { ParsedYaml } from '../yaml/parse';
import { lineAt } from '../yaml/locate';
import { asList, asRecord, asText } from '../yaml/read';
import { readPublishedPort, type PublishedPort } from './port-text';

export interface ComposeService {
  name: string;
  line: number;
  containerName?: string;
  image?: string;
  ports: (PublishedPort & { line: number })[];
  networks: string[];
  dependsOn: string[];
  /** Those of the container and, as Docker Swarm's proxies read them, those under `deploy`. */
  labels: Readonly<Record<string, string>>;
  /** Which of them stand under `deploy`. */
  deployLabels: Readonly<Record<string, string>>;
  hasHealthCheck: boolean;
  /** The service's own map, merges resolved. */
  fields: Readonly<Record<string, unknown>>;
}

export interface ComposeFile {
  path: string;
  /** The project's name, where the file says one. */
  projectName?: string;
  services: ComposeService[];
  volumes: ReadonlyMap<string, unknown>;
  networks: ReadonlyMap<string, unknown>;
  /** Paths of included files, from the repository's root. */
  includes: string[];
}

const files = new WeakMap<ParsedYaml['document'], Map<string, ComposeFile>>();

/** Reads a Compose file. Total: what is not of the expected shape is left out. */
export function readComposeFile(yaml: ParsedYaml): ComposeFile {
  const known = files.get(yaml.document) ?? new Map<string, ComposeFile>();
  files.set(yaml.document, known);
  const file = known.get(yaml.path) ?? read(yaml);
  known.set(yaml.path, file);
  return file;
}

function read(yaml: ParsedYaml): ComposeFile {
  const root = asRecord(yaml.toJs()) ?? {};
  const projectName = asText(root['name']);
  return {
    path: yaml.path,
    ...(projectName === undefined ? {} : { projectName }),
    services: Object.entries(asRecord(root['services']) ?? {}).flatMap(([name, value]) => {
      const fields = asRecord(value);
      return fields ? [readService(yaml, name, fields)] : [];
    }),
    volumes: new Map(Object.entries(asRecord(root['volumes']) ?? {})),
    networks: new Map(Object.entries(asRecord(root['networks']) ?? {})),
    includes: (asList(root['include']) ?? []).flatMap((item) => readInclude(yaml.path, item)),
  };
}

function readService(yaml: ParsedYaml, name: string, fields: Record<string, unknown>): ComposeService {
  const containerName = asText(fields['container_name']);
  const image = asText(fields['image']);
  const check = asRecord(fields['healthcheck']);
  const deployLabels = readLabels(asRecord(fields['deploy'])?.['labels']);
  return {
    name,
    line: lineAt(yaml, ['services', name]),
    ...(containerName === undefined ? {} : { containerName }),
    ...(image === undefined ? {} : { image }),
    ports: (asList(fields['ports']) ?? []).flatMap((entry, index) => {
      const port = readPublishedPort(entry, index);
      return port ? [{ ...port, line: lineAt(yaml, ['services', name, 'ports', index]) }] : [];
    }),
    networks: namesOf(fields['networks']),
    dependsOn: namesOf(fields['depends_on']),
    labels: { ...deployLabels, ...readLabels(fields['labels']) },
    deployLabels,
    hasHealthCheck: check !== undefined && check['disable'] !== true,
    fields,
  };
}

/** The names in a list of names or the keys of a map. */
function namesOf(value: unknown): string[] {
  const list = asList(value);
  if (list) return list.flatMap((item) => asText(item) ?? []);
  return Object.keys(asRecord(value) ?? {});
}

/** Labels by name, from a map or from a list of `name=value`. */
export function readLabels(value: unknown): Record<string, string> {
  const list = asList(value);
  if (!list)
    return Object.fromEntries(
      Object.entries(asRecord(value) ?? {}).map(([name, label]) => [name, asText(label) ?? '']),
    );
  return Object.fromEntries(
    list.flatMap((item) => {
      const text = asText(item);
      if (text === undefined) return [];
      const at = text.indexOf('=');
      return [at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]];
    }),
  );
}

function readInclude(from: string, item: unknown): string[] {
  const record = asRecord(item);
  const paths = record ? (asList(record['path']) ?? [record['path']]) : [item];
  return paths.flatMap((path) => {
    const text = asText(path);
    return text === undefined ? [] : [joinPath(from, text)];
  });
}

/** A path relative to a file's folder, as one from the repository's root. */
export function joinPath(file: string, relative: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
