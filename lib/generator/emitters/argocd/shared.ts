/** A block in a shared chart needs no application of its own: whatever runs that chart runs the service, in the environments that it runs it in. */
import type { EmitContext, Finding, Tree } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { isFileEach, sharedValues } from '../chart-choice';
import { generatorOfValues } from './git-generators';
import { manifestsOf } from './applications';
import { environmentIn } from './words';

/** Who runs the shared chart, and for which of the service's environments nobody does. */
export function sharedChartFindings(
  { manifest, profile, tree }: EmitContext,
  environments: readonly string[],
): Finding[] {
  const chart = profile.helm?.shared?.chart.replace(/\/+$/, '');
  if (chart === undefined || !profile.helm?.shared) return [];
  if (isFileEach(profile.helm.shared))
    return [foundByGenerator(tree, sharedValues(profile.helm.shared, manifest.name))];
  const runners = [...manifestsOf(tree, 'Application'), ...manifestsOf(tree, 'ApplicationSet')].filter(({ object }) => {
    const spec = asRecord(object['spec']);
    const inner = asRecord(asRecord(spec?.['template'])?.['spec']) ?? spec;
    return asText(asRecord(inner?.['source'])?.['path'])?.replace(/\/+$/, '') === chart;
  });
  const [first] = runners;
  if (!first)
    return [
      {
        kind: 'argocd-left-out',
        path: profile.argocd?.applications ?? chart,
        message: `No application runs ${chart}, so that ${manifest.name} starts nowhere by itself.`,
      },
    ];
  const said = runners.map(({ path, object }) => `${path} ${JSON.stringify(object)}`).join(' ');
  const without = environments.filter((one) => environmentIn(said, [one]) === undefined);
  const somewhere = environments.length > without.length;
  return somewhere && without.length > 0
    ? [
        {
          kind: 'argocd-left-out',
          path: first.path,
          message: `${first.path} runs ${chart}, and not in ${without.join(', ')}: ${manifest.name} does not start there.`,
        },
      ]
    : [];
}

/** Who finds a values file and runs the chart with it. */
function foundByGenerator(tree: Tree, path: string): Finding {
  const generator = generatorOfValues(tree, path);
  return generator
    ? {
        kind: 'argocd-generated',
        path: generator.file,
        message: `${generator.file} finds ${path} by itself (${generator.patterns.join(', ')}): there is nothing to write but the values. Whether prod syncs by itself is up to its template.`,
      }
    : {
        kind: 'argocd-left-out',
        path,
        message: `No ApplicationSet finds ${path}: write what runs the chart with it by hand.`,
      };
}
