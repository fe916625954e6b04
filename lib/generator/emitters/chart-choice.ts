/** Whether a service gets a chart of its own or a block in the platform's shared chart. */
import type { Profile } from '../profile';
import type { ResolvedManifest } from '../types';

/** `own` or `shared`, as the spec says, else the profile; undefined where it does not run in Kubernetes or the platform has no charts. */
export function chartOf(manifest: ResolvedManifest, profile: Profile): 'own' | 'shared' | undefined {
  const { kubernetes } = manifest.runtime;
  if (!kubernetes || !profile.helm) return undefined;
  return kubernetes.chart ?? profile.helm.style;
}

/** Whether each service has a values file of its own for the shared chart, instead of a block in one. */
export function isFileEach(shared: { values: string }): boolean {
  return shared.values.includes('{service}');
}

/** The values file of the shared chart that is about a service. */
export function sharedValues(shared: { values: string }, service: string): string {
  return shared.values.replaceAll('{service}', service);
}
