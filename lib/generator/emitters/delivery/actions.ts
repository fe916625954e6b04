/** Which version of an action a workflow names: the one that the repository's other workflows name most, else a version known to work. */
import type { Tree } from '../../types';

const usual = {
  'actions/checkout': 'v4',
  'actions/setup-node': 'v4',
  'actions/setup-python': 'v5',
  'actions/setup-go': 'v5',
  'actions/upload-artifact': 'v4',
  'docker/setup-buildx-action': 'v3',
  'docker/login-action': 'v3',
  'docker/build-push-action': 'v6',
  'anchore/sbom-action': 'v0',
  'anchore/scan-action': 'v6',
  'sigstore/cosign-installer': 'v3',
  'azure/setup-helm': 'v4',
  'aws-actions/configure-aws-credentials': 'v4',
  'aws-actions/amazon-ecr-login': 'v2',
} as const;

export type ActionName = keyof typeof usual;

/** `actions/checkout@v4`, or a pinned commit with its comment as the siblings write it: `actions/checkout@08c6… # v4.2.2`. */
export type ActionReference = (action: ActionName) => string;

/**
 * Reads the references of the workflows in a folder.
 * @param own path of the service's own workflow, which does not count: a plan on its own result has to say the same.
 */
export function actionReferences(tree: Tree, folder: string, own: string): ActionReference {
  const counts = new Map<string, Map<string, number>>();
  for (const path of tree.paths) {
    if (path === own || !path.startsWith(`${folder}/`) || !/\.ya?ml$/.test(path)) continue;
    for (const [, action = '', reference = ''] of (tree.read(path) ?? '').matchAll(
      /^\s*(?:-\s+)?uses:\s*["']?([\w.-]+\/[\w.-]+)@([\w.-]+["']?(?:[ \t]+#[ \t]*v?[\d.]+)?)[ \t]*\r?$/gm,
    )) {
      const clean = reference.replace(/["']/g, '');
      const references = counts.get(action) ?? new Map<string, number>();
      references.set(clean, (references.get(clean) ?? 0) + 1);
      counts.set(action, references);
    }
  }
  return (action) => {
    const [most] = [...(counts.get(action) ?? [])].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1));
    return `${action}@${most?.[0] ?? usual[action]}`;
  };
}
