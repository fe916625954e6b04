// Faults that only Compose, Helm, the schemas of Kubernetes and shellcheck find, each seeded into a sound change.
import { describe, expect, it } from 'vitest';
import {
  tree,
  profile,
  manifest,
  sound,
  compose,
  spire,
  localstack,
  chart,
  argocd,
  service,
  rewrite,
  seed,
  type Fault,
} from '@/lib/generator/checks/test-seed';
import { checkChange, checkWithTools, toolCheckIds } from '../check-change';

const byTools: Fault[] = [
  [
    'compose-config',
    'a variable without its end',
    () => seed(compose, service, 'LOG_LEVEL: info', 'LOG_LEVEL: "${LEVEL"'),
  ],
  ['compose-config', 'a service that waits for itself', () => seed(compose, service, 'norns:', 'voice-transcriber:')],
  [
    'compose-config',
    'a network that is not declared',
    () => seed(compose, service, '- platform_net', '- platform_network'),
  ],
  [
    'helm-lint',
    'values that their own schema refuses',
    () => seed(`${chart}/values.yaml`, 'replicas', 'replicas: 2', 'replicas: many'),
  ],
  [
    'helm-template',
    'a value that nobody gives',
    () => seed(`${chart}/templates/service.yaml`, 'kind', 'type: ', 'type: {{ required "say which" .Values.kind }} # '),
  ],
  [
    'helm-template',
    'a template without its end',
    () => seed(`${chart}/templates/deployment.yaml`, 'kind', '{{- end }}', ''),
  ],
  [
    'kubernetes-schema',
    'a field that Kubernetes does not know',
    () => seed(`${chart}/templates/deployment.yaml`, 'spec:', 'revisionHistoryLimit:', 'revisionHistory:'),
  ],
  [
    'kubernetes-schema',
    'an apiVersion that there is not',
    () => seed(`${chart}/templates/deployment.yaml`, 'apps', 'apps/v1', 'apps/v2'),
  ],
  [
    'kubernetes-schema',
    'a key that the operator does not know',
    () => seed(`${chart}/templates/externalsecret.yaml`, 'spec:', 'refreshInterval:', 'refreshIntervall:'),
  ],
  [
    'kubernetes-schema',
    'an Argo CD application with a key too many',
    () => seed(argocd, 'spec:', 'destination:', 'destinations: []\n  destination:'),
  ],
  [
    'kubernetes-references',
    'a Service whose selector finds no pod',
    () => seed(`${chart}/templates/service.yaml`, 'selector:', 'selector:', 'selector:\n    tier: gone'),
  ],
  [
    'kubernetes-references',
    'a probe of a port that no container has',
    () => seed(`${chart}/values.yaml`, 'probes:', 'port: http', 'port: metrics'),
  ],
  ['shellcheck', 'a variable without quotes', () => rewrite(localstack, (text) => `${text}\nrm -f $REGION\n`)],
  ['shellcheck', 'a condition without its end', () => rewrite(spire, (text) => `${text}\nif true; then\n  :\n`)],
];

describe('a sound change', () => {
  it('passes every check, the real tools among them', async () => {
    const { checks, rendered } = await checkChange({ plan: sound, manifest, profile, tree });
    expect(checks.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining([...toolCheckIds]));
    expect(rendered.map(({ environment }) => environment)).toEqual(['dev', 'staging', 'prod']);
  });
});

describe('a seeded fault is found', () => {
  it.each(byTools)('by %s: %s', async (check, _what, plan) => {
    const { checks } = await checkWithTools({ plan: plan(), manifest, profile, tree });
    const found = checks.find(({ id }) => id === check);
    expect(found?.status, found?.detail).toBe('fail');
    expect(found?.detail).not.toContain('/tmp/');
  });

  it('by each check with a tool', () => {
    const caught = new Set(byTools.map(([check]) => check));
    for (const id of toolCheckIds) expect(caught).toContain(id);
  });
});
