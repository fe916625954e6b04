/** The service's applications, one file for each environment of the platform, as they stand now. */
import type { EmitContext, Ownership } from '../../types';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  const { argocd, helm } = profile;
  if (!argocd || !helm) return { parts: [] };
  const folder = argocd.applications.replace(/\/+$/, '');
  const present = helm.environments
    .map((environment) => ({ environment, path: `${folder}/${manifest.name}-${environment}.yaml` }))
    .filter(({ path }) => tree.paths.includes(path));
  return {
    parts: present.map(({ path }) => ({ kind: 'file', path })),
    followUps: present.map(({ environment }) => ({
      phase: 'start',
      key: `unsync:${manifest.name}-${environment}`,
      title: `Delete ${manifest.name}-${environment} in Argo CD, if nothing does it for you`,
      detail: 'An application that is not part of another one or of a set stays until somebody deletes it.',
      command: `argocd app delete ${manifest.name}-${environment}`,
    })),
  };
}
