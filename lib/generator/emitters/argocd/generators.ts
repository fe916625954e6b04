/** Generators that find a service's chart by themselves: then there is nothing to write but the chart. */
import { environmentValues } from '../../chart-environments';
import type { Profile } from '../../profile';
import type { Finding, Tree } from '../../types';
import { finds, gitGenerators, type GitGenerator } from './git-generators';

/** The files of a chart that a generator may look for, from its folder. */
export function chartFileNames(helm: NonNullable<Profile['helm']>): string[] {
  return ['Chart.yaml', 'values.yaml', ...helm.environments.map((one) => environmentValues(helm, one))];
}

/** The generator that finds a chart which has these files, and runs it. */
export function generatorOf(tree: Tree, chart: string, files: readonly string[]): GitGenerator | undefined {
  return gitGenerators(tree).find(
    (generator) =>
      generator.runs === 'folder' &&
      (generator.kind === 'directories'
        ? finds(generator, chart)
        : files.some((name) => finds(generator, `${chart}/${name}`))),
  );
}

/** That there is nothing to write but the chart. */
export function generatedFinding({ file, patterns }: GitGenerator, chart: string): Finding {
  return {
    kind: 'argocd-generated',
    path: file,
    message: `${file} finds ${chart} by itself (${patterns.join(', ')}): there is nothing to write but the chart. Whether prod syncs by itself is up to its template.`,
  };
}

/** A generator that looks for a file which is not a chart's own, in folders like the chart's: somebody has to write one. */
export function generatorWanting(tree: Tree, chart: string): { generator: GitGenerator; file: string } | undefined {
  for (const generator of gitGenerators(tree)) {
    if (generator.kind !== 'files') continue;
    const file = generator.patterns
      .map((pattern) => baseOf(pattern))
      .find((name) => finds(generator, `${chart}/${name}`));
    if (file !== undefined && !/^(?:Chart|values)\.ya?ml$|\*/.test(file)) return { generator, file };
  }
  return undefined;
}

/** A generator that looks for files of services somewhere else: they are written by hand. */
export function elsewhereFinding(tree: Tree, chart: string): Finding | undefined {
  const generator = gitGenerators(tree).find(
    ({ kind, patterns }) =>
      kind === 'files' && patterns.some((pattern) => /(?:config|app)[^/]*\.(?:json|ya?ml)$/.test(pattern)),
  );
  return (
    generator && {
      kind: 'argocd-left-out',
      path: generator.file,
      message: `${generator.file} makes an application for each file like ${generator.patterns.join(', ')}. Write one for ${baseOf(chart)} like those beside it.`,
    }
  );
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
