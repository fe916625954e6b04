import { describe, expect, it } from 'vitest';
import { detectProfile } from '../detect';
import { treeOf } from '../overlay';
import { planAddition } from '../plan';
import { resolvedSpec } from '../test-resolved-spec';
import { sampleProfile, sampleTree } from '../test-sample';
import { worker } from '../test-specs';
import type { Tree } from '../types';

function application(service: string, environment: string, path = `charts/${service}`): string {
  return [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    `metadata: { name: ${service}-${environment}, namespace: argocd }`,
    'spec:',
    '  project: acme',
    `  source: { repoURL: https://github.com/acme/platform.git, targetRevision: main, path: ${path} }`,
    `  destination: { server: https://kubernetes.default.svc, namespace: acme-${environment} }`,
    '',
  ].join('\n');
}

const chart = { 'charts/api/Chart.yaml': 'name: api\n', 'charts/api/values.yaml': 'replicas: 1\n' };

describe('charts', () => {
  const sample = sampleTree();
  const bare: Tree = {
    paths: sample.paths.filter((path) => path !== 'slipway.yaml'),
    read: (path) => (path === 'slipway.yaml' ? undefined : sample.read(path)),
  };

  it('are found on the sample with the shared one, their hosts, their labels and their secret store', () => {
    const written = sampleProfile(sample).helm;
    expect(detectProfile(bare).profile.helm).toMatchObject({
      charts: written?.charts,
      style: 'own',
      shared: written?.shared,
      hosts: written?.hosts,
      secretStore: written?.secretStore,
      ingressClass: 'nginx',
      costLabels: written?.costLabels,
    });
  });

  it('are shared where one chart is all there is', () => {
    const { profile } = detectProfile(
      treeOf({
        'deploy/all/Chart.yaml': 'name: all\n',
        'deploy/all/values.yaml': 'apps:\n- name: api\n  image: api:1\n- name: web\n  image: web:1\n',
        'deploy/all/templates/apps.yaml':
          '{{- range .Values.apps }}\n---\nkind: Deployment\nmetadata:\n  name: {{ .name }}\n{{- end }}\n',
      }),
    );
    expect(profile.helm).toMatchObject({
      style: 'shared',
      shared: { chart: 'deploy/all', values: 'deploy/all/values.yaml', section: 'apps' },
    });
  });

  it('are none where people keep kustomizations, or Flux delivers, and that is said', () => {
    const tree = treeOf({
      'apps/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'apps/overlays/prod/kustomization.yaml': 'resources: [../../base]\n',
      'vendor-charts/redis/Chart.yaml': 'name: redis\n',
      'flux/redis.yaml': 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n',
    });
    const { profile } = detectProfile(tree);
    expect(profile.helm).toBeUndefined();
    const { findings } = planAddition({ manifest: resolvedSpec(worker), profile, tree });
    expect(findings.map((finding) => finding.kind)).toEqual(expect.arrayContaining(['kustomize', 'flux']));
  });
});

describe('Argo CD', () => {
  const folderOf = (files: Record<string, string>) =>
    detectProfile(treeOf({ ...chart, ...files })).profile.argocd?.applications;

  it.each([
    ['argocd/applications', 'argocd/applications/api-dev.yaml', 'argocd/applications/api-prod.yaml'],
    ['apps', 'apps/dev/api.yaml', 'apps/prod/api.yaml'],
    ['clusters', 'clusters/dev/apps/api.yaml', 'clusters/prod/apps/api.yaml'],
  ])('keeps its applications under %s', (folder, dev, prod) => {
    const files = {
      [dev]: application('api', 'dev'),
      [prod]: application('api', 'prod'),
      'bootstrap/root.yaml': application('root', 'all', folder),
    };
    expect(folderOf(files)).toBe(folder);
    const tree = treeOf({ ...chart, ...files });
    const { profile } = detectProfile(tree);
    expect(profile.argocd?.project).toBe('acme');
    const spec = { ...worker, runtime: { ...worker.runtime, kubernetes: { environments: ['prod' as const] } } };
    const plan = planAddition({ manifest: resolvedSpec(spec), profile, tree });
    expect(plan.files.map((file) => file.path)).toContain(prod.replace('api', 'night-worker'));
  });

  it('is found by its sets where there are no applications', () => {
    const set = 'kind: ApplicationSet\nspec:\n  template: { spec: { project: acme } }\n';
    const { profile } = detectProfile(treeOf({ ...chart, 'gitops/services.yaml': set }));
    expect(profile.argocd).toMatchObject({ applications: 'gitops', project: 'acme' });
  });

  it('is none where nothing is its own', () => {
    expect(folderOf({ 'apps/api.yaml': 'kind: Deployment\n' })).toBeUndefined();
  });
});
