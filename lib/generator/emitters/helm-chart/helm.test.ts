// What the chart renders to, by the real Helm, against the schemas of Kubernetes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { treeOf } from '../../overlay';
import { runHelm } from '../../test-helm';
import { resolvedSpec } from '../../test-resolved-spec';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import type { ManifestInput } from '@/lib/services/manifest';
import { helmChartEmitter } from './emit';
import { chartPlatform } from './test-profile';

const schemaFiles: Record<string, string> = {
  'apps/v1 Deployment': 'kubernetes/deployment-apps-v1.json',
  'v1 Service': 'kubernetes/service-v1.json',
  'v1 ServiceAccount': 'kubernetes/serviceaccount-v1.json',
  'v1 PersistentVolumeClaim': 'kubernetes/persistentvolumeclaim-v1.json',
  'networking.k8s.io/v1 Ingress': 'kubernetes/ingress-networking_k8s_io-v1.json',
  'external-secrets.io/v1 ExternalSecret': 'crds/external-secrets.io/externalsecret_v1.json',
};
const validators = new Map<string, ValidateFunction>();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-chart-'));
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true, logger: false }));
  for (const [kind, file] of Object.entries(schemaFiles))
    validators.set(
      kind,
      ajv.compile(JSON.parse(readFileSync(new URL(`../../checks/schemas/${file}`, import.meta.url), 'utf8')) as object),
    );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the chart and gives its folder. */
function writeChart(spec: ManifestInput): string {
  const manifest = resolvedSpec(spec);
  for (const edit of helmChartEmitter.emit({ manifest, profile: chartPlatform, tree: treeOf({}) }).edits) {
    mkdirSync(dirname(join(folder, edit.path)), { recursive: true });
    writeFileSync(join(folder, edit.path), edit.text);
  }
  return join(folder, 'charts', manifest.name);
}

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
}

/** Renders, and holds every document against the schema of its kind. */
function render(
  chart: string,
  name: string,
  ...args: string[]
): Map<string, KubernetesObject & Record<string, unknown>> {
  const { status, out } = runHelm(['template', name, chart, ...args]);
  expect(out, `helm template ${args.join(' ')}`).not.toContain('Error:');
  expect(status).toBe(0);
  const objects = new Map<string, KubernetesObject & Record<string, unknown>>();
  for (const document of parseAllDocuments(out)) {
    const object = document.toJS() as (KubernetesObject & Record<string, unknown>) | null;
    if (object === null) continue;
    const kind = `${object.apiVersion} ${object.kind}`;
    const validate = validators.get(kind);
    expect(validate, `a schema for ${kind}`).toBeDefined();
    const valid = validate?.(object) ?? false;
    expect(validate?.errors ?? [], `${kind} ${object.metadata.name}`).toEqual([]);
    expect(valid).toBe(true);
    for (const value of Object.values(object.metadata.labels))
      expect(value).toMatch(/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/);
    objects.set(object.kind, object);
  }
  return objects;
}

describe.each([
  ['voice-transcriber', transcriber, ['dev', 'staging', 'prod']],
  ['media-relay', mediaRelay, ['dev', 'prod']],
  ['night-worker', worker, ['dev']],
] as const)('helm on %s', (name, spec, environments) => {
  it('lints strictly and renders valid objects in each environment', () => {
    const chart = writeChart(spec);
    for (const environment of environments) {
      const values = join(chart, `values-${environment}.yaml`);
      const lint = runHelm(['lint', '--strict', chart, '-f', values]);
      expect(lint.out).toContain('0 chart(s) failed');
      expect(lint.status).toBe(0);
      const objects = render(chart, name, '-f', values);
      expect([...objects.values()].map((object) => object.metadata.labels.Env)).toEqual(
        Array.from(objects, () => environment),
      );
      expect(objects.has('Deployment')).toBe(true);
      expect(objects.has('Ingress')).toBe(spec.routing !== undefined);
    }
  });
});

describe('rendered objects', () => {
  it('carry the stream annotations, the sign-in and the host of the environment', () => {
    const chart = writeChart(transcriber);
    const ingress = render(chart, 'voice-transcriber', '-f', join(chart, 'values-prod.yaml')).get('Ingress');
    expect(ingress?.metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/auth-url': 'https://auth.ravenhelm.test/oauth2/auth',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
    });
    expect(JSON.stringify(ingress)).toContain('"host":"voice-transcriber.ravenhelm.test"');
  });

  it('give the container exactly the text of the spec, and secrets by name', () => {
    const deployment = render(writeChart(transcriber), 'voice-transcriber').get('Deployment') as unknown as {
      spec: { template: { spec: { containers: { env: { name: string; value: string }[]; image: string }[] } } };
    };
    const [container] = deployment.spec.template.spec.containers;
    const env = Object.fromEntries(container?.env.map((variable) => [variable.name, variable.value]) ?? []);
    expect(env).toEqual({
      LOG_LEVEL: 'info',
      GREETING: 'yes: it\'s 22:22 # {{ not a template }} \\ "quoted"',
      MODEL_TOKEN_SECRET_NAME: 'ravenhelm/voice-transcriber/model-token',
      SIGNING_SECRET_NAME: 'ravenhelm/voice-transcriber/signing',
    });
    expect(container?.image).toBe('ghcr.io/example/voice-transcriber:1.4.2');
  });

  it('hold the external secret only when it is switched on', () => {
    const chart = writeChart(transcriber);
    expect(render(chart, 'voice-transcriber').has('ExternalSecret')).toBe(false);
    expect(render(chart, 'voice-transcriber', '--set', 'externalSecret.enabled=true').has('ExternalSecret')).toBe(true);
  });

  it('run an image by its digest where there is one', () => {
    expect(JSON.stringify(render(writeChart(mediaRelay), 'media-relay').get('Deployment'))).toContain(
      `"image":"example/relay@sha256:${'ab'.repeat(32)}"`,
    );
  });

  it('are refused by the values schema when a key is misspelt', () => {
    const { status, out } = runHelm(['template', 'x', writeChart(worker), '--set', 'replica=3']);
    expect(status).not.toBe(0);
    expect(out).toContain('replica');
  });
});
