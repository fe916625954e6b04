import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleSpec } from '@/cli/example-spec';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { completeDraft } from './complete-draft';
import { formOfManifest } from './form-of-manifest';

const defaults = { domain: 'ravenhelm.test', categories: { realtime: { owner: 'realtime' } } };
const backAgain = (manifest: Manifest) => completeDraft(formOfManifest(manifest), defaults);

const small: ManifestInput = {
  name: 'relay',
  purpose: 'Relays media',
  category: 'realtime',
  owner: 'media',
  runtime: { source: { kind: 'image', image: 'nginx:1.29.3' }, compose: {} },
};

/** Every part that a spec may have, none at its default. */
const everything: ManifestInput = {
  ...small,
  workload: 'relay-short',
  displayName: 'The relay',
  maintainers: ['ada', 'erin@ravenhelm.test'],
  lifecycle: 'production',
  ports: [
    { name: 'http', internal: 8080, external: 7893, why: 'HTTP API' },
    { name: 'rtp', protocol: 'udp', internal: '7100-7104', external: '7900-7904', why: 'media' },
    { name: 'admin', internal: 9000, external: 'none', why: 'admin' },
    { name: 'auto', internal: 9001, why: 'next free one' },
  ],
  security: {
    access: 'own-oauth',
    mtls: true,
    oauth: { clientId: 'relay@platform', secretName: 'relay/oauth', callbackPath: '/back' },
    secrets: [
      { name: 'relay/key', environment: 'KEY_NAME', purpose: 'opens it', source: 'generated', store: 'parameter' },
    ],
  },
  runtime: {
    source: { kind: 'build', context: 'services/relay', dockerfile: 'Dockerfile.prod' },
    compose: {
      stack: 'livekit',
      alsoInRoot: true,
      profiles: ['media'],
      networks: ['edge'],
      labels: [{ name: 'ravenhelm.team', value: 'media' }],
    },
    kubernetes: {
      environments: ['dev', 'prod'],
      replicas: 3,
      resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
      chart: 'own',
      configMap: true,
      roleArns: { prod: 'arn:aws:iam::123456789012:role/relay' },
      networkPolicy: {
        from: [{ name: 'the office', cidr: '10.20.0.0/16' }],
        to: [{ name: 'postgres', service: 'postgres', namespace: 'data', ports: [5432, 6432] }],
      },
      autoscaling: { kind: 'queue', queue: 'relay-jobs', min: 1, max: 6, messagesPerReplica: 7 },
      disruptionBudget: { minAvailable: 2 },
    },
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    volumes: [
      { source: { kind: 'volume', name: 'data' }, target: '/data', readOnly: true },
      { source: { kind: 'path', path: 'config/relay' }, target: '/etc/relay' },
    ],
    dependsOn: ['livekit'],
    healthCheck: { path: '/up', port: 'http', intervalSeconds: 10, timeoutSeconds: 2, retries: 9 },
  },
  routing: {
    host: 'relay.ravenhelm.test',
    aliases: ['media.ravenhelm.test'],
    path: '/v1',
    port: 'http',
    sse: true,
    twin: false,
  },
  observability: {
    metrics: { port: 'admin', path: '/stats', intervalSeconds: 15 },
    probe: true,
    dashboard: true,
    alerts: [{ name: 'RelayDown', expression: 'up == 0', forMinutes: 3, severity: 'P1', summary: 'It is down' }],
  },
  messaging: {
    queues: [
      {
        name: 'relay-jobs',
        environment: 'JOBS_URL',
        topics: ['rooms', 'people'],
        visibilitySeconds: 60,
        retentionDays: 7,
        maxReceives: 2,
      },
    ],
    publishes: [{ topic: 'relayed', environment: 'RELAYED_ARN' }],
  },
  delivery: { path: 'services/relay', toolchain: 'go', verify: ['go test ./...'], promote: false },
  docs: { runbook: false, trackerIssue: false, dashboards: [{ title: 'Rooms', url: 'https://grafana.test/d/rooms' }] },
};

describe('a spec, put into the form and completed again, is the same spec', () => {
  test.each<[string, ManifestInput]>([
    ['the shortest one', small],
    ['the example', parse(exampleSpec) as ManifestInput],
    ['one with every part', everything],
    [
      'one that is public and scales with its load',
      {
        ...small,
        security: { access: 'public', publicReason: 'A status page' },
        runtime: {
          source: { kind: 'image', image: 'nginx:1.29.3' },
          kubernetes: {
            autoscaling: { kind: 'load', min: 2, max: 4, cpuPercent: 60, memoryPercent: 70 },
            disruptionBudget: { minAvailable: '50%' },
          },
        },
      },
    ],
  ])('%s', (_, input) => {
    const manifest = Manifest.parse(input);
    const { manifest: again, problems } = backAgain(manifest);
    expect(problems).toEqual([]);
    expect(again).toEqual(manifest);
  });
});
