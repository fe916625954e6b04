/** What the fields of a port registry's entries mean. Registries agree on the meanings and not on the names. */
import type { PortRange } from '@/lib/services/port-range';
import { readPortRange, readProtocol, readPublishedPort, type Protocol } from '../../observe/port-text';
import { asText } from '../../yaml/read';

export type Role =
  | 'service'
  | 'external'
  | 'internal'
  /** Both in one: `8000:80`. */
  | 'mapping'
  | 'protocol'
  | 'portName'
  | 'category'
  | 'status'
  | 'text'
  | 'project'
  | 'owner'
  | 'date'
  | 'domain';

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ['service', /^(?:service|service_name|app)$/],
  ['external', /^(?:port|external|external_port|host_port|published|published_port)$/],
  ['internal', /^(?:internal|container|target)(?:_port)?$/],
  ['mapping', /^(?:port_)?mapping$/],
  ['protocol', /^proto(?:col)?$/],
  ['portName', /^port_name$/],
  ['category', /^(?:category|type|kind|group)$/],
  ['status', /^(?:status|state)$/],
  ['text', /^(?:description|desc|notes?|purpose|comment|usage)$/],
  ['project', /^project$/],
  ['owner', /^(?:owner|team)$/],
  ['domain', /^(?:domain|hostname|fqdn)$/],
  ['date', /^(?:added|since|date|reserved|reserved_on|created)$/],
];

/** The roles of an entry's fields, in their order; `name` names the service where nothing else does, and the port otherwise. */
export function rolesOf(keys: readonly string[]): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const key of keys) {
    const role = ROLES.find(([, pattern]) => pattern.test(key.toLowerCase()))?.[0];
    if (role && ![...roles.values()].includes(role)) roles.set(key, role);
  }
  if (keys.includes('name')) roles.set('name', [...roles.values()].includes('service') ? 'portName' : 'service');
  return roles;
}

/** One entry of the list, as far as it can be told apart from others. */
export interface ListedPort {
  index: number;
  entry: Readonly<Record<string, unknown>>;
  roles: Map<string, Role>;
  service: string;
  category?: string;
  project?: string;
  portName?: string;
  external?: PortRange;
  internal?: PortRange;
  protocol?: Protocol;
  text?: string;
}

/** Reads an entry; undefined where nothing names a service. */
export function readListedPort(entry: Readonly<Record<string, unknown>>, index: number): ListedPort | undefined {
  const roles = rolesOf(Object.keys(entry));
  const value = (role: Role): unknown => {
    const key = [...roles].find(([, one]) => one === role)?.[0];
    return key === undefined ? undefined : entry[key];
  };
  const service = asText(value('service'));
  if (service === undefined) return undefined;
  const mapped = readPublishedPort(value('mapping') ?? value('external'), 0);
  const optional = {
    category: asText(value('category')),
    project: asText(value('project')),
    portName: asText(value('portName')),
    external: readPortRange(value('external')) ?? mapped?.range,
    internal: readPortRange(value('internal')) ?? mapped?.internal,
    protocol: readProtocol(value('protocol')),
    text: asText(value('text')),
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, one]) => one !== undefined));
  return { index, entry, roles, service, ...known };
}
