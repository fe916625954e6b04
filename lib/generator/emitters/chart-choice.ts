/** Whether a service gets a chart of its own or a block in the platform's shared chart. */
import type { Profile } from '../profile';
import type { ResolvedManifest } from '../types';

/** `own` or `shared`, as the spec says, else the profile; undefined where it does not run in Kubernetes or the platform has no charts. */
export function chartOf(manifest: ResolvedManifest, profile: Profile): 'own' | 'shared' | undefined {
  const { kubernetes } = manifest.runtime;
  if (!kubernetes || !profile.helm) return undefined;
  return kubernetes.chart ?? profile.helm.style;
}
