/**
 * A chart per service under the platform's chart folder, with values per environment. Off by default is what the spec does not ask for; what it asks
 * for and a chart cannot carry is a finding.
 */
import type { Emission, EmitContext, Emitter, Finding } from '../../types';
import { renderChart, renderEnvironmentValues, renderValues } from './files';
import { chartTemplates } from './templates';
import { chartFindings, chartPorts, chartVolumes, ingressAccess } from './values';
import { renderValuesSchema } from './values-schema';

export const helmChartEmitter: Emitter = {
  name: 'helm-chart',
  commit: 'runtime',
  applies: ({ manifest, profile }) => manifest.runtime.kubernetes !== undefined && profile.helm !== undefined,
  emit,
};

function emit({ manifest, profile, tree }: EmitContext): Emission {
  const { helm } = profile;
  const { kubernetes } = manifest.runtime;
  if (!helm || !kubernetes) return { edits: [] };
  const folder = `${helm.charts.replace(/\/+$/, '')}/${manifest.name}`;
  const { ports, leftOut } = chartPorts(manifest.ports);
  const volumes = chartVolumes(manifest);
  const environments = [...new Set(kubernetes.environments)];
  const known = environments.filter((environment) => helm.environments.includes(environment));
  const routed = manifest.routing !== undefined && ports.some((port) => port.protocol === 'TCP');

  const files: Record<string, string> = {
    'Chart.yaml': renderChart(manifest, helm),
    'values.yaml': renderValues(manifest, profile, helm, { ports, volumes }),
    'values.schema.json': renderValuesSchema(manifest.name),
  };
  for (const environment of known)
    files[`values-${environment}.yaml`] = renderEnvironmentValues(manifest, profile, helm, environment);
  const templates = chartTemplates(manifest.name, {
    ports: ports.length > 0,
    volumes: volumes.length > 0,
    secrets: manifest.security.secrets.length > 0,
    routed,
  });
  for (const [name, text] of Object.entries(templates)) files[`templates/${name}`] = text;

  const paths = Object.keys(files).map((name) => ({
    name,
    path: `${folder}/${name}`,
    there: tree.read(`${folder}/${name}`),
  }));
  const differing = paths.find(({ name, there }) => there !== undefined && there !== files[name]);
  if (differing)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path: differing.path,
          owner: manifest.name,
          message: `There is a chart ${manifest.name} already, and it differs from what this spec gives. Choose another name, or change the chart there.`,
        },
      ],
    };

  const values = `${folder}/values.yaml`;
  const findings: Finding[] = [
    ...chartFindings(manifest, values, leftOut),
    ...environments
      .filter((environment) => !known.includes(environment))
      .map((environment) => ({
        kind: 'helm-left-out',
        path: values,
        message: `The platform has no environment ${environment}: the chart has no values for it.`,
      })),
  ];
  if (routed && !ingressAccess(manifest, helm).guarded)
    findings.push({
      kind: 'ingress-off',
      path: values,
      message:
        'The ingress is off: the profile names no annotations that ask people to sign in before it (helm.ingressAnnotations.forwardAuth), and without them everybody could come in.',
    });
  return {
    edits: Object.entries(files).map(([name, text]) => ({ kind: 'create', path: `${folder}/${name}`, text })),
    findings,
    followUps:
      manifest.runtime.source.kind === 'build'
        ? [
            {
              phase: 'resources',
              key: 'image',
              title: `Push the image of ${manifest.name} and set its tag`,
              detail: `The chart runs image.repository with the tag in ${values}.`,
            },
          ]
        : [],
  };
}
