/** What a person does after the merge so that the route works: Traefik, its networks, names in DNS and in certificates. */
import type { TraefikFile } from '../../observe/traefik-file';
import type { EmitContext, FollowUp } from '../../types';
import { joinNetwork } from './network';
import type { WantedRouter } from './router';

/** In the order in which they are done. */
export function routeFollowUps(
  context: EmitContext,
  file: Pick<TraefikFile, 'certificates'>,
  wanted: readonly WantedRouter[],
): FollowUp[] {
  return [
    ...joinNetwork(context),
    ...reloadStep(context),
    ...certificateSteps(context, file, wanted),
    ...nameSteps(context, wanted),
  ];
}

function reloadStep({ profile }: EmitContext): FollowUp[] {
  const command = profile.traefik?.reloadCommand;
  return command === undefined
    ? []
    : [{ phase: 'routing', key: 'traefik-reload', title: 'Let Traefik read its file again', command }];
}

/** A wildcard covers one label. Where a resolver asks for certificates, nobody else has to. */
function certificateSteps(
  { profile }: EmitContext,
  { certificates }: Pick<TraefikFile, 'certificates'>,
  wanted: readonly WantedRouter[],
): FollowUp[] {
  const named = profile.traefik?.wildcardDomains ?? [];
  const domains = named.length > 0 ? named : [profile.platform.domain];
  const hosts = wanted
    .filter((router) => router.certResolver === undefined)
    .flatMap((router) => [router.routing.host, ...router.routing.aliases]);
  const where = certificates.length === 0 ? '' : ` (${certificates.join(', ')})`;
  return hosts
    .filter((host) => !isCovered(host, domains))
    .map((host) => {
      const below = domains.find((domain) => host.endsWith(`.${domain}`));
      const why =
        below === undefined
          ? `No certificate of ${domains.map((domain) => `*.${domain}`).join(' or ')} is for it.`
          : `*.${below} covers one label, and this name has more.`;
      return {
        phase: 'names',
        key: `certificate:${host}`,
        title: `Put ${host} into the certificate`,
        detail: `${why} Issue the certificate that Traefik serves again with this name${where}.`,
      };
    });
}

function isCovered(host: string, domains: readonly string[]): boolean {
  return domains.some(
    (domain) => host === domain || (host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes('.')),
  );
}

function nameSteps({ profile }: EmitContext, wanted: readonly WantedRouter[]): FollowUp[] {
  const hosts = wanted.flatMap((router) => [router.routing.host, ...router.routing.aliases]);
  const machine = profile.platform.host === 'default' ? 'the machine that Traefik runs on' : profile.platform.host;
  return [...new Set(hosts)].map((host) => ({
    phase: 'names',
    key: `dns:${host}`,
    title: `Let ${host} lead to ${machine}`,
    detail: `Nothing to do where a wildcard record of ${host.slice(host.indexOf('.') + 1)} leads there already; else add the name to DNS, or to the hosts file of whoever opens it.`,
  }));
}
