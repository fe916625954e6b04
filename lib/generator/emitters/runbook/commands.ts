/** The commands of a runbook, as people type them on this platform. */
import { isProduction } from '../../chart-environments';
import { composeCommand, composeFileOf, curlCommand, environmentsOf, startCommand } from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';

export interface ComposeCommands {
  file: string;
  container: string;
  start: string;
  /** `docker compose --env-file .env -f FILE`, in front of any other word. */
  prefix: string;
}

/** How the service is run in Compose; undefined where it is not. */
export function composeCommandsOf(manifest: ResolvedManifest, profile: Profile): ComposeCommands | undefined {
  const file = composeFileOf(manifest, profile);
  if (file === undefined || !profile.compose) return undefined;
  const { startCommand: template } = profile.compose;
  return {
    file,
    container: `${profile.naming.containerPrefix}${manifest.name}`,
    start: startCommand(manifest, template, file),
    prefix: composeCommand(template, file),
  };
}

/** How a person asks whether it is well: through Traefik, else on the host's port; undefined where nothing answers HTTP. */
export function healthCommand(manifest: ResolvedManifest): string | undefined {
  const path = manifest.runtime.healthCheck?.path;
  if (manifest.routing) return withStatus(curlCommand(`https://${manifest.routing.host}${probePath(manifest)}`));
  const named = manifest.runtime.healthCheck?.port;
  const port = manifest.ports.find((one) => (named === undefined ? one.protocol === 'tcp' : one.name === named));
  if (path === undefined || !port || port.external === 'none') return undefined;
  return withStatus(`curl -s http://localhost:${port.external.from}${path}`);
}

/** The answer and, on a line of its own, its status: what is wrong is told by the number. */
function withStatus(curl: string): string {
  return curl.replace(/^curl -(\w+)/, "curl -$1 -w '\\n%{http_code}\\n'");
}

/** The environments in the order in which they matter at night: production first. */
export function environmentsAtNight(manifest: ResolvedManifest): string[] {
  return environmentsOf(manifest).sort((a, b) => Number(isProduction(b)) - Number(isProduction(a)));
}

/**
 * The place and the labels of the service's pods in an environment: `-n ravenhelm-prod -l app.kubernetes.io/name=livekit`.
 * @param anywhere for commands that look into all namespaces where the profile names none; others need one.
 */
export function podsOf(
  manifest: ResolvedManifest,
  profile: Profile,
  environment: string,
  { anywhere = false }: { anywhere?: boolean } = {},
): string {
  const namespace = namespaceOption(manifest, profile, environment);
  const place = namespace === '-A' && !anywhere ? '-n NAMESPACE' : namespace;
  return `${place} -l app.kubernetes.io/name=${manifest.name}`;
}

/**
 * The path that answers on the service's host: that of the health check where the routed port answers it and the route takes it in, else the
 * route's own.
 */
export function probePath({ routing, runtime, ports }: ResolvedManifest): string {
  const base = routing?.path ?? '/';
  const health = runtime.healthCheck;
  if (!health) return base;
  const firstTcp = ports.find((port) => port.protocol === 'tcp')?.name;
  const routed = routing?.port ?? firstTcp;
  if ((health.port ?? firstTcp) !== routed) return base;
  const prefix = base.replace(/\/+$/, '');
  return prefix === '' || health.path === prefix || health.path.startsWith(`${prefix}/`) ? health.path : base;
}

/** `-n NAMESPACE` of an environment, or `-A` where the profile names none. */
export function namespaceOption(manifest: ResolvedManifest, profile: Profile, environment: string): string {
  const known = Object.entries(profile.helm?.namespaces ?? {}).find(([name]) => name === environment)?.[1];
  return known === undefined
    ? '-A'
    : `-n ${known.replaceAll('{service}', manifest.name).replaceAll('{environment}', environment)}`;
}

/** Whether LocalStack stands in for AWS: on the platform's own machine, never in a cluster. */
export function usesLocalstack(manifest: ResolvedManifest, profile: Profile): boolean {
  return profile.secrets?.localstackInit !== undefined && manifest.runtime.compose !== undefined;
}

/** The AWS command line: that of LocalStack's container where the service runs beside one, else the plain one. */
export function awsCommand(manifest: ResolvedManifest, profile: Profile): string {
  if (!usesLocalstack(manifest, profile)) return 'aws';
  const host = /^https?:\/\/([a-z0-9._-]+)/i.exec(profile.secrets?.endpoint ?? '')?.[1];
  if (host === undefined || /^(localhost|127\.|host\.docker)/.test(host)) return 'awslocal';
  // The address may name the service or, with the prefix, its container.
  const { containerPrefix } = profile.naming;
  return `docker exec ${host.startsWith(containerPrefix) ? host : `${containerPrefix}${host}`} awslocal`;
}
