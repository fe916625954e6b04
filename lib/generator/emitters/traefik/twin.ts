/** The second router of a service, under the platform's other domain: `n8n.ravenhelm.dev` beside `n8n.ravenhelm.test`. */
import type { EmitContext } from '../../types';
import type { Routing } from './rule';

/** What the twin answers on; undefined where the profile has no second domain, the spec declines, or the host is not below the first one. */
export function twinRouting({ manifest, profile }: Pick<EmitContext, 'manifest' | 'profile'>): Routing | undefined {
  const { routing } = manifest;
  const twin = profile.traefik?.twin;
  if (!routing || !twin || routing.twin === false) return undefined;
  const own = `.${profile.platform.domain}`;
  // A resolver asks for certificates by the names in Host(): a pattern of hosts would have none.
  const under = (host: string): string[] =>
    host.endsWith(own) && !host.startsWith('*.') ? [`${host.slice(0, -own.length)}.${twin.domain}`] : [];
  const [host] = under(routing.host);
  return host === undefined ? undefined : { ...routing, host, aliases: routing.aliases.flatMap(under) };
}
