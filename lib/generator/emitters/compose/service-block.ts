/** Writes the block of a new service in the house's order and forms. */
import { asText } from '../../yaml/read';
import { Alias, Flow, Quoted, type YamlValue } from '../../yaml/render';
import type { EmitContext } from '../../types';
import type { Mount, PublishedText, ServiceContent } from './content';
import { needsEndpoint } from './endpoint';
import type { HealthStyle } from './health-style';
import type { HouseStyle } from './house-style';
import type { Form } from './shared-nodes';

/** The block, key by key. */
export function writeBlock(
  content: ServiceContent,
  style: HouseStyle,
  context: EmitContext,
): Record<string, YamlValue> {
  const fields = new Map<string, YamlValue>();
  const inherits = (key: string, value: unknown) =>
    style.defaults !== undefined && JSON.stringify(style.defaults.value[key]) === JSON.stringify(value);
  if (style.defaults) fields.set('<<', mergeOf(style.defaults.anchors));
  if (content.build) {
    const { context: folder, dockerfile } = content.build;
    fields.set(
      'build',
      style.build === 'short' && dockerfile === undefined
        ? folder
        : { context: folder, ...(dockerfile === undefined ? {} : { dockerfile }) },
    );
  }
  if (content.image !== undefined) fields.set('image', content.image);
  if (content.containerName !== undefined) fields.set('container_name', content.containerName);
  if (content.profiles.length > 0)
    fields.set('profiles', style.oneLine.profiles ? new Flow(content.profiles) : content.profiles);
  if (content.restart !== undefined && style.defaults?.value['restart'] === undefined)
    fields.set('restart', content.restart);
  const labels = labelsField(content, style);
  const { labelsUnderDeploy, deploy } = style.habits;
  if (labels && !labelsUnderDeploy) fields.set('labels', labels);
  const environment = environmentField(content, style, context);
  if (environment) fields.set('environment', environment);
  if (content.ports.length > 0) fields.set('ports', portsField(content.ports, style));
  if (content.volumes.length > 0)
    fields.set(
      'volumes',
      content.volumes.map((mount) => (style.longVolumes ? longMount(mount) : shortMount(mount))),
    );
  const waits = Object.entries(content.dependsOn);
  if (waits.length > 0)
    fields.set(
      'depends_on',
      style.dependsOn === 'list'
        ? waits.map(([name]) => name)
        : Object.fromEntries(waits.map(([name, condition]) => [name, { condition }])),
    );
  if (content.healthCheck) fields.set('healthcheck', healthField(content.healthCheck, style.health));
  if (content.networks.length > 0 && !inherits('networks', content.networks))
    fields.set('networks', networksField(content.networks, style));
  for (const [key, value] of Object.entries(style.common)) fields.set(key, value);
  const deployed = { ...deploy, ...(labels && labelsUnderDeploy ? { labels } : {}) };
  if (Object.keys(deployed).length > 0) fields.set('deploy', deployed);
  return Object.fromEntries(style.order([...fields.keys()]).map((key) => [key, fields.get(key) ?? null]));
}

function mergeOf(anchors: readonly string[]): YamlValue {
  const aliases = anchors.map((anchor) => new Alias(anchor));
  return aliases.length === 1 ? (aliases[0] ?? null) : new Flow(aliases);
}

/** `8080:80/udp`, as Compose's short form has it. */
export function shortPort({ external, internal, udp }: PublishedText): string {
  return `${external}:${internal}${udp ? '/udp' : ''}`;
}

/** `data:/data:ro`, as Compose's short form has it. */
export function shortMount({ source, target, readOnly }: Mount): string {
  return `${source}:${target}${readOnly ? ':ro' : ''}`;
}

function labelsField({ labels }: ServiceContent, { label, labels: form }: HouseStyle): YamlValue | undefined {
  const { defaults } = label;
  const own = Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => asText(defaults?.value[name]) !== value),
  );
  // Only a map can merge.
  if (defaults) return { '<<': new Alias(defaults.anchor), ...own };
  return Object.keys(own).length > 0 ? pairs(own, form) : undefined;
}

function environmentField(
  { environment }: ServiceContent,
  { endpoint, environment: form, habits }: HouseStyle,
  context: EmitContext,
): YamlValue | undefined {
  // Only a map can merge, and copying what the anchor says would spread its keys.
  const merged = [
    ...(endpoint && 'anchor' in endpoint && needsEndpoint(context) ? [endpoint] : []),
    ...(habits.environmentDefaults ? [habits.environmentDefaults] : []),
  ];
  const own = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => !merged.some((one) => asText(one.value[name]) === value)),
  );
  if (merged.length > 0) return { '<<': mergeOf(merged.map((one) => one.anchor)), ...own };
  return Object.keys(own).length > 0 ? pairs(own, form) : undefined;
}

function pairs(values: Readonly<Record<string, string>>, form: Form): YamlValue {
  return form === 'map' ? values : Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

/** The long form where the neighbours write it; it has no word for a range of container ports. */
function portsField(ports: readonly PublishedText[], { longPorts }: HouseStyle): YamlValue {
  return ports.map((port): YamlValue => {
    if (!longPorts || port.internal.includes('-')) return new Quoted(shortPort(port));
    const protocol = port.udp ? 'udp' : 'tcp';
    const said: [string, YamlValue][] = [
      ['target', Number(port.internal)],
      [
        'published',
        longPorts.numbers && !port.external.includes('-') ? Number(port.external) : new Quoted(port.external),
      ],
      ...(port.udp || longPorts.keys.includes('protocol') ? [['protocol', protocol] as [string, YamlValue]] : []),
      ...(longPorts.mode === undefined ? [] : [['mode', longPorts.mode] as [string, YamlValue]]),
    ];
    const rank = (key: string) => (longPorts.keys.includes(key) ? longPorts.keys.indexOf(key) : longPorts.keys.length);
    return Object.fromEntries(said.sort(([a], [b]) => rank(a) - rank(b)));
  });
}

function longMount({ kind, source, target, readOnly }: Mount): YamlValue {
  return { type: kind, source, target, ...(readOnly ? { read_only: true } : {}) };
}

function healthField(check: NonNullable<ServiceContent['healthCheck']>, style: HealthStyle): YamlValue {
  const words = check.test.map((word) => new Quoted(word));
  const text = check.test[0] === 'CMD-SHELL' && check.test.length === 2 ? check.test[1] : undefined;
  const test = style.form === 'text' && text !== undefined ? text : style.form === 'block' ? words : new Flow(words);
  const { defaults } = style;
  const timings = Object.fromEntries(
    Object.entries({ interval: check.interval, timeout: check.timeout, retries: check.retries }).filter(
      ([name, value]) => defaults?.value[name] !== value,
    ),
  );
  if (!defaults) return { test, ...timings };
  const merge = { '<<': new Alias(defaults.anchor) };
  return defaults.first ? { ...merge, test, ...timings } : { test, ...merge, ...timings };
}

function networksField(networks: readonly string[], style: HouseStyle): YamlValue {
  const { sharedNetworks } = style;
  if (sharedNetworks && sharedNetworks.names.join(' ') === networks.join(' ')) return new Alias(sharedNetworks.anchor);
  if (style.networks === 'map') return Object.fromEntries(networks.map((name) => [name, null]));
  return style.oneLine.networks ? new Flow(networks) : networks;
}
