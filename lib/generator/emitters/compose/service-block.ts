/** The block of a new service, in the house's order and forms; what the spec means, whichever form it takes. */
import { formatPortRange } from '@/lib/services/port-range';
import type { ComposeService } from '../../observe/compose-file';
import type { EmitContext } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { Alias, Flow, Quoted, type YamlValue } from '../../yaml/render';
import type { HouseStyle } from './house-style';
import { projectServices, relativePath, type ComposeProject } from './target';

/** A service as Compose will see it, forms and merges taken out: for writing it, and for comparing it with one that is there. */
export interface ServiceContent {
  image?: string;
  build?: { context: string; dockerfile?: string };
  containerName: string;
  restart: string;
  labels: Record<string, string>;
  environment: Record<string, string>;
  ports: string[];
  volumes: string[];
  dependsOn: Record<string, string>;
  healthCheck?: { test: readonly string[]; interval: string; timeout: string; retries: number };
  networks: string[];
}

/** What the spec says of a service in this project. */
export function contentOf(context: EmitContext, project: ComposeProject, style: HouseStyle): ServiceContent {
  const { manifest, profile } = context;
  const { source, environment, volumes } = manifest.runtime;
  const containerName = `${profile.naming.containerPrefix}${manifest.name}`;
  const path = (one: string): string => relativePath(context, project.file, one);
  const namespace = profile.naming.labelNamespace;
  const labelValues = {
    project: style.projectLabel ?? profile.naming.project ?? profile.platform.name,
    service: manifest.name,
    workload: style.workloadIsService ? manifest.name : manifest.category,
  };
  const image =
    source.kind === 'image'
      ? source.image
      : style.builtImageTag === undefined
        ? undefined
        : `${containerName}:${style.builtImageTag}`;
  const check = healthCheckOf(context, style);
  const networks = [
    ...new Set([profile.compose?.defaultNetwork ?? 'default', ...(manifest.runtime.compose?.networks ?? [])]),
  ];
  return {
    ...(image === undefined ? {} : { image }),
    ...(source.kind === 'build' ? { build: buildOf(source, path) } : {}),
    containerName,
    restart: profile.compose?.restart ?? 'unless-stopped',
    labels: Object.fromEntries(style.labelNames.map((name) => [`${namespace}.${name}`, labelValues[name]])),
    environment: {
      ...endpointVariables(context, style),
      ...Object.fromEntries(environment.map(({ name, value }) => [name, escapeDollars(value)])),
      ...Object.fromEntries(
        manifest.security.secrets.map((secret) => [secret.environment, secretName(context, secret.name)]),
      ),
    },
    ports: manifest.ports.flatMap((port) =>
      port.external === 'none'
        ? []
        : [
            `${formatPortRange(port.external)}:${formatPortRange(port.internal)}${port.protocol === 'udp' ? '/udp' : ''}`,
          ],
    ),
    volumes: volumes.map(({ source: from, target, readOnly }) => {
      const start = from.kind === 'volume' ? from.name : path(from.path);
      return `${start}:${target}${readOnly ? ':ro' : ''}`;
    }),
    dependsOn: Object.fromEntries(
      manifest.runtime.dependsOn.map((name) => [name, conditionFor(name, project, manifest.name)]),
    ),
    ...(check ? { healthCheck: check } : {}),
    // Compose's own default network is joined by saying nothing.
    networks: networks.length === 1 && networks[0] === 'default' ? [] : networks,
  };
}

/** The block, key by key. */
export function writeBlock(
  content: ServiceContent,
  style: HouseStyle,
  context: EmitContext,
): Record<string, YamlValue> {
  const fields = new Map<string, YamlValue>();
  const { defaults, endpoint } = style;
  if (defaults) fields.set('<<', new Alias(defaults.anchor));
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
  fields.set('container_name', content.containerName);
  if (defaults?.value['restart'] === undefined) fields.set('restart', content.restart);
  if (Object.keys(content.labels).length > 0) fields.set('labels', pairs(content.labels, style.labels));
  // Only a map can merge, and copying what the anchor says would spread its keys.
  const merged = endpoint && 'anchor' in endpoint && needsEndpoint(context) ? endpoint : undefined;
  const inherited = (name: string, value: string): boolean =>
    merged !== undefined && asText(merged.value[name]) === value;
  const own = Object.fromEntries(
    Object.entries(content.environment).filter(([name, value]) => !inherited(name, value)),
  );
  if (merged) fields.set('environment', { '<<': new Alias(merged.anchor), ...own });
  else if (Object.keys(own).length > 0) fields.set('environment', pairs(own, style.environment));
  if (content.ports.length > 0)
    fields.set(
      'ports',
      content.ports.map((port) => new Quoted(port)),
    );
  if (content.volumes.length > 0) fields.set('volumes', content.volumes);
  const waits = Object.entries(content.dependsOn);
  if (waits.length > 0)
    fields.set(
      'depends_on',
      style.dependsOn === 'list'
        ? waits.map(([name]) => name)
        : Object.fromEntries(waits.map(([name, condition]) => [name, { condition }])),
    );
  if (content.healthCheck) {
    const { test, interval, timeout, retries } = content.healthCheck;
    fields.set('healthcheck', { test: new Flow(test.map((word) => new Quoted(word))), interval, timeout, retries });
  }
  if (content.networks.length > 0)
    fields.set(
      'networks',
      style.networks === 'list' ? content.networks : Object.fromEntries(content.networks.map((name) => [name, null])),
    );
  return Object.fromEntries(style.order([...fields.keys()]).map((key) => [key, fields.get(key) ?? null]));
}

function pairs(values: Readonly<Record<string, string>>, form: HouseStyle['labels']): YamlValue {
  return form === 'map' ? values : Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

/** A secret's name in the store, with the house's prefix. */
export function secretName({ profile }: EmitContext, name: string): string {
  const prefix = profile.naming.secretPrefix;
  return name.startsWith(prefix) ? name : `${prefix}${name}`;
}

function needsEndpoint({ manifest }: EmitContext): boolean {
  return manifest.security.secrets.length > 0;
}

/** What the neighbours say about LocalStack, for a service that reads secrets and does not say it itself. */
function endpointVariables(context: EmitContext, style: HouseStyle): Record<string, string> {
  if (!style.endpoint || !needsEndpoint(context)) return {};
  if ('variables' in style.endpoint) return style.endpoint.variables;
  return Object.fromEntries(
    Object.entries(style.endpoint.value).flatMap(([name, value]) => {
      const text = asText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function buildOf(
  source: { context: string; dockerfile?: string | undefined },
  path: (one: string) => string,
): ServiceContent['build'] {
  const folder = source.context.replace(/\/+$/, '');
  // Compose looks for the Dockerfile from the build context.
  const dockerfile = source.dockerfile?.startsWith(`${folder}/`)
    ? source.dockerfile.slice(folder.length + 1)
    : source.dockerfile;
  return { context: path(folder), ...(dockerfile === undefined ? {} : { dockerfile }) };
}

/** Compose reads `$` as the start of a variable; one that starts none is doubled, so that it stays a dollar. */
function escapeDollars(value: string): string {
  return value.replace(/\$(?![A-Za-z_{$])/g, (dollar, offset: number) => (value[offset - 1] === '$' ? dollar : '$$'));
}

/** The neighbours' own condition for a service, else healthy where it has a health check, else started. */
function conditionFor(name: string, project: ComposeProject, self: string): string {
  const services = projectServices(project);
  const said = services.flatMap((service) => {
    if (service.name === self) return [];
    return asText(asRecord(asRecord(service.fields['depends_on'])?.[name])?.['condition']) ?? [];
  });
  const once = said.find((condition) => condition === 'service_completed_successfully');
  return (
    once ?? (hasHealthCheck(services.find((service) => service.name === name)) ? 'service_healthy' : 'service_started')
  );
}

function hasHealthCheck(service: ComposeService | undefined): boolean {
  return service?.hasHealthCheck ?? false;
}

function healthCheckOf({ manifest }: EmitContext, style: HouseStyle): ServiceContent['healthCheck'] {
  const check = manifest.runtime.healthCheck;
  const port =
    manifest.ports.find((one) => one.name === check?.port) ?? manifest.ports.find((one) => one.protocol === 'tcp');
  if (!check || !port) return undefined;
  const url = `http://${style.health.host}:${port.internal.from}${check.path}`;
  const target = /[?&]/.test(url) ? `'${url}'` : url;
  const command = style.health.tool === 'curl' ? `curl -sf ${target} || exit 1` : `wget -qO- ${target} || exit 1`;
  return {
    test: ['CMD-SHELL', command],
    interval: `${check.intervalSeconds}s`,
    timeout: `${check.timeoutSeconds}s`,
    retries: check.retries,
  };
}
