/** The hosts that Traefik answers on, and which service stands behind each. */
import { overlaps } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';
import type { ComposeService } from './compose-file';
import { readComposeFiles } from './compose-files';
import { dockerHostPort, mergeTraefikFiles, readTraefikFiles, type TraefikFile } from './traefik-file';
import { readRule } from './traefik-rule';

export interface ObservedHost {
  host: string;
  path?: string;
  router: string;
  place: Place;
  /** The services that may stand behind it: by the Traefik service's name, by the container's name or by the published port. */
  services: string[];
}

/** Every host, with its path where the rule names one, that a router answers on: in the dynamic files, or in labels of containers. Never throws. */
export function observeHosts(tree: Tree, profile: Profile): ObservedHost[] {
  const file = mergeTraefikFiles('', readTraefikFiles(tree, profile));
  const owners = backendOwners(tree, profile, file);
  return [
    ...file.routers.flatMap((router) =>
      router.targets.map((target) => ({
        ...target,
        router: router.name,
        place: { path: router.path, line: router.line },
        services: owners.get(router.service ?? '') ?? [],
      })),
    ),
    ...labelledHosts(tree, profile),
  ];
}

/** Hosts that labels of Compose services name. Root and stacks are alternatives: one router of one service is told once. */
function labelledHosts(tree: Tree, profile: Profile): ObservedHost[] {
  const seen = new Set<string>();
  return readComposeFiles(tree, profile).flatMap(({ path, file }) =>
    file.services.flatMap((service) =>
      labelledRules(service).flatMap(({ router, rule }) => {
        const key = `${service.name} ${router} ${rule}`;
        if (seen.has(key)) return [];
        seen.add(key);
        const place = { path, line: service.line };
        return readRule(rule).map((target) => ({ ...target, router, place, services: [service.name] }));
      }),
    ),
  );
}

/** The routers that a container's labels define, with their rules. */
export function labelledRules(service: Pick<ComposeService, 'labels'>): { router: string; rule: string }[] {
  return Object.entries(service.labels).flatMap(([label, rule]) => {
    const router = /^traefik\.http\.routers\.([^.]+)\.rule$/i.exec(label)?.[1];
    return router === undefined ? [] : [{ router, rule }];
  });
}

/** The middlewares that labels of containers define. */
export function labelledMiddlewares(tree: Tree, profile: Profile): string[] {
  const labels = readComposeFiles(tree, profile).flatMap(({ file }) =>
    file.services.flatMap((service) => Object.keys(service.labels)),
  );
  return [...new Set(labels.flatMap((label) => /^traefik\.http\.middlewares\.([^.]+)\./i.exec(label)?.[1] ?? []))];
}

function backendOwners(tree: Tree, profile: Profile, file: TraefikFile): Map<string, string[]> {
  const suffix = profile.traefik?.serviceSuffix ?? '';
  const composed = readComposeFiles(tree, profile).flatMap((one) => one.file.services);
  return new Map(
    file.services.map((service) => {
      const name =
        suffix !== '' && service.name.endsWith(suffix) ? service.name.slice(0, -suffix.length) : service.name;
      const behind = service.urls.flatMap((url) => {
        const range = dockerHostPort(url, profile);
        const container = /^\w+:\/\/([^/:]+)/.exec(url)?.[1];
        return composed.flatMap((one) =>
          range
            ? one.ports.some((port) => port.protocol === 'tcp' && overlaps(port.range, range))
              ? [one.name]
              : []
            : one.containerName === container || one.name === container
              ? [one.name]
              : [],
        );
      });
      // The name tells more than the port: an old fault may have two services publish one port.
      return [service.name, composed.some((one) => one.name === name) ? [name] : [...new Set(behind)]];
    }),
  );
}
