/** Guesses about what runs in Kubernetes: charts, one for each service or one for many, and how Argo CD knows of them. */
import { manifestsOf } from '../emitters/argocd/applications';
import { toPattern } from '../emitters/argocd/words';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asRecord, asText } from '../yaml/read';
import { prefersKustomize } from './foreign-delivery';
import { baseName, folderOf, isInUse, known, mostCommon, type Guesses } from './guess';

const environments = ['dev', 'staging', 'prod'] as const;

/** What a chart per service has in its values: read once, asked for several things. */
interface ChartValues {
  service: string;
  /** `values.yaml`, or `values-<environment>.yaml`. */
  environment?: (typeof environments)[number];
  values: Record<string, unknown>;
}

/** The charts' folder, their environments and the conventions in their values; nothing for repositories of Kustomize. */
export function detectCharts(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const charts = tree.paths
    .filter((path) => /^.+\/[^/]+\/Chart\.ya?ml$/.test(path) && isInUse(folderOf(path)))
    .map((path) => folderOf(path));
  const folder = mostCommon(charts.map(folderOf));
  if (!folder || prefersKustomize(tree, charts.length)) return undefined;
  guesses.note('helm.charts', folder.value, `${folder.count} charts are in it`, folder.value);
  const found = environments.filter((environment) =>
    tree.paths.some(
      (path) => path.startsWith(`${folder.value}/`) && new RegExp(`/values[-.]${environment}\\.ya?ml$`).test(path),
    ),
  );
  if (found.length > 0) guesses.note('helm.environments', found, 'charts have values for them', folder.value);
  const shared = detectShared(tree, guesses, charts);
  const own = charts.filter((chart) => chart !== shared?.chart);
  const style = shared && own.length === 0 ? 'shared' : undefined;
  guesses.note('helm.style', style, 'the only chart is one for many services', shared?.chart);
  return known({
    charts: folder.value,
    environments: found.length > 0 ? found : undefined,
    style,
    shared,
    secretStore: detectSecretStore(tree, guesses, own),
    ...detectConventions(tree, guesses, own),
  });
}

/** A chart whose templates make a Deployment for each entry of a map or list, and the values file that has most of the entries. */
function detectShared(
  tree: Tree,
  guesses: Guesses,
  charts: readonly string[],
): { chart: string; values: string; section: string } | undefined {
  for (const chart of charts) {
    const section = tree.paths
      .filter((path) => path.startsWith(`${chart}/templates/`))
      .flatMap((path) => {
        const text = tree.read(path) ?? '';
        const ranged = /\{\{-?\s*range\b[^}]*?\.Values\.(\w+)\s*-?\}\}/.exec(text)?.[1];
        return ranged !== undefined && /^\s*kind:\s*Deployment\s*$/m.test(text) ? [ranged] : [];
      })[0];
    if (section === undefined) continue;
    const around = folderOf(chart);
    const files = tree.paths.filter(
      (path) => /\.ya?ml$/.test(path) && (folderOf(path) === around || folderOf(path) === chart),
    );
    const counted = files
      .map((values) => {
        const blocks = asRecord(readYaml(tree, values)?.toJs())?.[section];
        return { values, count: Array.isArray(blocks) ? blocks.length : Object.keys(asRecord(blocks) ?? {}).length };
      })
      .sort((a, b) => b.count - a.count);
    const best = counted[0];
    if (!best || best.count === 0) continue;
    const shared = { chart, values: best.values, section };
    return guesses.note('helm.shared', shared, `${best.count} services have a block under ${section}`, best.values);
  }
  return undefined;
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
function detectConventions(tree: Tree, guesses: Guesses, charts: readonly string[]): Record<string, unknown> {
  const all = charts.flatMap((chart) => chartValues(tree, chart));
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
  const ingressClass = mostCommon(all.flatMap((one) => valueAt(one.values, 'ingress.className') ?? []))?.value;
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
      const pattern = text === one.environment ? '{environment}' : toPattern(text, { service: one.service });
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

function chartValues(tree: Tree, chart: string): ChartValues[] {
  const service = baseName(chart);
  return [undefined, ...environments].flatMap((environment) => {
    const path = `${chart}/values${environment === undefined ? '' : `-${environment}`}.yaml`;
    const values = asRecord(readYaml(tree, path)?.toJs());
    return values ? [{ service, values, ...(environment === undefined ? {} : { environment }) }] : [];
  });
}

function valueAt(values: unknown, dotted: string): string | undefined {
  return asText(dotted.split('.').reduce<unknown>((current, key) => asRecord(current)?.[key], values));
}

/** The folder that Argo CD's applications are in, whichever way they are sorted into environments; that of the sets where there are no others. */
export function detectArgo(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const all = manifestsOf(tree, 'Application').filter(({ path }) => isInUse(path));
  const sourceOf = (object: Record<string, unknown>) => valueAt(object, 'spec.source.path')?.replace(/\/+$/, '');
  // What runs the folder of the others is the parent of them all.
  const parents = all.filter(({ path, object }) =>
    all.some((other) => other.path !== path && `${folderOf(other.path)}/`.startsWith(`${sourceOf(object) ?? ' '}/`)),
  );
  const applications = all.filter((one) => !parents.includes(one));
  const sets = manifestsOf(tree, 'ApplicationSet').filter(({ path }) => isInUse(path));
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

/** `clusters` of `clusters/dev/apps`: what stands in front of the first folder that is called after an environment. */
function withoutEnvironment(folder: string): string {
  const steps = folder.split('/');
  const at = steps.findIndex((step) => environments.some((environment) => step === environment));
  return at <= 0 ? folder : steps.slice(0, at).join('/');
}
