/** What the charts of a platform are made of, where a new one is of another make. */
import { readYaml } from '../../observe/read-yaml';
import type { Finding, Tree } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';

/**
 * That most charts there are wrappers, a dependency with values for it, where one with templates of its own is not what people expect.
 * @param charts their folder.
 * @param own the chart that is written.
 */
export function wrapperFinding(tree: Tree, charts: string, own: string): Finding[] {
  const folder = `${charts.replace(/\/+$/, '')}/`;
  const others = tree.paths.filter(
    (path) =>
      path.startsWith(folder) && /^[^/]+\/Chart\.ya?ml$/.test(path.slice(folder.length)) && !path.startsWith(`${own}/`),
  );
  const wrapped = others.flatMap((path) => dependencyOf(tree, path) ?? []);
  if (wrapped.length * 2 <= others.length) return [];
  const counts = new Map<string, number>();
  for (const name of wrapped) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  const such = most && most[1] > 1 ? ` (${most[1]} for ${most[0]})` : '';
  return [
    {
      kind: 'helm-other-make',
      path: `${own}/Chart.yaml`,
      message: `${wrapped.length} of ${others.length} charts in ${charts} are values for a chart that they depend on${such}. This one has templates of its own: Slipway writes no others. It runs beside them; if you want them all alike, write it by hand.`,
    },
  ];
}

/** What a chart wraps; undefined where it has workloads of its own. */
function dependencyOf(tree: Tree, path: string): string | undefined {
  const [first] = asList(asRecord(readYaml(tree, path)?.toJs())?.['dependencies']) ?? [];
  const name = asText(asRecord(first)?.['name']);
  const templates = `${path.slice(0, path.lastIndexOf('/'))}/templates/`;
  const own = tree.paths.some(
    (one) =>
      one.startsWith(templates) && /^\s*kind:\s*(?:Deployment|StatefulSet|DaemonSet)\b/m.test(tree.read(one) ?? ''),
  );
  return own ? undefined : name;
}
