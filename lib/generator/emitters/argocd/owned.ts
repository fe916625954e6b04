/** What Argo CD knows of the service now: its applications, one file each, wherever they stand, the file that a generator looks for, and its entries in sets and apps-of-apps. */
import type { EmitContext, OwnedPart, Ownership } from '../../types';
import { environmentNames } from '../../chart-environments';
import { chartFolder } from '../helm-chart/emit';
import { asText } from '../../yaml/read';
import { generatorWanting } from './generators';
import { readApplications } from './applications';
import { learnEntries } from './entry';
import { entryTargets } from './sets';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  const { argocd, helm } = profile;
  if (!argocd || !helm) return { parts: [] };
  const folder = argocd.applications.replace(/\/+$/, '');
  const chart = chartFolder(helm, manifest.name);
  const environments = environmentNames(helm);
  const applications = readApplications(tree, folder, environments).filter(
    (one) => one.service === manifest.name && asText(one.source['path'])?.replace(/\/+$/, '') === chart,
  );
  const entries = entryTargets(tree, profile).flatMap((target) =>
    learnEntries(target, environments)
      .siblings.filter((one) => one.service === manifest.name)
      .map((one): OwnedPart => ({ kind: 'yaml', path: target.yaml.path, at: [...target.path, one.key] })),
  );
  const wanted = generatorWanting(tree, chart);
  const beside = wanted && tree.paths.includes(`${chart}/${wanted.file}`) ? [`${chart}/${wanted.file}`] : [];
  return {
    parts: [
      ...applications.map(({ path }): OwnedPart => ({ kind: 'file', path })),
      ...beside.map((path): OwnedPart => ({ kind: 'file', path })),
      ...entries,
    ],
    followUps: applications.map(({ name }) => ({
      phase: 'start',
      key: `unsync:${name}`,
      title: `Delete ${name} in Argo CD, if nothing does it for you`,
      detail: 'An application that is not part of another one or of a set stays until somebody deletes it.',
      command: `argocd app delete ${name}`,
    })),
  };
}
