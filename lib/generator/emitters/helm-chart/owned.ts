/** The service's chart, as it stands now: everything in its folder. */
import type { EmitContext, Ownership } from '../../types';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  if (!profile.helm) return { parts: [] };
  const folder = `${profile.helm.charts.replace(/\/+$/, '')}/${manifest.name}/`;
  return { parts: tree.paths.filter((path) => path.startsWith(folder)).map((path) => ({ kind: 'file', path })) };
}
