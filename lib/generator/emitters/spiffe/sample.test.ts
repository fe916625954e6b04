// On the sample repository: a service with mTLS in every stack, by the names that it may have, and what its own script makes of the entry.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../checks/index';
import { planAddition } from '../../plan';
import { planRemoval } from '../../plan-removal';
import { resolvedSpec } from '../../test-resolved-spec';
import { applyPlan, sampleProfile, sampleTree } from '../../test-sample';
import { composeEmitter } from '../compose/emit';
import { spiffeConfigEmitter } from './config';
import { spiffeRegistrationEmitter } from './registration';
import { spiffeSidecarEmitter } from './sidecar';

const tree = sampleTree();
const profile = sampleProfile(tree);
const emitters = [composeEmitter, spiffeConfigEmitter, spiffeRegistrationEmitter, spiffeSidecarEmitter];
const spec = (name: string, category: string, workload?: string, alsoInRoot = false, host?: string) =>
  resolvedSpec({
    name,
    ...(workload === undefined ? {} : { workload }),
    purpose: 'Tries mTLS',
    category,
    owner: 'platform',
    security: { mtls: true },
    ports: [{ name: 'https', internal: 8443, external: 'none', why: 'API' }],
    runtime: { source: { kind: 'image', image: 'example/probe:1.0' }, compose: { alsoInRoot } },
    ...(host === undefined ? {} : { routing: { host } }),
  });

const folder = mkdtempSync(join(tmpdir(), 'slipway-spire-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the script asks of the SPIRE server, which knows nobody yet. */
function register(script: string): string[] {
  const docker = join(folder, 'docker');
  writeFileSync(
    docker,
    `#!/bin/sh\nprintf '%s\\n' "$*" >>"${folder}/calls"\ncase "$*" in *"entry show"*) exit 0;; esac\n`,
  );
  chmodSync(docker, 0o755);
  writeFileSync(join(folder, 'calls'), '');
  const run = spawnSync('bash', ['-c', `${script}\ncat "${folder}/calls" >&2`], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, NODE_ENV: 'test' },
  });
  expect(run.status).toBe(0);
  return run.stderr.split('\n').filter((line) => line.includes('entry create'));
}

describe('a service with mTLS on the sample repository', () => {
  it.each(Object.keys(profile.categories))('of the category %s', (category) => {
    const manifest = spec('probe-one', category);
    const plan = planAddition({ manifest, profile, tree }, emitters);
    expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
    expect(plan.files.map((file) => file.path)).toContain('compose/docker-compose.security.yml');
    const failed = runChecks({ plan, manifest, profile, tree }).filter((check) => check.status === 'fail');
    expect(failed).toEqual([]);
    const result = applyPlan(tree, plan);
    expect(planAddition({ manifest, profile, tree: result }, emitters).files).toEqual([]);
  });

  it('stands in the root file as well where that is asked for', () => {
    const manifest = spec('probe-one', 'workflow', 'probe', true);
    const plan = planAddition({ manifest, profile, tree }, emitters);
    expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
    const root = plan.files.find((file) => file.path === 'docker-compose.yml')?.after ?? '';
    expect(root).toContain(
      '  probe-spiffe-helper:\n    <<: *spiffe-helper\n    container_name: gitlab-sre-probe-spiffe-helper\n    logging: *default-logging\n',
    );
    expect(root).toContain('./config/spiffe-helper/probe-helper.conf:');
    expect(root.match(/^ {2}probe_certs:/gm)).toHaveLength(1);
    expect(runChecks({ plan, manifest, profile, tree }).filter((check) => check.status === 'fail')).toEqual([]);
  });

  it('is registered by the script with the label of its helper and its names', () => {
    const manifest = spec('mcp-server-jira', 'mcp', 'mcp-jira', false, 'jira.ravenhelm.test');
    const plan = planAddition({ manifest, profile, tree }, emitters);
    const file = plan.files.find((one) => one.path === 'spire/init-spire.sh');
    expect(file?.executable).toBe(true);
    const before = register(tree.read('spire/init-spire.sh') ?? '');
    const after = register(file?.after ?? '');
    expect(after.filter((line) => !before.includes(line))).toEqual([
      'exec gitlab-sre-spire-server /opt/spire/bin/spire-server entry create -spiffeID spiffe://ravenhelm.test/mcp-jira -parentID spiffe://ravenhelm.test/agent/ravenhelm-01 -selector docker:label:ravenhelm.workload:mcp-jira-spiffe-helper -x509SVIDTTL 3600 -dns mcp-server-jira -dns jira.ravenhelm.test',
    ]);
    expect(after).toHaveLength(before.length + 1);
    expect(plan.followUps.filter((step) => step.phase === 'identity').map((step) => step.command)).toEqual([
      './spire/init-spire.sh',
      'docker compose --env-file .env -f compose/docker-compose.security.yml up -d mcp-jira-spiffe-helper',
    ]);
  });

  it('comes and goes under any name without a trace', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(?:-[a-z0-9]{1,5}){0,2}$/);
    const input = fc.record({
      name: label,
      workload: fc.option(label, { nil: undefined }),
      category: fc.constantFrom(...Object.keys(profile.categories)),
    });
    fc.assert(
      fc.property(input, ({ name, workload, category }) => {
        const manifest = spec(`p-${name}`, category, workload === undefined ? undefined : `w-${workload}`);
        const plan = planAddition({ manifest, profile, tree }, emitters);
        expect({ conflicts: plan.conflicts, refusals: plan.refusals }).toEqual({ conflicts: [], refusals: [] });
        const added = applyPlan(tree, plan);
        const removal = planRemoval({ manifest, profile, tree: added }, emitters);
        expect(removal.refusals).toEqual([]);
        for (const file of removal.files)
          expect([file.path, file.after]).toEqual([file.path, tree.read(file.path) ?? null]);
        expect(removal.files.map((file) => file.path).sort()).toEqual(plan.files.map((file) => file.path).sort());
      }),
      { numRuns: 25 },
    );
  });
});
