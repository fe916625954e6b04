/** Which service a new one stands behind: among its relatives, not inside another project's banner, not between a service and its helper. */
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import { segments, sharedSegments } from '../../observe/kinship';
import type { EmitContext } from '../../types';
import { bannerBefore, commentsAbove } from '../../yaml/gap';
import type { Entry } from '../../yaml/locate';

/** What another file that takes the service too has shown already: root and stacks hold the same services. */
export interface Companions {
  /** The service that the new one stands behind there. */
  neighbour: string;
  /** All services of that file. */
  services: ReadonlySet<string>;
}

/** Words that say nothing about a kind of service. */
const EMPTY_WORDS = new Set(['and', 'for', 'the', 'of', 'to', 'in', 'that', 'their', 'else', 'anything', 'everybody']);

/**
 * The service to stand behind; undefined where the file has none. Of equally near ones the last.
 * @param own names that are the service's own and never its neighbours: itself and its helper.
 */
export function chooseNeighbour(
  { manifest, profile }: EmitContext,
  text: string,
  file: ComposeFile,
  entries: readonly Entry[],
  own: ReadonlySet<string>,
  companions?: Companions,
): ComposeService | undefined {
  const namespace = profile.naming.labelNamespace;
  const prefix = profile.naming.containerPrefix;
  const prefixed = file.services.filter((service) => service.containerName?.startsWith(prefix)).length;
  const banners = bannersOf(text, entries);
  const services = new Map(file.services.map((service) => [service.name, service]));
  const category = segments(manifest.category);
  const title = segments(profile.categories[manifest.category]?.title ?? '').filter(
    (word) => word.length > 2 && !EMPTY_WORDS.has(word),
  );
  let best: { index: number; score: number } | undefined;
  entries.forEach((entry, index) => {
    const service = services.get(String(entry.key));
    if (!service || own.has(service.name)) return;
    const score = nearness(service, banners[index] ?? '');
    if (!best || score >= best.score) best = { index, score };
  });
  if (!best) return undefined;
  let index = best.index;
  // n8n-worker stays with n8n, a helper with what it helps.
  for (let next = entries[index + 1]; next && banners[index + 1] === banners[index]; next = entries[index + 1]) {
    const here = services.get(String(entries[index]?.key));
    const following = services.get(String(next.key));
    if (!here || !following || own.has(following.name) || !belongTogether(here, following)) break;
    index += 1;
  }
  return services.get(String(entries[index]?.key));

  function nearness(service: ComposeService, banner: string): number {
    const foreign =
      /\bprojects?\b/i.test(banner) ||
      (prefix !== '' && prefixed * 2 > file.services.length && service.containerName?.startsWith(prefix) === false);
    const workload = namespace === undefined ? '' : (service.labels[`${namespace}.workload`] ?? '');
    const words = segments(banner);
    return (
      (foreign ? -200 : 0) +
      (workload === manifest.category ? 100 : title.includes(workload) ? 50 : 0) +
      40 * sharedSegments(service.name, manifest.name) +
      (segments(service.name).at(-1) === segments(manifest.name).at(-1) ? 20 : 0) +
      (words.some((word) => category.includes(word)) ? 30 : words.some((word) => title.includes(word)) ? 25 : 0) +
      (manifest.runtime.dependsOn.includes(service.name) ? 15 : 0) +
      (companions?.neighbour === service.name ? 60 : 0) +
      (companions?.services.has(service.name) ? 20 : 0) -
      (isAside(service) ? 10 : 0)
    );
  }
}

/** Started only on demand, or for another service: not what a new service is put beside. */
function isAside(service: ComposeService): boolean {
  return service.fields['profiles'] !== undefined || /helper|sidecar|-init$/.test(service.name);
}

function belongTogether(service: ComposeService, next: ComposeService): boolean {
  if (segments(service.name)[0] === segments(next.name)[0]) return true;
  return /helper|sidecar|-init$/.test(next.name)
    ? service.dependsOn.includes(next.name) || next.dependsOn.includes(service.name)
    : next.fields['network_mode'] === `service:${service.name}`;
}

/** For each entry the banner that it stands under, the nearest above it. */
function bannersOf(text: string, entries: readonly Entry[]): string[] {
  let current = '';
  return entries.map((entry, index) => {
    const from = entries[index - 1]?.end ?? commentsAbove(text, entry.start);
    current = bannerBefore(text, entry, from) ?? current;
    return current;
  });
}
