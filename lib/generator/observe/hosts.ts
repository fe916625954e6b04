/** The hosts that Traefik answers on, and which service stands behind each. */
import { overlaps } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';
import { readComposeFiles } from './compose-files';
import { readYaml } from './read-yaml';
import { dockerHostPort, readTraefikFile, type TraefikFile } from './traefik-file';

export interface ObservedHost {
  host: string;
  path?: string;
  router: string;
  place: Place;
  /** The services that may stand behind it: by the Traefik service's name, by the container's name or by the published port. */
  services: string[];
}

/** Every host, with its path where the rule names one, that a router of the dynamic file answers on. Never throws. */
export function observeHosts(tree: Tree, profile: Profile): ObservedHost[] {
  const yaml = readYaml(tree, profile.traefik?.dynamic);
  if (!yaml) return [];
  const file = readTraefikFile(yaml);
  const owners = backendOwners(tree, profile, file);
  return file.routers.flatMap((router) =>
    router.targets.map((target) => ({
      ...target,
      router: router.name,
      place: { path: yaml.path, line: router.line },
      services: owners.get(router.service ?? '') ?? [],
    })),
  );
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
