/**
 * An Argo CD Application per environment for the service's chart. What is in Git is synced by itself, except in prod: there a person syncs
 * (shared-service requirements, section 4).
 */
import { renderText } from '../../yaml/scalar';
import type { Emission, EmitContext, Emitter } from '../../types';
import { readArgoHouse, type ArgoHouse } from './neighbours';
import { owned } from './owned';

export const argoCdEmitter: Emitter = {
  name: 'argocd',
  commit: 'runtime',
  applies: ({ manifest, profile }) =>
    manifest.runtime.kubernetes !== undefined && profile.helm !== undefined && profile.argocd !== undefined,
  emit,
  owned,
};

function emit({ manifest, profile, tree }: EmitContext): Emission {
  const { argocd, helm } = profile;
  const { kubernetes } = manifest.runtime;
  if (!argocd || !helm || !kubernetes) return { edits: [] };
  const folder = argocd.applications.replace(/\/+$/, '');
  const house = readArgoHouse(tree, folder, helm.environments);
  if (!house)
    return {
      edits: [],
      findings: [
        {
          kind: 'argocd-left-out',
          path: folder,
          message: `No application there names this repository, so that none was written for ${manifest.name}.`,
        },
      ],
    };
  const environments = [...new Set(kubernetes.environments)].filter((one) => helm.environments.includes(one));
  const chart = `${helm.charts.replace(/\/+$/, '')}/${manifest.name}`;
  const files = environments.map((environment) => ({
    path: `${folder}/${manifest.name}-${environment}.yaml`,
    text: renderApplication(house, {
      service: manifest.name,
      environment,
      chart,
      project: argocd.project,
      labels: profile.naming.labelNamespace,
    }),
  }));
  const differing = files.find(({ path, text }) => {
    const there = tree.read(path);
    return there !== undefined && there !== text;
  });
  if (differing)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path: differing.path,
          owner: manifest.name,
          message: `There is an application for ${manifest.name} already, and it differs from what this spec gives. Choose another name, or change the application there.`,
        },
      ],
    };
  return {
    edits: files.map(({ path, text }) => ({ kind: 'create', path, text })),
    followUps: environments.includes('prod')
      ? [
          {
            phase: 'start',
            key: `sync:${manifest.name}-prod`,
            title: `Sync ${manifest.name}-prod in Argo CD`,
            command: `argocd app sync ${manifest.name}-prod`,
          },
        ]
      : [],
  };
}

interface ApplicationFacts {
  service: string;
  environment: string;
  chart: string;
  project: string;
  /** Namespace of the house's labels, where it has one. */
  labels: string | undefined;
}

function renderApplication(house: ArgoHouse, facts: ApplicationFacts): string {
  const { service, environment } = facts;
  const text = (value: string) => renderText(value, { quote: 'double' });
  const list = (indent: string, key: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${indent}${key}:`, ...items.map((item) => `${indent}  - ${text(item)}`)];
  const namespace = house.destination.replaceAll('{environment}', environment).replaceAll('{service}', service);
  const automated = environment !== 'prod';
  return `${[
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata:',
    `  name: ${service}-${environment}`,
    `  namespace: ${text(house.namespace)}`,
    ...(facts.labels === undefined
      ? []
      : ['  labels:', `    ${facts.labels}.service: ${service}`, `    ${facts.labels}.env: ${environment}`]),
    ...list('  ', 'finalizers', house.finalizers),
    'spec:',
    `  project: ${text(facts.project)}`,
    '  source:',
    `    repoURL: ${text(house.repoURL)}`,
    `    targetRevision: ${text(house.targetRevision)}`,
    `    path: ${facts.chart}`,
    '    helm:',
    `      releaseName: ${service}`,
    '      valueFiles:',
    '        - values.yaml',
    `        - values-${environment}.yaml`,
    '  destination:',
    `    server: ${text(house.server)}`,
    `    namespace: ${text(namespace)}`,
    ...(automated ? [] : ['  # prod is synced by a person']),
    ...(automated || house.syncOptions.length > 0 ? ['  syncPolicy:'] : []),
    ...(automated ? ['    automated:', '      prune: true', '      selfHeal: true'] : []),
    ...list('    ', 'syncOptions', house.syncOptions),
  ].join('\n')}\n`;
}
