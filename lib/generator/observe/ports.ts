/** Every port that a platform repository gives to somebody, and the pools that new ones come from. */
import type { Profile } from '../profile';
import type { PortObservation, Tree } from '../types';
import { readComposeFiles } from './compose-files';
import { oncePerTree } from './once-per-tree';
import { readYaml } from './read-yaml';
import { readRegistryFile } from './registry-file';
import { dockerHostPort, readTraefikFiles } from './traefik-file';

/** A pool of ports that `auto` takes from. */
export interface PortPool {
  name: string;
  from: number;
  to: number;
  description: string;
}

/**
 * The host ports seen in the registry, in all Compose files in use (the proxy's own among them, backups not) and behind Traefik's
 * routers. Each as its file says it: observations may contradict each other. Never throws; {@link observeFindings} tells what could not be read.
 */
export const observePorts = oncePerTree((tree, profile): readonly PortObservation[] => [
  ...registryPorts(tree, profile),
  ...composePorts(tree, profile),
  ...traefikPorts(tree, profile),
]);

/** The pools of the registry and of the profile; the profile's win where both have the name. */
export function listPools(tree: Tree, profile: Profile): PortPool[] {
  const pools = new Map<string, PortPool>();
  const yaml = readYaml(tree, profile.ports?.registry);
  for (const { name, from, to, description } of yaml ? readRegistryFile(yaml).pools : [])
    pools.set(name, { name, from, to, description });
  for (const [name, pool] of Object.entries(profile.ports?.pools ?? {}))
    pools.set(name, { name, from: pool.start, to: pool.end, description: pool.description ?? '' });
  return [...pools.values()];
}

function registryPorts(tree: Tree, profile: Profile): PortObservation[] {
  const yaml = readYaml(tree, profile.ports?.registry);
  if (!yaml) return [];
  return readRegistryFile(yaml).ports.map((port) => ({
    source: 'registry',
    service: port.service,
    protocol: port.protocol,
    range: port.range,
    ...(port.internal ? { internal: port.internal } : {}),
    ...(port.portName === undefined ? {} : { portName: port.portName }),
    path: yaml.path,
    line: port.line,
  }));
}

function composePorts(tree: Tree, profile: Profile): PortObservation[] {
  return readComposeFiles(tree, profile).flatMap(({ path, file }) =>
    file.services.flatMap((service) =>
      service.ports.map((port): PortObservation => ({
        source: 'compose',
        service: service.name,
        protocol: port.protocol,
        range: port.range,
        ...(port.internal ? { internal: port.internal } : {}),
        path,
        line: port.line,
      })),
    ),
  );
}

function traefikPorts(tree: Tree, profile: Profile): PortObservation[] {
  const suffix = profile.traefik?.serviceSuffix ?? '';
  return readTraefikFiles(tree, profile)
    .flatMap((file) => file.services)
    .flatMap((service) =>
      service.urls.flatMap((url): PortObservation[] => {
        const range = dockerHostPort(url, profile);
        const name =
          suffix !== '' && service.name.endsWith(suffix) ? service.name.slice(0, -suffix.length) : service.name;
        return range
          ? [{ source: 'traefik', service: name, protocol: 'tcp', range, path: service.path, line: service.line }]
          : [];
      }),
    );
}
