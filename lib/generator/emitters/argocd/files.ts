/** An Application per environment, or one where there are none, each a file, as the siblings are. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import { environmentName, environmentNames, environmentValues, isProduction } from '../../chart-environments';
import type { Emission, EmitContext, FollowUp } from '../../types';
import { renderApplication } from './application-file';
import { readApplications, type Application } from './applications';
import { factsFor } from './house';
import { asText } from '../../yaml/read';

/** The applications of other services in the profile's folder. */
export function siblingsOf({ manifest, profile, tree }: EmitContext): Application[] {
  const folder = profile.argocd?.applications.replace(/\/+$/, '') ?? '';
  const all = readApplications(tree, folder, environmentNames(profile.helm));
  return all.filter((one) => one.service !== manifest.name && mayBeChart(tree, asText(one.source['path']) ?? ''));
}

/** Whether a folder is a chart, or is not in this repository, so that nothing is known of it. */
function mayBeChart(tree: EmitContext['tree'], source: string): boolean {
  const folder = source.replace(/^\.?\/|\/+$/g, '');
  return tree.paths.includes(`${folder}/Chart.yaml`) || !tree.paths.some((path) => path.startsWith(`${folder}/`));
}

/** The files; undefined where no application tells which repository this is. */
export function emitFiles(
  context: EmitContext,
  environments: readonly Environment[],
  chart: string,
): Emission | undefined {
  const { manifest, profile, tree } = context;
  const siblings = siblingsOf(context);
  const folder = profile.argocd?.applications.replace(/\/+$/, '') ?? '';
  const { helm } = profile;
  const places = helm && helm.environments.length > 0 ? environments : [undefined];
  const files = places.flatMap((place) => {
    const environment = place && environmentName(helm, place);
    const facts = factsFor({ service: manifest.name, environment }, siblings, folder);
    if (!facts) return [];
    const project = profile.argocd?.project === 'default' ? (facts.project ?? 'default') : profile.argocd?.project;
    const valueFiles = helm && place ? ['values.yaml', environmentValues(helm, place)] : [];
    const of = { service: manifest.name, environment, chart, project: project ?? 'default', valueFiles };
    return [{ environment, path: facts.path, name: facts.name, text: renderApplication(facts, of) }];
  });
  if (files.length === 0) return undefined;
  const differing = files.find(({ path, text }) => {
    const there = tree.read(path);
    return there !== undefined && there !== text;
  });
  if (differing)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path: differing.path,
          owner: manifest.name,
          message: `There is an application for ${manifest.name} already, and it differs from what this spec gives. Choose another name, or change the application there.`,
        },
      ],
    };
  return {
    edits: files
      .filter(({ path }) => tree.read(path) === undefined)
      .map(({ path, text }) => ({ kind: 'create', path, text })),
    followUps: files.filter(({ environment }) => isProduction(environment)).map(({ name }) => syncByHand(name)),
  };
}

/** What is in prod a person starts. */
export function syncByHand(name: string): FollowUp {
  return {
    phase: 'start',
    key: `sync:${name}`,
    title: `Sync ${name} in Argo CD`,
    command: `argocd app sync ${name}`,
  };
}
