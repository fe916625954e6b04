/**
 * Ways of running things in Kubernetes that Slipway does not write for: Kustomize, Flux, a values file for each service, plain manifests. It says
 * which folder it saw, what it is and what to do, instead of putting a chart where nobody keeps charts.
 */
import { escapeRegExp } from '../escape-reg-exp';
import { finds, generatorOfValues, gitGenerators } from '../emitters/argocd/git-generators';
import { manifestsOf } from '../emitters/argocd/applications';
import type { Finding, Tree } from '../types';
import { asRecord, asText } from '../yaml/read';
import { environmentWords } from './chart-environments';
import { baseName, folderOf, isInUse, mostCommon } from './guess';

/** A way in which services are kept: a folder for each of them. */
interface Delivery {
  kind: 'kustomize' | 'flux' | 'values-files' | 'manifests';
  /** Folders of services, sorted. */
  services: readonly string[];
  /** What a service's folder has to have. */
  file: string;
  /** In words: `with Kustomize`. */
  how: string;
}

const KUSTOMIZATION = /(?:^|\/)kustomization\.ya?ml$/;
/** Parts of a service's folder, not services. */
const PARTS = new Set(['app', 'base', 'bases', 'overlay', 'overlays', 'components', 'config', 'patches', 'resources']);

/** Whether what runs is kept in another way rather than in charts: more services of that kind than charts. */
export function prefersOtherDelivery(tree: Tree, charts: number): boolean {
  return [kustomize(tree), helmReleases(tree), valuesFiles(tree)].some(({ services }) => services.length > charts);
}

/** What there is to say to a service on a platform that keeps services in other ways; the most common way first. */
export function foreignDelivery(tree: Tree, manifest: { name: string; category: string }): Finding[] {
  const flux = helmReleases(tree);
  // Flux has kustomizations of its own all over.
  const ways = [flux.services.length > 0 ? flux : kustomize(tree), valuesFiles(tree)];
  const seen = ways.filter(({ services }) => services.length > 0);
  return (seen.length > 0 ? seen : [manifests(tree)])
    .filter(({ services }) => services.length > 0)
    .sort((a, b) => b.services.length - a.services.length)
    .map((way) => describe(tree, way, manifest));
}

function describe(tree: Tree, way: Delivery, { name, category }: { name: string; category: string }): Finding {
  const parents = way.services.map(folderOf);
  const usual = parents.filter((one) => /(?:^|\/)(?:apps?|applications|services|workloads)(?:\/|$)/.test(one));
  const parent =
    parents.find((one) => baseName(one) === category) ?? mostCommon(usual.length > 0 ? usual : parents)?.value ?? '';
  const neighbour = way.services.find((one) => folderOf(one) === parent) ?? parent;
  const folder = parent === '' ? name : `${parent}/${name}`;
  const list = `${parent}/kustomization.yaml`;
  const listed = tree.read(list)?.includes(baseName(neighbour)) === true;
  const alone = parent === '' || way.services.length === 1;
  const steps = [
    alone
      ? `Write it by hand, after ${neighbour}`
      : `Write ${folder}${way.file === '' ? '' : `/${way.file}`} like that of ${baseName(neighbour)} beside it`,
    ...(listed ? [`list it in ${list}`] : []),
    ...(alone ? [] : startedBy(tree, folder, neighbour)),
  ];
  const choice =
    way.kind === 'flux'
      ? ''
      : ' To have a Helm chart instead, name its folder in slipway.yaml (helm.charts), one that Argo CD runs.';
  return {
    kind: way.kind,
    path: neighbour,
    message: `${way.services.length === 1 ? 'One service is' : `${way.services.length} services are`} kept here ${way.how}, ${alone ? `in ${way.services.length === 1 ? '' : 'folders such as '}${neighbour}` : `in folders such as ${parent}`}. Slipway writes Helm charts for Argo CD and nothing else: the Kubernetes part is left to you. ${sentence(steps)}${choice}`,
  };
}

/** Who starts it, once it is there. */
function startedBy(tree: Tree, folder: string, neighbour: string): string[] {
  const generator = gitGenerators(tree).find((one) =>
    one.kind === 'directories'
      ? finds(one, folder) || finds(one, folderOf(folder))
      : tree.paths.some((path) => path.startsWith(`${neighbour}/`) && finds(one, path)),
  );
  if (generator) return [`${generator.file} starts it then`];
  const application = manifestsOf(tree, 'Application').find(({ object }) =>
    `${sourcePath(object) ?? ''}/`.startsWith(`${neighbour}/`),
  );
  return application ? [`give it an application like ${application.path}`] : [];
}

function sentence(steps: readonly string[]): string {
  const last = steps.at(-1) ?? '';
  const text = steps.length < 2 ? last : `${steps.slice(0, -1).join(', ')}, and ${last}`;
  return text === '' ? '' : `${text}.`;
}

/** Folders with a kustomization of Kustomize itself: Flux has an object of the same name, in files of other names. */
function kustomize(tree: Tree): Delivery {
  const folders = tree.paths.filter((path) => KUSTOMIZATION.test(path) && isInUse(path)).map(folderOf);
  const services = [...new Set(folders.map(withoutParts))];
  // A kustomization that lists the others is none of a service.
  const leaves = services.filter((one) => one !== '' && !services.some((other) => other.startsWith(`${one}/`)));
  return { kind: 'kustomize', services: leaves.sort(), file: 'kustomization.yaml', how: 'with Kustomize' };
}

function helmReleases(tree: Tree): Delivery {
  const files = tree.paths.filter(
    (path) =>
      /\.ya?ml$/.test(path) &&
      isInUse(path) &&
      /^apiVersion:\s*["']?(?:helm|kustomize)\.toolkit\.fluxcd\.io\//m.test(tree.read(path) ?? ''),
  );
  const releases = files.filter((path) => /^kind:\s*["']?HelmRelease\b/m.test(tree.read(path) ?? ''));
  const chosen = releases.length > 0 ? releases : files;
  const services = [...new Set(chosen.map((path) => withoutParts(folderOf(path))))].sort();
  const [file] = releases.map((path) => path.slice(withoutParts(folderOf(path)).length + 1));
  return { kind: 'flux', services, file: file ?? '', how: 'for Flux' };
}

/**
 * The chart of this repository that services have a values file each for, and the pattern of those files; undefined where it stands elsewhere, or where
 * fewer services are kept so than in charts.
 */
export function chartWithValuesFiles(
  tree: Tree,
  charts: readonly string[],
): { chart: string; values: string; count: number } | undefined {
  const { services } = valuesFiles(tree);
  const folder = mostCommon(services.map(folderOf));
  if (!folder || folder.value === '' || services.length <= charts.length) return undefined;
  const [one = ''] = services.filter((service) => folderOf(service) === folder.value);
  const generator = generatorOfValues(tree, `${one}/values.yaml`);
  const text = generator && tree.read(generator.file);
  const chart = charts.find((path) =>
    new RegExp(`\\bpath:\\s*["']?${escapeRegExp(path)}/?["']?\\s*$`, 'm').test(text ?? ''),
  );
  return chart === undefined
    ? undefined
    : { chart, values: `${folder.value}/{service}/values.yaml`, count: folder.count };
}

/** Folders in which a generator finds the values of a chart that stands elsewhere. */
function valuesFiles(tree: Tree): Delivery {
  const generators = gitGenerators(tree).filter((generator) => generator.runs === 'values');
  const folders = tree.paths.filter((path) => /\/values\.ya?ml$/.test(path)).map(folderOf);
  const found = new Set(
    tree.paths.filter((path) => generators.some((one) => one.kind === 'files' && finds(one, path))).map(folderOf),
  );
  const services = folders.filter(
    (folder) => found.has(folder) || generators.some((one) => one.kind === 'directories' && finds(one, folder)),
  );
  return {
    kind: 'values-files',
    services: [...new Set(services)].sort(),
    file: 'values.yaml',
    how: 'as a values file each for a chart that stands elsewhere',
  };
}

/** Folders of plain manifests that applications run. */
function manifests(tree: Tree): Delivery {
  const services = manifestsOf(tree, 'Application').flatMap(({ object, path }) => {
    const source = sourcePath(object);
    const files = source === undefined ? [] : tree.paths.filter((one) => one.startsWith(`${source}/`));
    const isOwn = files.length > 0 && !files.some((one) => /Chart\.ya?ml$|kustomization\.ya?ml$/.test(one));
    return isOwn && source !== undefined && !files.includes(path) && isInUse(path) ? [source] : [];
  });
  return { kind: 'manifests', services: [...new Set(services)].sort(), file: '', how: 'as plain manifests' };
}

function sourcePath(application: Record<string, unknown>): string | undefined {
  const source = asRecord(asRecord(application['spec'])?.['source']);
  return asText(source?.['path'])?.replace(/^\.?\/|\/+$/g, '');
}

/** `apps/api` of `apps/api/overlays/prod`. */
function withoutParts(folder: string): string {
  const steps = folder.split('/');
  while (steps.length > 1 && (PARTS.has(steps.at(-1) ?? '') || environmentWords.has(steps.at(-1) ?? ''))) steps.pop();
  return steps.join('/');
}
