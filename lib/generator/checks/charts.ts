/** Which charts a change concerns, and everything that Helm needs to judge one for each environment. */
import { environmentValues } from '../chart-environments';
import { sharedValues } from '../emitters/chart-choice';
import type { Profile } from '../profile';
import { readYaml } from '../observe/read-yaml';
import { pathFrom } from '../path-from';
import type { ResolvedManifest, Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import type { CheckInput } from './check';

/** A chart with the values of one environment. */
export interface ChartRender {
  /** Its folder. */
  chart: string;
  /** `dev`; undefined where the chart has no values for environments. */
  environment: string | undefined;
  release: string;
  namespace: string | undefined;
  values: string[];
  files: Map<string, string>;
  hasLocalDependencies: boolean;
  /** Charts that it needs and that are neither in it nor in the repository: Helm would have to fetch them. */
  elsewhere: string[];
}

/** Folders of the charts that the change touches, by a file in them or by the values of the shared chart. */
export function touchedCharts({ plan, profile, manifest, after }: CheckInput): string[] {
  const charts = chartFolders(after);
  const shared = profile.helm?.shared;
  const touched = plan.files.flatMap(({ path }) => {
    const own = charts.find((chart) => path.startsWith(`${chart}/`));
    return [
      ...(own === undefined ? [] : [own]),
      ...(shared && path === sharedValues(shared, manifest.name) ? [trim(shared.chart)] : []),
    ];
  });
  return [...new Set(touched)].filter((chart) => charts.includes(chart));
}

/** Folders with a chart that is not a part of another, in order. */
function chartFolders(tree: Tree): string[] {
  const folders: string[] = [];
  for (const path of tree.paths) {
    if (!path.endsWith('/Chart.yaml')) continue;
    const folder = path.slice(0, -'/Chart.yaml'.length);
    if (!folders.some((outer) => folder.startsWith(`${outer}/`))) folders.push(folder);
  }
  return folders;
}

/** The chart in each environment that it has values for; nothing where the tree has no such chart. */
export function rendersOf(tree: Tree, chart: string, profile: Profile, manifest: ResolvedManifest): ChartRender[] {
  if (tree.read(`${chart}/Chart.yaml`) === undefined) return [];
  const shared = profile.helm?.shared;
  const ofShared = shared && trim(shared.chart) === chart ? [sharedValues(shared, manifest.name)] : [];
  const given = ofShared.filter((path) => tree.read(path) !== undefined);
  const { files, local, elsewhere } = filesOf(tree, chart);
  for (const path of given) files.set(path, tree.read(path) ?? '');
  const common = { chart, release: releaseOf(chart), files, hasLocalDependencies: local, elsewhere };
  const renders = (profile.helm?.environments ?? []).flatMap((environment): ChartRender[] => {
    const named = profile.helm && environmentValues(profile.helm, environment);
    const path = [named, `values-${environment}.yaml`, `values.${environment}.yaml`]
      .map((one) => `${chart}/${one ?? ''}`)
      .find((one) => files.has(one));
    if (path === undefined) return [];
    const namespace = profile.helm?.namespaces[environment]?.replaceAll('{service}', manifest.name);
    return [{ ...common, environment, namespace, values: [...given, path] }];
  });
  return renders.length > 0 ? renders : [{ ...common, environment: undefined, namespace: undefined, values: given }];
}

/** The folder's name where Helm takes it as a release's (a DNS label of at most 53 characters), else a name of ours. */
function releaseOf(chart: string): string {
  const name = chart.split('/').at(-1) ?? '';
  return /^[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?$/.test(name) ? name : 'slipway-check';
}

/** The chart's own files, and those of charts beside it that it depends on. */
function filesOf(tree: Tree, chart: string): { files: Map<string, string>; local: boolean; elsewhere: string[] } {
  const files = new Map<string, string>();
  const take = (folder: string) => {
    for (const path of tree.paths) {
      const text = path.startsWith(`${folder}/`) ? tree.read(path) : undefined;
      if (text !== undefined) files.set(path, text);
    }
  };
  take(chart);
  const elsewhere: string[] = [];
  let local = false;
  const root = asRecord(readYaml(tree, `${chart}/Chart.yaml`)?.toJs());
  for (const item of asList(root?.['dependencies']) ?? []) {
    const name = asText(asRecord(item)?.['name']) ?? '';
    if (files.has(`${chart}/charts/${name}/Chart.yaml`)) continue;
    const beside = /^file:\/\/(\.{1,2}\/.*?)\/*$/.exec(asText(asRecord(item)?.['repository']) ?? '')?.[1];
    const folder = beside === undefined ? undefined : pathFrom(chart, beside);
    if (folder === undefined || tree.read(`${folder}/Chart.yaml`) === undefined) elsewhere.push(name);
    else {
      take(folder);
      local = true;
    }
  }
  return { files, local, elsewhere };
}

function trim(path: string): string {
  return path.replace(/\/+$/, '');
}
