/** How the entries of a group are written: which fields, in which order, called how. Learned from the group, and from the other groups. */
import { isMap, isSeq, type ParsedNode } from 'yaml';
import { readPortRange } from '../../observe/port-text';
import { readRegistryFile } from '../../observe/registry-file';
import { keyText, nodeAt, type YamlPath } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { plannedStatus } from './entry-form';
import { groupRole, isGroupEntry, recordsIn, type GroupRole } from './group-fields';
import { groupNames, valueAt } from './sections';

type Fields = Readonly<Record<string, unknown>>;

export interface GroupForm {
  /** A map by service, a list of services, a map of numbers by service, or one of services by number. */
  kind: 'map' | 'list' | 'numbers' | 'by-number';
  /** The key of the service's name in a list. */
  nameKey: string;
  /** Whether names of several words are parted by underscores. */
  underscores: boolean;
  /** Whether a service goes by another name here than in the list: `mcp_gitlab` for mcp-server-gitlab. */
  shortNames: boolean;
  /** The keys of the group's entries, those with the most first, for the order. */
  orders: readonly (readonly string[])[];
  /** Keys that most entries of the group have. */
  common: ReadonlySet<string>;
  /** How several ports stand: below `services`, below `ports`, or each in a field of its own; with the keys of an item of `services`. */
  nested: { kind: 'services'; keys: readonly string[] } | { kind: 'ports' } | { kind: 'fields' };
  /** Every key of every group's entries. */
  known: ReadonlySet<string>;
  /** Entries, and lists in them, on one line. */
  flow: boolean;
  flowLists: boolean;
  /** What a service is called that is not there yet. */
  status: string;
}

/** @param path of the group, whether it is there yet or not. */
export function learnGroupForm(yaml: ParsedYaml, path: YamlPath): GroupForm {
  const own = valueAt(yaml.toJs(), path);
  const here = entriesIn(own);
  const groups = groupNames(yaml).map((name) => valueAt(yaml.toJs(), [name]));
  const all = [...here, ...groups.flatMap(entriesIn)].map((one) => one.fields);
  const counts = new Map<string, number>();
  for (const { fields } of here) for (const key of Object.keys(fields)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const names = [own, ...groups].flatMap((group) => Object.keys(asRecord(group) ?? {}));
  const nodes = nodesIn(nodeAt(yaml, path));
  return {
    kind: asList(own)
      ? 'list'
      : isByNumber(own)
        ? 'by-number'
        : here.length === 0 && isNumbers(own)
          ? 'numbers'
          : 'map',
    nameKey:
      here.flatMap(({ fields }) => Object.keys(fields).filter((key) => groupRole(key) === 'name')).at(0) ?? 'name',
    underscores: names.some((name) => name.includes('_')) && !names.some((name) => name.includes('-')),
    shortNames: goesByShortNames(yaml),
    orders: [...here.map((one) => one.fields), ...all].map((fields) => Object.keys(fields)),
    common: new Set([...counts].filter(([, count]) => count * 2 > here.length).map(([key]) => key)),
    nested: nestedForm(here.map((one) => one.fields)) ?? nestedForm(all) ?? { kind: 'fields' },
    known: new Set(all.flatMap((fields) => Object.keys(fields))),
    flow: nodes.filter((node) => node.flow).length * 2 > nodes.length,
    flowLists: hasFlowLists(nodes),
    status: plannedStatus(all.flatMap((fields) => asText(fields['status']) ?? [])),
  };
}

/** The services of a group with their fields. */
export function entriesIn(group: unknown): { name: string; fields: Fields }[] {
  const list = asList(group);
  const named: [string, unknown][] = list
    ? list.map((item, index) => [String(index), item])
    : Object.entries(asRecord(group) ?? {});
  return named.flatMap(([name, value]) => {
    const fields = asRecord(value);
    return fields && isGroupEntry(fields) ? [{ name, fields }] : [];
  });
}

/** The key with a role that any group uses. */
export function knownKey(form: GroupForm, role: GroupRole): string | undefined {
  return [...form.known].find((key) => groupRole(key) === role);
}

function isNumbers(group: unknown): boolean {
  const values = Object.values(asRecord(group) ?? {});
  return values.length > 0 && values.filter((value) => readPortRange(value)).length * 2 > values.length;
}

/** `8000: search`, or a list of numbers for each service. */
function isByNumber(group: unknown): boolean {
  const keys = Object.keys(asRecord(group) ?? {});
  return keys.length > 0 && keys.filter((key) => readPortRange(key)).length * 2 > keys.length;
}

function nestedForm(entries: readonly Fields[]): GroupForm['nested'] | undefined {
  const services = recordsIn(entries.flatMap((fields) => asList(fields['services']) ?? []));
  const withServices = entries.filter((fields) => asList(fields['services'])).length;
  const withPorts = entries.filter((fields) => asRecord(fields['ports'])).length;
  if (withServices === 0 && withPorts === 0) return undefined;
  if (withPorts > withServices) return { kind: 'ports' };
  const keys = services.reduce<string[]>((best, item) => {
    const own = Object.keys(item);
    return own.length > best.length ? own : best;
  }, []);
  return { kind: 'services', keys };
}

/** Whether a group calls a service otherwise than the list does that has its port. */
function goesByShortNames(yaml: ParsedYaml): boolean {
  const { ports } = readRegistryFile(yaml);
  const listed = new Map(ports.filter((port) => !port.grouped).map((port) => [port.range.from, port.service]));
  return ports.some((port) => {
    const other = port.grouped && port.parent === undefined ? listed.get(port.range.from) : undefined;
    return other !== undefined && other.replaceAll('_', '-') !== port.service.replaceAll('_', '-');
  });
}

function nodesIn(node: ParsedNode | undefined) {
  if (isSeq(node)) return node.items.filter((item) => isMap(item));
  return isMap(node) ? node.items.flatMap((pair) => (isMap(pair.value) ? [pair.value] : [])) : [];
}

function hasFlowLists(nodes: ReturnType<typeof nodesIn>): boolean {
  const lists = nodes.flatMap((node) =>
    node.items.flatMap((pair) =>
      isSeq(pair.value) && groupRole(keyText(pair.key)) === 'aliases' ? [pair.value.flow === true] : [],
    ),
  );
  return lists.filter(Boolean).length * 2 > lists.length;
}
