/** What Traefik's dynamic file says: routers, services and the names of what they may use. */
import type { PortRange } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { lineAt } from '../yaml/locate';
import type { ParsedYaml } from '../yaml/parse';
import { asList, asRecord, asText } from '../yaml/read';
import { readPortRange } from './port-text';
import { readYaml } from './read-yaml';
import { readMatchers, readRule, type RuleMatcher, type RuleTarget } from './traefik-rule';

export interface TraefikRouter {
  name: string;
  /** The file that it stands in. */
  path: string;
  line: number;
  rule: string;
  targets: RuleTarget[];
  /** What each alternative of the rule asks for, patterns of hosts included. */
  matchers: RuleMatcher[];
  service?: string;
  middlewares: string[];
  entryPoints: string[];
  priority?: number;
  tls?: Readonly<Record<string, unknown>>;
}

export interface TraefikService {
  name: string;
  path: string;
  line: number;
  urls: string[];
  serversTransport?: string;
  /** `responseForwarding.flushInterval`, as it stands there. */
  flushInterval?: string;
  passHostHeader?: boolean;
}

/** How Traefik speaks TLS to a backend. */
export interface TraefikTransport {
  name: string;
  path: string;
  line: number;
  serverName?: string;
  rootCAs: string[];
  certificates: { certFile: string; keyFile: string }[];
  /** `tls:` around what belongs at the top level: Traefik v3 does not know it. */
  wrapped: boolean;
}

export interface TraefikFile {
  path: string;
  routers: TraefikRouter[];
  services: TraefikService[];
  transports: TraefikTransport[];
  middlewares: string[];
  /** What each middleware says, by name. */
  middlewareFields: Readonly<Record<string, unknown>>;
  /** Files of the certificates that Traefik serves (`tls.certificates`). */
  certificates: string[];
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

const DYNAMIC = /\.ya?ml$/i;

/** Whether a path is the dynamic file, or one in the folder of dynamic files. */
export function isDynamicPath(profile: Profile, path: string): boolean {
  const dynamic = profile.traefik?.dynamic;
  if (dynamic === undefined) return false;
  return path === dynamic || (DYNAMIC.test(path) && path.startsWith(folderPrefix(dynamic)));
}

/** Whether the profile's `traefik.dynamic` is a folder: by its last slash, or because the tree has files below it. */
export function isDynamicFolder(tree: Tree, profile: Profile): boolean {
  const dynamic = profile.traefik?.dynamic;
  if (dynamic === undefined || DYNAMIC.test(dynamic)) return false;
  return dynamic.endsWith('/') || tree.paths.some((path) => path.startsWith(folderPrefix(dynamic)));
}

/** The dynamic files: the one that the profile names, whether it is there or not, or those in its folder. */
export function dynamicPaths(tree: Tree, profile: Profile): string[] {
  const dynamic = profile.traefik?.dynamic;
  if (dynamic === undefined) return [];
  if (!isDynamicFolder(tree, profile)) return [dynamic];
  return tree.paths.filter((path) => isDynamicPath(profile, path));
}

/** The dynamic files that can be read. Never throws. */
export function readTraefikFiles(tree: Tree, profile: Profile): TraefikFile[] {
  return dynamicPaths(tree, profile).flatMap((path) => {
    const yaml = readYaml(tree, path);
    return yaml ? [readTraefikFile(yaml)] : [];
  });
}

/** Several files as Traefik sees them: one set of names. `path` is the first one's. */
export function mergeTraefikFiles(path: string, all: readonly TraefikFile[]): TraefikFile {
  return {
    path: all[0]?.path ?? path,
    routers: all.flatMap((file) => file.routers),
    services: all.flatMap((file) => file.services),
    transports: all.flatMap((file) => file.transports),
    middlewares: all.flatMap((file) => file.middlewares),
    middlewareFields: Object.assign({}, ...all.map((file) => file.middlewareFields)) as Record<string, unknown>,
    certificates: all.flatMap((file) => file.certificates),
  };
}

function folderPrefix(dynamic: string): string {
  return `${dynamic.replace(/\/+$/, '')}/`;
}

/** The host port of a backend that Traefik reaches through the Docker host; undefined for every other backend. */
export function dockerHostPort(url: string, profile: Profile): PortRange | undefined {
  const match = /^(?:https?|h2c|tcp|udp):\/\/([^/:]+)(?::(\d+))?(?:\/|$)/.exec(url);
  const hosts = ['host.docker.internal', profile.traefik?.dockerHost ?? 'host.docker.internal'];
  if (!match || !hosts.includes(match[1] ?? '')) return undefined;
  return readPortRange(match[2] ?? (url.startsWith('https') ? 443 : 80));
}

function read(yaml: ParsedYaml): TraefikFile {
  const root = asRecord(yaml.toJs());
  const http = asRecord(root?.['http']) ?? {};
  const entries = (key: string): [string, Record<string, unknown>][] =>
    Object.entries(asRecord(http[key]) ?? {}).map(([name, value]) => [name, asRecord(value) ?? {}]);
  return {
    path: yaml.path,
    routers: entries('routers').map(([name, router]) => readRouter(yaml, name, router)),
    services: entries('services').map(([name, service]) => readService(yaml, name, service)),
    transports: entries('serversTransports').map(([name, transport]) => readTransport(yaml, name, transport)),
    middlewares: entries('middlewares').map(([name]) => name),
    middlewareFields: asRecord(http['middlewares']) ?? {},
    certificates: (asList(asRecord(root?.['tls'])?.['certificates']) ?? []).flatMap(
      (one) => asText(asRecord(one)?.['certFile']) ?? [],
    ),
  };
}

function readRouter(yaml: ParsedYaml, name: string, router: Record<string, unknown>): TraefikRouter {
  const rule = asText(router['rule']) ?? '';
  const service = asText(router['service']);
  const priority = router['priority'];
  const tls = asRecord(router['tls']);
  return {
    name,
    path: yaml.path,
    line: lineAt(yaml, ['http', 'routers', name]),
    rule,
    targets: readRule(rule),
    matchers: readMatchers(rule),
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
    path: yaml.path,
    line: lineAt(yaml, ['http', 'services', name]),
    urls: (asList(balancer['servers']) ?? []).flatMap((server) => asText(asRecord(server)?.['url']) ?? []),
    ...(transport === undefined ? {} : { serversTransport: transport }),
    ...(flushInterval === undefined ? {} : { flushInterval }),
    ...(typeof passHostHeader === 'boolean' ? { passHostHeader } : {}),
  };
}

function readTransport(yaml: ParsedYaml, name: string, transport: Record<string, unknown>): TraefikTransport {
  const wrapper = asRecord(transport['tls']);
  const fields = wrapper ?? transport;
  const serverName = asText(fields['serverName']);
  return {
    name,
    path: yaml.path,
    line: lineAt(yaml, ['http', 'serversTransports', name]),
    ...(serverName === undefined ? {} : { serverName }),
    rootCAs: texts(fields['rootCAs']),
    certificates: (asList(fields['certificates']) ?? []).flatMap((one) => {
      const certFile = asText(asRecord(one)?.['certFile']);
      const keyFile = asText(asRecord(one)?.['keyFile']);
      return certFile === undefined || keyFile === undefined ? [] : [{ certFile, keyFile }];
    }),
    wrapped: wrapper !== undefined,
  };
}

function texts(value: unknown): string[] {
  return (asList(value) ?? []).flatMap((item) => asText(item) ?? []);
}
