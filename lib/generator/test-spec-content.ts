/** What a random spec says apart from its name, as far as the platform has a place for it; two of these with one name are a change. For property tests. */
import fc from 'fast-check';
import type { TestRepository } from './test-repositories';

const environments = ['dev', 'staging', 'prod'] as const;

/** Words that are hard for YAML, Markdown, shell and JSON at once. */
const sentence = fc.oneof(
  fc.constantFrom(
    'Does things',
    'It\'s "quoted": yes, & <b>no</b> | #1 `tick` $HOME ${X} \\ end',
    'Größe: 5 µs — naïve 日本語 🚀',
    '@everyone *bold* _it_ [x](y) ~s~ 22:22',
    '- dash, {{ braces }}, %s, <!-- no -->',
  ),
  fc.string({ minLength: 3, maxLength: 60 }).map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').trim() || 'text'),
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const secrets = fc.array(
  fc.record({
    source: fc.constantFrom<'generated' | 'provided'>('generated', 'provided'),
    store: fc.constantFrom<'secret' | 'parameter'>('secret', 'parameter'),
    purpose: sentence,
  }),
  { maxLength: 3 },
);

const variables = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^Q[A-Z]{2,8}$/),
    value: fc.oneof(sentence, fc.constantFrom('', 'on', '22:22', 'a: b # c')),
  }),
  { maxLength: 4, selector: (variable) => variable.name },
);

/** Where a service can run: Compose, a cluster, or both. */
function places({ profile }: TestRepository): fc.Arbitrary<{ compose: boolean; kubernetes: boolean }> {
  const both = profile.compose !== undefined && profile.helm !== undefined;
  return fc.constantFrom(
    ...(profile.compose || !profile.helm ? [{ compose: true, kubernetes: false }] : []),
    ...(profile.helm ? [{ compose: false, kubernetes: true }] : []),
    ...(both ? [{ compose: true, kubernetes: true }] : []),
  );
}

/** Everything that a spec for the repository can say, its names left out: those follow from the service's. */
export function specContent(repository: TestRepository) {
  const { profile } = repository;
  const categories = Object.keys(profile.categories);
  const stacks = Object.keys(profile.compose?.stacks ?? {});
  return fc.record({
    place: places(repository),
    category: categories.length > 0 ? fc.constantFrom(...categories) : fc.constant('platform'),
    purpose: sentence,
    displayName: maybe(sentence.filter((text) => text.length <= 60)),
    lifecycle: fc.constantFrom<'experimental' | 'beta' | 'production' | 'deprecated'>(
      'experimental',
      'beta',
      'production',
      'deprecated',
    ),
    ports: fc.integer({ min: 0, max: 3 }),
    /** The first port's number, where it is not to be chosen from a pool: no registry of the tests has one so high. */
    port: fc.integer({ min: 30_000, max: 49_000 }),
    fromPool: fc.boolean(),
    internal: fc.integer({ min: 1024, max: 9000 }),
    /** Further ports are published for UDP, the last of them a range. */
    udp: fc.boolean(),
    routed: fc.boolean(),
    access: fc.constantFrom<'forward-auth' | 'own-oauth' | 'public'>('forward-auth', 'own-oauth', 'public'),
    mtls: profile.spiffe && profile.compose ? fc.boolean() : fc.constant(false),
    secrets,
    oauth: fc.boolean(),
    source: fc.constantFrom(
      'example/thing:1.2',
      'registry.example.com:5000/a/b:v3',
      `ghcr.io/acme/thing:v1@sha256:${'0a'.repeat(32)}`,
      'services/thing',
      './services/other',
    ),
    stack: stacks.length > 0 ? maybe(fc.constantFrom(...stacks)) : fc.constant(undefined),
    /** Even numbers wait for one of the services that stand there. */
    waits: fc.nat(),
    environment: variables,
    volumes: fc.array(fc.constantFrom<'data' | 'cache' | 'path'>('data', 'cache', 'path'), { maxLength: 3 }),
    profiles: fc.boolean(),
    health: fc.boolean(),
    path: maybe(fc.constantFrom('/api', '/v1/x')),
    alias: fc.boolean(),
    sse: fc.boolean(),
    environments: fc.uniqueArray(fc.constantFrom(...environments), { minLength: 1, maxLength: 3 }),
    replicas: fc.integer({ min: 1, max: 3 }),
    scaling: fc.constantFrom<'none' | 'load' | 'queue'>('none', 'load', 'queue'),
    policy: fc.boolean(),
    budget: maybe(fc.constantFrom<number | string>(1, '50%')),
    configMap: fc.boolean(),
    queues: fc.integer({ min: 0, max: 2 }),
    topics: fc.integer({ min: 0, max: 2 }),
    metrics: fc.boolean(),
    probe: fc.boolean(),
    dashboard: fc.boolean(),
    alerts: fc.integer({ min: 0, max: 2 }),
    delivery: fc.boolean(),
    toolchain: fc.constantFrom<'node' | 'python' | 'go' | 'docker'>('node', 'python', 'go', 'docker'),
    runbook: fc.boolean(),
  });
}

export type SpecContent = ReturnType<typeof specContent> extends fc.Arbitrary<infer Content> ? Content : never;
