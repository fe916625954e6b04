/**
 * Which entry of the list a new one stands behind: among its kind, and not under the banner of another project merely because that is the
 * end of the list.
 */
import { overlaps } from '@/lib/services/port-range';
import { segments, sharedSegments } from '../../observe/kinship';
import type { PortPool } from '../../observe/ports';
import type { EmitContext } from '../../types';
import { bannerBefore } from '../../yaml/gap';
import type { Entry } from '../../yaml/locate';
import type { ListedPort } from './fields';

/** A run of entries under one banner. */
export interface Group {
  banner: string;
  first: number;
  last: number;
}

/** The list's groups, parted by banners. */
export function groupsOf(text: string, entries: readonly Entry[], listStart: number): Group[] {
  const groups: Group[] = [];
  entries.forEach((entry, index) => {
    const banner = bannerBefore(text, entry, entries[index - 1]?.end ?? listStart);
    const current = groups.at(-1);
    if (current && banner === undefined) current.last = index;
    else groups.push({ banner: banner ?? '', first: index, last: index });
  });
  return groups;
}

/** Index of the entry to stand behind; undefined where the list is empty. Of equally near ones the last. */
export function chooseNeighbour(
  context: EmitContext,
  listed: readonly (ListedPort | undefined)[],
  groups: readonly Group[],
  surroundings: { pools: readonly PortPool[]; stackServices: ReadonlySet<string> },
): number | undefined {
  const { manifest, profile } = context;
  const category = profile.categories[manifest.category];
  const stack = manifest.runtime.compose?.stack ?? category?.stack;
  const words = new Set([...segments(manifest.category), ...segments(stack ?? ''), ...segments(category?.pool ?? '')]);
  const pools = surroundings.pools.filter((pool) =>
    manifest.ports.some((port) => port.external !== 'none' && overlaps(pool, port.external)),
  );
  let best: { index: number; score: number } | undefined;
  listed.forEach((port, index) => {
    const banner = groups.find((group) => group.first <= index && index <= group.last)?.banner ?? '';
    const score = port ? nearness(port, banner) : -1;
    if (!best || score >= best.score) best = { index, score };
  });
  // A service's entries stay together.
  let index = best?.index ?? 0;
  const group = groups.find((one) => one.first <= index && index <= one.last);
  while (index < (group?.last ?? 0) && listed[index + 1]?.service === listed[index]?.service) index += 1;
  return best && index;

  function nearness(port: ListedPort, banner: string): number {
    if (port.service === manifest.name) return 1000;
    if (isForeign(port, banner)) return -100;
    return (
      (port.category === manifest.category ? 100 : 0) +
      40 * sharedSegments(port.service, manifest.name) +
      (segments(banner).some((word) => words.has(word)) ? 30 : 0) +
      (pools.some((pool) => port.external && overlaps(pool, port.external)) ? 20 : 0) +
      (surroundings.stackServices.has(port.service) ? 10 : 0)
    );
  }

  function isForeign(port: ListedPort, banner: string): boolean {
    const own = profile.naming.project;
    if (port.project !== undefined) return port.project !== own;
    return /\bproject\b/i.test(banner) && !(own !== undefined && banner.toLowerCase().includes(own.toLowerCase()));
  }
}
