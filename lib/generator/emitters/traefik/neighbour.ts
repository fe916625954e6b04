/** Which router and which service the new ones stand behind: the group of their domain and their relatives. */
import { readComposeFiles } from '../../observe/compose-files';
import { segments, sharedSegments } from '../../observe/kinship';
import { dockerHostPort, type TraefikFile } from '../../observe/traefik-file';
import { overlaps } from '@/lib/services/port-range';
import type { EmitContext } from '../../types';
import { bannerBefore, commentsAbove } from '../../yaml/gap';
import type { Entry } from '../../yaml/locate';

export interface Neighbours {
  router?: string;
  service?: string;
}

/** The entries to stand behind; undefined where a section has none. Of equally near ones the last. */
export function chooseNeighbours(
  context: EmitContext,
  text: string,
  file: TraefikFile,
  sections: { routers: readonly Entry[]; services: readonly Entry[] },
): Neighbours {
  const { manifest, profile } = context;
  const stack = manifest.runtime.compose?.stack ?? profile.categories[manifest.category]?.stack;
  const words = new Set([...segments(manifest.category), ...segments(stack ?? '')]);
  const relatives = relatedServices(context, file, stack);
  const parent = parentDomain(manifest.routing?.host ?? '');

  const router = choose(sections.routers, (name, banner) => {
    const own = file.routers.find((one) => one.name === name);
    const hosts = own?.targets.map((target) => target.host) ?? [];
    const sameDomain = hosts.some((host) => parentDomain(host) === parent);
    return (
      byName(name, banner) +
      40 * sharedSegments(own?.service ?? '', manifest.name) +
      (own?.service === undefined ? 0 : (relatives.get(own.service) ?? 0)) +
      (sameDomain ? 20 : hosts.length > 0 ? -60 : 0)
    );
  });
  const behind = file.routers.find((one) => one.name === router)?.service;
  const service = choose(
    sections.services,
    (name, banner) => byName(name, banner) + (relatives.get(name) ?? 0) + (name === behind ? 35 : 0),
  );
  return { ...(router === undefined ? {} : { router }), ...(service === undefined ? {} : { service }) };

  function byName(name: string, banner: string): number {
    const named = segments(banner);
    const head = segments(manifest.name)[0] ?? '';
    return (
      40 * sharedSegments(name, manifest.name) +
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
    const head = segments(String(entries[index]?.key))[0];
    // A service's routers stay together: n8n, n8n-webhooks.
    while (banners[index + 1] === banners[index] && segments(String(entries[index + 1]?.key ?? ''))[0] === head)
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

function parentDomain(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}
