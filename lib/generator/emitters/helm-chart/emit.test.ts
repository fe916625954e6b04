import { describe, expect, it } from 'vitest';
import { treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { Profile } from '../../profile';
import { resolvedSpec } from '../../test-resolved-spec';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import type { Emission, ResolvedManifest, Tree } from '../../types';
import type { ManifestInput } from '@/lib/services/manifest';
import { helmChartEmitter } from './emit';
import { orderIntake } from './test-full-spec';
import { chartPlatform, fullPlatform, gatewayPlatform } from './test-profile';
import { chartPorts, costLabels } from './values';

function emit(manifest: ResolvedManifest, profile = chartPlatform, tree: Tree = treeOf({})): Emission {
  return helmChartEmitter.emit({ manifest, profile, tree });
}

function created(emission: Emission): Record<string, string> {
  return Object.fromEntries(emission.edits.map((edit) => [edit.path, edit.text]));
}

describe.each([
  ['voice-transcriber', transcriber, chartPlatform],
  ['media-relay', mediaRelay, chartPlatform],
  ['night-worker', worker, chartPlatform],
  ['order-intake', orderIntake, fullPlatform],
] as const)('chart of %s', (name, spec, profile) => {
  const files = created(emit(resolvedSpec(spec), profile));

  it('reads as in the golden files', async () => {
    for (const [path, text] of Object.entries(files)) await expect(text).toMatchFileSnapshot(`fixtures/${path}`);
    expect(Object.keys(files)).toMatchSnapshot();
    expect(Object.keys(files).every((path) => path.startsWith(`charts/${name}/`))).toBe(true);
  });

  it('has nothing to add to its own result', () => {
    expect(emit(resolvedSpec(spec), profile, treeOf(files)).edits).toEqual([]);
    const plan = planAddition({ manifest: resolvedSpec(spec), profile, tree: treeOf(files) }, [helmChartEmitter]);
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

describe('what a chart cannot carry, or would do badly', () => {
  const messages = (spec: ManifestInput, profile = fullPlatform, runbook?: number) =>
    emit(resolvedSpec(spec, runbook), profile).findings?.map((finding) => finding.message) ?? [];

  it('is nothing where spec and platform fit', () => {
    const everywhere = {
      ...orderIntake.runtime.kubernetes,
      environments: ['dev' as const, 'prod' as const],
    };
    const spec = { ...orderIntake, runtime: { ...orderIntake.runtime, kubernetes: everywhere } };
    expect(messages(spec, fullPlatform, 42)).toEqual([]);
  });

  it.each<[string, ManifestInput, Profile, string]>([
    ['a role that is missing', orderIntake, fullPlatform, 'no AWS role for staging'],
    ['alerts without a runbook', orderIntake, fullPlatform, 'The alerts name no runbook'],
    ['stores that nobody named', orderIntake, chartPlatform, 'helm.parameterStore'],
    ['an account that nobody named', orderIntake, chartPlatform, 'ORDERS_QUEUE_URL, SHIPPED_TOPIC_ARN: not set'],
    ['UDP from outside', mediaRelay, fullPlatform, 'rtc is reached inside the cluster alone'],
    ['aliases', mediaRelay, fullPlatform, 'media.ravenhelm.test: only the proxy answers there'],
    ['a volume for two', transcriber, fullPlatform, 'Up to 2 pods share a volume'],
    ['mTLS', { ...worker, security: { mtls: true } }, fullPlatform, 'mTLS is for Compose'],
    [
      'a budget that stops every drain',
      { ...worker, runtime: { ...worker.runtime, kubernetes: { disruptionBudget: { minAvailable: 1 } } } },
      fullPlatform,
      'keeps 1 of 1',
    ],
    [
      'a policy that shuts out what it needs',
      { ...worker, runtime: { ...worker.runtime, dependsOn: ['redis'], kubernetes: { networkPolicy: {} } } },
      fullPlatform,
      'reach redis, which it depends on',
    ],
  ])('is said: %s', (_, spec, profile, message) => {
    expect(messages(spec, profile).join('\n')).toContain(message);
  });

  it('is a route that nobody guards', () => {
    const { forwardAuth: _, ...gateway } = gatewayPlatform.helm?.gateway ?? { name: '', namespace: '' };
    const open = Profile.parse({ ...gatewayPlatform, helm: { ...gatewayPlatform.helm, gateway } });
    const emission = emit(resolvedSpec(transcriber), open);
    expect(created(emission)['charts/voice-transcriber/values-prod.yaml']).not.toContain('route');
    expect(emission.findings?.map((finding) => finding.kind)).toContain('ingress-off');
    expect(
      created(emit(resolvedSpec(transcriber), gatewayPlatform))['charts/voice-transcriber/values-prod.yaml'],
    ).toContain('route:\n  enabled: true');
  });
});

describe('alerts', () => {
  const values = (profile: Profile, runbook?: number) =>
    created(emit(resolvedSpec(orderIntake, runbook), profile))['charts/order-intake/values.yaml'];

  it('send whoever is called to the runbook', () => {
    expect(values(fullPlatform, 42)).toContain(
      'runbookUrl: https://github.com/ravenhelm/platform/blob/main/docs/runbooks/RUNBOOK-042-order-intake.md\n',
    );
    const { baseUrl: _, ...runbooks } = fullPlatform.runbooks ?? { folder: '' };
    expect(values(Profile.parse({ ...fullPlatform, runbooks }), 42)).toContain(
      'runbookUrl: docs/runbooks/RUNBOOK-042-order-intake.md\n',
    );
  });
});

describe('the style of a chart', () => {
  const list = (text: string | undefined) => /^ports:\n( *)- name: http$/m.exec(text ?? '')?.[1];
  const chart = (values: string) =>
    created(emit(resolvedSpec(transcriber), chartPlatform, treeOf({ 'charts/other/values.yaml': values })))[
      'charts/voice-transcriber/values.yaml'
    ];

  it('is that of the charts beside it', () => {
    expect(list(chart('env:\n  - name: A\n    value: b\n'))).toBe('  ');
    expect(list(chart('env:\n- name: A\n  value: b\n'))).toBe('');
    expect(chart("env:\n    - name: A\n      value: '8080'\n")).toContain("digest: ''");
  });
});

describe('what a person does for it', () => {
  it('is what the cluster cannot do by itself, in order', () => {
    const followUps = emit(resolvedSpec(orderIntake), fullPlatform).followUps ?? [];
    expect(followUps.map(({ phase, key }) => `${phase} ${key}`)).toEqual([
      'identity role:order-intake-dev',
      'identity role:order-intake-prod',
      'secrets aws-secret:ravenhelm/order-intake/database',
      'secrets aws-secret:ravenhelm/order-intake/oauth',
      'secrets aws-secret:/ravenhelm/order-intake/region',
      'names cluster-hosts:order-intake',
    ]);
    expect(followUps[0]?.detail).toContain('system:serviceaccount:NAMESPACE:order-intake');
    expect(followUps[4]?.command).toBe(
      'aws ssm put-parameter --name /ravenhelm/order-intake/region --type SecureString --value file:///dev/stdin --region eu-central-1',
    );
    expect(emit(resolvedSpec(worker), fullPlatform).followUps).toMatchObject([{ phase: 'resources', key: 'image' }]);
  });
});

describe('what is the service’s own', () => {
  it('is its folder; who builds on the chart stands in the way, who names the service is told', () => {
    const manifest = resolvedSpec(transcriber);
    const files = created(emit(manifest));
    const tree = treeOf({
      ...files,
      'charts/all/Chart.yaml': 'dependencies:\n- name: x\n  repository: file://../voice-transcriber\n',
      'charts/web/values.yaml': 'env:\n  URL: http://voice-transcriber:8080\n  OTHER: http://voice-transcriber-2\n',
      'charts/job/values.yaml': 'to:\n- name: x\n  service: voice-transcriber\n',
      'charts/voice-transcriber-2/Chart.yaml': 'name: voice-transcriber-2\n',
    });
    expect(helmChartEmitter.owned?.({ manifest, profile: chartPlatform, tree })).toMatchObject({
      parts: Object.keys(files)
        .sort()
        .map((path) => ({ kind: 'file', path })),
      conflicts: [{ path: 'charts/all/Chart.yaml', line: 3 }],
      kept: [
        { path: 'charts/job/values.yaml', line: 3 },
        { path: 'charts/web/values.yaml', line: 2 },
      ],
    });
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
