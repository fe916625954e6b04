import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { overlay, treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import { mediaRelay, transcriber } from '../../test-specs';
import { checkGoldenCase, goldenCases } from '../test-golden-cases';
import { argoCdEmitter } from './emit';

const sample = sampleTree();
const profile = sampleProfile(sample);
const manifest = resolvedSpec(transcriber);
const schema = JSON.parse(
  readFileSync(new URL('../../checks/schemas/crds/argoproj.io/application_v1alpha1.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

interface Application {
  metadata: { name: string };
  spec: {
    source: { path: string; repoURL: string };
    destination: { namespace: string };
    syncPolicy?: { automated?: object };
  };
}

describe('Argo CD applications', () => {
  it('read as in the golden files and fit the schema', async () => {
    const { edits } = argoCdEmitter.emit({ manifest, profile, tree: sample });
    expect(edits.map((edit) => edit.path)).toEqual(
      ['dev', 'staging', 'prod'].map((environment) => `argocd/applications/voice-transcriber-${environment}.yaml`),
    );
    for (const edit of edits) {
      await expect(edit.text).toMatchFileSnapshot(`fixtures/${edit.path.split('/').at(-1)}`);
      expect(validate(parse(edit.text)), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('say of repository and namespace what their neighbours say', () => {
    const { edits } = argoCdEmitter.emit({ manifest, profile, tree: sample });
    const neighbour = parse(sample.read('argocd/applications/bifrost-staging.yaml') ?? '') as Application;
    const own = parse(edits.find((edit) => edit.path.endsWith('-staging.yaml'))?.text ?? '') as Application;
    expect(own.spec.destination).toEqual(neighbour.spec.destination);
    expect(own.spec.source.repoURL).toBe(neighbour.spec.source.repoURL);
    expect(own.spec.source.path).toBe('charts/voice-transcriber');
  });

  it('never sync prod by themselves', () => {
    for (const edit of argoCdEmitter.emit({ manifest, profile, tree: sample }).edits) {
      const automated = (parse(edit.text) as Application).spec.syncPolicy?.automated !== undefined;
      expect(automated, edit.path).toBe(!edit.path.endsWith('-prod.yaml'));
    }
  });

  it('have nothing to add to their own result, and do not write over what differs', () => {
    const plan = planAddition({ manifest, profile, tree: sample }, [argoCdEmitter]);
    const after = new Map(plan.files.map((file) => [file.path, file.after]));
    expect(planAddition({ manifest, profile, tree: overlay(sample, after) }, [argoCdEmitter]).outcome).toBe(
      'unchanged',
    );
    const other = new Map([['argocd/applications/voice-transcriber-dev.yaml', 'kind: Application\n']]);
    expect(argoCdEmitter.emit({ manifest, profile, tree: overlay(sample, other) })).toMatchObject({
      edits: [],
      conflicts: [{ kind: 'file' }],
    });
  });

  it('are for the environments of the spec alone', () => {
    const { edits } = argoCdEmitter.emit({ manifest: resolvedSpec(mediaRelay), profile, tree: sample });
    expect(edits.map((edit) => edit.path.split('-').at(-1))).toEqual(['dev.yaml', 'prod.yaml']);
  });

  it('say so where no application tells which repository this is', () => {
    expect(argoCdEmitter.emit({ manifest, profile, tree: treeOf({}) })).toMatchObject({
      edits: [],
      findings: [{ kind: 'argocd-left-out' }],
    });
  });
});

const golden = goldenCases(fileURLToPath(new URL('fixtures/golden', import.meta.url)));

describe('the entry or the files that a repository wants', () => {
  it.each(golden)('$name', (one) => {
    checkGoldenCase(argoCdEmitter, one);
  });
});

describe('a block in the shared chart', () => {
  const shared = resolvedSpec({
    ...transcriber,
    runtime: { ...transcriber.runtime, kubernetes: { chart: 'shared' } },
  });

  it('needs no application of its own, and is told where nobody runs the chart', () => {
    const emission = argoCdEmitter.emit({ manifest: shared, profile, tree: sample });
    expect(emission.edits).toEqual([]);
    // prod waits, commented out, in the sample's ApplicationSet.
    expect(emission.findings).toMatchObject([
      { path: 'argocd/applicationsets/platform.yaml', message: expect.stringContaining('not in prod') as string },
    ]);
    expect(argoCdEmitter.emit({ manifest: shared, profile, tree: treeOf({}) }).findings).toMatchObject([
      { kind: 'argocd-left-out', message: expect.stringContaining('No application runs charts/platform') as string },
    ]);
  });
});
