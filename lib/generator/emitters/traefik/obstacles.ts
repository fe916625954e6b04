/** What stands in the way of a route: hosts that are taken, middlewares that are not defined, a backend that cannot be reached. */
import { readYaml } from '../../observe/read-yaml';
import { readRegistryFile } from '../../observe/registry-file';
import { observeHosts } from '../../observe/hosts';
import type { TraefikFile, TraefikRouter } from '../../observe/traefik-file';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext, Finding, ResolvedPort } from '../../types';
import { isOwnName } from '../taken-ports';
import { sameTarget, targetsOf } from './rule';

/** The port that Traefik reaches: the one that the spec names, else the first TCP port. */
export function routedPort({ manifest }: EmitContext): { port: ResolvedPort; index: number } | undefined {
  const ports = manifest.ports.map((port, index) => ({ port, index }));
  const named = manifest.routing?.port;
  return ports.find(({ port }) => (named === undefined ? port.protocol === 'tcp' : port.name === named));
}

/** The middlewares of the service's security posture. */
export function middlewaresOf({ manifest, profile }: EmitContext): readonly string[] {
  const chains = profile.traefik?.middlewares;
  const { access } = manifest.security;
  return (
    (access === 'forward-auth' ? chains?.forwardAuth : access === 'own-oauth' ? chains?.ownOauth : chains?.public) ?? []
  );
}

/** A posture that the profile or the file does not have: nothing must be published with less protection than was asked for. */
export function missingMiddlewares(context: EmitContext, file: TraefikFile): Conflict[] {
  const { access } = context.manifest.security;
  const names = middlewaresOf(context);
  const field = 'security.access';
  if (access === 'forward-auth' && names.length === 0)
    return [
      {
        kind: 'name',
        field,
        path: profilePath,
        message: `The profile names no middleware for forward authentication (traefik.middlewares.forwardAuth), so the service would stand open. Add it to ${profilePath}, or choose another kind of access.`,
      },
    ];
  // Names with an `@` come from another provider and cannot be looked up here.
  const missing = names.filter((name) => !name.includes('@') && !file.middlewares.includes(name));
  return missing.map((name) => ({
    kind: 'name',
    field,
    path: file.path,
    message: `The profile wants the middleware ${name} for ${access}, and ${file.path} does not define it. Define it there, or correct traefik.middlewares in ${profilePath}.`,
  }));
}

/** Hosts, with their path, that another router answers on. */
export function takenHosts(context: EmitContext, file: TraefikFile, others: readonly TraefikRouter[]): Conflict[] {
  const { manifest, profile, tree } = context;
  const seen = observeHosts(tree, profile);
  return targetsOf(manifest.routing ?? { host: '', aliases: [], sse: false }).flatMap((target, index): Conflict[] => {
    const router = others.find((one) => one.targets.some((each) => sameTarget(each, target)));
    if (!router) return [];
    const owner = seen.find((one) => one.router === router.name)?.services[0] ?? router.name;
    const name = `${target.host}${target.path ?? ''}`;
    return [
      {
        kind: 'host',
        field: index === 0 ? 'routing.host' : `routing.aliases.${index - 1}`,
        path: file.path,
        line: router.line,
        owner,
        message: `${name} belongs to ${owner}: the router ${router.name} answers on it (${file.path}:${router.line}). Choose another host${target.path === undefined ? ', or a path below it' : ' or path'}.`,
      },
    ];
  });
}

/** Through the Docker host Traefik reaches published ports only. */
export function unreachableBackend(context: EmitContext): Conflict[] {
  const { profile } = context;
  const routed = routedPort(context);
  if (!routed || (profile.traefik?.backend === 'docker-host' && routed.port.external === 'none')) {
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
  return [];
}

/** Things to know that do not stand in the way: hosts that are shared by path, claimed in the registry, or not in the certificate. */
export function hostFindings(context: EmitContext, file: TraefikFile, others: readonly TraefikRouter[]): Finding[] {
  const { manifest, profile, tree } = context;
  const registry = readYaml(tree, profile.ports?.registry);
  const claims = registry ? readRegistryFile(registry).domains : [];
  return targetsOf(manifest.routing ?? { host: '', aliases: [], sse: false }).flatMap(({ host }): Finding[] => {
    const sharing = others.find((router) => router.targets.some((target) => target.host === host));
    const claim = sharing
      ? undefined
      : claims.find((one) => one.domain === host && !isOwnName(one.service, manifest, profile));
    const label = host.endsWith(`.${profile.platform.domain}`)
      ? host.slice(0, -profile.platform.domain.length - 1)
      : undefined;
    const uncovered =
      label === undefined
        ? `${host} is not below ${profile.platform.domain}: its name has to be in DNS and in a certificate.`
        : label.includes('.')
          ? `*.${profile.platform.domain} covers one label, and ${host} has more: its name has to be in a certificate.`
          : undefined;
    return [
      ...(sharing
        ? [
            {
              kind: 'host-shared',
              path: file.path,
              line: sharing.line,
              message: `${host} is shared with the router ${sharing.name}, by path.`,
            },
          ]
        : []),
      ...(claim && registry
        ? [
            {
              kind: 'host-claimed',
              path: registry.path,
              line: claim.line,
              message: `The port registry gives ${host} to ${claim.service} (${claim.group}), though no router answers on it.`,
            },
          ]
        : []),
      ...(uncovered === undefined || profile.traefik?.certResolver !== undefined || host === profile.platform.domain
        ? []
        : [{ kind: 'certificate', path: file.path, message: uncovered }]),
    ];
  });
}
