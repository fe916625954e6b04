/** Which block a new one stands behind: under the banner of its kind, beside its relatives. */
import { segments, sharedSegments } from '../../observe/kinship';
import type { EmitContext } from '../../types';
import { commentsAbove } from '../../yaml/gap';
import { groupsOf } from '../port-registry/neighbour';
import type { SharedChart } from './shared-chart';

/** Key or index of the block; undefined where there is none. Of equally near ones the last. */
export function chooseBlock({ manifest, profile }: EmitContext, chart: SharedChart): string | number | undefined {
  const category = profile.categories[manifest.category];
  const words = new Set([manifest.category, category?.stack ?? '', category?.pool ?? ''].flatMap(segments));
  const { entries } = chart;
  const start = entries[0] ? commentsAbove(chart.yaml.text, entries[0].start) : 0;
  const groups = groupsOf(chart.yaml.text, entries, start);
  const own = profile.naming.project?.toLowerCase();
  let best: { key: string | number; score: number } | undefined;
  entries.forEach((entry, index) => {
    const name = chart.blocks.find((block) => block.key === entry.key)?.name ?? '';
    const banner = groups.find((group) => group.first <= index && index <= group.last)?.banner ?? '';
    const foreign = /\bproject\b/i.test(banner) && !(own !== undefined && banner.toLowerCase().includes(own));
    const score =
      (foreign ? -100 : 0) +
      40 * sharedSegments(name, manifest.name) +
      (segments(banner).some((word) => words.has(word)) ? 30 : 0);
    if (!best || score >= best.score) best = { key: entry.key, score };
  });
  return best?.key;
}
