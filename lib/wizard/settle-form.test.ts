import { describe, expect, it } from 'vitest';
import { completeDraft } from './complete-draft';
import type { DraftContent } from './draft-content';
import { emptyAlert, emptyDraft, emptyPeer, emptyQueue, formOf } from './draft-form';

const defaults = { domain: 'ravenhelm.test', categories: { realtime: { owner: 'realtime-team' } } };

/** The form as somebody filled it in, through the same parse that a stored draft goes through. */
function complete(over: DraftContent) {
  const draft = { ...emptyDraft(), name: 'worker', purpose: 'Works', category: 'realtime', ...over };
  return completeDraft(formOf(draft), defaults);
}

const port = { name: 'http', protocol: 'tcp', internal: '8080', external: 'auto', why: 'API' };
const image = { kind: 'image', image: 'example/worker:1', context: 'services/worker' };
const built = { kind: 'build', image: 'left/over:1', context: 'services/worker' };
const kubernetes = (over: DraftContent) => ({
  ports: [port],
  runtime: { source: image, compose: {}, kubernetes: { environments: ['dev'], ...over } },
});

describe('the form as a spec', () => {
  it('leaves off what nobody chose', () => {
    const { manifest, problems } = complete(kubernetes({}));
    expect(problems).toEqual([]);
    expect(manifest?.runtime.kubernetes).toMatchObject({ configMap: false, roleArns: {} });
    for (const key of ['autoscaling', 'disruptionBudget', 'networkPolicy', 'chart'])
      expect(manifest?.runtime.kubernetes).not.toHaveProperty(key);
    expect(manifest?.observability).toEqual({ probe: false, dashboard: false, alerts: [] });
    expect(manifest?.messaging).toEqual({ queues: [], publishes: [] });
    expect(manifest).not.toHaveProperty('delivery');
  });

  it('takes the fields of the chosen kind alone', () => {
    const scaling = { min: '1', max: '6', cpuPercent: '70', queue: 'jobs', messagesPerReplica: '5' };
    expect(
      complete(kubernetes({ autoscaling: { kind: 'load', ...scaling } })).manifest?.runtime.kubernetes,
    ).toMatchObject({ autoscaling: { kind: 'load', min: 1, max: 6, cpuPercent: 70 } });
    const queues = [{ ...emptyQueue(), name: 'jobs', environment: 'JOBS_URL', topics: 'room-events, billing' }];
    const { manifest, problems } = complete({
      ...kubernetes({ autoscaling: { kind: 'queue', ...scaling } }),
      messaging: { queues },
    });
    expect(problems).toEqual([]);
    expect(manifest?.runtime.kubernetes?.autoscaling).toEqual({
      kind: 'queue',
      queue: 'jobs',
      min: 1,
      max: 6,
      messagesPerReplica: 5,
    });
    expect(manifest?.messaging.queues[0]).toMatchObject({ topics: ['room-events', 'billing'], visibilitySeconds: 30 });
  });

  it('reads numbers, percentages and lists of ports, and leaves what it cannot read to the schema', () => {
    const to = [{ ...emptyPeer(), name: 'postgres', service: 'postgres', ports: '5432, 6379' }];
    const policy = { networkPolicy: { from: [], to } };
    expect(
      complete(kubernetes({ ...policy, disruptionBudget: { minAvailable: '1' } })).manifest?.runtime,
    ).toMatchObject({
      kubernetes: { disruptionBudget: { minAvailable: 1 }, networkPolicy: { from: [], to: [{ ports: [5432, 6379] }] } },
    });
    expect(
      complete(kubernetes({ disruptionBudget: { minAvailable: '50%' } })).manifest?.runtime.kubernetes
        ?.disruptionBudget,
    ).toEqual({ minAvailable: '50%' });
    const bad = complete(kubernetes({ disruptionBudget: { minAvailable: 'half' } }));
    expect(bad.manifest).toBeUndefined();
    expect(bad.problems.map(({ path }) => path)).toEqual(['runtime.kubernetes.disruptionBudget.minAvailable']);
    expect(bad.leftOut.map(({ path }) => path)).toEqual(['runtime.kubernetes.disruptionBudget']);
  });

  it('wires an OAuth client only for a service that signs people in itself', () => {
    const security = { access: 'own-oauth', oauth: {} };
    const runtime = { source: image, compose: {} };
    expect(complete({ ports: [port], runtime, security }).manifest?.security.oauth).toMatchObject({
      secretEnvironment: 'OAUTH_CLIENT_SECRET_NAME',
    });
    const other = complete({ ports: [port], runtime, security: { ...security, access: 'forward-auth' } });
    expect(other.problems).toEqual([]);
    expect(other.manifest?.security).not.toHaveProperty('oauth');
  });

  it('names the second domain only where it is declined', () => {
    const runtime = { source: image, compose: {} };
    expect(complete({ ports: [port], runtime, routing: {} }).manifest?.routing).not.toHaveProperty('twin');
    expect(complete({ ports: [port], runtime, routing: { twin: false } }).manifest?.routing).toMatchObject({
      twin: false,
    });
  });

  it('previews a spec without its half-written alert and says which row that was', () => {
    const alerts = [emptyAlert(), { ...emptyAlert(), name: 'WorkerDown', expression: 'up == 0', summary: 'Gone' }];
    const { manifest, previewable, leftOut, pathInDraft } = complete({
      ports: [port],
      runtime: { source: built, compose: {} },
      delivery: {},
      observability: { alerts },
    });
    expect(manifest).toBeUndefined();
    expect(leftOut.map(({ path }) => path)).toEqual(['observability.alerts.0']);
    expect(previewable?.observability.alerts).toMatchObject([{ name: 'WorkerDown', forMinutes: 5 }]);
    expect(pathInDraft('observability.alerts.0.name')).toBe('observability.alerts.1.name');
    expect(previewable?.delivery).toMatchObject({ toolchain: 'docker', promote: true });
  });
});
