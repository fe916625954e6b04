/** What stands in the way of a route: hosts that are taken, names that mean something else already, a backend that cannot be reached. */
import { readComposeFiles } from '../../observe/compose-files';
import { labelledRules, observeHosts } from '../../observe/hosts';
import { readYaml } from '../../observe/read-yaml';
import { readRegistryFile } from '../../observe/registry-file';
import { isDynamicPath, type TraefikFile, type TraefikRouter } from '../../observe/traefik-file';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext, Finding, Place } from '../../types';
import { routedPort } from '../routed-port';
import { isOwnName } from '../taken-ports';
import { backendOf } from './backend';
import type { RouteNames } from './names';
import type { WantedRouter } from './router';
import { sameTarget, targetsOf } from './rule';
import { transportDifferences } from './transport';

/** Hosts, with their path, that another router answers on, be it in a dynamic file or in the labels of a container. */
export function takenHosts(context: EmitContext, wanted: readonly WantedRouter[]): Conflict[] {
  const { manifest, profile, tree } = context;
  const own = new Set(wanted.map((router) => router.name));
  const others = observeHosts(tree, profile).filter((one) =>
    isDynamicPath(profile, one.place.path) ? !own.has(one.router) : !one.services.includes(manifest.name),
  );
  return wanted.flatMap((router, twin) =>
    targetsOf(router.routing).flatMap((target, index): Conflict[] => {
      const other = others.find((one) => sameTarget(one, target));
      if (!other) return [];
      const owner = other.services[0] ?? other.router;
      const name = `${target.host}${target.path ?? ''}`;
      const { path, line } = other.place;
      return [
        {
          kind: 'host',
          field: index === 0 || twin > 0 ? 'routing.host' : `routing.aliases.${index - 1}`,
          ...other.place,
          owner,
          message: `${name} belongs to ${owner}: the router ${other.router} answers on it (${path}${line === undefined ? '' : `:${line}`}). Choose another host${target.path === undefined ? ', or a path below it' : ' or path'}.`,
        },
      ];
    }),
  );
}

/** A router in the labels of another container that is called as one of the service's own: Traefik would take neither. */
export function takenRouters({ manifest, profile, tree }: EmitContext): Conflict[] {
  const all = readComposeFiles(tree, profile).flatMap(({ path, file }) =>
    file.services.flatMap((service) => labelledRules(service).map(({ router }) => ({ path, service, router }))),
  );
  const own = new Set(all.filter(({ service }) => service.name === manifest.name).map(({ router }) => router));
  const other = all.find(({ service, router }) => service.name !== manifest.name && own.has(router));
  if (!other) return [];
  const { path, service, router } = other;
  const message = `The router ${router} belongs to ${service.name} already (${path}:${service.line}), and Traefik takes neither of two that are called alike. Choose another name.`;
  return [{ kind: 'name', field: 'name', path, line: service.line, owner: service.name, message }];
}

/** Through the Docker host Traefik reaches published ports only. */
export function unreachableBackend(context: EmitContext): Conflict[] {
  const { profile } = context;
  const routed = routedPort(context);
  if (routed && (profile.traefik?.backend === 'container' || routed.port.external !== 'none')) return [];
  const which = routed ? `The port ${routed.port.name} is not published` : 'There is no TCP port';
  return [
    {
      kind: 'port',
      field: 'routing',
      path: profile.traefik?.dynamic ?? profilePath,
      message: `${which}, and Traefik reaches services through ${profile.traefik?.dockerHost ?? 'the Docker host'}. Publish the port (\`auto\` takes the next free one), or leave the routing out.`,
    },
  ];
}

/** A router, service or transport of our names that says something else: somebody's own, or an older form of ours. */
export function differentAlready(
  context: EmitContext,
  file: TraefikFile,
  names: RouteNames,
  wanted: readonly WantedRouter[],
): Conflict[] {
  const { mtls } = context.manifest.security;
  const router = (one: WantedRouter): Conflict[] => {
    const there = file.routers.find((each) => each.name === one.name);
    return there ? different(context, 'router', there, routerDifferences(there, one)) : [];
  };
  const service = file.services.find((one) => one.name === names.service);
  const transport = mtls ? file.transports.find((one) => one.name === names.transport) : undefined;
  return [
    ...wanted.flatMap(router),
    ...(service
      ? different(context, 'service', service, [
          ...unlike('url', service.urls, [backendOf(context)]),
          ...unlike('serversTransport', service.serversTransport, mtls ? names.transport : undefined),
        ])
      : []),
    ...(transport ? different(context, 'transport', transport, transportDifferences(context, file, transport)) : []),
  ];
}

function routerDifferences(there: TraefikRouter, wanted: WantedRouter): string[] {
  return [
    ...unlike('rule', plain(there.rule), plain(wanted.rule)),
    ...unlike('service', there.service, wanted.service),
    ...unlike('middlewares', there.middlewares, wanted.middlewares),
  ];
}

/** A rule without what does not change its meaning: white space, and the kind of its quotes. */
function plain(rule: string): string {
  return rule.replace(/\s+/g, '').replace(/["']/g, '`');
}

function unlike(name: string, there: unknown, wanted: unknown): string[] {
  return JSON.stringify(there) === JSON.stringify(wanted) ? [] : [name];
}

function different(
  { manifest }: EmitContext,
  what: string,
  place: Place & { name: string },
  differing: readonly string[],
): Conflict[] {
  if (differing.length === 0) return [];
  const where = `${place.path}${place.line === undefined ? '' : `:${place.line}`}`;
  return [
    {
      kind: 'name',
      field: 'name',
      path: place.path,
      ...(place.line === undefined ? {} : { line: place.line }),
      owner: manifest.name,
      message: `There is a ${what} ${place.name} already (${where}), and its ${differing.join(', ')} ${differing.length === 1 ? 'differs' : 'differ'} from the spec. Choose another name; to change that service, plan it with --action change.`,
    },
  ];
}

/** Things to know that do not stand in the way: hosts that are shared by path, or claimed in the registry. */
export function hostFindings(context: EmitContext, file: TraefikFile, wanted: readonly WantedRouter[]): Finding[] {
  const { manifest, profile, tree } = context;
  const registry = readYaml(tree, profile.ports?.registry);
  const claims = registry ? readRegistryFile(registry).domains : [];
  const own = new Set(wanted.map((router) => router.name));
  const hosts = wanted.flatMap((router) => [router.routing.host, ...router.routing.aliases]);
  return hosts.flatMap((host): Finding[] => {
    const sharing = file.routers.find(
      (router) => !own.has(router.name) && router.targets.some((target) => target.host === host),
    );
    if (sharing)
      return [
        {
          kind: 'host-shared',
          path: sharing.path,
          line: sharing.line,
          message: `${host} is shared with the router ${sharing.name}, by path.`,
        },
      ];
    const claim = claims.find((one) => one.domain === host && !isOwnName(one.service, manifest, profile));
    if (!claim || !registry) return [];
    return [
      {
        kind: 'host-claimed',
        path: registry.path,
        line: claim.line,
        message: `The port registry gives ${host} to ${claim.service} (${claim.group}), though no router answers on it.`,
      },
    ];
  });
}
