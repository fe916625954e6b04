/** The hosts that Traefik answers on, and which service stands behind each. */
import { overlaps, type PortRange } from '@/lib/services/port-range';
import type { Profile } from '../profile';
import type { Place, Tree } from '../types';
import type { ComposeService } from './compose-file';
import { readComposeFiles } from './compose-files';
import { rulesMeant } from './host-variables';
import { oncePerTree } from './once-per-tree';
import {
  dockerHostPort,
  mergeTraefikFiles,
  readTraefikFiles,
  type TraefikFile,
  type TraefikRouter,
} from './traefik-file';
import { readRule, type RuleTarget } from './traefik-rule';

export interface ObservedHost {
  host: string;
  path?: string;
  router: string;
  place: Place;
  /** The services that may stand behind it: by the Traefik service's name, by the container's name or by the published port. */
  services: string[];
}

/** Every host, with its path where the rule names one, that a router answers on: in the dynamic files, or in labels of containers. Never throws. */
export const observeHosts = oncePerTree((tree, profile): readonly ObservedHost[] => {
  const file = mergeTraefikFiles('', readTraefikFiles(tree, profile));
  const owners = backendOwners(tree, profile, file);
  return [
    ...file.routers.flatMap((router) =>
      targetsMeant(tree, profile, router).map((target) => ({
        ...target,
        router: router.name,
        place: { path: router.path, line: router.line },
        services: owners.get(router.service ?? '') ?? [],
      })),
    ),
    ...labelledHosts(tree, profile),
  ];
});

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
        const targets = targetsMeant(tree, profile, { path, rule, targets: readRule(rule) });
        return targets.map((target) => ({ ...target, router, place, services: [service.name] }));
      }),
    ),
  );
}

/** What a rule answers on, variables filled in as far as anything says what they stand for. */
function targetsMeant(
  tree: Tree,
  profile: Profile,
  { path, rule, targets }: Pick<TraefikRouter, 'path' | 'rule' | 'targets'>,
): RuleTarget[] {
  return rulesMeant(tree, path, rule, profile).flatMap((meant) => (meant === rule ? targets : readRule(meant)));
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
  const composed = composedServices(tree, profile);
  return new Map(
    file.services.map((service) => {
      const name =
        suffix !== '' && service.name.endsWith(suffix) ? service.name.slice(0, -suffix.length) : service.name;
      const behind = service.urls.flatMap((url) => {
        const range = dockerHostPort(url, profile);
        if (range) return composed.publishing(range);
        return composed.called.get(/^\w+:\/\/([^/:]+)/.exec(url)?.[1] ?? '') ?? [];
      });
      // The name tells more than the port: an old fault may have two services publish one port.
      return [service.name, composed.names.has(name) ? [name] : [...new Set(behind)]];
    }),
  );
}

interface Composed {
  names: ReadonlySet<string>;
  /** Names of the services that are called so, by themselves or by their container. */
  called: ReadonlyMap<string, readonly string[]>;
  /** Names of the services that publish a TCP port of the range, in the order of the files. */
  publishing(range: PortRange): string[];
}

/** The services in Compose by what Traefik may know them by: hundreds of backends ask for one of hundreds of services each. */
function composedServices(tree: Tree, profile: Profile): Composed {
  const services = readComposeFiles(tree, profile).flatMap((one) => one.file.services);
  const called = new Map<string, string[]>();
  const single = new Map<number, number[]>();
  const wide: number[] = [];
  services.forEach(({ name, containerName, ports }, index) => {
    for (const word of new Set([name, containerName ?? name])) called.set(word, [...(called.get(word) ?? []), name]);
    for (const { protocol, range } of ports) {
      if (protocol !== 'tcp') continue;
      if (range.from === range.to) single.set(range.from, [...(single.get(range.from) ?? []), index]);
      else wide.push(index);
    }
  });
  const publishes = (index: number, range: PortRange) =>
    services[index]?.ports.some((port) => port.protocol === 'tcp' && overlaps(port.range, range)) ?? false;
  return {
    names: new Set(services.map((service) => service.name)),
    called,
    publishing(range) {
      const found = new Set(wide.filter((index) => publishes(index, range)));
      for (let port = range.from; port <= range.to; port += 1)
        for (const index of single.get(port) ?? []) found.add(index);
      return [...found].sort((a, b) => a - b).flatMap((index) => services[index]?.name ?? []);
    },
  };
}
