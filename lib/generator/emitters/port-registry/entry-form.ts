/** Writes an entry with the field names, the order and the spelling of the entries around it. */
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import type { EmitContext, ResolvedPort } from '../../types';
import { Flow, Quoted, type YamlValue } from '../../yaml/render';
import type { Style } from '../../yaml/style';
import { routedPort } from '../routed-port';
import { rolesOf, type ListedPort, type Role } from './fields';

/** The fields of new entries: key by role, in the order to write them. */
export interface EntryForm {
  keys: { key: string; role: Role }[];
  /** Whether entries stand on one line between braces. */
  flow: boolean;
  /** Whether single ports are written as text. */
  portsAsText: boolean;
  upperCaseProtocol: boolean;
  /** What a port is called that is not in use yet. */
  status: string;
}

/** RUNBOOK-024, section 2, where the list has no entry to look at. */
const usual = ['service', 'category', 'port', 'internal_port', 'status', 'notes'];
const EXTERNAL_KEY = 'port';
const INTERNAL_KEY = 'internal_port';

/** The registry's own word for what is reserved and not there yet; `planned`, as RUNBOOK-024 has it, where it has none. */
export function plannedStatus(statuses: readonly string[]): string {
  const words = ['planned', 'reserved', 'proposed', 'pending', 'allocated'];
  const written = words.flatMap((word) => statuses.find((status) => status.toLowerCase() === word) ?? []).at(0);
  const shouted = statuses.length > 0 && statuses.every((status) => status === status.toUpperCase());
  return written ?? (shouted ? 'PLANNED' : 'planned');
}

/**
 * Whose form a port's entry takes: an entry of something that is reached inside alone lacks the number outside, and does not show where it stands.
 * @param nearest the entries around it; `listed` all of them.
 */
export function modelsFor(
  port: ResolvedPort,
  nearest: readonly ListedPort[],
  listed: readonly (ListedPort | undefined)[],
): readonly ListedPort[] {
  if (port.external === 'none') return nearest;
  const published = nearest.filter((one) => one.external !== undefined);
  if (published.length > 0 || nearest.length === 0) return published;
  const elsewhere = listed.filter((one) => one !== undefined).filter((one) => one.external !== undefined);
  return elsewhere.length > 0 ? elsewhere : nearest;
}

/**
 * Learns the form from neighbours: the fields that most of them have, in the order of the one that has most of those.
 * @param statuses those of the whole registry.
 */
export function learnForm(
  neighbours: readonly ListedPort[],
  flow: boolean,
  statuses: readonly string[] = [],
): EntryForm {
  const counts = new Map<string, number>();
  for (const { entry } of neighbours) for (const key of Object.keys(entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count * 2 > neighbours.length).map(([key]) => key);
  const model = neighbours.reduce<string[]>((best, { entry }) => {
    const keys = Object.keys(entry).filter((key) => common.includes(key));
    return keys.length > best.length ? keys : best;
  }, []);
  const order = model.length > 0 ? [...model, ...common.filter((key) => !model.includes(key))] : usual;
  const roles = rolesOf(order);
  const external = neighbours.flatMap(({ entry }) =>
    [...rolesOf(Object.keys(entry))].flatMap(([key, role]) => (role === 'external' ? [entry[key]] : [])),
  );
  return {
    keys: order.flatMap((key) => {
      const role = roles.get(key);
      return role ? [{ key, role }] : [];
    }),
    flow,
    portsAsText:
      external.filter((value) => typeof value === 'string' && /^\d+$/.test(value)).length * 2 > external.length,
    status: plannedStatus(statuses),
    upperCaseProtocol: neighbours.some(({ entry }) => entry['protocol'] === 'TCP' || entry['protocol'] === 'UDP'),
  };
}

/** The entry of one port. A port that is reached inside the network alone is documented by its internal number (RUNBOOK-024, 2.3). */
export function writeEntry(context: EmitContext, port: ResolvedPort, form: EntryForm, style: Style): YamlValue {
  const { manifest, profile } = context;
  const keys = withNeeded(form, port);
  const fields: [string, YamlValue][] = [];
  for (const { key, role } of keys) {
    const value = valueOf(role, key);
    if (value !== undefined) fields.push([key, value]);
  }
  const entry = Object.fromEntries(fields);
  return form.flow ? new Flow(entry) : entry;

  function valueOf(role: Role, key: string): YamlValue | undefined {
    switch (role) {
      case 'service':
        return manifest.name;
      case 'portName':
        return port.name;
      case 'external':
        return port.external === 'none' ? undefined : number(port.external, key);
      case 'internal':
        return number(port.internal, key);
      case 'mapping':
        return port.external === 'none'
          ? undefined
          : new Quoted(`${formatPortRange(port.external)}:${formatPortRange(port.internal)}`);
      case 'protocol':
        return form.upperCaseProtocol ? port.protocol.toUpperCase() : port.protocol;
      case 'category':
        return manifest.category;
      case 'status':
        return form.status;
      case 'domain':
        return routedPort(context)?.port.name === port.name ? manifest.routing?.host : undefined;
      case 'text':
        return port.why;
      case 'project':
        return profile.naming.project;
      case 'owner':
        return manifest.owner;
      case 'date':
        return manifest.date;
    }
  }

  /** Ranges are text, in quotes unless the neighbours leave them plain. */
  function number(range: PortRange, key: string): YamlValue {
    const text = formatPortRange(range);
    if (range.from === range.to) return form.portsAsText ? text : range.from;
    return style.quotedFields.has(key) ? text : new Quoted(text);
  }
}

/**
 * The form's fields and those that this port cannot do without: its number outside, its protocol where it is UDP, its number inside where that is
 * all there is.
 */
function withNeeded(form: EntryForm, port: ResolvedPort): EntryForm['keys'] {
  const keys = [...form.keys];
  const find = (role: Role): number => keys.findIndex((one) => one.role === role);
  if (port.external !== 'none' && find('external') === -1 && find('mapping') === -1)
    keys.splice(find('service') + 1, 0, { key: EXTERNAL_KEY, role: 'external' });
  if (port.external === 'none' && find('internal') === -1)
    keys.splice(find('external') + 1, 0, { key: INTERNAL_KEY, role: 'internal' });
  if (port.protocol === 'udp' && find('protocol') === -1)
    keys.splice(Math.max(find('external'), find('internal'), find('mapping')) + 1, 0, {
      key: 'protocol',
      role: 'protocol',
    });
  return keys;
}
