import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { deliveryEmitter } from './emit';

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    {
      needs?: string | string[];
      permissions?: Record<string, string>;
      if?: string;
      steps: { uses?: string; run?: string }[];
    }
  >;
}

const cases = goldenCases(fileURLToPath(new URL('fixtures', import.meta.url)));

describe('delivery', () => {
  it.each(cases)('$name', (golden) => {
    checkGoldenCase(deliveryEmitter, golden);
  });
});

describe('every workflow', () => {
  const workflows = cases.map(({ name, after }) => ({ name, workflow: parse(after ?? '') as Workflow }));

  it.each(workflows)('$name: jobs need jobs that are there, none needs itself', ({ workflow }) => {
    const names = Object.keys(workflow.jobs);
    for (const [name, job] of Object.entries(workflow.jobs))
      for (const needed of [job.needs ?? []].flat()) {
        expect(names).toContain(needed);
        expect(names.indexOf(needed)).toBeLessThan(names.indexOf(name));
      }
  });

  it.each(workflows)('$name: nothing that a pull request runs may write', ({ workflow }) => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) {
      if (!job.permissions) continue;
      // Whatever may write waits for the build, and that runs for main alone.
      expect(job.if ?? [job.needs ?? []].flat().join()).toMatch(/refs\/heads\/|build/);
    }
    expect(workflow.jobs.build?.if).toContain("github.event_name == 'push'");
  });

  it.each(workflows)('$name: SBOM, scan and signature are of the digest that was pushed', ({ workflow }) => {
    const text = JSON.stringify(workflow.jobs.build?.steps);
    for (const word of ['sbom-action', 'scan-action', 'cosign sign --yes', 'cosign attest --yes', 'critical'])
      expect(text).toContain(word);
    expect(text.indexOf('scan-action')).toBeLessThan(text.indexOf('cosign sign'));
  });
});
