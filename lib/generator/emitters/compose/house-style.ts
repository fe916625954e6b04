/**
 * How the services of one Compose file say things: environment as list or map, which labels, which form of `depends_on`, shared defaults by
 * merge key, the health check's tool. Learned from the services beside the new one, which itself never counts.
 */
import { isAlias, isMap, isSeq, type ParsedNode } from 'yaml';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import type { EmitContext } from '../../types';
import { keyText, nodeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asRecord, asText } from '../../yaml/read';

export type Form = 'list' | 'map';

export interface HouseStyle {
  environment: Form;
  labels: Form;
  dependsOn: Form;
  networks: Form;
  /** The labels of the house that services carry, without the namespace. */
  labelNames: ('project' | 'service' | 'workload')[];
  projectLabel?: string;
  /** Whether the workload label repeats the service's name. */
  workloadIsService: boolean;
  /** Anchor whose merge gives every service its restart policy and logging. */
  defaults?: { anchor: string; value: Record<string, unknown> };
  /** What services with secrets say about LocalStack: an anchor to merge, or variables. */
  endpoint?: { anchor: string; value: Record<string, unknown> } | { variables: Record<string, string> };
  health: { tool: 'wget' | 'curl'; host: string };
  build: 'short' | 'map';
  /** Tag of the image that built services name, `<container>:<tag>`; undefined where they name none. */
  builtImageTag?: string;
  /** The order of a service's keys, from the service that is most like the new one. */
  order(keys: readonly string[]): string[];
}

/** What a service may take over from shared defaults without anybody asking. */
const SAFE_DEFAULTS = new Set([
  ...[
    'restart',
    'logging',
    'init',
    'security_opt',
    'stop_grace_period',
    'dns',
    'ulimits',
    'extra_hosts',
    'pull_policy',
  ],
]);
const USUAL_ORDER = [
  ...['<<', 'build', 'image', 'container_name', 'restart', 'labels', 'environment', 'ports', 'volumes', 'depends_on'],
  ...['healthcheck', 'networks'],
];

/** Learns from the file's services; `nearest` first, where one of them decides. */
export function learnHouseStyle(
  { manifest, profile }: EmitContext,
  yaml: ParsedYaml,
  file: ComposeFile,
  nearest: ComposeService | undefined,
): HouseStyle {
  const services = file.services.filter((service) => service.name !== manifest.name);
  const ordered = nearest ? [nearest, ...services.filter((service) => service !== nearest)] : services;
  const nodes = new Map(services.map((service) => [service.name, nodeAt(yaml, ['services', service.name])]));
  const formOf = (key: string, usual: Form): Form => {
    const forms = ordered.flatMap((service) => formAt(childOf(nodes.get(service.name), key)) ?? []);
    const own = nearest && formAt(childOf(nodes.get(nearest.name), key));
    return own ?? majority(forms) ?? usual;
  };
  const dependsForms = ordered.flatMap((service) => formAt(childOf(nodes.get(service.name), 'depends_on')) ?? []);
  const builds = services.filter((service) => service.fields['build'] !== undefined);
  const namespace = profile.naming.labelNamespace;
  const labels = namespace === undefined ? undefined : houseLabels(namespace, ordered, nearest);
  const builtImageTag = majority(
    builds.flatMap((service) => {
      const prefix = `${service.containerName ?? service.name}:`;
      const named = `${profile.naming.containerPrefix}${service.name}:`;
      const match = [prefix, named].find((start) => service.image?.startsWith(start));
      return match === undefined ? [] : [service.image?.slice(match.length) ?? ''];
    }),
  );
  const defaults = sharedDefaults(yaml, services, nodes, profile.compose?.restart ?? 'unless-stopped');
  const endpoint = secretEndpoint(yaml, ordered, nodes, profile.secrets?.endpoint);
  return {
    environment: formOf('environment', 'map'),
    labels: formOf('labels', 'map'),
    // A list cannot say what to wait for: where people write both, the map.
    dependsOn: dependsForms.length > 0 && !dependsForms.includes('map') ? 'list' : 'map',
    networks:
      majority(ordered.flatMap((service) => formAt(childOf(nodes.get(service.name), 'networks')) ?? [])) ?? 'list',
    labelNames: labels?.names ?? [],
    ...(labels?.project === undefined ? {} : { projectLabel: labels.project }),
    workloadIsService: labels?.workloadIsService ?? false,
    ...(defaults ? { defaults } : {}),
    ...(endpoint ? { endpoint } : {}),
    health: healthStyle(services),
    build:
      majority(builds.map((service) => (asText(service.fields['build']) === undefined ? 'map' : 'short'))) ?? 'map',
    ...(builtImageTag === undefined ? {} : { builtImageTag }),
    order: (keys) =>
      orderKeys(
        keys,
        ordered.map((service) => keysOf(nodes.get(service.name))),
      ),
  };
}

function houseLabels(
  namespace: string,
  services: readonly ComposeService[],
  nearest: ComposeService | undefined,
): { names: HouseStyle['labelNames']; project?: string; workloadIsService: boolean } {
  const label = (service: ComposeService, name: string): string | undefined => service.labels[`${namespace}.${name}`];
  const all = ['project', 'service', 'workload'] as const;
  const labelled = services.filter((service) => all.some((name) => label(service, name) !== undefined));
  const names = all.filter(
    (name) =>
      labelled.length === 0 || labelled.filter((one) => label(one, name) !== undefined).length * 2 > labelled.length,
  );
  const project =
    (nearest && label(nearest, 'project')) ?? majority(labelled.flatMap((service) => label(service, 'project') ?? []));
  const workloads = labelled.filter((service) => label(service, 'workload') !== undefined);
  const repeating = workloads.filter((service) => label(service, 'workload') === service.name);
  return {
    names,
    ...(project === undefined ? {} : { project }),
    workloadIsService: workloads.length > 1 && repeating.length === workloads.length,
  };
}

/** The anchor that most services merge, where it brings the platform's restart policy and nothing that would surprise. */
function sharedDefaults(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  restart: string,
): HouseStyle['defaults'] {
  const merged = services.flatMap((service) => mergedAnchors(nodes.get(service.name)).slice(0, 1));
  const anchor = majority(merged);
  if (anchor === undefined || merged.filter((one) => one === anchor).length * 2 <= services.length) return undefined;
  const value = anchorValue(yaml, anchor);
  const safe =
    value && Object.keys(value).every((key) => SAFE_DEFAULTS.has(key)) && (value['restart'] ?? restart) === restart;
  return safe ? { anchor, value } : undefined;
}

/** How a service that reads secrets finds LocalStack here; undefined where none says it. */
function secretEndpoint(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  endpoint: string | undefined,
): HouseStyle['endpoint'] {
  const pointsThere = (name: string, value: unknown): boolean => {
    const text = asText(value);
    return /ENDPOINT/.test(name) && text !== undefined && (text === endpoint || text.includes('localstack'));
  };
  for (const service of services) {
    for (const anchor of mergedAnchors(childOf(nodes.get(service.name), 'environment'))) {
      const value = anchorValue(yaml, anchor);
      if (value && Object.entries(value).some(([name, one]) => pointsThere(name, one))) return { anchor, value };
    }
    const variables = Object.entries(environmentOf(service.fields['environment'])).filter(([name, value]) =>
      pointsThere(name, value),
    );
    if (variables.length > 0) return { variables: Object.fromEntries(variables) };
  }
  return undefined;
}

/** A service's environment by name, from a list or a map. */
export function environmentOf(value: unknown): Record<string, string> {
  if (Array.isArray(value))
    return Object.fromEntries(
      (value as unknown[]).flatMap((item) => {
        const text = asText(item);
        if (text === undefined) return [];
        const at = text.indexOf('=');
        return [at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]];
      }),
    );
  return Object.fromEntries(Object.entries(asRecord(value) ?? {}).map(([name, one]) => [name, asText(one) ?? '']));
}

function healthStyle(services: readonly ComposeService[]): HouseStyle['health'] {
  const tests = services.flatMap((service) => {
    const test = asRecord(service.fields['healthcheck'])?.['test'];
    return Array.isArray(test) ? [(test as unknown[]).join(' ')] : (asText(test) ?? []);
  });
  const tools = tests.flatMap((test): ('wget' | 'curl')[] =>
    /\bwget\b/.test(test) ? ['wget'] : /\bcurl\b/.test(test) ? ['curl'] : [],
  );
  const hosts = tests.flatMap((test) => /https?:\/\/(localhost|127\.0\.0\.1)\b/.exec(test)?.[1] ?? []);
  // Most small images have wget from BusyBox and no curl, so curl has to be the clear custom of the file.
  const curl = tools.filter((tool) => tool === 'curl').length * 2 > tools.length;
  return { tool: curl ? 'curl' : 'wget', host: majority(hosts) ?? '127.0.0.1' };
}

function orderKeys(keys: readonly string[], models: readonly (readonly string[])[]): string[] {
  const shared = (model: readonly string[]): number => model.filter((key) => keys.includes(key)).length;
  const model = models.reduce<readonly string[]>((best, one) => (shared(one) > shared(best) ? one : best), []);
  const order = model.filter((key) => keys.includes(key));
  for (const key of keys) {
    if (order.includes(key)) continue;
    // Behind the key that usually stands closest before it.
    const before = USUAL_ORDER.slice(0, Math.max(USUAL_ORDER.indexOf(key), 0)).reverse();
    const at = before.map((one) => order.indexOf(one)).find((index) => index !== -1) ?? -1;
    order.splice(at + 1, 0, key);
  }
  return order;
}

function formAt(node: ParsedNode | null | undefined): Form | undefined {
  return isSeq(node) ? 'list' : isMap(node) ? 'map' : undefined;
}

function childOf(node: ParsedNode | null | undefined, key: string): ParsedNode | null | undefined {
  return isMap(node) ? node.items.find((pair) => keyText(pair.key) === key)?.value : undefined;
}

function keysOf(node: ParsedNode | null | undefined): string[] {
  return isMap(node) ? node.items.map((pair) => keyText(pair.key)) : [];
}

/** The names that a map merges with `<<: *a` or `<<: [*a, *b]`. */
function mergedAnchors(node: ParsedNode | null | undefined): string[] {
  const merged = childOf(node, '<<');
  if (isAlias(merged)) return [merged.source];
  return isSeq(merged) ? merged.items.flatMap((item) => (isAlias(item) ? [item.source] : [])) : [];
}

/** The value of a top-level anchor (`x-name: &name`): only those stand before every service for certain. */
function anchorValue(yaml: ParsedYaml, anchor: string): Record<string, unknown> | undefined {
  const root = yaml.document.contents;
  const services = childOf(root, 'services');
  if (!isMap(root) || !services) return undefined;
  const pair = root.items.find(
    ({ value }) => isMap(value) && value.anchor === anchor && value.range[0] < services.range[0],
  );
  return pair ? asRecord(asRecord(yaml.toJs())?.[keyText(pair.key)]) : undefined;
}

function majority<T>(items: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  let best: [T, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}
