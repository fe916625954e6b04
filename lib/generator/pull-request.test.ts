import { describe, expect, it } from 'vitest';
import { decodeChangeRecord, digestInBody } from './change-record';
import { runChecks } from './checks/index';
import { planAddition } from './plan';
import { describePullRequest } from './pull-request';
import { resolveFromTree } from './resolve';
import { sampleProfile, sampleTree } from './test-sample';
import { transcriber } from './test-specs';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import type { Plan } from './types';

const tree = sampleTree();
const profile = sampleProfile(tree);

function sampleTraefik() {
  if (!profile.traefik) throw new Error('the sample platform routes with Traefik');
  return profile.traefik;
}

function describeSpec(spec: ManifestInput, change: (plan: Plan) => Plan = (plan) => plan) {
  const { resolved } = resolveFromTree(Manifest.parse(spec), profile, tree, { date: '2026-11-03' });
  const plan = change(planAddition({ manifest: resolved, profile, tree }));
  const checks = runChecks({ plan, manifest: resolved, profile, tree });
  return {
    plan,
    ...describePullRequest({ plan, resolved, profile, checks, links: { request: 'https://slipway.test/requests/12' } }),
  };
}

describe('describePullRequest', () => {
  const { title, body, plan } = describeSpec(transcriber);

  it('says what, why, what was allocated and checked, how to try, how to undo', () => {
    expect(title).toBe('feat(voice-transcriber): add the shared service voice-transcriber');
    expect(body).toContain('Turns recorded calls into searchable text: "fast" &amp; &lt;safe&gt;.');
    for (const heading of [
      'Checklist',
      'Allocated',
      'Files',
      'Checks',
      'How to try it',
      'After the merge',
      'How to undo it',
    ])
      expect(body).toContain(`\n## ${heading}\n`);
    expect(body).toContain('[Request](https://slipway.test/requests/12)');
    expect(body).toContain('curl -sk https://voice-transcriber.ravenhelm.test/healthz');
    expect(body).toContain(plan.digest);
    for (const commit of plan.commits) for (const file of commit.files) expect(body).toContain(`\`${file.path}\``);
  });

  it('carries what the change set is computed again from', () => {
    const { resolved } = resolveFromTree(Manifest.parse(transcriber), profile, tree, { date: '2026-11-03' });
    const baseSha = 'ab'.repeat(20);
    const { body: recorded } = describePullRequest({ plan, resolved, profile, checks: [], links: {}, baseSha });
    expect(decodeChangeRecord(recorded)).toEqual({ record: { action: 'add', baseSha, resolved } });
    expect(digestInBody(recorded)).toBe(plan.digest);
  });

  it('ticks what the change does and leaves to people what only they can do', () => {
    expect(body).toContain('- [x] Added entry to `config/port_registry.yaml`.');
    expect(body).toContain('- [x] Helm chart');
    expect(body).toContain('- [x] Documentation/runbooks updated.');
    expect(body).toMatch(/- \[ \] Service starts cleanly \(`docker compose .* up -d voice-transcriber`\)\./);
    expect(body).toContain('- [x] Secrets created in LocalStack: `ravenhelm/voice-transcriber/model-token`');
    expect(body).toContain('- [ ] Endpoint reachable through Traefik');
  });

  it('ticks the route where it is labels of the container', () => {
    const labelled = { ...profile, traefik: { ...sampleTraefik(), labels: true } };
    // Redis belongs to another project: with it there would be no Compose service.
    const spec = Manifest.parse({ ...transcriber, runtime: { ...transcriber.runtime, dependsOn: [] } });
    const { resolved } = resolveFromTree(spec, labelled, tree, { date: '2026-11-03' });
    const withLabels = planAddition({ manifest: resolved, profile: labelled, tree });
    const described = describePullRequest({
      plan: withLabels,
      resolved,
      profile: labelled,
      checks: [],
      links: {},
    });
    expect(described.body).toMatch(/- \[x\] Traefik router\/service(\/transport)? labels added\./);
    const unchanged = { ...withLabels, files: [] };
    expect(describePullRequest({ plan: unchanged, resolved, profile: labelled, checks: [], links: {} }).body).toMatch(
      /- \[ \] Traefik router\/service(\/transport)? labels added\./,
    );
  });

  it('tells what the change brings apart from what was there before it', () => {
    const described = describeSpec(transcriber, (all) => ({
      ...all,
      findings: [
        { kind: 'any', path: 'a.yaml', message: 'Comes with it.' },
        { kind: 'any', path: 'b.yaml', message: 'Was there.', old: true },
      ],
    }));
    expect(described.body).toContain('## Worth knowing\n\n- `a.yaml` Comes with it.\n\n##');
    expect(described.body).toContain('## Noticed, not touched\n\n- `b.yaml` Was there.\n\n');
  });

  it('closes the steps after the merge where there are many', () => {
    const steps = (many: number) =>
      describeSpec(transcriber, (all) => ({
        ...all,
        followUps: Array.from({ length: many }, (_, index) => ({
          phase: 'start' as const,
          key: `step-${index}`,
          title: `Step ${index}`,
          detail: 'As it says.',
        })),
      })).body;
    expect(steps(2)).toContain('## After the merge\n\n- [ ] **Step 0**\n  As it says.\n- [ ] **Step 1**');
    expect(steps(20)).toContain('## After the merge\n\n<details><summary>20 steps, in this order</summary>');
  });

  it('does not tick a file that the change leaves to be edited by hand', () => {
    const registry = 'config/port_registry.yaml';
    const without = describeSpec(transcriber, (all) => ({
      ...all,
      files: all.files.filter((file) => file.path !== registry),
    }));
    expect(without.body).toContain(`- [ ] Added entry to \`${registry}\`.`);
  });

  it('lets nothing that a person typed format, embed, link or call', () => {
    const nasty = describeSpec({
      ...transcriber,
      displayName: '[x](https://evil.test) @everyone',
      purpose: '</details><script>alert(1)</script> | `rm` fixes #1 ![i](https://evil.test/p.png)',
      maintainers: ['@octocat', 'https://evil.test'],
      security: { access: 'public', publicReason: '<!-- gone --> @team' },
    }).body;
    expect(nasty).not.toMatch(/<script|<!--|(^|[^A-Za-z0-9])@[A-Za-z]|#1\b|\]\(https:\/\/evil|[^;]https?:\/\/evil/);
  });

  it('fits into what GitHub takes, and says where it was cut', () => {
    const { plan: full, body: long } = describeSpec(transcriber, (all) => ({
      ...all,
      followUps: Array.from({ length: 3000 }, (_, index) => ({
        phase: 'start' as const,
        key: `step-${index}`,
        title: `Step ${index} of very many that there are to do`,
      })),
    }));
    expect(long.length).toBeLessThan(65_536);
    expect(long).toMatch(/and \d+ more lines: the request lists all of them/);
    expect(long).toContain(full.digest);
    const many = Array.from({ length: 2000 }, (_, index) => ({
      id: `check-${index}`,
      name: `Check ${index}`,
      status: 'warn' as const,
      summary: 'Something that is said of it in a sentence',
      detail: '',
    }));
    const { resolved } = resolveFromTree(Manifest.parse(transcriber), profile, tree, { date: '2026-11-03' });
    const { body: cut } = describePullRequest({ plan: full, resolved, profile, checks: many, links: {} });
    expect(cut.length).toBeLessThan(65_536);
    expect(cut).toContain('since it did not fit: ');
    expect(cut.split('<details>')).toHaveLength(cut.split('</details>').length);
    expect(cut).toContain(full.digest);
  });
});
