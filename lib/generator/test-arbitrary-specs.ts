/** Random valid specs that fit the sample repository, for property tests. */
import fc from 'fast-check';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { resolveFromTree } from './resolve';
import { sampleProfile, sampleTree } from './test-sample';
import type { ResolvedManifest } from './types';

const tree = sampleTree();
const profile = sampleProfile(tree);
const categories = Object.keys(profile.categories);
/** Names that no service of the sample has a part of. */
const names = ['zebra-cache', 'quill', 'moss-indexer', 'tern-relay', 'pike-worker-two'];

/** What a spec can say, apart from its name: two of these with one name are a change. */
const body = fc.record({
  category: fc.constantFrom(...categories),
  purpose: fc.constantFrom('Does things', 'Keeps "quoted" & <marked> text: safe', 'Turns calls into text'),
  internal: fc.constantFrom(8080, 3000, 9000),
  ports: fc.constantFrom<('web' | 'admin' | 'inside' | 'media')[]>(
    ['web'],
    ['web', 'admin'],
    ['web', 'inside'],
    ['web', 'media'],
    ['inside'],
    ['admin', 'web', 'inside'],
  ),
  image: fc.constantFrom('example/thing:1.2', 'ghcr.io/example/other:2.0.0', 'registry.example.com:5000/a/b:v3'),
  build: fc.boolean(),
  compose: fc.constantFrom<boolean>(true, true, true, false),
  kubernetes: fc.constantFrom<{ replicas: number; environments?: ('dev' | 'prod')[] } | undefined>(
    undefined,
    undefined,
    { replicas: 1 },
    { replicas: 3, environments: ['dev'] },
  ),
  environment: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('LOG_LEVEL', 'REGION', 'MODE', 'GREETING'),
      value: fc.constantFrom('info', 'debug', 'on', '22:22', 'a: b # c', ''),
    }),
    { maxLength: 4, selector: (one) => one.name },
  ),
  secrets: fc.subarray(['token', 'signing'] as const),
  volumes: fc.subarray(['data', 'scratch'] as const),
  health: fc.boolean(),
  routed: fc.boolean(),
  path: fc.constantFrom(undefined, undefined, '/api'),
  alias: fc.boolean(),
  sse: fc.boolean(),
  runbook: fc.boolean(),
  mtls: fc.boolean(),
  access: fc.constantFrom<'forward-auth' | 'own-oauth' | 'public'>('forward-auth', 'own-oauth', 'public'),
  watched: fc.subarray(['metrics', 'probe', 'dashboard', 'alerts'] as const),
  queues: fc.boolean(),
  delivery: fc.boolean(),
});
type Body = typeof body extends fc.Arbitrary<infer Value> ? Value : never;

function inputOf(name: string, given: Body): ManifestInput {
  const word = name.replaceAll('-', '_');
  const published = given.compose;
  const ports = {
    web: { name: 'web', internal: given.internal, external: published ? 'auto' : 'none', why: 'API' },
    admin: { name: 'admin', internal: 9901, external: published ? 'auto' : 'none', why: 'Administration' },
    inside: { name: 'inside', internal: 7070, external: 'none', why: 'Metrics, inside alone' },
    media: {
      name: 'media',
      protocol: 'udp',
      internal: '7001-7002',
      external: published ? 'auto' : 'none',
      why: 'Media',
    },
  } as const;
  const reachable = given.ports.includes('web');
  return {
    name,
    purpose: given.purpose,
    category: given.category,
    owner: 'platform',
    ports: given.ports.map((port) => ports[port]),
    security: {
      mtls: given.mtls,
      access: given.access,
      ...(given.access === 'public' ? { publicReason: 'Everybody reads it' } : {}),
      ...(given.access === 'own-oauth' ? { oauth: {} } : {}),
      secrets: given.secrets.map((secret) => ({
        name: `${name}/${secret}`,
        environment: `${secret.toUpperCase()}_SECRET_NAME`,
        purpose: 'Needed',
      })),
    },
    runtime: {
      source: given.build ? { kind: 'build', context: `services/${name}` } : { kind: 'image', image: given.image },
      ...(given.compose ? { compose: {} } : {}),
      ...(given.kubernetes || !given.compose ? { kubernetes: given.kubernetes ?? {} } : {}),
      environment: given.environment,
      volumes: given.volumes.map((volume) => ({
        source: { kind: 'volume', name: `${word}_${volume}` },
        target: `/${volume}`,
      })),
      ...(given.health && reachable ? { healthCheck: { path: '/healthz', port: 'web' } } : {}),
    },
    ...(given.routed && reachable
      ? {
          routing: {
            host: `${name}.${profile.platform.domain}`,
            port: 'web',
            ...(given.path === undefined ? {} : { path: given.path }),
            ...(given.alias ? { aliases: [`${name}-too.${profile.platform.domain}`] } : {}),
            sse: given.sse,
          },
        }
      : {}),
    observability: {
      ...(given.watched.includes('metrics') && reachable ? { metrics: { port: 'web' } } : {}),
      probe: given.watched.includes('probe') && given.routed && reachable,
      dashboard: given.watched.includes('dashboard'),
      alerts: given.watched.includes('alerts')
        ? [{ name: 'Down', expression: `up{job="${name}"} == 0`, summary: 'It does not answer' }]
        : [],
    },
    ...(given.queues
      ? {
          messaging: {
            queues: [{ name: `${name}-jobs`, environment: 'JOBS_QUEUE_URL', topics: ['orders'] }],
            publishes: [{ topic: `${name}-done`, environment: 'DONE_TOPIC_ARN' }],
          },
        }
      : {}),
    ...(given.build && given.delivery ? { delivery: {} } : {}),
    docs: { runbook: given.runbook },
  };
}

function resolved(input: ManifestInput): ResolvedManifest {
  const { resolved: manifest, conflicts } = resolveFromTree(Manifest.parse(input), profile, tree, {
    date: '2026-11-03',
  });
  if (conflicts.length > 0) throw new Error(JSON.stringify(conflicts));
  return manifest;
}

/** A spec that the sample repository takes, resolved. */
export const arbitrarySpec: fc.Arbitrary<ResolvedManifest> = fc
  .tuple(fc.constantFrom(...names), body)
  .map(([name, given]) => resolved(inputOf(name, given)));

/** Two specs of one service. */
export const arbitraryChange: fc.Arbitrary<{ before: ResolvedManifest; after: ResolvedManifest }> = fc
  .tuple(
    fc.constantFrom(...names),
    body,
    fc.oneof(
      body,
      fc.record(
        {
          purpose: fc.constant('Does other things'),
          image: fc.constant('example/thing:9.9'),
          environment: fc.constant([{ name: 'REGION', value: 'eu' }]),
          volumes: fc.constant(['scratch' as const]),
        },
        { requiredKeys: [] },
      ),
    ),
  )
  .map(([name, given, other]) => ({
    before: resolved(inputOf(name, given)),
    after: resolved(inputOf(name, { ...given, ...(other as Partial<Body>) })),
  }));
