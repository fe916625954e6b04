import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../apply-edits';
import { runChecks } from '../../checks/index';
import { planAddition } from '../../plan';
import { Profile } from '../../profile';
import { runHelm } from '../../test-helm';
import { faultsOf, parseObjects } from '../../test-kubernetes';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleFolder, sampleProfile, sampleTree } from '../../test-sample';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { helmChartEmitter } from '../helm-chart/emit';
import { helmValuesEmitter } from './emit';
import type { ManifestInput } from '@/lib/services/manifest';

const golden = goldenCases(fileURLToPath(new URL('fixtures', import.meta.url)));

describe('values of a shared chart', () => {
  it.each(golden)('$name', (one) => {
    checkGoldenCase(helmValuesEmitter, one);
  });
});

const spec: ManifestInput = {
  name: 'livekit-egress',
  purpose: 'Records rooms',
  category: 'realtime',
  owner: 'realtime',
  ports: [{ name: 'http', internal: 7980, external: 'none', why: 'API' }],
  security: { secrets: [{ name: 'livekit-egress', environment: 'EGRESS_SECRET_NAME', purpose: 'Storage' }] },
  runtime: {
    source: { kind: 'image', image: 'livekit/egress:v1.9.0' },
    kubernetes: { chart: 'shared', replicas: 3 },
  },
};

describe('the shared chart of the sample', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-shared-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const tree = sampleTree();
  const profile = sampleProfile(tree);
  const context = { manifest: resolvedSpec(spec), profile, tree };

  it('renders the new service with the others', () => {
    const { files } = applyEdits(tree, helmValuesEmitter.emit(context).edits);
    const values = files.get('charts/platform-values.yaml')?.text ?? '';
    const path = join(folder, 'values.yaml');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, values);
    const { status, out } = runHelm(['template', 'platform', join(sampleFolder, 'charts/platform'), '-f', path]);
    expect(status === 0 ? '' : out).toBe('');
    const objects = parseObjects(out);
    expect(objects.flatMap(faultsOf)).toEqual([]);
    const own = objects.filter((object) => object.metadata.name === 'livekit-egress');
    expect(own.map((object) => object.kind).sort()).toEqual(['Deployment', 'Service']);
    expect(own.find((object) => object.kind === 'Deployment')?.spec).toMatchObject({
      replicas: 3,
      template: {
        spec: {
          containers: [
            {
              image: 'livekit/egress:v1.9.0',
              ports: [{ name: 'http', containerPort: 7980 }],
              env: [{ name: 'EGRESS_SECRET_NAME', value: 'ravenhelm/livekit-egress' }],
              resources: { requests: { cpu: '100m', memory: '128Mi' } },
            },
          ],
        },
      },
    });
    expect(objects.filter((object) => object.kind === 'Deployment').length).toBeGreaterThan(5);
  });

  it('agrees with the other files', () => {
    const plan = planAddition(context);
    const checks = runChecks({ ...context, plan });
    expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
    expect(checks.find((check) => check.id === 'names-agree')?.status).toBe('pass');
  });

  it('takes the place of a chart of its own, as the spec or else the profile says', () => {
    const kubernetes = { replicas: 1 };
    const unsaid = { ...context, manifest: resolvedSpec({ ...spec, runtime: { ...spec.runtime, kubernetes } }) };
    const shared = Profile.parse({ ...profile, helm: { ...profile.helm, style: 'shared' } });
    expect([helmValuesEmitter.applies(context), helmChartEmitter.applies(context)]).toEqual([true, false]);
    expect([helmValuesEmitter.applies(unsaid), helmChartEmitter.applies(unsaid)]).toEqual([false, true]);
    expect(helmValuesEmitter.applies({ ...unsaid, profile: shared })).toBe(true);
  });

  it('is refused where the profile names none', () => {
    const { shared: _, ...helm } = profile.helm ?? { charts: '' };
    const without = Profile.parse({ ...profile, helm });
    expect(helmValuesEmitter.emit({ ...context, profile: without })).toMatchObject({
      edits: [],
      refusals: [{ path: 'slipway.yaml' }],
    });
  });
});
