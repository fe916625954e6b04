/** Which charts of a repository are its services': not what was fetched from others, not a part of another chart, not one that only makes applications. */
import type { Tree } from '../types';
import { folderOf, isInUse, mostCommon } from './guess';

/** Folders of the charts, sorted. */
export function chartsInUse(tree: Tree): string[] {
  const all = tree.paths.filter((path) => /^.+\/[^/]+\/Chart\.ya?ml$/.test(path)).map(folderOf);
  const outermost = all.filter((chart) => !all.some((outer) => chart.startsWith(`${outer}/charts/`)));
  const fetched = outermost.filter((chart) => chart.split('/').some((step) => /^v?\d+(?:\.\d+)+/.test(step)));
  // Where most are others' charts, kept as they were fetched, the rest of them are too.
  if (fetched.length * 2 > outermost.length) return [];
  return outermost.filter((chart) => isInUse(chart) && !fetched.includes(chart) && !makesApplications(tree, chart));
}

/**
 * The folder that most charts are in; where they are in groups, folders side by side, that of the largest group. None where they are scattered: the
 * next could be anywhere.
 */
export function folderOfCharts(charts: readonly string[]): { value: string; count: number } | undefined {
  const folder = mostCommon(charts.map(folderOf));
  if (!folder || (folder.count === 1 && charts.length > 1)) return undefined;
  const around = folderOf(folder.value);
  const beside = around === '' ? folder.count : charts.filter((chart) => chart.startsWith(`${around}/`)).length;
  return beside * 2 >= charts.length ? folder : undefined;
}

function makesApplications(tree: Tree, chart: string): boolean {
  return tree.paths.some(
    (path) => path.startsWith(`${chart}/templates/`) && /^kind:\s*Application(?:Set)?\s*$/m.test(tree.read(path) ?? ''),
  );
}
