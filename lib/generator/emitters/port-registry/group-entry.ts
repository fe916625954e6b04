/** A service's entry in its group: its host and all of its ports, in the fields of the entries around it. */
import { formatPortRange } from '@/lib/services/port-range';
import { workloadOf } from '../../naming';
import type { EmitContext, ResolvedPort } from '../../types';
import { Flow, Quoted, type YamlValue } from '../../yaml/render';
import type { Style } from '../../yaml/style';
import { routedPort } from '../routed-port';
import { groupRole } from './group-fields';
import { knownKey, type GroupForm } from './group-form';

/** What the service is called in a group of this form. */
export function groupName({ manifest }: Pick<EmitContext, 'manifest'>, form: GroupForm): string {
  const name = form.shortNames ? workloadOf(manifest) : manifest.name;
  return form.underscores ? name.replaceAll('-', '_') : name;
}

/** @param alone whether the registry says the service's ports nowhere else, so that the entry has to say all of each. */
export function writeGroupEntry(context: EmitContext, form: GroupForm, style: Style, alone: boolean): YamlValue {
  const fields = new Map<string, YamlValue>();
  if (form.kind === 'list') fields.set(form.nameKey, groupName(context, form));
  const ports = writePorts(context, form, style, alone);
  for (const [key, value] of ports.own) fields.set(key, value);
  for (const [key, value] of hostFields(context, form)) fields.set(key, value);
  for (const [key, value] of wordFields(context, form)) fields.set(key, value);
  if (ports.nested) fields.set(...ports.nested);
  const entry = inOrder(fields, form.orders);
  return form.flow ? new Flow(entry) : entry;
}

function hostFields({ manifest }: EmitContext, form: GroupForm): [string, YamlValue][] {
  const { routing, runtime } = manifest;
  const health = knownKey(form, 'health');
  const aliases = routing?.aliases ?? [];
  return [
    ...(routing ? [[knownKey(form, 'domain') ?? 'domain', routing.host] as [string, YamlValue]] : []),
    ...(aliases.length === 0
      ? []
      : [
          [knownKey(form, 'aliases') ?? 'domain_aliases', form.flowLists ? new Flow(aliases) : aliases] as [
            string,
            YamlValue,
          ],
        ]),
    ...(runtime.healthCheck && health !== undefined ? [[health, runtime.healthCheck.path] as [string, YamlValue]] : []),
  ];
}

/** What most entries of the group say in words. */
function wordFields({ manifest, profile }: EmitContext, form: GroupForm): [string, YamlValue][] {
  return [...form.common].flatMap((key): [string, YamlValue][] => {
    const value = {
      text: manifest.purpose,
      category: manifest.category,
      owner: manifest.owner,
      project: profile.naming.project,
      date: manifest.date,
      status: form.status,
    }[groupRole(key) as 'text'];
    return value === undefined ? [] : [[key, value]];
  });
}

interface WrittenPorts {
  own: [string, YamlValue][];
  nested?: [string, YamlValue];
}

function writePorts(context: EmitContext, form: GroupForm, style: Style, alone: boolean): WrittenPorts {
  const { manifest } = context;
  const published = manifest.ports.filter((port) => port.external !== 'none');
  const routed = routedPort(context)?.port;
  const main = published.find((port) => port === routed) ?? published[0] ?? (alone ? manifest.ports[0] : undefined);
  if (!main) return { own: [] };
  const own: [string, YamlValue][] = [];
  const mainKey = portKey(main, form);
  if (main.external !== 'none' && !(alone && main.protocol === 'udp'))
    own.push([mainKey, numberOf(main.external, mainKey, style)]);
  const internal = [...form.common].find((key) => groupRole(key) === 'internal');
  if (internal !== undefined || main.external === 'none')
    own.push([internal ?? 'internal_port', numberOf(main.internal, internal ?? 'internal_port', style)]);
  // What a field cannot say where nothing else does: another protocol, or that a port is not published.
  const special = (port: ResolvedPort): boolean => alone && (port.protocol === 'udp' || port.external === 'none');
  const rest = (alone ? manifest.ports : published).filter((port) => port !== main);
  const taken = new Set([mainKey]);
  const others = rest.filter((port) => {
    const key = fieldFor(port, form);
    if (special(port) || key === undefined || taken.has(key) || port.external === 'none') return true;
    taken.add(key);
    own.push([key, numberOf(port.external, key, style)]);
    return false;
  });
  const hidden = alone && main.protocol === 'udp' ? [main, ...others] : others;
  const nested = hidden.length === 0 ? undefined : nestedPorts(main, hidden, form, style, hidden.some(special));
  return { own, ...(nested ? { nested } : {}) };
}

/** The field for a port beside the main one; undefined where it stands below `services` or `ports`. */
function fieldFor(port: ResolvedPort, form: GroupForm): string | undefined {
  const range = port.internal.from < port.internal.to;
  const name = form.underscores || ![...form.known].some((key) => key.includes('-')) ? snake(port.name) : port.name;
  if (range && [...form.known].some((key) => /[_-]ports$/i.test(key))) return `${name}_ports`;
  if (isForPeople(port) && form.known.has('ui_port')) return 'ui_port';
  if (form.nested.kind === 'fields') return `${name}_port${range ? 's' : ''}`;
  return undefined;
}

/** `api_port`, `ui_port` or `port`: as the groups call the port that matters most. */
function portKey(port: ResolvedPort, form: GroupForm): string {
  const wanted = isForPeople(port) ? 'ui_port' : 'api_port';
  if (form.known.has(wanted)) return wanted;
  if (form.known.has('port')) return 'port';
  const other = wanted === 'ui_port' ? 'api_port' : 'ui_port';
  return form.known.has(other) || [...form.known].some((key) => /_ports?$/.test(key)) ? wanted : 'port';
}

function isForPeople(port: ResolvedPort): boolean {
  return (
    /(?:^|-)(?:ui|web|console|dashboard|editor|frontend|studio)(?:-|$)/.test(port.name) ||
    (/\b(?:console|dashboard|editor|web interface|browser|UI)\b/.test(port.why) && !/\bAPI\b/.test(port.why))
  );
}

function nestedPorts(
  main: ResolvedPort,
  others: readonly ResolvedPort[],
  form: GroupForm,
  style: Style,
  inFull: boolean,
): [string, YamlValue] {
  if (form.nested.kind === 'services' || inFull) {
    const keys = form.nested.kind === 'services' ? form.nested.keys : ['name', 'port', 'internal_port'];
    const all = others.includes(main) ? others : [main, ...others];
    return ['services', all.map((port) => serviceItem(port, keys, style))];
  }
  const pairs = others.flatMap((port): [string, YamlValue][] =>
    port.external === 'none' ? [] : [[snake(port.name), numberOf(port.external, 'port', style)]],
  );
  return ['ports', Object.fromEntries(pairs)];
}

function serviceItem(port: ResolvedPort, keys: readonly string[], style: Style): YamlValue {
  const value: Record<string, YamlValue> = { name: port.name };
  if (port.external !== 'none') value['port'] = numberOf(port.external, 'port', style);
  if (keys.includes('internal_port') || port.external === 'none')
    value['internal_port'] = numberOf(port.internal, 'internal_port', style);
  if (port.protocol === 'udp') value['protocol'] = 'udp';
  if (keys.includes('description')) value['description'] = port.why;
  return inOrder(new Map(Object.entries(value)), [keys]);
}

/** Ranges are text, in quotes unless the neighbours leave them plain. */
function numberOf(range: { from: number; to: number }, key: string, style: Style): YamlValue {
  if (range.from === range.to) return range.from;
  const text = formatPortRange(range);
  const alike = [...style.quotedFields].find(([field]) => /ports?$/i.test(field) && !/^internal/i.test(field));
  return (style.quotedFields.get(key) ?? alike?.[1]) === false ? text : new Quoted(text);
}

/** The fields in the order of the entry that has most of them; what that lacks stands behind everything that comes before it here. */
function inOrder(fields: ReadonlyMap<string, YamlValue>, orders: GroupForm['orders']): Record<string, YamlValue> {
  const keys = [...fields.keys()];
  const model = orders.reduce<readonly string[]>((best, order) => {
    const own = order.filter((key) => fields.has(key));
    return own.length > best.length ? own : best;
  }, []);
  const sorted = [...model];
  for (const [index, key] of keys.entries()) {
    const behind = Math.max(-1, ...keys.slice(0, index).map((earlier) => sorted.indexOf(earlier)));
    if (!sorted.includes(key)) sorted.splice(behind + 1, 0, key);
  }
  return Object.fromEntries(sorted.map((key) => [key, fields.get(key) ?? null]));
}

function snake(name: string): string {
  return name.replace(/-+/g, '_');
}
