/** Guesses about what runs in Kubernetes: charts, one for each service or one for many, and how Argo CD knows of them. */
import { manifestsOf } from '../emitters/argocd/applications';
import { toPattern } from '../emitters/argocd/words';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { detectEnvironments, environments, environmentWords, type EnvironmentsGuess } from './chart-environments';
import { chartsInUse, folderOfCharts } from './chart-folders';
import { chartWithValuesFiles, prefersOtherDelivery } from './foreign-delivery';
import { detectShared } from './shared-chart';
import { baseName, folderOf, isInUse, known, mostCommon, type Guesses } from './guess';

type Environment = (typeof environments)[number];

/** What a chart per service has in its values: read once, asked for several things. */
interface ChartValues {
  service: string;
  /** `values.yaml`, or `values-<environment>.yaml`. */
  environment?: Environment;
  /** What it is called there. */
  name?: string;
  values: Record<string, unknown>;
}

/** The charts' folder, their environments and the conventions in their values; nothing where services are kept in another way. */
export function detectCharts(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const charts = chartsInUse(tree);
  const each = chartWithValuesFiles(tree, charts);
  if (each) return valuesFileEach(tree, guesses, each);
  const folder = folderOfCharts(charts);
  if (!folder || prefersOtherDelivery(tree, charts.length)) return undefined;
  guesses.note('helm.charts', folder.value, `${folder.count} charts are in it`, folder.value);
  const shared = detectShared(tree, guesses, charts);
  const own = charts.filter((chart) => chart !== shared?.chart);
  const style = shared && own.length === 0 ? 'shared' : undefined;
  guesses.note('helm.style', style, 'the only chart is one for many services', shared?.chart);
  const found = detectEnvironments(tree, guesses, own);
  return known({
    charts: folder.value,
    ...found,
    style,
    shared,
    secretStore: detectSecretStore(tree, guesses, own),
    ...detectConventions(tree, guesses, own, found),
  });
}

/** A chart for many services, with a values file for each of them. */
function valuesFileEach(
  tree: Tree,
  guesses: Guesses,
  { chart, values, count }: { chart: string; values: string; count: number },
): Record<string, unknown> {
  const shared = { chart, values };
  guesses.note('helm.charts', folderOf(chart), `${baseName(chart)} is in it`, chart);
  guesses.note(
    'helm.shared',
    shared,
    `${count} services have a values file for it`,
    values.replace(/\/\{service\}.*/, ''),
  );
  guesses.note('helm.style', 'shared', 'services have values, not charts', chart);
  guesses.note('helm.environments', [], 'services have one values file', chart);
  return { charts: folderOf(chart), style: 'shared', shared, environments: [] };
}

/** The secret store that most external secrets of the charts name, in the template or by a value. */
function detectSecretStore(
  tree: Tree,
  guesses: Guesses,
  charts: readonly string[],
): { kind: string; name: string } | undefined {
  const stores = charts.flatMap((chart) =>
    tree.paths
      .filter((path) => path.startsWith(`${chart}/templates/`))
      .flatMap((path) => {
        const match = /secretStoreRef:\s*\n((?:\s+(?:kind|name):.*\n?){1,2})/.exec(
          (tree.read(path) ?? '').replaceAll('\r\n', '\n'),
        )?.[1];
        const kind = /kind:\s*["']?(\w+)/.exec(match ?? '')?.[1] ?? 'SecretStore';
        const written = /name:\s*(.*)/.exec(match ?? '')?.[1]?.trim();
        const value = /^["']?\{\{-?\s*\.Values\.([\w.]+)/.exec(written ?? '')?.[1];
        const name = value === undefined ? written : valueAt(readYaml(tree, `${chart}/values.yaml`)?.toJs(), value);
        const isName = name !== undefined && /^[a-z0-9][a-z0-9.-]*$/.test(name);
        return isName && /^(Cluster)?SecretStore$/.test(kind) ? [JSON.stringify({ kind, name })] : [];
      }),
  );
  const store = mostCommon(stores);
  const parsed = store && (JSON.parse(store.value) as { kind: string; name: string });
  return guesses.note('helm.secretStore', parsed, `${store?.count ?? 0} charts copy their secrets from it`, charts[0]);
}

/** Hosts and cost labels, as patterns of the service's name. */
function detectConventions(
  tree: Tree,
  guesses: Guesses,
  charts: readonly string[],
  found: EnvironmentsGuess,
): Record<string, unknown> {
  const all = charts.flatMap((chart) => chartValues(tree, chart, found));
  const hosts = known(
    Object.fromEntries(
      environments.map((environment) => {
        const patterns = all
          .filter((one) => one.environment === environment)
          .flatMap((one) => {
            const host = valueAt(one.values, 'ingress.host');
            const pattern = host === undefined ? '' : toPattern(host, { service: one.service });
            return pattern.includes('{service}') ? [pattern] : [];
          });
        const host = mostCommon(patterns);
        return [environment, guesses.note(`helm.hosts.${environment}`, host?.value, 'ingresses have such hosts')];
      }),
    ),
  );
  const ingressClass = mostCommon(all.flatMap((one) => valueAt(one.values, 'ingress.className') || []))?.value;
  guesses.note('helm.ingressClass', ingressClass, 'ingresses are of this class');
  return { hosts, ingressClass, costLabels: detectCostLabels(all, guesses) };
}

/** The labels under `costLabels`: of the service, of its environment, of its owner, or the same for all. */
function detectCostLabels(all: readonly ChartValues[], guesses: Guesses): Record<string, string> | undefined {
  const labels = new Map<string, string[]>();
  for (const one of all)
    for (const [key, value] of Object.entries(asRecord(one.values['costLabels']) ?? {})) {
      const text = asText(value);
      if (text === undefined) continue;
      const pattern = text === one.name ? '{environment}' : toPattern(text, { service: one.service });
      labels.set(key, [...(labels.get(key) ?? []), pattern]);
    }
  const found = [...labels].flatMap(([key, patterns]): [string, string][] => {
    if (/^(owner|team)$/i.test(key)) return [[key, '{owner}']];
    const [first, ...others] = patterns;
    return first !== undefined && others.every((one) => one === first) ? [[key, first]] : [];
  });
  if (found.length === 0) return undefined;
  return guesses.note('helm.costLabels', Object.fromEntries(found), 'charts label their objects so');
}

function chartValues(tree: Tree, chart: string, found: EnvironmentsGuess): ChartValues[] {
  const service = baseName(chart);
  const { environmentValues = 'values-{environment}.yaml', environmentNames = {} } = found;
  return [undefined, ...environments].flatMap((environment): ChartValues[] => {
    const name = environment && (environmentNames[environment] ?? environment);
    const path = `${chart}/${name === undefined ? 'values.yaml' : environmentValues.replaceAll('{environment}', name)}`;
    const values = asRecord(readYaml(tree, path)?.toJs());
    return values ? [{ service, values, ...(environment && name ? { environment, name } : {}) }] : [];
  });
}

function valueAt(values: unknown, dotted: string): string | undefined {
  return asText(dotted.split('.').reduce<unknown>((current, key) => asRecord(current)?.[key], values));
}

/** The folder that Argo CD's applications are in, whichever way they are sorted into environments; that of the sets where there are no others. */
export function detectArgo(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const all = manifestsOf(tree, 'Application').filter(({ path }) => isInUse(path));
  const sets = manifestsOf(tree, 'ApplicationSet').filter(({ path }) => isInUse(path));
  // What runs the folder of the others is the parent of them all.
  const parents = all.filter(({ path, object }) =>
    [...all, ...sets].some(
      (other) =>
        other.path !== path && sourcesOf(object).some((source) => `${folderOf(other.path)}/`.startsWith(`${source}/`)),
    ),
  );
  const applications = all.filter((one) => !parents.includes(one));
  const objects = applications.length > 0 ? applications : sets;
  const folder = mostCommon(objects.map(({ path }) => withoutEnvironment(folderOf(path))));
  if (!folder || folder.value === '') return undefined;
  const what = applications.length > 0 ? 'applications' : 'ApplicationSets';
  guesses.note('argocd.applications', folder.value, `${folder.count} ${what} are in it`, folder.value);
  const project = mostCommon(
    objects.flatMap(
      ({ object }) => valueAt(object, 'spec.project') ?? valueAt(object, 'spec.template.spec.project') ?? [],
    ),
  );
  const literal = project && !project.value.includes('{{') ? project : undefined;
  guesses.note('argocd.project', literal?.value, `${literal?.count ?? 0} ${what} are in it`, folder.value);
  return known({ applications: folder.value, project: literal?.value });
}

/** The folders that an application runs. */
function sourcesOf(application: Record<string, unknown>): string[] {
  const spec = asRecord(application['spec']);
  return [spec?.['source'], ...(asList(spec?.['sources']) ?? [])].flatMap((source) => {
    const path = asText(asRecord(source)?.['path'])?.replace(/^\.?\/|\/+$/g, '');
    return path === undefined || path === '' ? [] : [path];
  });
}

/** `clusters` of `clusters/dev/apps`: what stands in front of the first folder that is called after an environment. */
function withoutEnvironment(folder: string): string {
  const steps = folder.split('/');
  const at = steps.findIndex((step) => environmentWords.has(step));
  return at <= 0 ? folder : steps.slice(0, at).join('/');
}
