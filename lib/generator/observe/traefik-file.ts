/** What Traefik's dynamic file says: routers, services and the names of what they may use. */
import type { PortRange } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import { lineAt } from '../yaml/locate';
import type { ParsedYaml } from '../yaml/parse';
import { asList, asRecord, asText } from '../yaml/read';
import { readPortRange } from './port-text';
import { readRule, type RuleTarget } from './traefik-rule';

export interface TraefikRouter {
  name: string;
  line: number;
  rule: string;
  targets: RuleTarget[];
  service?: string;
  middlewares: string[];
  entryPoints: string[];
  priority?: number;
  tls?: Readonly<Record<string, unknown>>;
}

export interface TraefikService {
  name: string;
  line: number;
  urls: string[];
  serversTransport?: string;
  /** `responseForwarding.flushInterval`, as it stands there. */
  flushInterval?: string;
  passHostHeader?: boolean;
}

export interface TraefikFile {
  path: string;
  routers: TraefikRouter[];
  services: TraefikService[];
  middlewares: string[];
}

const files = new WeakMap<ParsedYaml['document'], Map<string, TraefikFile>>();

/** Reads a dynamic file. Total: what is not of the expected shape is left out. */
export function readTraefikFile(yaml: ParsedYaml): TraefikFile {
  const known = files.get(yaml.document) ?? new Map<string, TraefikFile>();
  files.set(yaml.document, known);
  const file = known.get(yaml.path) ?? read(yaml);
  known.set(yaml.path, file);
  return file;
}

/** The host port of a backend that Traefik reaches through the Docker host; undefined for every other backend. */
export function dockerHostPort(url: string, profile: Profile): PortRange | undefined {
  const match = /^(?:https?|h2c|tcp|udp):\/\/([^/:]+)(?::(\d+))?(?:\/|$)/.exec(url);
  const hosts = ['host.docker.internal', profile.traefik?.dockerHost ?? 'host.docker.internal'];
  if (!match || !hosts.includes(match[1] ?? '')) return undefined;
  return readPortRange(match[2] ?? (url.startsWith('https') ? 443 : 80));
}

function read(yaml: ParsedYaml): TraefikFile {
  const http = asRecord(asRecord(yaml.toJs())?.['http']) ?? {};
  const entries = (key: string): [string, Record<string, unknown>][] =>
    Object.entries(asRecord(http[key]) ?? {}).map(([name, value]) => [name, asRecord(value) ?? {}]);
  return {
    path: yaml.path,
    routers: entries('routers').map(([name, router]) => readRouter(yaml, name, router)),
    services: entries('services').map(([name, service]) => readService(yaml, name, service)),
    middlewares: entries('middlewares').map(([name]) => name),
  };
}

function readRouter(yaml: ParsedYaml, name: string, router: Record<string, unknown>): TraefikRouter {
  const rule = asText(router['rule']) ?? '';
  const service = asText(router['service']);
  const priority = router['priority'];
  const tls = asRecord(router['tls']);
  return {
    name,
    line: lineAt(yaml, ['http', 'routers', name]),
    rule,
    targets: readRule(rule),
    ...(service === undefined ? {} : { service }),
    middlewares: texts(router['middlewares']),
    entryPoints: texts(router['entryPoints']),
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(tls === undefined ? {} : { tls }),
  };
}

function readService(yaml: ParsedYaml, name: string, service: Record<string, unknown>): TraefikService {
  const balancer = asRecord(service['loadBalancer']) ?? {};
  const transport = asText(balancer['serversTransport']);
  const flushInterval = asText(asRecord(balancer['responseForwarding'])?.['flushInterval']);
  const passHostHeader = balancer['passHostHeader'];
  return {
    name,
    line: lineAt(yaml, ['http', 'services', name]),
    urls: (asList(balancer['servers']) ?? []).flatMap((server) => asText(asRecord(server)?.['url']) ?? []),
    ...(transport === undefined ? {} : { serversTransport: transport }),
    ...(flushInterval === undefined ? {} : { flushInterval }),
    ...(typeof passHostHeader === 'boolean' ? { passHostHeader } : {}),
  };
}

function texts(value: unknown): string[] {
  return (asList(value) ?? []).flatMap((item) => asText(item) ?? []);
}
