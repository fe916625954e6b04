/** What a change adds to Compose and Traefik files or makes different in them: base and result compared by name. */
import { readComposeFile, type ComposeFile, type ComposeService } from '../observe/compose-file';
import { readComposeFiles } from '../observe/compose-files';
import { readYaml } from '../observe/read-yaml';
import {
  dynamicPaths,
  isDynamicPath,
  mergeTraefikFiles,
  readTraefikFiles,
  type TraefikRouter,
  type TraefikService,
} from '../observe/traefik-file';
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { asRecord } from '../yaml/read';
import type { CheckInput } from './check';

export interface AddedCompose {
  path: string;
  file: ComposeFile;
  services: ComposeService[];
  volumes: string[];
  networks: string[];
}

/** Per Compose file in use that the change touches: the services, volumes and networks that were not in it before, or read differently there. */
export function addedToCompose({ plan, profile, tree, after }: CheckInput): AddedCompose[] {
  const touched = new Set(plan.files.map((file) => file.path));
  return readComposeFiles(after, profile)
    .filter(({ path }) => touched.has(path))
    .map(({ path, file }) => {
      const yaml = readYaml(tree, path);
      const old = yaml ? readComposeFile(yaml) : undefined;
      const known = new Map(old?.services.map((service) => [service.name, service.fields]));
      return {
        path,
        file,
        services: file.services.filter((service) => isNew(known, service.name, service.fields)),
        volumes: [...file.volumes].flatMap(([name, one]) => (isNew(old?.volumes, name, one) ? [name] : [])),
        networks: [...file.networks].flatMap(([name, one]) => (isNew(old?.networks, name, one) ? [name] : [])),
      };
    });
}

export interface AddedTraefik {
  path: string;
  routers: TraefikRouter[];
  services: TraefikService[];
  /** The `http` section as it stands after the change. */
  http: Record<string, unknown>;
  /** Names under a key of `http` that were not there before, or said something else. */
  added(key: string): string[];
}

/** What the change adds to Traefik's dynamic file, or to the files of its folder; undefined where it touches none. */
export function addedToTraefik({ plan, profile, tree, after }: CheckInput): AddedTraefik | undefined {
  const path = plan.files.map((file) => file.path).find((one) => isDynamicPath(profile, one));
  if (path === undefined || !readYaml(after, path)) return undefined;
  const oldHttp = httpOf(tree, profile);
  const http = httpOf(after, profile);
  const file = mergeTraefikFiles(path, readTraefikFiles(after, profile));
  const added = (key: string) => {
    const old = new Map(Object.entries(asRecord(oldHttp[key]) ?? {}));
    return Object.entries(asRecord(http[key]) ?? {}).flatMap(([name, one]) => (isNew(old, name, one) ? [name] : []));
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

/** The `http` sections of all dynamic files as one: Traefik knows one set of names. */
function httpOf(tree: Tree, profile: Profile): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const path of dynamicPaths(tree, profile)) {
    const http = asRecord(asRecord(readYaml(tree, path)?.toJs())?.['http']) ?? {};
    for (const [key, value] of Object.entries(http)) {
      const section = asRecord(value);
      merged[key] = section ? { ...asRecord(merged[key]), ...section } : value;
    }
  }
  return merged;
}

function isNew(known: ReadonlyMap<string, unknown> | undefined, name: string, value: unknown): boolean {
  return !known?.has(name) || JSON.stringify(known.get(name)) !== JSON.stringify(value);
}
