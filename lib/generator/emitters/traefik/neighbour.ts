/** Which entries of a dynamic file the new ones stand behind: the group of their domain and their relatives. */
import { readComposeFiles } from '../../observe/compose-files';
import { mostShared, segments } from '../../observe/kinship';
import { dockerHostPort, type TraefikFile } from '../../observe/traefik-file';
import { overlaps } from '@/lib/services/port-range';
import { workloadOf } from '../../naming';
import type { EmitContext } from '../../types';
import { bannerBefore, commentsAbove } from '../../yaml/gap';
import type { Entry } from '../../yaml/locate';

/** Finds the entry to stand behind in a section; undefined where it has none. Of equally near ones the last. */
export interface Neighbourhood {
  /** Among routers: those of the same domain as the host, and relatives. */
  router(entries: readonly Entry[], host: string): string | undefined;
  /** Among services: relatives, and what stands behind a router. */
  service(entries: readonly Entry[], router: string | undefined): string | undefined;
  /** Among transports, by their names alone. */
  transport(entries: readonly Entry[]): string | undefined;
}

/** @param text the dynamic file that the entries stand in. */
export function neighbourhood(context: EmitContext, text: string, file: TraefikFile): Neighbourhood {
  const { manifest, profile } = context;
  const stack = manifest.runtime.compose?.stack ?? profile.categories[manifest.category]?.stack;
  const words = new Set([...segments(manifest.category), ...segments(stack ?? '')]);
  const relatives = relatedServices(context, file, stack);
  const names = [manifest.name, workloadOf(manifest)];
  const [head = ''] = segments(manifest.name);
  const routers = new Map(file.routers.map((one) => [one.name, one]));

  return {
    router(entries, host) {
      const domain = domainOf(profile, host);
      const hostsOf = (name: string) => routers.get(name)?.targets.map((target) => target.host) ?? [];
      const isBeside = (name: string) => hostsOf(name).some((one) => domainOf(profile, one) === domain);
      // Twins have a group of their own, whoever their first halves stand with.
      const twins = isTwinDomain(profile, domain) ? entries.filter((entry) => isBeside(String(entry.key))) : [];
      return choose(twins.length > 0 ? twins : entries, (name, banner) => {
        const own = routers.get(name);
        const hosts = hostsOf(name);
        const sameDomain = isBeside(name);
        return (
          byName(name, banner) +
          kinship(own?.service ?? '') +
          (own?.service === undefined ? 0 : (relatives.get(own.service) ?? 0)) +
          (sameDomain ? 20 : hosts.length > 0 ? -60 : 0)
        );
      });
    },
    service(entries, router) {
      const behind = router === undefined ? undefined : routers.get(router)?.service;
      return choose(
        entries,
        (name, banner) => byName(name, banner) + (relatives.get(name) ?? 0) + (name === behind ? 35 : 0),
      );
    },
    transport: (entries) => choose(entries, byName),
  };

  function kinship(name: string): number {
    return 40 * mostShared(name, names);
  }

  function byName(name: string, banner: string): number {
    const named = segments(banner);
    return (
      kinship(name) +
      (named.some((word) => words.has(word)) ? 30 : 0) +
      (named.includes(head) ? 30 : 0) -
      (/\bprojects?\b/i.test(banner) ? 100 : 0)
    );
  }

  function choose(entries: readonly Entry[], score: (name: string, banner: string) => number): string | undefined {
    let banner = '';
    const banners = entries.map((entry, index) => {
      const from = entries[index - 1]?.end ?? commentsAbove(text, entry.start);
      banner = bannerBefore(text, entry, from) ?? banner;
      return banner;
    });
    let best: { index: number; score: number } | undefined;
    entries.forEach((entry, index) => {
      const one = score(String(entry.key), banners[index] ?? '');
      if (!best || one >= best.score) best = { index, score: one };
    });
    if (!best) return undefined;
    let { index } = best;
    const [first] = segments(String(entries[index]?.key));
    // A service's routers stay together: n8n, n8n-webhooks.
    while (banners[index + 1] === banners[index] && segments(String(entries[index + 1]?.key ?? ''))[0] === first)
      index += 1;
    return String(entries[index]?.key);
  }
}

/** How near Traefik's services are, by what runs behind them: the same stack, the same workload label. */
function relatedServices(
  { manifest, profile, tree }: EmitContext,
  file: TraefikFile,
  stack: string | undefined,
): Map<string, number> {
  const namespace = profile.naming.labelNamespace;
  const suffix = profile.traefik?.serviceSuffix ?? '';
  const composed = readComposeFiles(tree, profile).flatMap((place) =>
    place.file.services.map((service) => ({ service, near: stack !== undefined && place.stack === stack })),
  );
  return new Map(
    file.services.map((one) => {
      const name = suffix !== '' && one.name.endsWith(suffix) ? one.name.slice(0, -suffix.length) : one.name;
      const ranges = one.urls.flatMap((url) => dockerHostPort(url, profile) ?? []);
      const behind = composed.filter(
        ({ service }) =>
          service.name === name || service.ports.some((port) => ranges.some((range) => overlaps(range, port.range))),
      );
      const near = behind.some((each) => each.near) ? 10 : 0;
      const kind = behind.some(
        ({ service }) => namespace !== undefined && service.labels[`${namespace}.workload`] === manifest.category,
      );
      return [one.name, near + (kind ? 25 : 0)];
    }),
  );
}

/** The platform's domain, or its second one, that a host is below; else whatever stands behind its first label. */
export function domainOf({ platform, traefik }: EmitContext['profile'], host: string): string {
  const known = [platform.domain, ...(traefik?.twin ? [traefik.twin.domain] : [])];
  return known.find((domain) => host.endsWith(`.${domain}`)) ?? host.slice(host.indexOf('.') + 1);
}

function isTwinDomain({ traefik }: EmitContext['profile'], domain: string): boolean {
  return traefik?.twin?.domain === domain;
}
