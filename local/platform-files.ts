/**
 * Reads the sample platform repository for its tests: the files as text and as data, with just enough of their shapes to ask questions.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parsePortRange, type PortRange } from '@/lib/services/port-range';

export const root = fileURLToPath(new URL('./platform/', import.meta.url));
/** The text of one file, as it is. */
export const text = (path: string) => readFileSync(join(root, path), 'utf8');
/** Every file of the sample, sorted. */
export const paths = listFiles(root);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [relative(root, path).replaceAll('\\', '/')];
    })
    .sort();
}

/** Hand-kept files use `<<:` and many aliases; both are refused by default. */
export function load(path: string): unknown {
  const document = parseDocument(text(path), { merge: true });
  if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]?.message ?? ''}`);
  return document.toJS({ maxAliasCount: -1 });
}

const Compose = z.looseObject({
  include: z.array(z.string()).default([]),
  services: z
    .record(
      z.string(),
      z.looseObject({
        image: z.string().optional(),
        build: z.unknown().optional(),
        container_name: z.string().optional(),
        depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
        volumes: z.array(z.union([z.string(), z.looseObject({ source: z.string() })])).default([]),
        networks: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
        ports: z.array(z.union([z.string(), z.number(), z.looseObject({ published: z.string() })])).default([]),
        labels: z.union([z.array(z.string()), z.record(z.string(), z.string())]).default([]),
      }),
    )
    .default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
  networks: z.record(z.string(), z.unknown()).default({}),
});
/** A service of a compose file. */
export type ComposeService = z.infer<typeof Compose>['services'][string];

const Middlewares = z.record(
  z.string(),
  z.looseObject({ chain: z.object({ middlewares: z.array(z.string()) }).optional() }),
);
const Traefik = z.looseObject({
  http: z.object({
    routers: z.record(
      z.string(),
      z.looseObject({
        rule: z.string(),
        service: z.string(),
        middlewares: z.array(z.string()).default([]),
        tls: z.looseObject({}),
      }),
    ),
    services: z.record(
      z.string(),
      z.object({
        loadBalancer: z.looseObject({
          serversTransport: z.string().optional(),
          servers: z.array(z.object({ url: z.string() })),
        }),
      }),
    ),
    middlewares: Middlewares,
    serversTransports: z.record(z.string(), z.looseObject({ rootCAs: z.array(z.string()) })),
  }),
});
const Group = z.record(
  z.string(),
  z.looseObject({
    domain: z.string().optional(),
    domain_aliases: z.array(z.string()).default([]),
    rtc_ports: z.string().optional(),
  }),
);
const Registry = z.looseObject({
  version: z.string(),
  ranges: z.record(z.string(), z.object({ start: z.number(), end: z.number(), description: z.string() })),
  ports: z.array(
    z.looseObject({ port: z.union([z.number(), z.string()]), service: z.string(), note: z.string().optional() }),
  ),
  platform: Group,
  shared: Group,
  agents: Group,
  personal: Group,
  work: Group,
  next_available: z.record(z.string(), z.number()),
});

/** One compose file, merges and aliases resolved. */
export const compose = (path: string) => Compose.parse(load(path));
export const stackNames = [
  'ai-infra',
  'events',
  'gitlab',
  'infrastructure',
  'integrations',
  'langgraph',
  'observability',
  'security',
];
/** A stack's file. */
export const stackPath = (name: string) => `compose/docker-compose.${name}.yml`;
export const base = 'compose/docker-compose.base.yml';
export const proxyCompose = 'ravenhelm-proxy/docker-compose-traefik.yml';
/** The port registry. */
export const registry = () => Registry.parse(load('config/port_registry.yaml'));
/** The `http` part of Traefik's dynamic file. */
export const traefik = () => Traefik.parse(load('ravenhelm-proxy/dynamic.yml')).http;

/** `7880` or `7881-7892` as a range; throws on anything else. */
export function portRange(port: number | string): PortRange {
  const range = parsePortRange(String(port));
  if (!range) throw new Error(`not a port: ${port}`);
  return range;
}

/** Host ports of a service; defaults of `${VAR:-8080}` count, variables without one do not occur in ports. */
export function hostPorts(service: ComposeService): PortRange[] {
  return service.ports.map((entry) => {
    if (typeof entry === 'object') return portRange(entry.published);
    const parts = String(entry)
      .replace(/\$\{[A-Z_]+:-(\d+)\}/g, '$1')
      .replace(/\/(udp|tcp)$/, '')
      .split(':');
    return portRange(parts.at(-2) ?? '');
  });
}

/** Names that a service waits for, in either form. */
export const dependencies = (service: ComposeService) =>
  Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});

/** Numbers of the runbooks that have one, duplicates included. */
export const runbookNumbers = () =>
  paths.flatMap((path) => {
    const match = /^docs\/runbooks\/RUNBOOK-(\d{3})-/.exec(path);
    return match ? [Number(match[1])] : [];
  });
