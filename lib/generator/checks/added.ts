/** What a change adds to Compose and Traefik files: base and result compared by name. */
import { readComposeFile, type ComposeFile, type ComposeService } from '../observe/compose-file';
import { readComposeFiles } from '../observe/compose-files';
import { readYaml } from '../observe/read-yaml';
import { readTraefikFile, type TraefikRouter, type TraefikService } from '../observe/traefik-file';
import { asRecord } from '../yaml/read';
import type { CheckInput } from './check';

export interface AddedCompose {
  path: string;
  file: ComposeFile;
  services: ComposeService[];
  volumes: string[];
  networks: string[];
}

/** Per Compose file in use that the change touches: the services, volumes and networks that were not in it before. */
export function addedToCompose({ plan, profile, tree, after }: CheckInput): AddedCompose[] {
  const touched = new Set(plan.files.map((file) => file.path));
  return readComposeFiles(after, profile)
    .filter(({ path }) => touched.has(path))
    .map(({ path, file }) => {
      const yaml = readYaml(tree, path);
      const old = yaml ? readComposeFile(yaml) : undefined;
      const known = new Set(old?.services.map((service) => service.name));
      return {
        path,
        file,
        services: file.services.filter((service) => !known.has(service.name)),
        volumes: [...file.volumes.keys()].filter((name) => !old?.volumes.has(name)),
        networks: [...file.networks.keys()].filter((name) => !old?.networks.has(name)),
      };
    });
}

export interface AddedTraefik {
  path: string;
  routers: TraefikRouter[];
  services: TraefikService[];
  /** The `http` section as it stands after the change. */
  http: Record<string, unknown>;
  /** Names under a key of `http` that were not there before. */
  added(key: string): string[];
}

/** What the change adds to Traefik's dynamic file; undefined where it does not touch it. */
export function addedToTraefik({ plan, profile, tree, after }: CheckInput): AddedTraefik | undefined {
  const path = profile.traefik?.dynamic;
  if (path === undefined || !plan.files.some((file) => file.path === path)) return undefined;
  const yaml = readYaml(after, path);
  if (!yaml) return undefined;
  const base = readYaml(tree, path);
  const oldHttp = asRecord(asRecord(base?.toJs())?.['http']) ?? {};
  const http = asRecord(asRecord(yaml.toJs())?.['http']) ?? {};
  const file = readTraefikFile(yaml);
  const added = (key: string) => {
    const old = asRecord(oldHttp[key]) ?? {};
    return Object.keys(asRecord(http[key]) ?? {}).filter((name) => !(name in old));
  };
  const routers = new Set(added('routers'));
  const services = new Set(added('services'));
  return {
    path,
    http,
    added,
    routers: file.routers.filter((router) => routers.has(router.name)),
    services: file.services.filter((service) => services.has(service.name)),
  };
}
