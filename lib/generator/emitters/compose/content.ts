/** What a spec means for a service in one Compose project, forms and merges taken out: for writing it, and for comparing it with one that is there. */
import { formatPortRange } from '@/lib/services/port-range';
import { messagingVariables, oauthVariables, secretVariables, spiffeNamesOf } from '../../naming';
import { hostLike } from '../../observe/host-variables';
import type { EmitContext } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { traefikLabels } from '../traefik/labels';
import type { CertsVolume } from './certs-volume';
import { needsEndpoint } from './endpoint';
import { testFor, usualHealth, type HealthStyle } from './health-style';
import type { HouseStyle } from './house-style';
import { usualNetworks } from './networks';
import { ownNames, projectServices, relativePath, type ComposeProject } from './target';

export interface PublishedText {
  external: string;
  internal: string;
  udp: boolean;
}

export interface Mount {
  kind: 'volume' | 'bind';
  source: string;
  target: string;
  readOnly: boolean;
}

/** A service as Compose will see it. */
export interface ServiceContent {
  image?: string;
  build?: { context: string; dockerfile?: string };
  containerName?: string;
  profiles: string[];
  /** Undefined where the services beside it say none. */
  restart?: string;
  labels: Record<string, string>;
  environment: Record<string, string>;
  ports: PublishedText[];
  volumes: Mount[];
  /** What it waits for, with the condition. */
  dependsOn: Record<string, string>;
  healthCheck?: { test: readonly string[]; interval: string; timeout: string; retries: number };
  networks: string[];
}

/**
 * What the spec says of a service in this project.
 * @param certs the volume with its certificates; undefined without mTLS.
 */
export function contentOf(
  context: EmitContext,
  project: ComposeProject,
  style: HouseStyle,
  certs: CertsVolume | undefined,
): ServiceContent {
  const { manifest, profile } = context;
  const { source, compose } = manifest.runtime;
  const { habits } = style;
  const containerName = `${habits.containerPrefix ?? profile.naming.containerPrefix}${manifest.name}`;
  const restart = habits.restart === undefined ? (profile.compose?.restart ?? 'unless-stopped') : habits.restart;
  const path = (one: string): string => relativePath(context, project.file, one);
  const image =
    source.kind === 'image'
      ? source.image
      : style.builtImageTag === undefined
        ? undefined
        : `${containerName}:${style.builtImageTag}`;
  const check = healthCheckOf(context, style.health);
  const networks = [...new Set([...usualNetworks(context, project, style.routed), ...(compose?.networks ?? [])])];
  return {
    ...(image === undefined ? {} : { image }),
    ...(source.kind === 'build' ? { build: buildOf(source, path) } : {}),
    ...(style.named ? { containerName } : {}),
    profiles: compose && compose.profiles.length > 0 ? compose.profiles : [...habits.profiles],
    ...(restart === null ? {} : { restart }),
    labels: labelsOf(context, style),
    environment: environmentFor(context, style),
    ports: manifest.ports.flatMap((port) =>
      port.external === 'none'
        ? []
        : [
            {
              external: formatPortRange(port.external),
              internal: formatPortRange(port.internal),
              udp: port.protocol === 'udp',
            },
          ],
    ),
    volumes: mountsOf(context, path, certs),
    dependsOn: dependenciesOf(context, project, certs),
    ...(check ? { healthCheck: check } : {}),
    // Compose's own default network is joined by saying nothing.
    networks: networks.length === 1 && networks[0] === 'default' ? [] : networks,
  };
}

/** The house's labels, those that all share, the route where Traefik reads it from labels, and the spec's own. */
function labelsOf({ manifest, profile }: EmitContext, { label, routed, habits }: HouseStyle): Record<string, string> {
  const namespace = profile.naming.labelNamespace;
  const values = {
    project: label.project ?? profile.naming.project ?? profile.platform.name,
    service: manifest.name,
    workload: label.workloadIsService ? manifest.name : manifest.category,
  };
  return {
    ...(namespace === undefined
      ? {}
      : Object.fromEntries(label.names.map((one) => [`${namespace}.${one}`, values[one]]))),
    ...label.shared,
    ...Object.fromEntries(
      [
        ...Object.entries(traefikLabels(manifest, profile, routed, habits.hostEnding)),
        ...(manifest.runtime.compose?.labels ?? []).map(({ name, value }) => [name, value] as const),
      ].map(([name, value]) => [name, escapeDollars(value)]),
    ),
  };
}

function environmentFor(context: EmitContext, style: HouseStyle): Record<string, string> {
  const { manifest, profile } = context;
  const { habits } = style;
  const host = manifest.routing?.host ?? '';
  // The address that people come back to stands with the host as the router says it.
  const oauth = oauthVariables(manifest, profile).map(({ name, value }) => ({
    name,
    value: host === '' ? value : value.replace(`//${host}/`, `//${hostLike(host, habits.hostEnding, profile)}/`),
  }));
  const said = [
    ...manifest.runtime.environment,
    ...oauth,
    ...secretVariables(manifest, profile),
    ...messagingVariables(manifest, profile),
  ];
  return {
    ...habits.environment,
    ...endpointVariables(context, style),
    ...Object.fromEntries(said.map(({ name, value }) => [name, escapeDollars(value)])),
  };
}

/** What the neighbours say about LocalStack, for a service that reads from it and does not say it itself. */
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

function mountsOf(
  { manifest, profile }: EmitContext,
  path: (one: string) => string,
  certs: CertsVolume | undefined,
): Mount[] {
  const mounts = manifest.runtime.volumes.map(({ source, target, readOnly }): Mount =>
    source.kind === 'volume'
      ? { kind: 'volume', source: source.name, target, readOnly }
      : { kind: 'bind', source: path(source.path), target, readOnly },
  );
  const target = profile.spiffe?.certsPath;
  if (!certs || target === undefined || mounts.some((mount) => mount.target === target)) return mounts;
  return [...mounts, { kind: 'volume', source: certs.name, target, readOnly: true }];
}

/** The dependencies of the spec, and its SPIFFE helper where that runs in the same project: Compose cannot wait for another one. */
function dependenciesOf(
  context: EmitContext,
  project: ComposeProject,
  certs: CertsVolume | undefined,
): Record<string, string> {
  const { manifest, profile } = context;
  const names = spiffeNamesOf(manifest, profile);
  const own = ownNames(context);
  const waits = manifest.runtime.dependsOn.map((name) => [name, conditionFor(name, project, own)]);
  if (names && certs && !certs.crosses) waits.push([names.helper, helperCondition(project, own)]);
  return Object.fromEntries(waits) as Record<string, string>;
}

/** Compose reads `$` as the start of a variable; one that starts none is doubled, so that it stays a dollar. */
function escapeDollars(value: string): string {
  return value.replace(/\$\$|\$\{[A-Za-z_]\w*(?:[:?+-][^}]*)?\}|\$[A-Za-z_]|\$/g, (found) =>
    found === '$' ? '$$' : found,
  );
}

function buildOf(
  source: { context: string; dockerfile?: string | undefined },
  path: (one: string) => string,
): NonNullable<ServiceContent['build']> {
  const folder = source.context.replace(/\/+$/, '');
  // Compose looks for the Dockerfile from the build context.
  const dockerfile = source.dockerfile?.startsWith(`${folder}/`)
    ? source.dockerfile.slice(folder.length + 1)
    : source.dockerfile;
  return { context: path(folder), ...(dockerfile === undefined ? {} : { dockerfile }) };
}

/** The neighbours' own condition for a service, else healthy where it has a health check, else started. */
function conditionFor(name: string, project: ComposeProject, own: ReadonlySet<string>): string {
  const services = projectServices(project).filter((service) => !own.has(service.name));
  const said = services.flatMap((service) => conditionsOf(service.fields['depends_on'], (one) => one === name));
  const once = said.find((condition) => condition === 'service_completed_successfully');
  const healthy = services.find((service) => service.name === name)?.hasHealthCheck ?? false;
  return once ?? (healthy ? 'service_healthy' : 'service_started');
}

/** As others wait for their helpers; started where none does, since a helper has no health check. */
function helperCondition(project: ComposeProject, own: ReadonlySet<string>): string {
  const said = projectServices(project)
    .filter((service) => !own.has(service.name))
    .flatMap((service) => conditionsOf(service.fields['depends_on'], (name) => /spiffe-helper/.test(name)));
  return said[0] ?? 'service_started';
}

function conditionsOf(dependsOn: unknown, wanted: (name: string) => boolean): string[] {
  return Object.entries(asRecord(dependsOn) ?? {}).flatMap(([name, value]) =>
    wanted(name) ? (asText(asRecord(value)?.['condition']) ?? []) : [],
  );
}

function healthCheckOf({ manifest, profile }: EmitContext, style: HealthStyle): ServiceContent['healthCheck'] {
  const check = manifest.runtime.healthCheck;
  const port =
    manifest.ports.find((one) => one.name === check?.port) ?? manifest.ports.find((one) => one.protocol === 'tcp');
  if (!check || !port) return undefined;
  const timings = {
    interval: `${check.intervalSeconds}s`,
    timeout: `${check.timeoutSeconds}s`,
    retries: check.retries,
  };
  const routed = manifest.ports.find((one) =>
    manifest.routing?.port === undefined ? one.protocol === 'tcp' : one.name === manifest.routing.port,
  );
  const address = `${style.host}:${port.internal.from}${check.path}`;
  if (!manifest.security.mtls || !profile.spiffe || routed !== port)
    return { test: testFor(style, `http://${address}`), ...timings };
  // The port answers only whom it knows: the check shows the service's own certificate, which is not made out to localhost.
  const { certsPath } = profile.spiffe;
  const command = `curl -sfk --cert ${certsPath}/svid.pem --key ${certsPath}/key.pem {url} || exit 1`;
  return { test: testFor({ test: [usualHealth.test[0] ?? '', command] }, `https://${address}`), ...timings };
}
