/**
 * What a port registry says, in every shape that is seen: a list of entries, the document itself as the list, groups of services with
 * `api_port` and `rtc_ports`, nested `services` and `ports`, and files that mix them. Entries may contradict each other.
 */
import type { PortRange } from '@/lib/services/port-range';
import { lineAt, type YamlPath } from '../yaml/locate';
import type { ParsedYaml } from '../yaml/parse';
import { asList, asRecord, asText } from '../yaml/read';
import { sameOwner } from './kinship';
import { readPortRange, readProtocol, readPublishedPort, type Protocol } from './port-text';
import { isFlat, isHintSection, isPoolSection, withoutHead } from './registry-shape';

/** A host port that the registry gives to somebody. */
export interface RegistryPort {
  service: string;
  /** Where the registry says it: a list of entries, or a group of services. */
  section: string;
  grouped: boolean;
  /** The entry that it is nested in, where it is. */
  parent?: string;
  range: PortRange;
  protocol: Protocol;
  internal?: PortRange;
  portName?: string;
  line: number;
}

export interface RegistryPool {
  name: string;
  from: number;
  to: number;
  description: string;
  line: number;
}

export interface RegistryDomain {
  domain: string;
  group: string;
  service: string;
  line: number;
}

export interface RegistryFile {
  path: string;
  ports: RegistryPort[];
  pools: RegistryPool[];
  domains: RegistryDomain[];
  /** `next_available` and the like: a pool and the port it is said to have free. */
  hints: { pool: string; port: number; line: number }[];
}

/** How deep sections may stand in each other. */
const SECTION_DEPTH = 3;
const NAMES = ['service', 'name', 'service_name', 'app'];
/** Fields that hold the container's own port: documented, but no port of the host. */
const INTERNAL = /^(?:internal|container|target|inner)(?:_port|Port)?s?$|^(?:internal|container|target)_ports?$/i;
const PORT_FIELD = /^(?:(.+?)[_-])?ports?$|^(?:external|host|published|(?:port_)?mappings?)$/i;
/** Whose a port is that a list has without a name. */
const UNNAMED = 'unnamed';
/** Names of ranges that are UDP in practice, so that both protocols count as taken where the entry names none. */
const MEDIA = /rtc|rtp|udp|media|turn|stun/i;

const files = new WeakMap<ParsedYaml['document'], RegistryFile>();

/** Reads a registry. Total: what is not of an expected shape is left out. */
export function readRegistryFile(yaml: ParsedYaml): RegistryFile {
  const known = files.get(yaml.document);
  if (known) return known;
  const file: RegistryFile = { path: yaml.path, ports: [], pools: [], domains: [], hints: [] };
  const root = yaml.toJs();
  const list = asList(root);
  if (list) readList(yaml, file, [], '', list);
  if (isFlat(root)) readGroup(yaml, file, [], '', withoutHead(root), new Set());
  const sections = isFlat(root) ? [] : Object.entries(asRecord(root) ?? {});
  // Lists first: a nested name that has an entry of its own there is a service, not a port of its parent.
  for (const [name, value] of sections)
    if (!isPoolSection(name) && !isHintSection(name)) readList(yaml, file, [name], name, asList(value) ?? []);
  const services = new Set(file.ports.map((port) => port.service));
  for (const [name, value] of sections) {
    const record = asRecord(value);
    if (!record) continue;
    if (isPoolSection(name)) readPools(yaml, file, name, record);
    else if (isHintSection(name)) readHints(yaml, file, name, record);
    else readGroup(yaml, file, [name], name, record, services);
  }
  files.set(yaml.document, file);
  return file;
}

function readList(
  yaml: ParsedYaml,
  file: RegistryFile,
  path: YamlPath,
  section: string,
  items: readonly unknown[],
): void {
  items.forEach((item, index) => {
    const entry = asRecord(item);
    if (!entry) readBare(yaml, file, [...path, index], section, item);
    const service = entry && nameOf(entry);
    if (!entry || service === undefined) return;
    readEntry(yaml, file, [...path, index], { section, service, grouped: false }, entry, new Set());
  });
}

/** `8000`, or `"8000: search"`. */
function readBare(yaml: ParsedYaml, file: RegistryFile, path: YamlPath, section: string, item: unknown): void {
  const text = asText(item) ?? '';
  const [, number = text, name = UNNAMED] = /^([\d\s-]+)[:=]\s*(\S.*)$/.exec(text) ?? [];
  const range = readPortRange(number);
  if (range) push(yaml, file, path, { section, service: name, grouped: false }, range, {});
}

function readGroup(
  yaml: ParsedYaml,
  file: RegistryFile,
  path: YamlPath,
  section: string,
  group: Record<string, unknown>,
  services: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(group)) {
    const here = [...path, key];
    const held = readPortRange(key);
    const about = asRecord(value);
    if (held && !(about && Object.keys(about).some((field) => PORT_FIELD.test(field)))) {
      // `ports: {5432: postgres}`: a map of services by number.
      const internal = about ? undefined : readPortRange(value);
      const service = (about ? nameOf(about) : internal ? undefined : asText(value)) ?? UNNAMED;
      push(yaml, file, here, { section, service, grouped: true }, held, { ...(internal ? { internal } : {}) });
      continue;
    }
    const range = readPortRange(value);
    if (range && value !== null && !INTERNAL.test(key)) {
      // `ports: {postgres: 5432}`: a map of numbers by service.
      push(yaml, file, here, { section, service: key, grouped: true }, range, {});
      continue;
    }
    const list = asList(value);
    if (list) {
      const numbers = list.map(readPortRange);
      if (list.length > 0 && numbers.every((one) => one !== undefined))
        numbers.forEach((one, index) =>
          push(yaml, file, [...here, index], { section, service: key, grouped: true }, one, {}),
        );
      else readList(yaml, file, here, `${section}.${key}`, list);
      continue;
    }
    const entry = asRecord(value);
    if (entry && isSection(entry) && path.length < SECTION_DEPTH) {
      readGroup(yaml, file, here, `${section}.${key}`, entry, services);
      continue;
    }
    if (entry) readEntry(yaml, file, here, { section, service: nameOf(entry) ?? key, grouped: true }, entry, services);
  }
}

/** Whether a map is no service but holds a list of entries: `environments.prod.ports`. */
function isSection(fields: Record<string, unknown>): boolean {
  if (Object.keys(fields).some((key) => NAMES.includes(key) || key === 'domain')) return false;
  return Object.values(fields).some((value) => (asList(value) ?? []).some((item) => asRecord(item)?.['service']));
}

type Owner = Pick<RegistryPort, 'section' | 'service' | 'grouped' | 'parent'>;

function readEntry(
  yaml: ParsedYaml,
  file: RegistryFile,
  path: YamlPath,
  owner: Owner,
  entry: Record<string, unknown>,
  services: ReadonlySet<string>,
): void {
  const internalKey = Object.keys(entry).find((key) => INTERNAL.test(key));
  const internal = internalKey === undefined ? undefined : readPortRange(entry[internalKey]);
  const named = asText(entry['port_name']);
  for (const [key, value] of Object.entries(entry)) {
    const here = [...path, key];
    if (key === 'domain' || key === 'domain_aliases' || key === 'domains' || key === 'aliases') {
      for (const domain of asList(value) ?? [value]) {
        const text = asText(domain);
        if (text !== undefined)
          file.domains.push({ domain: text, group: owner.section, service: owner.service, line: lineAt(yaml, here) });
      }
      continue;
    }
    if (key === 'services') {
      for (const [index, item] of (asList(value) ?? []).entries()) {
        const nested = asRecord(item);
        const name = nested && nameOf(nested);
        if (!nested || name === undefined) continue;
        const nestedOwner = services.has(name) ? { ...owner, service: name, parent: owner.service } : owner;
        readEntry(yaml, file, [...here, index], nestedOwner, { ...nested, port_name: name }, services);
      }
      continue;
    }
    const match = INTERNAL.test(key) ? null : PORT_FIELD.exec(key);
    if (!match) continue;
    const portName = named ?? match[1];
    const details = {
      ...(internal ? { internal } : {}),
      ...(portName === undefined ? {} : { portName }),
      ...(readProtocol(entry['protocol']) ? { protocol: readProtocol(entry['protocol']) } : {}),
    };
    const values: [YamlPath, unknown, object][] = asRecord(value)
      ? Object.entries(asRecord(value) ?? {}).map(([name, port]) => [[...here, name], port, { portName: name }])
      : (asList(value)?.map((port, index) => [[...here, index], port, {}]) ?? [[here, value, {}]]);
    for (const [place, port, more] of values) {
      const nested = asRecord(port);
      const said = nested ? (nested['port'] ?? nested['external'] ?? nested['host']) : port;
      // `"8000:80"`, as Compose has it.
      const mapped = readPortRange(said) ? undefined : readPublishedPort(said, 0);
      const range = mapped?.range ?? readPortRange(said);
      const protocol = readProtocol(nested?.['protocol']);
      if (range)
        push(yaml, file, place, owner, range, {
          ...details,
          ...(mapped?.internal ? { internal: mapped.internal } : {}),
          ...more,
          ...(protocol ? { protocol } : {}),
        });
    }
  }
}

function push(
  yaml: ParsedYaml,
  file: RegistryFile,
  path: YamlPath,
  owner: Owner,
  range: PortRange,
  details: { internal?: PortRange; portName?: string; protocol?: Protocol },
): void {
  const words = `${String(path.at(-1))} ${details.portName ?? ''}`;
  const both: Protocol[] = range.from < range.to && MEDIA.test(words) ? ['tcp', 'udp'] : ['tcp'];
  const said = details.protocol ? [details.protocol] : owner.grouped ? listedProtocols(file, owner, range) : [];
  for (const protocol of said.length > 0 ? said : both)
    file.ports.push({ ...owner, range, ...details, protocol, line: lineAt(yaml, path) });
}

/** What the list says of the protocol where a group repeats a range of it: a group's fields seldom have room for that. */
function listedProtocols(file: RegistryFile, owner: Owner, range: PortRange): Protocol[] {
  const same = file.ports.filter(
    (port) =>
      !port.grouped &&
      port.range.from === range.from &&
      port.range.to === range.to &&
      sameOwner(port.service, owner.service),
  );
  return [...new Set(same.map((port) => port.protocol))];
}

function readPools(yaml: ParsedYaml, file: RegistryFile, section: string, pools: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(pools)) {
    const pool = asRecord(value);
    const pair = asList(value);
    const text = readPortRange(value);
    const from = pool ? (pool['start'] ?? pool['from'] ?? pool['min']) : (pair?.[0] ?? text?.from);
    const to = pool ? (pool['end'] ?? pool['to'] ?? pool['max']) : (pair?.[1] ?? text?.to);
    const range = pool && asText(pool['range']) !== undefined ? readPortRange(pool['range']) : undefined;
    const start = range?.from ?? Number(asText(from) ?? NaN);
    const end = range?.to ?? Number(asText(to) ?? NaN);
    if (!Number.isInteger(start) || !Number.isInteger(end) || start > end || start < 1 || end > 65535) continue;
    const description = asText(pool?.['description']) ?? '';
    file.pools.push({ name, from: start, to: end, description, line: lineAt(yaml, [section, name]) });
  }
}

function readHints(yaml: ParsedYaml, file: RegistryFile, section: string, hints: Record<string, unknown>): void {
  for (const [pool, value] of Object.entries(hints)) {
    const port = readPortRange(value);
    if (port) file.hints.push({ pool, port: port.from, line: lineAt(yaml, [section, pool]) });
  }
}

/** The service's name in an entry; undefined where no field names one. */
export function nameOf(entry: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of NAMES) {
    const name = asText(entry[key]);
    if (name !== undefined && name !== '') return name;
  }
  return undefined;
}
