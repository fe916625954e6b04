/**
 * The route as labels of the container, for platforms whose Traefik reads them from Docker: what {@link traefikEmitter} writes into a dynamic
 * file, said in Compose. Which labels there are, and how they are spelled, is learned from the siblings.
 */
import type { HostEnding } from '../../observe/host-variables';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { routedPort } from '../routed-port';
import { learnLabelHouse, type LabelHouse, type LabelledSibling } from './label-house';
import { middlewaresOf } from './middlewares';
import { namesAfter, type RouteNames } from './names';
import { routingLike, writeRule, type Routing } from './rule';
import { twinRouting } from './twin';

/**
 * The labels of the service's route by name, in the order to write them; none where the platform does not route by labels, or the service has no
 * host. Values are what Traefik is to read: in Compose `$` is doubled, which is the caller's to do as for any other value.
 * @param siblings the services of the file that the service goes into.
 * @param ending what their hosts end with, where that is a variable.
 */
export function traefikLabels(
  manifest: ResolvedManifest,
  profile: Profile,
  siblings: readonly LabelledSibling[],
  ending?: HostEnding,
): Record<string, string> {
  const { traefik } = profile;
  const { routing } = manifest;
  const routed = routedPort({ manifest });
  if (!traefik?.labels || !routing || !routed) return {};
  const house = learnLabelHouse(siblings);
  const twin = twinRouting({ manifest, profile });
  const names = labelNames(manifest, traefik, house, twin !== undefined);
  const middlewares = middlewaresOf({ manifest, profile }).map((name) => withProvider(name, house));
  const router = (name: string, wanted: Routing, ownResolver: string | undefined): [string, string][] => {
    const at = `traefik.http.routers.${name}`;
    const entryPoints = traefik.entryPoints.length > 0 ? traefik.entryPoints.join(',') : house.entryPoints;
    const resolver = ownResolver ?? (twin ? undefined : house.certResolver);
    const rule = writeRule(routingLike(wanted, ending, profile));
    return [
      [`${at}.rule`, rule],
      ...pairs([`${at}.${house.spelled('entrypoints')}`, entryPoints]),
      ...pairs([`${at}.tls`, house.tls && (resolver === undefined || siblings.length > 0) ? 'true' : undefined]),
      ...pairs([`${at}.tls.${house.spelled('certresolver')}`, resolver]),
      ...pairs([`${at}.middlewares`, middlewares.length > 0 ? middlewares.join(',') : undefined]),
      ...pairs([`${at}.service`, twin || house.namesService ? names.service : undefined]),
    ];
  };
  const balancer = `traefik.http.services.${names.service}.${house.spelled('loadbalancer')}`;
  const { mtls } = manifest.security;
  const labels: [string, string][] = [
    ...pairs(['traefik.enable', house.enable ? 'true' : undefined]),
    ...(house.network ? pairs([house.network.label, house.network.value]) : []),
    ...router(names.router, routing, traefik.certResolver),
    ...(twin ? router(names.twin, twin, traefik.twin?.certResolver) : []),
    [`${balancer}.server.port`, String(routed.port.internal.from)],
    ...pairs([`${balancer}.server.scheme`, mtls ? 'https' : undefined]),
    // The transport stands in a dynamic file: labels cannot say one.
    ...pairs([`${balancer}.${house.spelled('serverstransport')}`, mtls ? `${names.transport}@file` : undefined]),
    ...pairs([
      `${balancer}.${house.spelled('responseforwarding')}.${house.spelled('flushinterval')}`,
      routing.sse ? '-1ms' : undefined,
    ]),
  ];
  return Object.fromEntries(twin ? labels : house.order(labels));
}

/** As the siblings call theirs; without a custom of theirs, router and service are called alike, since one service needs no name of its own. */
function labelNames(
  manifest: ResolvedManifest,
  traefik: NonNullable<Profile['traefik']>,
  house: LabelHouse,
  hasTwin: boolean,
): RouteNames {
  const names = namesAfter(manifest.name, { ...traefik, routerSuffix: house.routerSuffix ?? traefik.routerSuffix });
  const service = house.serviceSuffix === undefined ? undefined : `${manifest.name}${house.serviceSuffix}`;
  return { ...names, service: service ?? (hasTwin ? names.service : names.router) };
}

/** Traefik looks a name without a provider up among the labels. */
function withProvider(name: string, { provider }: LabelHouse): string {
  return name.includes('@') || provider === undefined ? name : `${name}@${provider}`;
}

function pairs(...all: [string, string | undefined][]): [string, string][] {
  return all.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
}
