/**
 * How the services of one Compose file say things: environment as list or map, which labels, which form of `depends_on`, shared defaults by
 * merge key, the health check's tool. Learned from the services beside the new one; its own never count.
 */
import { isSeq, type ParsedNode } from 'yaml';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import type { EmitContext } from '../../types';
import { nodeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { Alias, type YamlValue } from '../../yaml/render';
import { environmentOf, learnEndpoint, type EndpointStyle } from './endpoint';
import { learnHabits, noHabits, routedServices, type Habits } from './habits';
import { learnHealth, usualHealth, type HealthStyle } from './health-style';
import { houseLabels, learnLabels, type LabelStyle } from './label-style';
import {
  aliasOf,
  anchored,
  childOf,
  childrenOf,
  formAt,
  keysOf,
  majority,
  mergedAnchors,
  toYamlValue,
  type Form,
} from './shared-nodes';

/** Top-level anchors that most services merge, and what they say together. */
export interface MergedDefaults {
  anchors: readonly string[];
  value: Record<string, unknown>;
}

export interface HouseStyle {
  /** The services whose labels show how a route is said: those of the file, else of all files. */
  routed: readonly ComposeService[];
  /** Whether containers get names of their own. */
  named: boolean;
  environment: Form;
  labels: Form;
  dependsOn: Form;
  networks: Form;
  /** Lists that stand on one line: `networks: [platform_net]`. */
  oneLine: { networks: boolean; profiles: boolean };
  /** The alias by which the nearest service names its networks, and which these are: `networks: *on-platform`. */
  sharedNetworks?: { anchor: string; names: readonly string[] };
  /** Compose's long syntax: maps instead of `8080:80`. The keys are those that the neighbours write. */
  longPorts?: { keys: string[]; mode?: string; numbers: boolean };
  longVolumes: boolean;
  label: LabelStyle;
  /** Anchors whose merge gives every service its restart policy and logging. */
  defaults?: MergedDefaults;
  habits: Habits;
  /** What nearly all services say alike and no spec can say: `logging: *default-logging`. */
  common: Readonly<Record<string, YamlValue>>;
  /** What services with secrets say about LocalStack: an anchor to merge, or variables. */
  endpoint?: EndpointStyle;
  health: HealthStyle;
  build: 'short' | 'map';
  /** Tag of the image that built services name, `<container>:<tag>`; undefined where they name none. */
  builtImageTag?: string;
  /** The order of a service's keys, from the service that is most like the new one. */
  order(keys: readonly string[]): string[];
}

/** What a service may take over from others without anybody asking. */
const COMMON = ['logging', 'init', 'security_opt', 'stop_grace_period', 'dns', 'ulimits', 'extra_hosts', 'pull_policy'];
/** What may come with shared defaults: the above, what the service says itself anyway, and limits. */
const SAFE_DEFAULTS = new Set([
  ...COMMON,
  ...['restart', 'networks', 'labels', 'env_file', 'deploy', 'mem_limit', 'cpus', 'cap_drop', 'platform'],
]);
const USUAL_ORDER = [
  ...['<<', 'build', 'image', 'container_name', 'profiles', 'restart', 'labels', 'environment', 'ports', 'volumes'],
  ...['depends_on', 'healthcheck', 'networks', 'logging'],
];

/** RUNBOOK-024, section 3, where the file's own services cannot be looked at. */
export const usualStyle: HouseStyle = {
  routed: [],
  named: true,
  environment: 'map',
  labels: 'map',
  dependsOn: 'map',
  networks: 'list',
  oneLine: { networks: false, profiles: true },
  longVolumes: false,
  label: { names: [...houseLabels], workloadIsService: false, shared: {} },
  common: {},
  habits: noHabits,
  health: usualHealth,
  build: 'map',
  order: (keys) => [...keys],
};

/**
 * Learns from the file's services; `nearest` first, where one of them decides.
 * @param own names that are the service's own: itself and its helper.
 */
export function learnHouseStyle(
  context: EmitContext,
  yaml: ParsedYaml,
  file: ComposeFile,
  nearest: ComposeService | undefined,
  own: ReadonlySet<string>,
): HouseStyle {
  const { profile } = context;
  const services = file.services.filter((service) => !own.has(service.name));
  const ordered = nearest ? [nearest, ...services.filter((service) => service !== nearest)] : services;
  const nodes = childrenOf(nodeAt(yaml, ['services']));
  const nodesOf = (key: string) => ordered.map((service) => childOf(nodes.get(service.name), key));
  const formOf = (key: string, usual: Form): Form => {
    const forms = nodesOf(key).flatMap((node) => formAt(node) ?? []);
    return (nearest && formAt(childOf(nodes.get(nearest.name), key))) ?? majority(forms) ?? usual;
  };
  const dependsForms = nodesOf('depends_on').flatMap((node) => formAt(node) ?? []);
  const builds = services.filter((service) => service.fields['build'] !== undefined);
  const routed = routedServices(context, services, own);
  const habits = learnHabits(context, yaml, file, services, routed, nodes);
  const defaults = sharedDefaults(
    yaml,
    services,
    nodes,
    habits.restart ?? profile.compose?.restart ?? 'unless-stopped',
  );
  const endpoint = learnEndpoint(context, yaml, ordered, nodes, own);
  const builtImageTag = imageTag(builds, profile.naming.containerPrefix);
  const named = services.filter((service) => service.containerName !== undefined).length;
  const longPorts = longPortStyle(ordered);
  const networksAnchor = nearest && aliasOf(yaml, childOf(nodes.get(nearest.name), 'networks'));
  return {
    routed,
    named:
      profile.naming.containerPrefix !== '' ||
      (services.length < 2 && !habits.labelsUnderDeploy) ||
      // A swarm names its containers itself.
      (habits.labelsUnderDeploy ? named * 2 > services.length : named > 0),
    environment: formOf('environment', 'map'),
    labels: habits.labelsUnderDeploy ? labelForm(nodesOf('deploy')) : formOf('labels', 'map'),
    // A list cannot say what to wait for: where people write both, the map.
    dependsOn: isListOnly(dependsForms, habits) ? 'list' : 'map',
    networks: majority(nodesOf('networks').flatMap((node) => formAt(node) ?? [])) ?? 'list',
    oneLine: { networks: onOneLine(nodesOf('networks'), false), profiles: onOneLine(nodesOf('profiles'), true) },
    ...(networksAnchor === undefined
      ? {}
      : { sharedNetworks: { anchor: networksAnchor, names: nearest?.networks ?? [] } }),
    ...(longPorts ? { longPorts } : {}),
    longVolumes: mostlyMaps(ordered, 'volumes'),
    label: learnLabels(yaml, profile.naming.labelNamespace, ordered, nodes, nearest),
    ...(defaults ? { defaults } : {}),
    common: commonFields(yaml, services, nodes, defaults),
    habits,
    ...(endpoint ? { endpoint } : {}),
    health: learnHealth(yaml, services, nodes),
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

/** The style of another file's services, for a file that has none: an anchor is known in its own file alone. */
export function withoutAnchors(style: HouseStyle): HouseStyle {
  const { defaults: _, sharedNetworks: ____, endpoint, ...rest } = style;
  const { environmentDefaults: _____, ...habits } = style.habits;
  const { defaults: __, ...label } = style.label;
  const { defaults: ___, ...health } = style.health;
  const variables = endpoint && ('variables' in endpoint ? endpoint.variables : environmentOf(endpoint.value));
  const common = Object.entries(style.common).filter(([, value]) => !(value instanceof Alias));
  return {
    ...rest,
    label,
    health,
    habits,
    common: Object.fromEntries(common),
    ...(variables ? { endpoint: { variables } } : {}),
  };
}

function labelForm(deploys: readonly (ParsedNode | null | undefined)[]): Form {
  return majority(deploys.flatMap((node) => formAt(childOf(node, 'labels')) ?? [])) ?? 'list';
}

/** A swarm takes no conditions. */
function isListOnly(forms: readonly Form[], { labelsUnderDeploy }: Habits): boolean {
  return forms.length > 0 ? !forms.includes('map') : labelsUnderDeploy;
}

function imageTag(builds: readonly ComposeService[], containerPrefix: string): string | undefined {
  return majority(
    builds.flatMap((service) => {
      const starts = [`${service.containerName ?? service.name}:`, `${containerPrefix}${service.name}:`];
      const start = starts.find((one) => service.image?.startsWith(one));
      return start === undefined ? [] : [service.image?.slice(start.length) ?? ''];
    }),
  );
}

/** The anchors that most services merge, where they bring the platform's restart policy and nothing that would surprise. */
function sharedDefaults(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  restart: string,
): MergedDefaults | undefined {
  const merged = services.map((service) => mergedAnchors(nodes.get(service.name)));
  const usual = [...new Set(merged.flat())].filter(
    (anchor) => merged.filter((one) => one.includes(anchor)).length * 2 > services.length,
  );
  const found = usual.flatMap((anchor) => anchored(yaml, anchor) ?? []).filter(({ value }) => isSafe(value));
  if (found.length === 0) return undefined;
  // Of two that say the same, the one that is merged first counts.
  const value = Object.assign({}, ...found.map((one) => one.value).reverse()) as Record<string, unknown>;
  return { anchors: found.map((one) => one.anchor), value };

  function isSafe(said: Record<string, unknown>): boolean {
    return Object.keys(said).every((key) => SAFE_DEFAULTS.has(key)) && (said['restart'] ?? restart) === restart;
  }
}

/** What at least four fifths of the services say alike, as they say it: by the alias of a top-level anchor, or in full. */
function commonFields(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  defaults: MergedDefaults | undefined,
): Record<string, YamlValue> {
  if (services.length < 3) return {};
  const common: Record<string, YamlValue> = {};
  for (const key of COMMON) {
    if (defaults && key in defaults.value) continue;
    const saying = services.filter((service) => service.fields[key] !== undefined);
    const most = majority(saying.map((service) => JSON.stringify(service.fields[key])));
    const alike = saying.filter((service) => JSON.stringify(service.fields[key]) === most);
    const [model] = alike;
    if (!model || alike.length * 5 < services.length * 4) continue;
    const alias = majority(alike.flatMap(({ name }) => aliasOf(yaml, childOf(nodes.get(name), key)) ?? []));
    common[key] = alias === undefined ? toYamlValue(model.fields[key]) : new Alias(alias);
  }
  return common;
}

function onOneLine(nodes: readonly (ParsedNode | null | undefined)[], usual: boolean): boolean {
  return majority(nodes.flatMap((node) => (isSeq(node) ? [node.flow ?? false] : []))) ?? usual;
}

function mostlyMaps(services: readonly ComposeService[], key: string): boolean {
  const items = services.flatMap((service) => asList(service.fields[key]) ?? []);
  return items.filter((item) => asRecord(item)).length * 2 > items.length;
}

function longPortStyle(services: readonly ComposeService[]): HouseStyle['longPorts'] {
  if (!mostlyMaps(services, 'ports')) return undefined;
  const items = services
    .flatMap((service) => asList(service.fields['ports']) ?? [])
    .map(asRecord)
    .filter((item) => item !== undefined);
  const keys = majority(items.map((item) => JSON.stringify(Object.keys(item))));
  const model = items.find((item) => JSON.stringify(Object.keys(item)) === keys);
  const mode = majority(items.map((item) => asText(item['mode'])));
  const numbers = items.every((item) => typeof item['published'] === 'number');
  return { keys: Object.keys(model ?? {}), numbers, ...(mode === undefined ? {} : { mode }) };
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
