/**
 * A service's block in the shape that the blocks beside it have: which fields, under which names, as list or map. What no block has a field for is
 * told, never left out silently.
 */
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { chartImage, chartPorts, type ChartPort } from '../helm-chart/values';
import { routedPort } from '../helm-chart/access';
import { chartVariables } from '../helm-chart/variables';
import { hostFields } from './host';
import type { Block, SharedChart } from './shared-chart';

type Fields = Record<string, YamlValue>;

/** What is to be written, and what of the spec finds no place in it. */
export interface WrittenBlock {
  fields: Fields;
  /** For people: `the health check`. */
  homeless: string[];
}

/** How the chart's blocks say things. */
export interface House {
  blocks: readonly Block[];
  /** The first of the names that a block has, or that the templates read; with the values that blocks give it. */
  find(names: readonly string[]): { key: string; examples: readonly unknown[] } | undefined;
}

/** Learns from the blocks, the service's own never among them. */
export function houseOf(chart: Pick<SharedChart, 'blocks' | 'mentioned'>, own: string): House {
  const blocks = chart.blocks.filter((block) => block.name !== own);
  return {
    blocks,
    find: (names) => {
      const used = names.find((name) => blocks.some((block) => block.fields[name] !== undefined));
      const key = used ?? names.find((name) => chart.mentioned.has(name));
      if (key === undefined) return undefined;
      const values = blocks.map((block) => block.fields[key]);
      return { key, examples: values.filter((one) => one !== undefined && one !== null) };
    },
  };
}

/** The block of a service. */
export function writeBlock(manifest: ResolvedManifest, profile: Profile, house: House): WrittenBlock {
  const fields: Fields = {};
  const homeless: string[] = [];
  const { ports, leftOut } = chartPorts(manifest.ports);
  if (leftOut.length > 0) homeless.push(`so many ports: ${leftOut.join(', ')}`);
  if (house.find(['enabled'])) fields[house.find(['enabled'])?.key ?? ''] = true;
  const image = house.find(['image']);
  if (image) fields[image.key] = imageValue(manifest, profile, image.examples);
  else homeless.push('the image');
  replicas(manifest, house, fields, homeless);
  portFields(manifest, ports, house, fields, homeless);
  const people = hostFields(manifest, profile, house);
  variables({ ...chartVariables(manifest, profile), ...people.variables }, house, fields, homeless);
  const resources = house.find(['resources']);
  const wanted = manifest.runtime.kubernetes?.resources;
  if (resources && wanted) fields[resources.key] = wanted;
  else homeless.push('the resources');
  health(manifest, ports, house, fields, homeless);
  Object.assign(fields, people.fields);
  homeless.push(...people.homeless, ...unknownToBlocks(manifest));
  return { fields: inOrder(fields, house.blocks), homeless };
}

function imageValue(manifest: ResolvedManifest, profile: Profile, examples: readonly unknown[]): YamlValue {
  const { repository, tag, digest } = chartImage(manifest, profile);
  const whole = `${repository}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  const shape = examples.map(asRecord).find((one) => one !== undefined);
  if (!shape) return whole;
  const name = 'repository' in shape ? 'repository' : 'name' in shape ? 'name' : 'repository';
  const known: Fields = { [name]: repository, tag, digest };
  const copied = ['pullPolicy', 'registry'].filter((key) => asText(shape[key]) !== undefined);
  return Object.fromEntries([
    ...Object.keys(shape).flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]] as const])),
    ...Object.keys(known).flatMap((key) => (key in shape || known[key] === '' ? [] : [[key, known[key] ?? '']])),
    ...copied.filter((key) => key === 'pullPolicy').map((key) => [key, asText(shape[key]) ?? '']),
  ]) as Fields;
}

function replicas(manifest: ResolvedManifest, house: House, fields: Fields, homeless: string[]): void {
  const count = manifest.runtime.kubernetes?.replicas ?? 1;
  const field = house.find(['replicas', 'replicaCount']);
  if (!field) {
    if (count !== 1) homeless.push(`the number of replicas (${count})`);
    return;
  }
  // One is what every chart falls back to: it is said only where the others say it.
  if (count !== 1 || field.examples.length * 2 > house.blocks.length) fields[field.key] = count;
}

function portFields(
  manifest: ResolvedManifest,
  ports: readonly ChartPort[],
  house: House,
  fields: Fields,
  homeless: string[],
): void {
  if (ports.length === 0) return;
  const list = house.find(['ports', 'containerPorts']);
  if (list) {
    const items = list.examples.flatMap((one) => asList(one) ?? []);
    const maps = items.map(asRecord).filter((one) => one !== undefined);
    if (items.length > 0 && maps.length === 0) {
      fields[list.key] = ports.map((port) => port.containerPort);
      const udp = ports.filter((port) => port.protocol === 'UDP').map((port) => port.containerPort);
      if (udp.length > 0) homeless.push(`the protocol of its UDP ports (${udp.join(', ')})`);
      return;
    }
    const numberKey = ['port', 'containerPort', 'number', 'targetPort'].find((key) => maps.some((one) => key in one));
    const always = maps.filter((one) => 'protocol' in one).length * 2 > maps.length;
    const hasName = maps.length === 0 || maps.some((one) => 'name' in one);
    fields[list.key] = ports.map((port) => ({
      ...(hasName ? { name: port.name } : {}),
      [numberKey ?? 'port']: port.containerPort,
      ...(always || port.protocol === 'UDP' ? { protocol: port.protocol } : {}),
    }));
    return;
  }
  const single = house.find(['port', 'containerPort', 'service']);
  const port = routedPort(manifest, ports) ?? ports.find((one) => one.protocol === 'TCP');
  if (!single || !port) {
    homeless.push(`its ports (${ports.map((one) => one.containerPort).join(', ')})`);
    return;
  }
  const shape = single.examples.map(asRecord).find((one) => one !== undefined);
  const keys = shape ? ['port', 'targetPort', 'containerPort'].filter((key) => key in shape) : [];
  fields[single.key] = shape
    ? Object.fromEntries(
        keys.map((key) => [key, key === 'port' && keys.length > 1 ? asNumber(shape['port']) : port.containerPort]),
      )
    : port.containerPort;
  const others = ports.filter((one) => one !== port);
  if (others.length > 0) homeless.push(`more than one port (${others.map((one) => one.containerPort).join(', ')})`);
}

/** What the Service listens on is the same for all where it is not the container's own port. */
function asNumber(value: unknown): number {
  return Number(asText(value) ?? 80);
}

function variables(values: Record<string, string>, house: House, fields: Fields, homeless: string[]): void {
  if (Object.keys(values).length === 0) return;
  const field = house.find(['env', 'environment', 'envVars', 'extraEnv']);
  if (!field) {
    homeless.push(`its variables (${Object.keys(values).join(', ')})`);
    return;
  }
  const isMap = field.examples.some((one) => asRecord(one) !== undefined);
  fields[field.key] = isMap ? values : Object.entries(values).map(([name, value]) => ({ name, value }));
}

function health(
  manifest: ResolvedManifest,
  ports: readonly ChartPort[],
  house: House,
  fields: Fields,
  homeless: string[],
): void {
  const check = manifest.runtime.healthCheck;
  if (!check) return;
  const field = house.find(['healthCheck', 'health', 'probes', 'probe', 'healthPath']);
  const port = ports.find((one) => one.of === check.port) ?? ports[0];
  const shape = field?.examples.map(asRecord).find((one) => one !== undefined);
  if (field?.examples.some((one) => asText(one) !== undefined)) fields[field.key] = check.path;
  else if (field && shape && 'path' in shape) {
    const known: Fields = {
      enabled: true,
      path: check.path,
      port: typeof shape['port'] === 'number' ? (port?.containerPort ?? '') : (port?.name ?? ''),
      periodSeconds: check.intervalSeconds,
      timeoutSeconds: check.timeoutSeconds,
      failureThreshold: check.retries,
    };
    fields[field.key] = Object.fromEntries(
      Object.keys(shape).flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]] as const])),
    );
  } else homeless.push('the health check');
}

/** What a shared chart's block does not carry, whatever its shape: each wants objects of its own. */
function unknownToBlocks(manifest: ResolvedManifest): string[] {
  const { kubernetes, volumes } = manifest.runtime;
  const { observability, security } = manifest;
  const asked: [unknown, string][] = [
    [volumes.length > 0, `its volumes (${volumes.map((volume) => volume.target).join(', ')})`],
    [security.secrets.length > 0 || security.oauth, 'an ExternalSecret (secrets are by name in its variables alone)'],
    [kubernetes?.configMap, 'a ConfigMap'],
    [Object.keys(kubernetes?.roleArns ?? {}).length > 0, 'its AWS roles'],
    [kubernetes?.networkPolicy, 'its network policy'],
    [kubernetes?.autoscaling, 'its autoscaling'],
    [kubernetes?.disruptionBudget, 'its disruption budget'],
    [observability.metrics, 'its ServiceMonitor'],
    [observability.alerts.length > 0, 'its alerts'],
    [security.mtls, 'mTLS'],
  ];
  return asked.flatMap(([wanted, what]) => (wanted ? [what] : []));
}

/** The fields in the order that most blocks have them; what none has, at the end. */
function inOrder(fields: Fields, blocks: readonly Block[]): Fields {
  const before = (a: string, b: string): number => {
    let votes = 0;
    for (const block of blocks) {
      const keys = Object.keys(block.fields);
      const [first, second] = [keys.indexOf(a), keys.indexOf(b)];
      if (first !== -1 && second !== -1) votes += first < second ? -1 : 1;
    }
    return votes;
  };
  const sorted: string[] = [];
  for (const key of Object.keys(fields)) {
    const at = sorted.findIndex((other) => before(key, other) < 0);
    sorted.splice(at === -1 ? sorted.length : at, 0, key);
  }
  return Object.fromEntries(sorted.map((key) => [key, fields[key] ?? '']));
}
