/** Generators that find a service's chart by themselves: then there is nothing to write but the chart. */
import type { Finding, Tree } from '../../types';
import { gitGenerators, type GitGenerator } from './sets';

/** What there is to say where a generator finds the chart, or looks for files that the chart does not have; undefined where none concerns it. */
export function generatorFor(tree: Tree, chart: string, environments: readonly string[]): Finding | undefined {
  const found = ['Chart.yaml', 'values.yaml', ...environments.map((one) => `values-${one}.yaml`)];
  for (const generator of gitGenerators(tree)) {
    const matches = (path: string) => generator.patterns.some((pattern) => glob(pattern).test(path));
    const by = generator.kind === 'directories' ? matches(chart) : found.some((name) => matches(`${chart}/${name}`));
    if (by)
      return {
        kind: 'argocd-generated',
        path: generator.file,
        message: `${generator.file} finds ${chart} by itself (${generator.patterns.join(', ')}): there is nothing to write but the chart. Whether prod syncs by itself is up to its template.`,
      };
  }
  const other = gitGenerators(tree).find((generator) => looksElsewhere(generator));
  return other && wanting(other, chart);
}

/** A generator that looks for files which are not a chart's own: somebody has to write one. */
function looksElsewhere({ kind, patterns }: GitGenerator): boolean {
  return (
    kind === 'files' && patterns.some((pattern) => /config[^/]*\.(json|ya?ml)$|app[^/]*\.(json|ya?ml)$/.test(pattern))
  );
}

function wanting(generator: GitGenerator, chart: string): Finding {
  return {
    kind: 'argocd-left-out',
    path: generator.file,
    message: `${generator.file} makes an application for each file like ${generator.patterns.join(', ')}. Write one for ${chart.split('/').at(-1) ?? chart} like those beside it.`,
  };
}

/** `charts/*` and `clusters/**` as Argo CD reads them. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/\/+$/, '')
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) =>
      part.startsWith('**')
        ? '(?:.*/)?'
        : part === '*'
          ? '[^/]*'
          : part === '?'
            ? '[^/]'
            : part.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
    );
  return new RegExp(`^${source.join('')}$`);
}
