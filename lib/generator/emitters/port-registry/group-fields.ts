/** What the fields of a group's entries mean: a service with its host and all of its ports in one entry. */

import { asRecord } from '../../yaml/read';

export type GroupRole =
  | 'name'
  | 'domain'
  | 'aliases'
  | 'health'
  | 'text'
  | 'internal'
  | 'status'
  | 'category'
  | 'owner'
  | 'project'
  | 'date'
  | 'services'
  | 'ports'
  /** `port`, `api_port`, `rtc_ports`. */
  | 'port';

const ROLES: readonly (readonly [GroupRole, RegExp])[] = [
  ['name', /^(?:name|service|service_name|app)$/],
  ['domain', /^(?:domain|hostname|fqdn)$/],
  ['aliases', /^(?:domain_aliases|aliases|host_aliases)$/],
  ['health', /^(?:health|health_?check|health_(?:endpoint|path|url))$/],
  ['text', /^(?:description|desc|notes?|purpose|comment)$/],
  ['internal', /^(?:internal|container|target)(?:_port)?$/],
  ['status', /^(?:status|state)$/],
  ['category', /^(?:category|type|kind)$/],
  ['owner', /^(?:owner|team)$/],
  ['project', /^project$/],
  ['date', /^(?:added|since|date|reserved|reserved_on|created)$/],
  ['services', /^services$/],
  ['ports', /^ports$/],
  ['port', /^(?:.+[_-])?ports?$|^(?:external|published)$/],
];

/** The role of a field; undefined for what only its owner understands. */
export function groupRole(key: string): GroupRole | undefined {
  return ROLES.find(([, pattern]) => pattern.test(key.toLowerCase()))?.[0];
}

/** One bare port for one service, as `port` or `host_port` says it. */
const BARE = /^(?:port|external|external_port|host_port|published|published_port)$/i;

/** Whether an entry of a map says where a service is reached. */
export function isGroupEntry(entry: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(entry).some((key) =>
    ['domain', 'services', 'ports', 'port', 'internal'].includes(groupRole(key) ?? ''),
  );
}

/** Whether an item of a list is a service with all of its ports, and not one bare port, be it one that is reached inside alone. */
export function isServiceEntry(entry: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(entry);
  const says = keys.some((key) => ['domain', 'services', 'ports', 'port'].includes(groupRole(key) ?? ''));
  return says && !keys.some((key) => BARE.test(key));
}

/** The maps among values of unknown shape. */
export function recordsIn(values: readonly unknown[]): Record<string, unknown>[] {
  return values.flatMap((value) => {
    const record = asRecord(value);
    return record ? [record] : [];
  });
}
