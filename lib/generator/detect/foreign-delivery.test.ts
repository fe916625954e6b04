import { describe, expect, it } from 'vitest';
import { detectProfile } from '../detect';
import { treeOf } from '../overlay';
import { planAddition } from '../plan';
import { resolvedSpec } from '../test-resolved-spec';
import { worker } from '../test-specs';

const kustomization =
  'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [deployment.yaml]\n';
const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: api }\n';
const spec = { ...worker, category: 'media', runtime: { ...worker.runtime, kubernetes: {} } };

function planOn(files: Record<string, string>, manifest = spec) {
  const tree = treeOf(files);
  const { profile } = detectProfile(tree);
  return planAddition({ manifest: resolvedSpec(manifest), profile, tree });
}

function set(generator: string, source: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: apps }\nspec:\n  generators:\n    - git:\n${generator}\n  template:\n    spec:\n${source}\n`;
}

describe('a platform that keeps services in another way', () => {
  it('by Kustomize: where to write it, where to list it and what starts it is said, and nothing is written', () => {
    const plan = planOn({
      'k8s/apps/media/kustomization.yaml': 'resources:\n  - api\n',
      'k8s/apps/media/api/base/kustomization.yaml': kustomization,
      'k8s/apps/media/api/overlays/prod/kustomization.yaml': kustomization,
      'k8s/apps/tools/a/kustomization.yaml': kustomization,
      'k8s/apps/tools/b/kustomization.yaml': kustomization,
      'k8s/set.yaml': set('        directories:\n          - path: k8s/apps/*', "      source: { path: '{{ path }}' }"),
      'docs/runbooks/RUNBOOK-001-api.md': '# RUNBOOK-001: Api\n',
    });
    expect(plan.refusals).toHaveLength(1);
    expect(plan.refusals[0]).toMatchObject({ path: 'k8s/apps/media/api' });
    const reason = plan.refusals[0]?.reason ?? '';
    expect(reason).toContain('3 services are kept here with Kustomize');
    expect(reason).toContain('Write k8s/apps/media/night-worker/kustomization.yaml like that of api');
    expect(reason).toContain('list it in k8s/apps/media/kustomization.yaml');
    expect(reason).toContain('k8s/set.yaml starts it');
    expect(plan.files.filter((file) => !file.path.endsWith('.md'))).toEqual([]);
  });

  it('by Flux, whose own kustomizations are not counted again', () => {
    const { refusals } = planOn({
      'kubernetes/apps/media/api/ks.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: api }\n',
      'kubernetes/apps/media/api/app/helmrelease.yaml': release,
      'kubernetes/apps/media/api/app/kustomization.yaml': kustomization,
      'kubernetes/apps/media/web/app/helmrelease.yaml': release,
      'kubernetes/apps/media/web/app/kustomization.yaml': kustomization,
    });
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.reason).toContain('2 services are kept here for Flux');
    expect(refusals[0]?.reason).toContain('kubernetes/apps/media/night-worker/app/helmrelease.yaml');
  });

  it('by a values file each, found by a generator in a template', () => {
    const { refusals, files } = planOn({
      'services/core/api/values.yaml': 'image: api\n',
      'services/core/web/values.yaml': 'image: web\n',
      'bootstrap/templates/apps.yaml': set(
        '        repoURL: {{ .Values.repo }}\n        directories:\n          # one for each\n          - path: services/*/*',
        '      sources:\n        - path: charts/base\n          helm:\n            valueFiles:\n              - $values/{{ `{{ .path.path }}` }}/values.yaml\n        - ref: values',
      ),
    });
    expect(files).toEqual([]);
    expect(refusals).toMatchObject([{ path: 'services/core/api' }]);
    expect(refusals[0]?.reason).toContain('Write services/core/night-worker/values.yaml');
    expect(refusals[0]?.reason).toContain('bootstrap/templates/apps.yaml starts it');
  });

  it('as plain manifests', () => {
    const { refusals } = planOn({
      'argocd/api.yaml':
        'kind: Application\nmetadata: { name: api }\nspec:\n  source: { path: manifests/api, repoURL: x }\n',
      'argocd/web.yaml':
        'kind: Application\nmetadata: { name: web }\nspec:\n  source: { path: manifests/web, repoURL: x }\n',
      'manifests/api/deployment.yaml': 'kind: Deployment\n',
      'manifests/web/deployment.yaml': 'kind: Deployment\n',
    });
    expect(refusals[0]?.reason).toContain('2 services are kept here as plain manifests');
    expect(refusals[0]?.reason).toContain('give it an application like argocd/api.yaml');
  });

  it('is a remark alone where the service runs in Compose too', () => {
    const plan = planOn(
      {
        'docker-compose.yml': 'services:\n  api:\n    image: api:1\n',
        'k8s/api/kustomization.yaml': kustomization,
        'k8s/web/kustomization.yaml': kustomization,
      },
      { ...spec, runtime: { ...spec.runtime, compose: {} } },
    );
    expect(plan.refusals).toEqual([]);
    expect(plan.findings.map((finding) => finding.kind)).toContain('kustomize');
    expect(plan.files.map((file) => file.path)).toEqual(['docker-compose.yml']);
  });
});

describe('a chart', () => {
  const chart = { 'charts/api/Chart.yaml': 'name: api\n', 'charts/api/values.yaml': 'replicas: 1\n' };
  const kinds = (files: Record<string, string>) => planOn({ ...chart, ...files }).findings.map((one) => one.kind);

  it('that nobody runs is said to start nowhere', () => {
    expect(kinds({})).toContain('chart-without-runner');
  });

  it('is found by a generator that stands in the values of another chart', () => {
    const found = kinds({
      'system/argocd/values.yaml':
        "applicationsets:\n  root:\n    generators:\n      - git:\n          directories:\n            - path: system/*\n            - path: charts/*\n    template:\n      spec: { source: { path: '{{path}}' } }\n",
    });
    expect(found).toContain('argocd-generated');
    expect(found).not.toContain('chart-without-runner');
  });
});

describe('a chart with a values file for each service', () => {
  const files = {
    'charts/base/Chart.yaml': 'apiVersion: v2\nname: base\nversion: 0.1.0\n',
    'charts/base/templates/deployment.yaml': 'kind: Deployment\nspec: { replicas: {{ .Values.replicas }} }\n',
    'services/api/values.yaml': 'image:\n  repository: api\n  tag: "1"\n',
    'services/web/values.yaml': 'image:\n  repository: web\n  tag: "1"\n',
    'argocd/apps.yaml': set(
      '        files:\n          - path: services/*/values.yaml',
      '      sources:\n        - path: charts/base\n          helm:\n            valueFiles:\n              - $values/{{path}}/values.yaml\n        - ref: values',
    ),
  };

  it('gets the file alone, which the generator finds', () => {
    const plan = planOn(files);
    expect(plan.refusals).toEqual([]);
    expect(plan.files.map((file) => file.path)).toEqual(['services/night-worker/values.yaml']);
    expect(plan.findings.find((finding) => finding.kind === 'argocd-generated')).toMatchObject({
      path: 'argocd/apps.yaml',
    });
  });

  it('is found whatever signs its name has', () => {
    const named = Object.entries(files).map(([path, text]) => [
      path.replace('charts/base', 'charts/c++'),
      text.replace('charts/base', 'charts/c++'),
    ]);
    expect(planOn(Object.fromEntries(named) as Record<string, string>).files.map((file) => file.path)).toEqual([
      'services/night-worker/values.yaml',
    ]);
  });

  it('is left to people where the chart stands in another repository', () => {
    const elsewhere = Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('charts/')));
    expect(planOn(elsewhere).refusals[0]?.reason).toContain('as a values file each for a chart that stands elsewhere');
  });
});
