/** Guesses about everything else: charts, Argo CD, SPIFFE. */
import type { Tree } from '../types';
import { folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

const environments = ['dev', 'staging', 'prod'] as const;

export function detectCharts(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const charts = tree.paths.filter((path) => /^.+\/[^/]+\/Chart\.ya?ml$/.test(path) && isInUse(folderOf(path)));
  const folder = mostCommon(charts.map((path) => folderOf(folderOf(path))));
  if (!folder) return undefined;
  guesses.note('helm.charts', folder.value, `${folder.count} charts are in it`, folder.value);
  const found = environments.filter((environment) =>
    tree.paths.some(
      (path) => path.startsWith(`${folder.value}/`) && new RegExp(`/values[-.]${environment}\\.ya?ml$`).test(path),
    ),
  );
  if (found.length > 0) guesses.note('helm.environments', found, 'charts have values for them', folder.value);
  return known({ charts: folder.value, environments: found.length > 0 ? found : undefined });
}

export function detectArgo(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const applications = tree.paths.filter(
    (path) =>
      /\.ya?ml$/i.test(path) &&
      isInUse(path) &&
      /argo/i.test(path) &&
      /^kind:\s*Application\s*$/m.test(tree.read(path) ?? ''),
  );
  const folder = mostCommon(applications.map(folderOf));
  if (!folder || folder.value === '') return undefined;
  guesses.note('argocd.applications', folder.value, `${folder.count} applications are in it`, folder.value);
  const project = mostCommon(
    applications.flatMap((path) => /^\s+project:\s*["']?([\w-]+)/m.exec(tree.read(path) ?? '')?.[1] ?? []),
  );
  guesses.note('argocd.project', project?.value, `${project?.count ?? 0} applications are in it`, folder.value);
  return known({ applications: folder.value, project: project?.value });
}

export function detectSpiffe(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const helpers = tree.paths.filter(
    (path) => /\.conf$/i.test(path) && isInUse(path) && /^\s*svid_file_name\s*=/m.test(tree.read(path) ?? ''),
  );
  const folder = mostCommon(helpers.map(folderOf));
  if (!folder || folder.value === '') return undefined;
  guesses.note('spiffe.helperConfigs', folder.value, `${folder.count} helper configurations are in it`, folder.value);
  const registration = shallowest(
    tree.paths.filter(
      (path) =>
        /\.sh$/i.test(path) &&
        isInUse(path) &&
        /spire-server\b[^\n]*\bentry\s+create|entry create/.test(tree.read(path) ?? ''),
    ),
  );
  guesses.note('spiffe.registration', registration, 'it creates registration entries', registration);
  return known({ helperConfigs: folder.value, registration });
}
