/** How the cluster lets people in to a service: by which host in which environment, and who asks them to sign in. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import type { ChartPort } from './values';

export type HelmProfile = NonNullable<Profile['helm']>;

/** The annotations of requirements section 6 for long-lived streams. */
export const streamAnnotations: Readonly<Record<string, string>> = {
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
  'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
  'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
};

/** Which block of the values opens the service to the outside. */
export function entryOf(helm: HelmProfile): 'ingress' | 'route' {
  return helm.gateway ? 'route' : 'ingress';
}

/** The ingress' annotations, and whether it, or a route, may be switched on at all without letting everybody in. */
export function ingressAccess(
  manifest: ResolvedManifest,
  helm: HelmProfile,
): { annotations: Record<string, string>; guarded: boolean } {
  const { access } = manifest.security;
  const byAccess = {
    'forward-auth': helm.ingressAnnotations.forwardAuth,
    'own-oauth': helm.ingressAnnotations.ownOauth,
    public: helm.ingressAnnotations.public,
  }[access];
  // Annotations of an ingress controller mean nothing to a gateway.
  const asks = helm.gateway ? helm.gateway.forwardAuth !== undefined : Object.keys(byAccess).length > 0;
  return {
    annotations: { ...byAccess, ...(manifest.routing?.sse ? streamAnnotations : {}) },
    guarded: access !== 'forward-auth' || asks,
  };
}

/** The port that people are let in to: the one that the spec routes, else the first TCP port. */
export function routedPort(manifest: ResolvedManifest, ports: readonly ChartPort[]): ChartPort | undefined {
  const wanted = manifest.routing?.port;
  return ports.find((port) => port.protocol === 'TCP' && (wanted === undefined || port.of === wanted));
}

/** The service's host in an environment; undefined where it has none, or none that may be opened. */
export function hostIn(
  environment: Environment,
  manifest: ResolvedManifest,
  helm: HelmProfile,
  ports: readonly ChartPort[],
): string | undefined {
  const host = helm.hosts[environment]?.replaceAll('{service}', manifest.name);
  const open = manifest.routing && routedPort(manifest, ports) && ingressAccess(manifest, helm).guarded;
  return open ? host : undefined;
}

/** Probes: HTTP where the spec has a health check, else whether the first TCP port accepts, else none. */
export function chartProbes(manifest: ResolvedManifest, ports: readonly ChartPort[]): ProbeSet {
  const health = manifest.runtime.healthCheck;
  const tcp = ports.filter((port) => port.protocol === 'TCP');
  const answering = tcp.find((port) => health?.port === undefined || port.of === health.port) ?? tcp[0];
  if (!answering) return { startup: {}, readiness: {}, liveness: {} };
  const ask: Probe = health
    ? { httpGet: { path: health.path, port: answering.name } }
    : { tcpSocket: { port: answering.name } };
  const steady = {
    ...ask,
    periodSeconds: health?.intervalSeconds ?? 30,
    timeoutSeconds: health?.timeoutSeconds ?? 5,
    failureThreshold: health?.retries ?? 3,
  };
  return {
    // Five minutes to come up, asked often: a slow start is not a failure.
    startup: { ...ask, periodSeconds: 5, timeoutSeconds: steady.timeoutSeconds, failureThreshold: 60 },
    readiness: steady,
    liveness: steady,
  };
}

type Probe = { readonly [key: string]: number | { readonly [key: string]: string } };
export type ProbeSet = { readonly [probe in 'startup' | 'readiness' | 'liveness']: Probe };
