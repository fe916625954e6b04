// What the chart renders to, by the real Helm, against the schemas of Kubernetes and of the operators.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runHelm } from '../../test-helm';
import { resolvedSpec } from '../../test-resolved-spec';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import { chartFolderOnDisk, only, renderChecked, writeChart } from './test-charts';
import { orderIntake } from './test-full-spec';
import { chartPlatform, fullPlatform, gatewayPlatform } from './test-profile';
import { chartCases } from './test-random-specs';

const { folder, remove } = chartFolderOnDisk();
afterAll(remove);

describe.each([
  ['voice-transcriber', transcriber, chartPlatform, ['dev', 'staging', 'prod']],
  ['media-relay', mediaRelay, chartPlatform, ['dev', 'prod']],
  ['night-worker', worker, chartPlatform, ['dev']],
  ['order-intake', orderIntake, fullPlatform, ['dev', 'staging', 'prod']],
] as const)('helm on %s', (name, spec, profile, environments) => {
  it('lints strictly and renders valid objects in each environment', () => {
    const chart = writeChart(folder, resolvedSpec(spec), profile);
    for (const environment of environments) {
      const values = join(chart, `values-${environment}.yaml`);
      const lint = runHelm(['lint', '--strict', chart, '-f', values]);
      expect(lint.out).toContain('0 chart(s) failed');
      expect(lint.status).toBe(0);
      const objects = renderChecked(chart, name, '-f', values);
      expect(objects.map((object) => object.metadata.labels?.['Env'])).toEqual(objects.map(() => environment));
      expect(objects.some((object) => object.kind === 'Deployment')).toBe(true);
      expect(objects.some((object) => object.kind === 'Ingress')).toBe(spec.routing !== undefined);
    }
  });
});

describe('rendered objects', () => {
  it('are no more than the spec asks for', () => {
    const kinds = renderChecked(writeChart(folder, resolvedSpec(worker), fullPlatform), 'night-worker');
    expect(kinds.map((object) => object.kind).sort()).toEqual(['Deployment', 'ServiceAccount']);
  });

  it('are all that a spec can ask for, as in the golden file', async () => {
    const chart = writeChart(folder, resolvedSpec(orderIntake, 42), fullPlatform);
    const objects = renderChecked(chart, 'order-intake', '-f', join(chart, 'values-prod.yaml'));
    const text = objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
    await expect(text).toMatchFileSnapshot('fixtures/rendered/order-intake-prod.yaml');
    expect(objects.map((object) => object.kind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'ExternalSecret',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'PrometheusRule',
      'ScaledObject',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
      'TriggerAuthentication',
    ]);
    expect(only(objects, 'Deployment').spec).not.toHaveProperty('replicas');
  });

  it('scale by the role of the service where it has one, else by that of KEDA', () => {
    const chart = writeChart(folder, resolvedSpec(orderIntake), fullPlatform);
    const owner = (environment: string) =>
      only(
        renderChecked(chart, 'order-intake', '-f', join(chart, `values-${environment}.yaml`)),
        'TriggerAuthentication',
      ).spec;
    expect(owner('prod')).toEqual({ podIdentity: { provider: 'aws', identityOwner: 'workload' } });
    expect(owner('staging')).toEqual({ podIdentity: { provider: 'aws', identityOwner: 'keda' } });
  });

  it('route by the Gateway API where the platform does, with the sign-in in front', () => {
    const chart = writeChart(folder, resolvedSpec(transcriber), gatewayPlatform);
    const objects = renderChecked(chart, 'voice-transcriber', '-f', join(chart, 'values-dev.yaml'));
    expect(objects.map((object) => object.kind)).not.toContain('Ingress');
    expect(only(objects, 'HTTPRoute').spec).toEqual({
      parentRefs: [{ name: 'public', namespace: 'gateway' }],
      hostnames: ['voice-transcriber.dev.ravenhelm.test'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          filters: [
            {
              type: 'ExtensionRef',
              extensionRef: { group: 'traefik.io', kind: 'Middleware', name: 'forward-auth' },
            },
          ],
          timeouts: { request: '0s' },
          backendRefs: [{ name: 'voice-transcriber', port: 8080 }],
        },
      ],
    });
  });

  it('carry the stream annotations, the sign-in and the host of the environment', () => {
    const chart = writeChart(folder, resolvedSpec(transcriber), chartPlatform);
    const ingress = only(renderChecked(chart, 'voice-transcriber', '-f', join(chart, 'values-prod.yaml')), 'Ingress');
    expect(ingress.metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/auth-url': 'https://auth.ravenhelm.test/oauth2/auth',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
    });
    expect(JSON.stringify(ingress)).toContain('"host":"voice-transcriber.ravenhelm.test"');
  });

  it('give the container exactly the text of the spec, and secrets by name', () => {
    const objects = renderChecked(writeChart(folder, resolvedSpec(transcriber), chartPlatform), 'voice-transcriber');
    const { template } = only(objects, 'Deployment').spec as unknown as {
      template: { spec: { containers: { env: { name: string; value: string }[]; image: string }[] } };
    };
    const [container] = template.spec.containers;
    expect(Object.fromEntries(container?.env.map((variable) => [variable.name, variable.value]) ?? [])).toEqual({
      LOG_LEVEL: 'info',
      GREETING: 'yes: it\'s 22:22 # {{ not a template }} \\ "quoted"',
      MODEL_TOKEN_SECRET_NAME: 'ravenhelm/voice-transcriber/model-token',
      SIGNING_SECRET_NAME: 'ravenhelm/voice-transcriber/signing',
    });
    expect(container?.image).toBe('ghcr.io/example/voice-transcriber:1.4.2');
  });

  it('start anew when the configuration changes', () => {
    const chart = writeChart(folder, resolvedSpec(orderIntake), fullPlatform);
    const checksum = (...args: string[]) => {
      const deployment = only(renderChecked(chart, 'order-intake', ...args), 'Deployment');
      const { template } = deployment.spec as { template: { metadata: { annotations: Record<string, string> } } };
      return template.metadata.annotations['checksum/config'];
    };
    expect(checksum()).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum('--set', 'env.LOG_LEVEL=debug')).not.toBe(checksum());
  });

  it('hold the external secret where the platform names its store, or somebody switches it on', () => {
    const without = writeChart(folder, resolvedSpec(transcriber), chartPlatform);
    const switches = ['--set', 'externalSecret.enabled=true', '--set', 'externalSecret.store.name=vault'];
    expect(renderChecked(without, 'x').map((object) => object.kind)).not.toContain('ExternalSecret');
    expect(renderChecked(without, 'x', ...switches).map((object) => object.kind)).toContain('ExternalSecret');
    const store = renderChecked(writeChart(folder, resolvedSpec(transcriber), fullPlatform), 'x');
    expect(only(store, 'ExternalSecret').spec).toMatchObject({
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws-secrets-manager' },
    });
  });

  it('run an image by its digest where there is one', () => {
    const objects = renderChecked(writeChart(folder, resolvedSpec(mediaRelay), chartPlatform), 'media-relay');
    expect(JSON.stringify(only(objects, 'Deployment'))).toContain(`"image":"example/relay@sha256:${'ab'.repeat(32)}"`);
  });

  it.each([
    ['a misspelt key', ['replica=3'], 'replica'],
    ['a misspelt key further down', ['autoscaling.enable=true'], 'enable'],
    ['a number for a text', ['env.PORT=3'], 'PORT'],
    ['a severity that is none', ['prometheusRule.alerts[0].severity=high'], 'severity'],
    [
      'both ways of scaling',
      ['autoscaling.enabled=true', 'queueScaling.enabled=true', 'queueScaling.queueURL=q'],
      'one of them',
    ],
    ['an ingress without a host', ['ingress.enabled=true'], 'ingress.host'],
  ])('are refused: %s', (_, values, named) => {
    const chart = writeChart(folder, resolvedSpec(worker), chartPlatform);
    const { status, out } = runHelm(['template', 'x', chart, ...values.flatMap((value) => ['--set', value])]);
    expect(status).not.toBe(0);
    expect(out).toContain(named);
  });
});

describe('charts of specs at random', () => {
  // All of them as parts of one chart: Helm starts once for forty, and each keeps its own values and schema.
  it('lint strictly and render valid objects in every environment', () => {
    let run = 0;
    let rendered = 0;
    fc.assert(
      fc.property(chartCases(40), (cases) => {
        run += 1;
        const all = join(folder, `all-${run}`);
        mkdirSync(join(all, 'charts'), { recursive: true });
        const dependencies = cases.map(({ spec }) => ({ name: spec.name, version: '0.1.0', repository: '' }));
        writeFileSync(
          join(all, 'Chart.yaml'),
          stringify({ apiVersion: 'v2', name: 'all', version: '0.1.0', dependencies }),
        );
        const charts = cases.map(({ spec, profile, runbook }) =>
          writeChart(all, resolvedSpec(spec, runbook ? 7 : undefined), profile),
        );
        const lint = runHelm(['lint', '--strict', '--with-subcharts', all]);
        expect(lint.out.split('\n').filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
        expect(lint.out).toContain('41 chart(s) linted, 0 chart(s) failed');
        for (const environment of ['dev', 'staging', 'prod']) {
          const values = cases.flatMap(({ spec }, index) => {
            const there = spec.runtime.kubernetes?.environments?.includes(environment as 'dev') ?? true;
            const path = join(charts[index] ?? '', `values-${environment}.yaml`);
            return there ? [[spec.name, parse(readFileSync(path, 'utf8')) as unknown]] : [];
          });
          const file = join(all, `values-${environment}.yaml`);
          writeFileSync(file, stringify(Object.fromEntries(values)));
          rendered += renderChecked(all, 'all', '-f', file).length;
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
    expect(rendered).toBeGreaterThan(400);
  });
});
