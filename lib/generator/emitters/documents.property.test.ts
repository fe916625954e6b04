// Pages, lists, dashboards and rules of services with odd names and words: there and back on the sample repository, and never twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Manifest } from '@/lib/services/manifest';
import { checkInput } from '../checks/check';
import { markdownLinks } from '../checks/markdown-links';
import { prometheusValid } from '../checks/prometheus-valid';
import { planAddition } from '../plan';
import { planRemoval } from '../plan-removal';
import { resolvedSpec } from '../test-resolved-spec';
import { applyPlan, sampleProfile, sampleTree } from '../test-sample';
import { architectureIndexEmitter } from './architecture-index/emit';
import { grafanaEmitter } from './grafana/emit';
import { prometheusEmitter } from './prometheus/emit';
import { runbookEmitter } from './runbook/emit';

const emitters = [prometheusEmitter, grafanaEmitter, runbookEmitter, architectureIndexEmitter];
const tree = sampleTree();
const profile = sampleProfile(tree);
const words = fc.stringMatching(/^[A-Za-z|`*[\]()<>_#:"'\\.{} -]{1,40}$/).filter((text) => text.trim() !== '');

const spec = fc
  .record({
    displayName: words,
    purpose: words,
    summary: words,
    category: fc.constantFrom('ai', 'realtime', 'events', 'database', 'observability'),
    access: fc.constantFrom('forward-auth', 'own-oauth'),
    metrics: fc.boolean(),
    probe: fc.boolean(),
    alerts: fc.boolean(),
    dashboard: fc.boolean(),
    inCompose: fc.boolean(),
  })
  .map(({ summary, access, metrics, probe, alerts, dashboard, inCompose, ...said }) =>
    Manifest.parse({
      ...said,
      name: 'odd-words',
      owner: 'platform',
      ports: [{ name: 'http', internal: 8080, external: 19_999, why: 'API' }],
      security: { access },
      runtime: {
        source: { kind: 'image', image: 'a:1' },
        ...(inCompose ? { compose: {} } : { kubernetes: {} }),
        healthCheck: {},
      },
      routing: { host: 'odd-words.ravenhelm.test' },
      observability: {
        ...(metrics ? { metrics: {} } : {}),
        probe,
        dashboard,
        alerts: alerts ? [{ name: 'OddWords', expression: 'up == 0', summary }] : [],
      },
    }),
  );

describe('what people read and what watches', () => {
  it('is added once, leads somewhere, and goes again without a trace', () => {
    let files = 0;
    fc.assert(
      fc.property(spec, (input) => {
        const manifest = resolvedSpec(input, 35);
        const plan = planAddition({ manifest, profile, tree }, emitters);
        expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
        files += plan.files.length;
        const after = applyPlan(tree, plan);
        expect(planAddition({ manifest, profile, tree: after }, emitters).files).toEqual([]);
        for (const check of [markdownLinks, prometheusValid])
          expect(check.run(checkInput({ plan, manifest, profile, tree }))).toMatchObject({ status: 'pass' });
        const removal = planRemoval({ manifest, profile, tree: after }, emitters);
        const back = applyPlan(after, removal);
        expect(back.paths).toEqual(tree.paths);
        for (const { path } of plan.files) expect([path, back.read(path)]).toEqual([path, tree.read(path)]);
        expect(removal.findings.filter((finding) => finding.kind === 'hand-edited')).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(files).toBeGreaterThanOrEqual(180);
  });
});
