import { describe, expect, it } from 'vitest';
import { treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { Profile } from '../../profile';
import { resolvedSpec } from '../../test-resolved-spec';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import type { Emission, ResolvedManifest, Tree } from '../../types';
import { helmChartEmitter } from './emit';
import { chartPlatform } from './test-profile';
import { chartPorts, costLabels } from './values';

function emit(manifest: ResolvedManifest, profile = chartPlatform, tree: Tree = treeOf({})): Emission {
  return helmChartEmitter.emit({ manifest, profile, tree });
}

function created(emission: Emission): Record<string, string> {
  return Object.fromEntries(emission.edits.map((edit) => [edit.path, edit.text]));
}

describe.each([
  ['voice-transcriber', transcriber],
  ['media-relay', mediaRelay],
  ['night-worker', worker],
] as const)('chart of %s', (name, spec) => {
  const files = created(emit(resolvedSpec(spec)));

  it('reads as in the golden files', async () => {
    for (const [path, text] of Object.entries(files)) await expect(text).toMatchFileSnapshot(`fixtures/${path}`);
    expect(Object.keys(files)).toMatchSnapshot();
    expect(Object.keys(files).every((path) => path.startsWith(`charts/${name}/`))).toBe(true);
  });

  it('has nothing to add to its own result', () => {
    const plan = planAddition({ manifest: resolvedSpec(spec), profile: chartPlatform, tree: treeOf(files) }, [
      helmChartEmitter,
    ]);
    expect(plan.outcome).toBe('unchanged');
    expect(plan.files).toEqual([]);
  });
});

describe('helm chart', () => {
  it('concerns only services of Kubernetes on platforms with charts', () => {
    const manifest = resolvedSpec(transcriber);
    const bare = Profile.parse({ platform: { name: 'x', domain: 'x.test' } });
    const { kubernetes: _, ...runtime } = manifest.runtime;
    expect(helmChartEmitter.applies({ manifest, profile: chartPlatform, tree: treeOf({}) })).toBe(true);
    expect(helmChartEmitter.applies({ manifest, profile: bare, tree: treeOf({}) })).toBe(false);
    expect(
      helmChartEmitter.applies({ manifest: { ...manifest, runtime }, profile: chartPlatform, tree: treeOf({}) }),
    ).toBe(false);
  });

  it('refuses a chart that is there and differs, in one conflict that names the file', () => {
    const emission = emit(
      resolvedSpec(transcriber),
      chartPlatform,
      treeOf({ 'charts/voice-transcriber/Chart.yaml': 'name: other\n' }),
    );
    expect(emission.edits).toEqual([]);
    expect(emission.conflicts).toMatchObject([{ kind: 'file', path: 'charts/voice-transcriber/Chart.yaml' }]);
  });

  it('leaves the ingress off where nothing would ask people to sign in', () => {
    const open = Profile.parse({ ...chartPlatform, helm: { charts: 'charts', hosts: { dev: '{service}.dev.test' } } });
    const emission = emit(resolvedSpec(transcriber), open);
    expect(created(emission)['charts/voice-transcriber/values-dev.yaml']).not.toContain('enabled: true');
    expect(emission.findings?.map((finding) => finding.kind)).toContain('ingress-off');
    const guarded = created(emit(resolvedSpec(transcriber)))['charts/voice-transcriber/values-dev.yaml'];
    expect(guarded).toContain('enabled: true');
  });

  it('says what a chart cannot carry', () => {
    expect(
      emit(resolvedSpec(mediaRelay))
        .findings?.map((finding) => finding.message)
        .join('\n'),
    ).toContain('wide (20000-20099/udp)');
    expect(
      emit(resolvedSpec(transcriber))
        .findings?.map((finding) => finding.message)
        .join('\n'),
    ).toContain('config/voice');
    const devOnly = Profile.parse({ ...chartPlatform, helm: { ...chartPlatform.helm, environments: ['dev'] } });
    const messages = emit(resolvedSpec(transcriber), devOnly)
      .findings?.map((finding) => finding.message)
      .join('\n');
    expect(messages).toContain('no environment prod');
    expect(messages).toContain('no environment staging');
  });
});

describe('port names', () => {
  it('are what Kubernetes takes, each once', () => {
    const { ports } = chartPorts([
      { name: 'a--b', protocol: 'tcp', internal: { from: 80, to: 80 } },
      { name: 'a-b', protocol: 'tcp', internal: { from: 81, to: 81 } },
      { name: 'a-very-long-one', protocol: 'udp', internal: { from: 7000, to: 7002 } },
      { name: 'p7000-udp', protocol: 'tcp', internal: { from: 7000, to: 7000 } },
      { name: 'rtc', protocol: 'udp', internal: { from: 9000, to: 9001 } },
    ]);
    const names = ports.map((port) => port.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(?=.{1,15}$)(?!.*--)(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    expect(names).toContain('p7000-udp');
    expect(names).toContain('rtc-9000');
  });
});

describe('cost labels', () => {
  it('are the four tags, valid as labels, the environment apart', () => {
    const manifest = resolvedSpec(worker);
    const profile = Profile.parse({ platform: { name: 'Raven Helm!', domain: 'x.test' }, helm: { charts: 'c' } });
    expect(costLabels(manifest, profile, undefined)).toEqual({
      Project: 'Raven-Helm',
      Owner: 'platform',
      Component: 'night-worker',
    });
    expect(costLabels(manifest, profile, 'prod')).toEqual({ Env: 'prod' });
  });
});
