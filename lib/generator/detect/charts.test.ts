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

  it('are those of services alone: nothing fetched, no part of another, nothing that only makes applications', () => {
    const { profile } = detectProfile(
      treeOf({
        ...chart,
        'charts/web/Chart.yaml': 'name: web\n',
        'charts/web/charts/redis/Chart.yaml': 'name: redis\n',
        'charts/web/charts/mysql/Chart.yaml': 'name: mysql\n',
        'charts/web/charts/nats/Chart.yaml': 'name: nats\n',
        'fetched/istio/1.23.0/base/Chart.yaml': 'name: base\n',
        'fetched/istio/1.23.0/cni/Chart.yaml': 'name: cni\n',
        'fetched/istio/1.23.0/istiod/Chart.yaml': 'name: istiod\n',
        ...Object.fromEntries(
          ['a', 'b', 'c'].flatMap((name) => [
            [`parents/${name}/Chart.yaml`, `name: ${name}\n`],
            [`parents/${name}/templates/web.yaml`, 'kind: Application\nmetadata: { name: {{ .Values.name }} }\n'],
          ]),
        ),
      }),
    );
    expect(profile.helm?.charts).toBe('charts');
  });

  const chartsIn = (...folders: string[]) =>
    detectProfile(treeOf(Object.fromEntries(folders.map((folder) => [`${folder}/Chart.yaml`, 'name: one\n'])))).profile
      .helm?.charts;

  it('have no folder where they are scattered, or where most are others, kept as they were fetched', () => {
    expect(chartsIn('api/chart', 'web/chart')).toBeUndefined();
    expect(chartsIn('elk/a', 'elk/b', 'web/x', 'shop/y', 'mail/z', 'lab/w')).toBeUndefined();
    expect(chartsIn('charts/nfs', 'charts/istio/1.2.0', 'charts/loki/6.0.1')).toBeUndefined();
  });

  it('are in the largest group where groups stand side by side', () => {
    expect(chartsIn('apps/ai/a', 'apps/core/b', 'apps/core/c', 'apps/web/d', 'apps/games/e')).toBe('apps/core');
  });

  it.each([
    ['inside of the Deployment', 'kind: Deployment\nspec:\n{{- range .Values.items }}\n- {{ .name }}\n{{- end }}\n'],
    ['that ended before', '{{- range .Values.items }}\n# {{ .name }}\n{{- end }}\nkind: Deployment\n'],
  ])('are not shared for a range %s', (_, template) => {
    const files = {
      'charts/web/Chart.yaml': 'name: web\n',
      'charts/web/values.yaml': 'items:\n- name: LOG_LEVEL\n  value: info\n',
      'charts/web/templates/web.yaml': template,
    };
    expect(detectProfile(treeOf(files)).profile.helm?.shared).toBeUndefined();
  });

  it('are not shared for a map of plain values', () => {
    const files = {
      'charts/web/Chart.yaml': 'name: web\n',
      'charts/web/values.yaml': 'env:\n  LOG_LEVEL: info\n',
      'charts/web/templates/web.yaml': '{{- range $key, $value := .Values.env }}\nkind: Deployment\n{{- end }}\n',
    };
    expect(detectProfile(treeOf(files)).profile.helm?.shared).toBeUndefined();
  });
});

describe('environments of charts', () => {
  const helmOf = (files: Record<string, string>) => detectProfile(treeOf({ ...chart, ...files })).profile.helm;

  it.each([
    ['values.dev.yaml', 'values.prod.yaml', 'values.{environment}.yaml', {}],
    ['dev/values.yaml', 'prod/values.yaml', '{environment}/values.yaml', {}],
    ['env/dev.yaml', 'env/prod.yaml', 'env/{environment}.yaml', {}],
    [
      'values-development.yaml',
      'values-production.yaml',
      'values-{environment}.yaml',
      { dev: 'development', prod: 'production' },
    ],
  ])('are learned from %s', (dev, prod, pattern, names) => {
    const files = { [`charts/api/${dev}`]: 'a: 1\n', [`charts/api/${prod}`]: 'a: 1\n' };
    const tree = treeOf({ ...chart, ...files });
    const { profile } = detectProfile(tree);
    expect(profile.helm).toMatchObject({
      environments: ['dev', 'prod'],
      environmentValues: pattern,
      environmentNames: names,
    });
    const spec = { ...worker, runtime: { ...worker.runtime, kubernetes: { environments: ['prod' as const] } } };
    const plan = planAddition({ manifest: resolvedSpec(spec), profile, tree });
    expect(plan.files.map((file) => file.path)).toContain(`charts/night-worker/${prod}`);
  });

  it('are those of the applications where charts have one values file', () => {
    const files = { 'argocd/api-prod.yaml': application('api', 'prod') };
    expect(helmOf(files)?.environments).toEqual(['prod']);
  });

  it('are none where nothing tells of any: the chart has one values file and one application', () => {
    const files = {
      'argocd/api.yaml': application('api', 'prod')
        .replaceAll('-prod', '')
        .replace('namespace: acme', 'namespace: api'),
    };
    const tree = treeOf({ ...chart, ...files });
    const { profile } = detectProfile(tree);
    expect(profile.helm?.environments).toEqual([]);
    const spec = { ...worker, runtime: { ...worker.runtime, kubernetes: {} } };
    const plan = planAddition({ manifest: resolvedSpec(spec), profile, tree });
    const paths = plan.files.map((file) => file.path);
    expect(paths).toContain('argocd/night-worker.yaml');
    expect(paths.filter((path) => /values-/.test(path))).toEqual([]);
    const text = plan.files.find((file) => file.path === 'argocd/night-worker.yaml')?.after ?? '';
    expect(text).toContain('namespace: night-worker');
    expect(text).not.toMatch(/valueFiles|undefined/);
  });

  it('are not those of one chart among many', () => {
    const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`charts/${name}/Chart.yaml`, `name: ${name}\n`]));
    expect(helmOf({ ...files, 'charts/a/values-prod.yaml': 'a: 1\n' })?.environments).toEqual([]);
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
