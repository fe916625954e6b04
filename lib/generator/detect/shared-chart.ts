/** Guesses whether one chart is for many services: its templates make a Deployment for each entry of a map or list. */
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asList, asRecord } from '../yaml/read';
import { folderOf, type Guesses } from './guess';

export interface SharedChartGuess {
  chart: string;
  values: string;
  section: string;
}

/** The chart, the values file that has most of the entries, and their key. */
export function detectShared(tree: Tree, guesses: Guesses, charts: readonly string[]): SharedChartGuess | undefined {
  for (const chart of charts) {
    const section = tree.paths
      .filter((path) => path.startsWith(`${chart}/templates/`))
      .map((path) => rangeAroundDeployment(tree.read(path) ?? ''))
      .find((found) => found !== undefined);
    if (section === undefined) continue;
    const around = folderOf(chart);
    const best = tree.paths
      .filter((path) => /\.ya?ml$/.test(path) && (folderOf(path) === around || folderOf(path) === chart))
      .map((values) => ({ values, count: countBlocks(asRecord(readYaml(tree, values)?.toJs())?.[section]) }))
      .sort((a, b) => b.count - a.count)[0];
    if (!best || best.count === 0) continue;
    const shared = { chart, values: best.values, section };
    return guesses.note('helm.shared', shared, `${best.count} services have a block under ${section}`, best.values);
  }
  return undefined;
}

/** Entries that are blocks: a variable or an argument is none. */
function countBlocks(section: unknown): number {
  const entries = asList(section) ?? Object.values(asRecord(section) ?? {});
  const blocks = entries.filter((entry) => asRecord(entry) !== undefined);
  return blocks.length === entries.length ? blocks.length : 0;
}

/** The values over which a template ranges, where a whole Deployment stands inside of it: not a range inside of the Deployment. */
function rangeAroundDeployment(text: string): string | undefined {
  const open: (string | undefined)[] = [];
  for (const [token, inside = ''] of text.matchAll(
    /\{\{-?((?:(?!\{\{|\}\}).)*)\}\}|^[ \t]*kind:[ \t]*Deployment[ \t]*\r?$/gms,
  )) {
    const action = inside.replace(/-$/, '').trim();
    if (!token.startsWith('{{')) {
      const section = open.find((one) => one !== undefined);
      if (section !== undefined) return section;
    } else if (/^(?:range|if|with|define|block)\b/.test(action))
      open.push(/^range\b.*?\.Values\.(\w+)$/s.exec(action)?.[1]);
    else if (/^end\b/.test(action)) open.pop();
  }
  return undefined;
}
