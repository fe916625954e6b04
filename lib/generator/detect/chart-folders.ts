/** Which charts of a repository are its services': not what was fetched from others, not a part of another chart, not one that only makes applications. */
import type { Tree } from '../types';
import { folderOf, isInUse, mostCommon } from './guess';

/** Folders of the charts, sorted. */
export function chartsInUse(tree: Tree): string[] {
  const all = tree.paths.filter((path) => /^.+\/[^/]+\/Chart\.ya?ml$/.test(path)).map(folderOf);
  return all
    .filter((chart) => isInUse(chart) && !all.some((outer) => chart.startsWith(`${outer}/charts/`)))
    .filter(
      (chart) => !chart.split('/').some((step) => /^v?\d+(?:\.\d+)+/.test(step)) && !makesApplications(tree, chart),
    );
}

/** The folder that most charts are in. None where each stands in a folder of its own: the next could be anywhere. */
export function folderOfCharts(charts: readonly string[]): { value: string; count: number } | undefined {
  const folder = mostCommon(charts.map(folderOf));
  return folder && (folder.count > 1 || charts.length === 1) ? folder : undefined;
}

function makesApplications(tree: Tree, chart: string): boolean {
  return tree.paths.some(
    (path) => path.startsWith(`${chart}/templates/`) && /^kind:\s*Application(?:Set)?\s*$/m.test(tree.read(path) ?? ''),
  );
}
