/** The Applications that are there, one file each, and for which service and environment each of them is. */
import { readYaml } from '../../observe/read-yaml';
import type { Tree } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { asRecord, asText } from '../../yaml/read';
import { environmentIn, type Subject } from './words';

export interface Application extends Subject {
  path: string;
  yaml: ParsedYaml;
  name: string;
  metadata: Record<string, unknown>;
  spec: Record<string, unknown>;
  source: Record<string, unknown>;
}

/** The applications below a folder whose source is a folder of this repository, sorted by path. */
export function readApplications(tree: Tree, folder: string, environments: readonly string[]): Application[] {
  return manifestsOf(tree, 'Application', folder).flatMap(({ path, yaml, object }) => {
    const metadata = asRecord(object['metadata']);
    const spec = asRecord(object['spec']);
    const source = asRecord(spec?.['source']);
    const name = asText(metadata?.['name']);
    const chart = asText(source?.['path']);
    if (!metadata || !spec || !source || name === undefined || chart === undefined) return [];
    // An application of applications is no sibling.
    if (`${folder}/`.startsWith(`${chart.replace(/\/+$/, '')}/`) || chart.startsWith(`${folder}/`)) return [];
    const environment = environments.find((one) => name.endsWith(`-${one}`)) ?? environmentIn(path, environments);
    const short = environment === undefined ? name : name.replace(new RegExp(`-${environment}$`), '');
    const last = chart.split('/').at(-1) ?? '';
    // The chart's folder is called like the service, unless many share one chart.
    const service = name.startsWith(last) && last !== '' ? last : short;
    return [{ path, yaml, name, metadata, spec, source, service, environment }];
  });
}

/** The objects of one kind of Argo CD, one file each. What does not parse, templates among it, is left out. */
export function manifestsOf(
  tree: Tree,
  kind: 'Application' | 'ApplicationSet',
  folder = '',
): { path: string; yaml: ParsedYaml; object: Record<string, unknown> }[] {
  const below = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  return tree.paths
    .filter((path) => path.startsWith(below) && /\.ya?ml$/i.test(path) && !path.includes('/templates/'))
    .filter((path) => isOfKind(tree.read(path) ?? '', kind))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      const object = asRecord(yaml?.toJs());
      return yaml && object?.['kind'] === kind ? [{ path, yaml, object }] : [];
    });
}

/** Asked of every file at every key stroke: the words first, which is fast. */
function isOfKind(text: string, kind: string): boolean {
  return text.includes(kind) && new RegExp(`^kind:\\s*["']?${kind}["']?\\s*(?:#.*)?\\r?$`, 'm').test(text);
}
