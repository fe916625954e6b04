/** Which labels a file's services carry: the house's own three, and those that all of them share. */
import type { ParsedNode } from 'yaml';
import { readLabels, type ComposeService } from '../../observe/compose-file';
import type { ParsedYaml } from '../../yaml/parse';
import { anchored, childOf, majority, mergedAnchors, type Anchored } from './shared-nodes';

export const houseLabels = ['project', 'service', 'workload'] as const;

export interface LabelStyle {
  /** The labels of the house that services carry, without the namespace. */
  names: (typeof houseLabels)[number][];
  /** The project label of the services here: it differs from file to file. */
  project?: string;
  /** Whether the workload label repeats the service's name. */
  workloadIsService: boolean;
  /** Labels that nearly all services carry with one value (`com.centurylinklabs.watchtower.enable`). */
  shared: Readonly<Record<string, string>>;
  /** Anchor that most services merge into their labels. */
  defaults?: Anchored;
}

/** Labels that say something of one service alone, or make a proxy or a dashboard act on it. */
const OWN_BUSINESS = /^(?:traefik|caddy|homepage|diun|glance|docker-volume-backup|ofelia|com\.docker\.compose)\b/;

/** Learns from the services of a file; `nearest` decides the project. */
export function learnLabels(
  yaml: ParsedYaml,
  namespace: string | undefined,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  nearest: ComposeService | undefined,
): LabelStyle {
  const defaults = mergedLabels(yaml, services, nodes);
  const rest = { shared: sharedLabels(namespace, services), ...(defaults ? { defaults } : {}) };
  if (namespace === undefined) return { names: [], workloadIsService: false, ...rest };
  const label = (service: ComposeService, name: string): string | undefined => service.labels[`${namespace}.${name}`];
  const labelled = services.filter((service) => houseLabels.some((name) => label(service, name) !== undefined));
  const names = houseLabels.filter(
    (name) =>
      labelled.length === 0 || labelled.filter((one) => label(one, name) !== undefined).length * 2 > labelled.length,
  );
  const project =
    (nearest && label(nearest, 'project')) ?? majority(labelled.flatMap((service) => label(service, 'project') ?? []));
  const workloads = labelled.filter((service) => label(service, 'workload') !== undefined);
  const repeating = workloads.filter((service) => label(service, 'workload') === service.name);
  return {
    names,
    ...(project === undefined ? {} : { project }),
    workloadIsService: workloads.length > 1 && repeating.length === workloads.length,
    ...rest,
  };
}

function sharedLabels(namespace: string | undefined, services: readonly ComposeService[]): Record<string, string> {
  const labelled = services.filter((service) => Object.keys(service.labels).length > 0);
  if (labelled.length < 3) return {};
  const counts = new Map<string, { name: string; value: string; count: number }>();
  for (const service of labelled)
    for (const [name, value] of Object.entries(service.labels)) {
      const known = counts.get(`${name}=${value}`);
      if (known) known.count += 1;
      else counts.set(`${name}=${value}`, { name, value, count: 1 });
    }
  const isOurs = (name: string) => namespace !== undefined && name.startsWith(`${namespace}.`);
  return Object.fromEntries(
    [...counts.values()]
      .filter(({ name, count }) => count * 5 >= labelled.length * 4 && !OWN_BUSINESS.test(name) && !isOurs(name))
      .map(({ name, value }) => [name, value]),
  );
}

function mergedLabels(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
): Anchored | undefined {
  const labels = services.map((service) => childOf(nodes.get(service.name), 'labels'));
  const merged = labels.flatMap((node) => mergedAnchors(node).slice(0, 1));
  const anchor = majority(merged);
  if (anchor === undefined || merged.length * 2 <= labels.filter((node) => node).length) return undefined;
  const found = anchored(yaml, anchor);
  return found && !Object.keys(readLabels(found.value)).some((name) => OWN_BUSINESS.test(name)) ? found : undefined;
}
