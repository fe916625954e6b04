/**
 * The route as labels of the container, for platforms whose Traefik reads them from Docker: what {@link traefikEmitter} writes into a dynamic
 * file, said in Compose. Which labels there are, and how they are spelled, is learned from the siblings.
 */
import { mostCommon } from '../../detect/guess';
import type { ComposeService } from '../../observe/compose-file';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { routedPort } from '../routed-port';
import { middlewaresOf } from './middlewares';
import { namesAfter } from './names';
import { writeRule } from './rule';
import { twinRouting } from './twin';

/** A Compose service as far as its labels tell how routes are written. */
export type LabelledSibling = Pick<ComposeService, 'labels' | 'networks'>;

/**
 * The labels of the service's route by name, in the order to write them; none where the platform does not route by labels, or the service has no
 * host. Values are what Traefik is to read: in Compose `$` is doubled, which is the caller's to do as for any other value.
 * @param siblings the services of the file that the service goes into.
 */
export function traefikLabels(
  manifest: ResolvedManifest,
  profile: Profile,
  siblings: readonly LabelledSibling[],
): Record<string, string> {
  const { traefik } = profile;
  const { routing } = manifest;
  const routed = routedPort({ manifest });
  if (!traefik?.labels || !routing || !routed) return {};
  const house = learnLabels(siblings);
  const names = namesAfter(manifest.name, traefik);
  const twin = twinRouting({ manifest, profile });
  const middlewares = middlewaresOf({ manifest, profile }).map((name) => withProvider(name, house));
  const router = (name: string, rule: string, certResolver: string | undefined): [string, string][] => {
    const at = `traefik.http.routers.${name}`;
    const entryPoints = traefik.entryPoints.length > 0 ? traefik.entryPoints.join(',') : house.entryPoints;
    const resolver = certResolver ?? (twin ? undefined : house.certResolver);
    return [
      [`${at}.rule`, rule],
      ...pairs([`${at}.${house.spelled('entrypoints')}`, entryPoints]),
      ...(resolver === undefined
        ? pairs([`${at}.tls`, house.tls ? 'true' : undefined])
        : pairs([`${at}.tls.${house.spelled('certresolver')}`, resolver])),
      ...pairs([`${at}.middlewares`, middlewares.length > 0 ? middlewares.join(',') : undefined]),
      ...pairs([`${at}.service`, twin ? names.service : undefined]),
    ];
  };
  const balancer = `traefik.http.services.${twin ? names.service : names.router}.${house.spelled('loadbalancer')}`;
  const { mtls } = manifest.security;
  return Object.fromEntries([
    ...pairs(['traefik.enable', house.enable ? 'true' : undefined]),
    ...pairs(['traefik.docker.network', house.network]),
    ...router(names.router, writeRule(routing), traefik.certResolver),
    ...(twin ? router(names.twin, writeRule(twin), traefik.twin?.certResolver) : []),
    [`${balancer}.server.port`, String(routed.port.internal.from)],
    ...pairs([`${balancer}.server.scheme`, mtls ? 'https' : undefined]),
    // The transport stands in a dynamic file: labels cannot say one.
    ...pairs([`${balancer}.${house.spelled('serverstransport')}`, mtls ? `${names.transport}@file` : undefined]),
    ...pairs([
      `${balancer}.${house.spelled('responseforwarding')}.${house.spelled('flushinterval')}`,
      routing.sse ? '-1ms' : undefined,
    ]),
  ]);
}

interface LabelHouse {
  enable: boolean;
  network: string | undefined;
  entryPoints: string | undefined;
  certResolver: string | undefined;
  tls: boolean;
  /** The provider that most middlewares are named with: `file` in `protected@file`. */
  provider: string | undefined;
  /** A word as the siblings spell it: Traefik reads `certresolver` and `certResolver` alike. */
  spelled(word: string): string;
}

function learnLabels(siblings: readonly LabelledSibling[]): LabelHouse {
  const labels = siblings
    .map((one) => Object.entries(one.labels).filter(([name]) => /^traefik\./i.test(name)))
    .filter((one) => one.length > 0);
  const all = labels.flat();
  const values = (pattern: RegExp): string[] => all.flatMap(([name, value]) => (pattern.test(name) ? [value] : []));
  const most = (found: readonly string[]): string | undefined => {
    const common = mostCommon(found);
    return common && common.count * 2 > labels.length ? common.value : undefined;
  };
  const words = new Map(all.flatMap(([name]) => name.split('.').map((word) => [word.toLowerCase(), word])));
  return {
    // Said by most siblings; and said where there is none to ask, since Traefik may be told to expose nothing by itself.
    enable: labels.length === 0 || values(/^traefik\.enable$/i).length * 2 > labels.length,
    network: most(values(/^traefik\.docker\.network$/i)),
    entryPoints: most(values(/^traefik\.http\.routers\.[^.]+\.entrypoints$/i)),
    certResolver: most(values(/^traefik\.http\.routers\.[^.]+\.tls\.certresolver$/i)),
    tls: labels.length === 0 || values(/^traefik\.http\.routers\.[^.]+\.tls$/i).length * 2 > labels.length,
    provider: mostCommon(
      values(/^traefik\.http\.routers\.[^.]+\.middlewares$/i)
        .flatMap((value) => value.split(','))
        .flatMap((name) => /@(\w+)$/.exec(name.trim())?.[1] ?? []),
    )?.value,
    spelled: (word) => words.get(word) ?? word,
  };
}

/** Traefik looks a name without a provider up among the labels. */
function withProvider(name: string, { provider }: LabelHouse): string {
  return name.includes('@') || provider === undefined ? name : `${name}@${provider}`;
}

function pairs(...all: [string, string | undefined][]): [string, string][] {
  return all.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
}
