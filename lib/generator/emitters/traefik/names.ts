/** What a service's parts are called in Traefik's dynamic files. */
import { readComposeFiles } from '../../observe/compose-files';
import { dockerHostPort, type TraefikFile } from '../../observe/traefik-file';
import { overlaps } from '@/lib/services/port-range';
import { workloadOf } from '../../naming';
import type { EmitContext } from '../../types';

export interface RouteNames {
  router: string;
  service: string;
  /** The `serversTransport` of a service with mTLS. */
  transport: string;
  /** The router under the platform's second domain. */
  twin: string;
}

/** The names, after the service or, where the file calls others so, after its workload: `mcp-gitlab` for `mcp-server-gitlab`. */
export function routeNames(context: EmitContext, file: TraefikFile): RouteNames {
  const { manifest, profile } = context;
  const workload = workloadOf(manifest);
  const base = workload !== manifest.name && goesByShortNames(context, file) ? workload : manifest.name;
  return namesAfter(base, profile.traefik);
}

/** The names after a base. */
export function namesAfter(base: string, traefik: EmitContext['profile']['traefik']): RouteNames {
  return {
    router: `${base}${traefik?.routerSuffix ?? ''}`,
    service: `${base}${traefik?.serviceSuffix ?? ''}`,
    transport: `${base}${traefik?.transportSuffix ?? '-transport'}`,
    twin: `${base}${traefik?.twin?.routerSuffix ?? '-dev'}`,
  };
}

/** Whether a Traefik service is named after the container of its backend where the Compose service has a longer name. */
function goesByShortNames({ profile, tree }: EmitContext, file: TraefikFile): boolean {
  const suffix = profile.traefik?.serviceSuffix ?? '';
  const prefix = profile.naming.containerPrefix;
  const composed = readComposeFiles(tree, profile).flatMap((place) => place.file.services);
  const known = new Set(composed.map((service) => service.name));
  return file.services.some((service) => {
    const name = suffix !== '' && service.name.endsWith(suffix) ? service.name.slice(0, -suffix.length) : service.name;
    if (known.has(name)) return false;
    const ranges = service.urls.flatMap((url) => dockerHostPort(url, profile) ?? []);
    const hosts = service.urls.flatMap((url) => /^\w+:\/\/([^/:]+)/.exec(url)?.[1] ?? []);
    return composed.some(
      (one) =>
        one.containerName === `${prefix}${name}` &&
        (hosts.includes(one.containerName) ||
          one.ports.some((port) => ranges.some((range) => overlaps(range, port.range)))),
    );
  });
}
