/**
 * What the services of one Compose file have in common beyond their forms: where their labels stand, profiles, restart policy, what their
 * containers are called, a time zone. Taken over only where nearly all have it, or a clear majority of at least three.
 */
import type { ParsedNode } from 'yaml';
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import { commonEnding, writtenHosts, type HostEnding } from '../../observe/host-variables';
import { labelledRules } from '../../observe/hosts';
import type { EmitContext } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { environmentOf } from './endpoint';
import { anchored, childOf, majority, mergedAnchors, toYamlValue, type Anchored } from './shared-nodes';

export interface Habits {
  /** Labels stand under `deploy`, where the proxy of a Docker Swarm reads them. */
  labelsUnderDeploy: boolean;
  /** What the services say alike under `deploy`, labels apart. */
  deploy: Readonly<Record<string, YamlValue>>;
  /** The restart policy of nearly all services; null in a swarm where none of them says one, undefined where they differ. */
  restart: string | null | undefined;
  /** Profiles that nearly all services are in: without one of them a plain `up` would not start the others, and would start this one. */
  profiles: readonly string[];
  /** What stands before the services' names in those of their containers, where that is not the platform's own prefix. */
  containerPrefix: string | undefined;
  /** Variables that services of this kind all have: the time zone, and whom files belong to. */
  environment: Readonly<Record<string, string>>;
  /** The anchor by which most services have such variables. */
  environmentDefaults?: Anchored;
  /** What the hosts of the services end with, where that is a variable. */
  hostEnding?: HostEnding;
}

export const noHabits: Habits = {
  labelsUnderDeploy: false,
  deploy: {},
  restart: undefined,
  profiles: [],
  containerPrefix: undefined,
  environment: {},
};

/** Under `deploy`, what says how a service is run and not how much it may have. */
const DEPLOY_KEYS = [
  'mode',
  'replicas',
  'endpoint_mode',
  'placement',
  'restart_policy',
  'update_config',
  'rollback_config',
];
/** Said by services of every kind. */
const EVERYWHERE = ['TZ'];
/** Said by images of one maker, which take their user from them. */
const OF_IMAGES = ['PUID', 'PGID', 'UMASK'];
const TAKES_USER = /(?:^|\/)(?:linuxserver|hotio)\//;

/** Learns from the services of a file, the new one's own left out. */
export function learnHabits(
  { manifest, tree }: EmitContext,
  yaml: ParsedYaml,
  file: ComposeFile,
  services: readonly ComposeService[],
  routed: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
): Habits {
  const labelled = services.filter((service) => Object.keys(service.labels).length > 0);
  const underDeploy = labelled.filter((service) => Object.keys(service.deployLabels).length > 0);
  const labelsUnderDeploy = underDeploy.length * 2 > labelled.length;
  const { source } = manifest.runtime;
  const takesUser = source.kind === 'image' && TAKES_USER.test(source.image);
  const environmentDefaults = sharedEnvironment(yaml, services, nodes, takesUser);
  const hosts = routed.flatMap((service) => labelledRules(service).flatMap(({ rule }) => writtenHosts(rule)));
  const hostEnding = commonEnding(tree, file.path, hosts);
  return {
    labelsUnderDeploy,
    deploy: labelsUnderDeploy ? alikeUnderDeploy(services) : {},
    restart: restartOf(services, labelsUnderDeploy),
    profiles: sharedProfiles(services),
    containerPrefix: containerPrefixOf(services),
    environment: {
      ...sharedVariables(services, EVERYWHERE),
      ...(takesUser
        ? sharedVariables(
            services.filter(({ image }) => TAKES_USER.test(image ?? '')),
            OF_IMAGES,
          )
        : {}),
      ...(environmentDefaults ? environmentOf(environmentDefaults.value) : {}),
    },
    ...(environmentDefaults ? { environmentDefaults } : {}),
    ...(hostEnding ? { hostEnding } : {}),
  };
}

/** The services with a route in their labels: of the file, else of all files in use. */
export function routedServices(
  { profile, tree }: EmitContext,
  services: readonly ComposeService[],
  own: ReadonlySet<string>,
): ComposeService[] {
  const isRouted = (service: ComposeService) => labelledRules(service).length > 0;
  const here = services.filter(isRouted);
  if (here.length > 0 || profile.traefik?.labels !== true) return here;
  return readComposeFiles(tree, profile)
    .flatMap((place) => place.file.services)
    .filter((service) => !own.has(service.name) && isRouted(service));
}

/** At least three, and four fifths of all. */
function isNearlyAll(count: number, of: number): boolean {
  return count > 2 && count * 5 >= of * 4;
}

function alikeUnderDeploy(services: readonly ComposeService[]): Record<string, YamlValue> {
  const deploys = services.map((service) => asRecord(service.fields['deploy']) ?? {});
  return Object.fromEntries(
    DEPLOY_KEYS.flatMap((key): [string, YamlValue][] => {
      const values = deploys.flatMap((deploy) => (deploy[key] === undefined ? [] : [JSON.stringify(deploy[key])]));
      const most = majority(values);
      const count = values.filter((one) => one === most).length;
      const isAll = services.length > 0 && count === services.length;
      const value: unknown = most === undefined ? undefined : JSON.parse(most);
      return isAll || isNearlyAll(count, services.length) ? [[key, toYamlValue(value)]] : [];
    }),
  );
}

function restartOf(services: readonly ComposeService[], isSwarm: boolean): Habits['restart'] {
  const said = services.flatMap((service) => asText(service.fields['restart']) ?? []);
  // A swarm goes by the restart policy under `deploy`, and says that it ignores this one.
  if (said.length === 0 && isSwarm) return null;
  const most = majority(said);
  return isNearlyAll(said.filter((one) => one === most).length, services.length) ? most : undefined;
}

function sharedProfiles(services: readonly ComposeService[]): string[] {
  const all = services.map((service) => (asList(service.fields['profiles']) ?? []).flatMap((one) => asText(one) ?? []));
  const names = [...new Set(all.flat())];
  return names.filter((name) => isNearlyAll(all.filter((one) => one.includes(name)).length, services.length));
}

/** What stands before the services' names in those of their containers, where nearly all have it; undefined without such a custom. */
export function containerPrefixOf(services: readonly ComposeService[]): string | undefined {
  const named = services.filter((service) => service.containerName !== undefined);
  const prefixes = named.flatMap(({ name, containerName = '' }) =>
    containerName.endsWith(name) ? [containerName.slice(0, -name.length)] : [],
  );
  const most = majority(prefixes);
  const count = prefixes.filter((one) => one === most).length;
  return most !== undefined && /^(?:[\w.-]*[_.-])?$/.test(most) && isNearlyAll(count, named.length) ? most : undefined;
}

/** Variables of the services that have an environment, where two thirds of those and at least three give one value. */
function sharedVariables(services: readonly ComposeService[], names: readonly string[]): Record<string, string> {
  const environments = services
    .map((service) => environmentOf(service.fields['environment']))
    .filter((environment) => Object.keys(environment).length > 0);
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const values = environments.flatMap((environment) => environment[name] ?? []);
      const most = majority(values);
      const count = values.filter((one) => one === most).length;
      return most !== undefined && most !== '' && count > 2 && count * 3 >= environments.length * 2
        ? [[name, most]]
        : [];
    }),
  );
}

/** The anchor that most environments merge, where it brings nothing but such variables. */
function sharedEnvironment(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  takesUser: boolean,
): Anchored | undefined {
  const environments = services.flatMap((service) => childOf(nodes.get(service.name), 'environment') ?? []);
  const merged = environments.flatMap((node) => mergedAnchors(node).slice(0, 1));
  const anchor = majority(merged);
  const count = merged.filter((one) => one === anchor).length;
  if (anchor === undefined || count < 3 || count * 2 <= environments.length) return undefined;
  const found = anchored(yaml, anchor);
  const safe = new Set([...EVERYWHERE, ...(takesUser ? OF_IMAGES : [])]);
  return found && Object.keys(found.value).every((key) => safe.has(key)) ? found : undefined;
}
