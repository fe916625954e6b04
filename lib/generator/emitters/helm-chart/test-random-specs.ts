/** Specs at random, of everything that a chart is made from, for the tests of this emitter. */
import fc from 'fast-check';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { fullPlatform, gatewayPlatform, chartPlatform } from './test-profile';
import type { Profile } from '../../profile';

export interface ChartCase {
  spec: ManifestInput;
  profile: Profile;
  runbook: boolean;
}

const text = fc.string({ minLength: 1, maxLength: 20 }).map((value) => `x${value.replace(/[\p{Cc}\p{Cs}]/gu, '')}y`);
const value = fc.oneof(text, fc.constantFrom('', 'no', '22:22', '1.10', '{{ .Values }}', '- a', '# b', 'ö "q" \\'));
const percent = fc.integer({ min: 1, max: 100 }).map((number) => `${number}%`);
const peer = fc.oneof(
  fc.record({ name: text, namespace: fc.constantFrom('data', 'shop-1'), ports: ports(3) }),
  fc.record({ name: text, service: fc.constantFrom('postgres', 'n8n'), ports: ports(3) }),
  fc.record({ name: text, namespace: fc.constant('data'), service: fc.constant('redis'), ports: ports(0) }),
  fc.record({ name: text, cidr: fc.constantFrom('0.0.0.0/0', '10.20.0.0/16'), ports: ports(2) }),
);

function ports(maxLength: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength });
}

const role = 'arn:aws:iam::000000000000:role/service/it';
const scaling = fc.oneof(
  fc.record(
    {
      kind: fc.constant('load' as const),
      min: fc.integer({ min: 1, max: 3 }),
      max: fc.integer({ min: 3, max: 9 }),
      memoryPercent: fc.integer({ min: 1, max: 200 }),
    },
    { requiredKeys: ['kind', 'max'] },
  ),
  fc.record({
    kind: fc.constant('queue' as const),
    queue: fc.constant('work'),
    min: fc.integer({ min: 0, max: 2 }),
    max: fc.integer({ min: 2, max: 50 }),
  }),
);

const kubernetes = fc.record(
  {
    environments: fc.uniqueArray(fc.constantFrom('dev' as const, 'staging' as const, 'prod' as const), {
      minLength: 1,
    }),
    replicas: fc.integer({ min: 0, max: 4 }),
    configMap: fc.boolean(),
    roleArns: fc.constantFrom({}, { dev: role }, { dev: role, staging: role, prod: role }),
    networkPolicy: fc.record({ from: fc.array(peer, { maxLength: 3 }), to: fc.array(peer, { maxLength: 3 }) }),
    autoscaling: scaling,
    disruptionBudget: fc.record({ minAvailable: fc.oneof(fc.integer({ min: 0, max: 3 }), percent) }),
  },
  { requiredKeys: [] },
);

const portList = fc.subarray([
  { name: 'http', internal: 8080, external: 'none' as const, why: 'API' },
  { name: 'metrics--all', internal: 9090, external: 'none' as const, why: 'Metrics' },
  { name: 'media', protocol: 'udp' as const, internal: '7000-7003', external: 'none' as const, why: 'Media' },
  { name: 'wide', protocol: 'udp' as const, internal: '20000-20400', external: 'none' as const, why: 'More media' },
]);

const parts = fc.record({
  ports: portList,
  kubernetes,
  access: fc.constantFrom('forward-auth' as const, 'own-oauth' as const, 'public' as const),
  secrets: fc.subarray([
    { name: 'a/key', environment: 'A_SECRET_NAME', purpose: 'Key' },
    { name: 'a-key', environment: 'B_SECRET_NAME', purpose: 'Another key' },
    { name: '/region', environment: 'C_PARAMETER', purpose: 'Region', store: 'parameter' as const },
  ]),
  environment: fc.uniqueArray(fc.record({ name: fc.constantFrom('ONE', 'two', 'THREE_3'), value }), {
    selector: (variable) => variable.name,
    maxLength: 3,
  }),
  volumes: fc.subarray([
    { source: { kind: 'volume' as const, name: 'data_1' }, target: '/data' },
    { source: { kind: 'volume' as const, name: 'data-1' }, target: '/tmp' },
    { source: { kind: 'path' as const, path: 'config/it' }, target: '/etc/it' },
  ]),
  health: fc.option(fc.constantFrom({}, { path: '/ready?deep=1', intervalSeconds: 7 }), { nil: undefined }),
  sse: fc.boolean(),
  routed: fc.boolean(),
  watched: fc.boolean(),
  alerts: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('Down', 'Slow', 'Full1'),
      expression: text,
      summary: text,
      forMinutes: fc.nat(90),
    }),
    { selector: (alert) => alert.name, maxLength: 3 },
  ),
  profile: fc.constantFrom(chartPlatform, fullPlatform, gatewayPlatform),
  runbook: fc.boolean(),
});

/** Valid specs, named by their place in the list. */
export const chartCases = (length: number): fc.Arbitrary<ChartCase[]> =>
  fc.array(parts, { minLength: length, maxLength: length }).map((list) =>
    list.map((part, index) => {
      const tcp = part.ports.some((port) => !('protocol' in port));
      const spec: ManifestInput = {
        name: `random-${index}`,
        purpose: 'Is made up',
        category: 'tooling',
        owner: 'platform',
        ports: part.ports,
        security: {
          access: part.access,
          ...(part.access === 'public' ? { publicReason: 'Everybody may' } : {}),
          ...(part.access === 'own-oauth' ? { oauth: {} } : {}),
          secrets: part.secrets,
        },
        runtime: {
          source: { kind: 'image', image: 'ghcr.io/example/it:1.0' },
          kubernetes: part.kubernetes,
          environment: part.environment,
          volumes: part.volumes,
          ...(part.health ? { healthCheck: part.health } : {}),
        },
        ...(part.routed && tcp ? { routing: { host: `random-${index}.ravenhelm.test`, sse: part.sse } } : {}),
        observability: { ...(part.watched && tcp ? { metrics: {} } : {}), alerts: part.alerts },
        messaging: { queues: [{ name: 'work', environment: 'WORK_QUEUE_URL' }] },
      };
      Manifest.parse(spec);
      return { spec, profile: part.profile, runbook: part.runbook };
    }),
  );
