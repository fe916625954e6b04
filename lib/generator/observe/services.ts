/** The services that run in Compose, the root file and the stacks read as alternatives: one service by name, its places listed. */
import type { PortRange } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';
import { readComposeFiles } from './compose-files';
import { observeHosts } from './hosts';
import type { Protocol } from './port-text';

export interface ObservedService {
  name: string;
  /** Name of the stack in the profile; undefined for a service that only the root or an unnamed file has. */
  stack?: string;
  file: string;
  line: number;
  containerName?: string;
  image?: string;
  ports: { range: PortRange; internal?: PortRange; protocol: Protocol }[];
  networks: string[];
  dependsOn: string[];
  labels: Readonly<Record<string, string>>;
  /** The first host that Traefik routes to it. */
  host?: string;
  /** Everywhere it stands, the stacks first. */
  places: (Place & { stack?: string })[];
}

/**
 * Every service of the Compose files in use, sorted by name. Where it stands in several files, a stack's word counts before the root's,
 * because the start scripts run the stacks. Never throws.
 */
export function observeServices(tree: Tree, profile: Profile): ObservedService[] {
  const services = new Map<string, ObservedService>();
  const hosts = new Map<string, string>();
  for (const target of observeHosts(tree, profile))
    for (const name of target.services) if (!hosts.has(name)) hosts.set(name, target.host);
  for (const { path, stack, file } of readComposeFiles(tree, profile)) {
    for (const service of file.services) {
      const place = { path, line: service.line, ...(stack === undefined ? {} : { stack }) };
      const known = services.get(service.name);
      if (known) {
        known.places.push(place);
        continue;
      }
      const host = hosts.get(service.name) ?? hosts.get(service.containerName ?? '');
      services.set(service.name, {
        name: service.name,
        ...(stack === undefined ? {} : { stack }),
        file: path,
        line: service.line,
        ...(service.containerName === undefined ? {} : { containerName: service.containerName }),
        ...(service.image === undefined ? {} : { image: service.image }),
        ports: service.ports.map(({ range, internal, protocol }) => ({
          range,
          ...(internal ? { internal } : {}),
          protocol,
        })),
        networks: service.networks,
        dependsOn: service.dependsOn,
        labels: service.labels,
        ...(host === undefined ? {} : { host }),
        places: [place],
      });
    }
  }
  return [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
