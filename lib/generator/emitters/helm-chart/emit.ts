/**
 * A chart per service under the platform's chart folder, with values per environment. Off by default is what the spec does not ask for; what it asks
 * for and a chart cannot carry is a finding.
 */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import { environmentValues } from '../../chart-environments';
import type { Profile } from '../../profile';
import type { Emission, EmitContext, Emitter } from '../../types';
import { chartOf } from '../chart-choice';
import { entryOf, type HelmProfile } from './access';
import { renderChart } from './chart-file';
import { renderEnvironmentValues } from './environment-file';
import { chartFindings } from './findings';
import { chartFollowUps } from './follow-ups';
import { wrapperFinding } from './neighbours';
import { runbookLink } from './operations-values';
import { owned } from './owned';
import { chartStyle } from './style';
import { chartTemplates } from './templates';
import { renderValues } from './values-file';
import { renderValuesSchema } from './values-schema';

export const helmChartEmitter: Emitter = {
  name: 'helm-chart',
  commit: 'runtime',
  applies: ({ manifest, profile }) => profile.helm !== undefined && chartOf(manifest, profile) === 'own',
  emit,
  owned,
};

/** Folder of a service's chart. */
export function chartFolder(helm: HelmProfile, service: string): string {
  return `${helm.charts.replace(/\/+$/, '')}/${service}`;
}

function emit(context: EmitContext): Emission {
  const { manifest, tree } = context;
  const { helm } = context.profile;
  const { kubernetes } = manifest.runtime;
  if (!helm || !kubernetes) return { edits: [] };
  const profile = { ...context.profile, helm };
  const folder = chartFolder(helm, manifest.name);
  const environments = [...new Set(kubernetes.environments)].filter((one) => helm.environments.includes(one));
  const runbook = runbookLink(context);
  const files = chartFiles(context, profile, { environments, runbook });
  const folderIsThere = tree.paths.some((path) => path.startsWith(`${folder}/`));
  const there = new Map(Object.keys(files).map((path) => [path, folderIsThere ? tree.read(path) : undefined]));
  const differing = Object.entries(files).find(([path, text]) => (there.get(path) ?? text) !== text);
  if (differing)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path: differing[0],
          owner: manifest.name,
          message: `There is a chart ${manifest.name} already, and it differs from what this spec gives. Choose another name, or change the chart there.`,
        },
      ],
    };
  const values = `${folder}/values.yaml`;
  return {
    edits: Object.entries(files)
      .filter(([path]) => there.get(path) === undefined)
      .map(([path, text]) => ({ kind: 'create', path, text })),
    findings: [
      ...chartFindings(manifest, profile, { path: values, environments, runbook }),
      ...wrapperFinding(tree, helm.charts, folder),
    ],
    followUps: chartFollowUps(manifest, profile, { path: values, environments }),
  };
}

/** Every file of the chart, by path. */
function chartFiles(
  { manifest, tree }: EmitContext,
  profile: Profile & { helm: HelmProfile },
  { environments, runbook }: { environments: readonly Environment[]; runbook: string | undefined },
): Record<string, string> {
  const { helm } = profile;
  const style = chartStyle(tree, helm.charts, manifest.name);
  const entry = entryOf(helm);
  const files: Record<string, string> = {
    'Chart.yaml': renderChart(manifest, profile, { style, runbook }),
    'values.yaml': renderValues(manifest, profile, { style, runbook }),
    'values.schema.json': renderValuesSchema(manifest.name, entry),
  };
  for (const environment of environments)
    files[environmentValues(helm, environment)] = renderEnvironmentValues(manifest, profile, environment, style);
  for (const [name, text] of Object.entries(chartTemplates(manifest.name, entry))) files[`templates/${name}`] = text;
  const folder = chartFolder(helm, manifest.name);
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}
