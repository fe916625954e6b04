/** Ways of running things in Kubernetes that Slipway does not write for: it says so, instead of putting a chart where nobody keeps charts. */
import type { Finding, Tree } from '../types';
import { isInUse } from './guess';

const KUSTOMIZATION = /(?:^|\/)kustomization\.ya?ml$/;

/** Whether what runs is kept with Kustomize rather than in charts: more overlays than charts. */
export function prefersKustomize(tree: Tree, charts: number): boolean {
  return kustomizations(tree).length > charts;
}

/** What there is to say of a repository that runs things by Kustomize or by Flux. */
export function foreignDelivery(tree: Tree): Finding[] {
  const kustomize = kustomizations(tree);
  const charts = tree.paths.filter((path) => /(?:^|\/)Chart\.ya?ml$/.test(path)).length;
  const flux = tree.paths.find(
    (path) =>
      /\.ya?ml$/.test(path) &&
      /^apiVersion:\s*["']?(?:helm|kustomize)\.toolkit\.fluxcd\.io\//m.test(tree.read(path) ?? ''),
  );
  return [
    ...(kustomize[0] !== undefined && prefersKustomize(tree, charts)
      ? [
          {
            kind: 'kustomize',
            path: kustomize[0],
            message: `The repository keeps ${kustomize.length} kustomizations. Slipway writes Helm charts alone: write the service's base and overlays by hand, or name a folder for charts in the profile (helm.charts).`,
          },
        ]
      : []),
    ...(flux === undefined
      ? []
      : [
          {
            kind: 'flux',
            path: flux,
            message:
              'Flux delivers from this repository. Slipway writes for Argo CD alone: write the HelmRelease of the service by hand.',
          },
        ]),
  ];
}

/** Those of Kustomize itself: Flux has an object of the same name, in files of other names. */
function kustomizations(tree: Tree): string[] {
  return tree.paths.filter((path) => KUSTOMIZATION.test(path) && isInUse(path));
}
