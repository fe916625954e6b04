/** An Application per environment, each a file, as the siblings are. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import type { Emission, EmitContext, FollowUp } from '../../types';
import { renderApplication } from './application-file';
import { readApplications, type Application } from './applications';
import { factsFor } from './house';

/** The applications of other services in the profile's folder. */
export function siblingsOf({ manifest, profile, tree }: EmitContext): Application[] {
  const folder = profile.argocd?.applications.replace(/\/+$/, '') ?? '';
  const all = readApplications(tree, folder, profile.helm?.environments ?? []);
  return all.filter((one) => one.service !== manifest.name);
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
  const files = environments.flatMap((environment) => {
    const facts = factsFor({ service: manifest.name, environment }, siblings, folder);
    if (!facts) return [];
    const project = profile.argocd?.project === 'default' ? (facts.project ?? 'default') : profile.argocd?.project;
    const of = { service: manifest.name, environment, chart, project: project ?? 'default' };
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
    followUps: files.filter(({ environment }) => environment === 'prod').map(({ name }) => syncByHand(name)),
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
