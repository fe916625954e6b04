/** Random valid specs for a platform repository, for property tests: everything that a spec can say and that the platform has a place for. */
import fc from 'fast-check';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { readComposeFiles } from './observe/compose-files';
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
  fc.string({ minLength: 3, maxLength: 60 }).map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '') || 'text'),
);

/** A name that no sample service has. */
const serviceName = fc
  .tuple(fc.stringMatching(/^[a-z]{2,5}$/), fc.stringMatching(/^[a-z0-9]{2,6}$/))
  .map(([a, b]) => `qx-${a}-${b}`);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

/** A valid spec for the repository; parse it with Manifest. Ports are given as numbers where the platform has no pools. */
export function arbitrarySpec({ profile, tree }: TestRepository): fc.Arbitrary<Manifest> {
  const categories = Object.keys(profile.categories);
  const files = readComposeFiles(tree, profile);
  const stacks = Object.keys(profile.compose?.stacks ?? {});
  const hasCompose = profile.compose !== undefined;
  const hasCharts = profile.helm !== undefined;
  return fc
    .record({
      name: serviceName,
      shape: fc.record({
        compose: fc.constant(hasCompose),
        kubernetes: hasCharts ? (hasCompose ? fc.boolean() : fc.constant(true)) : fc.constant(false),
        routed: fc.boolean(),
        ports: fc.integer({ min: 0, max: 3 }),
      }),
      category: categories.length > 0 ? fc.constantFrom(...categories) : fc.constant('platform'),
      purpose: sentence,
      displayName: maybe(sentence.filter((text) => text.length <= 60)),
      lifecycle: fc.constantFrom('experimental', 'beta', 'production', 'deprecated'),
      port: fc.integer({ min: 20_000, max: 59_000 }),
      internal: fc.integer({ min: 1024, max: 9000 }),
      udp: fc.boolean(),
      access: fc.constantFrom('forward-auth', 'own-oauth', 'public'),
      mtls: profile.spiffe && profile.compose ? fc.boolean() : fc.constant(false),
      shortName: fc.boolean(),
      secrets: fc.array(
        fc.record({
          source: fc.constantFrom('generated', 'provided'),
          store: fc.constantFrom('secret', 'parameter'),
          purpose: sentence,
        }),
        { maxLength: 3 },
      ),
      oauth: fc.boolean(),
      source: fc.oneof(
        fc.constantFrom('example/thing:1.2', `ghcr.io/acme/thing:v1@sha256:${'0a'.repeat(32)}`),
        fc.constantFrom('services/thing', './services/other'),
      ),
      stack: stacks.length > 0 ? maybe(fc.constantFrom(...stacks)) : fc.constant(undefined),
      waits: fc.nat(),
      environment: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^Q[A-Z]{2,8}$/), value: sentence }), {
        maxLength: 4,
        selector: (variable) => variable.name,
      }),
      volumes: fc.array(fc.constantFrom('data', 'cache', 'path'), { maxLength: 3 }),
      profiles: fc.boolean(),
      health: fc.boolean(),
      path: maybe(fc.constantFrom('/api', '/v1/x')),
      alias: fc.boolean(),
      sse: fc.boolean(),
      chosen: fc.uniqueArray(fc.constantFrom(...environments), { minLength: 1, maxLength: 3 }),
      scaling: fc.constantFrom('none', 'load', 'queue'),
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
      toolchain: fc.constantFrom('node', 'python', 'go', 'docker'),
      runbook: fc.boolean(),
    })
    .map((one): ManifestInput => {
      const { name, shape } = one;
      // Traefik on the docker's host reaches only what is published there.
      const published = profile.traefik?.backend === 'docker-host' && shape.compose && shape.routed;
      const count = shape.routed || one.metrics ? Math.max(1, shape.ports) : shape.ports;
      const ports = Array.from({ length: count }, (_, index) => ({
        name: ['http', 'side', 'media'][index] ?? `p${index}`,
        protocol: index > 0 && one.udp ? ('udp' as const) : ('tcp' as const),
        internal: one.internal + index,
        external: index === 0 || one.udp ? one.port + index * 7 : ('none' as const),
        why: 'For others: API',
      }));
      if (!published && ports[0] && one.port % 3 === 0) ports[0].external = 'none';
      // Without a middleware for it, forward authentication would let everybody in: the plan refuses that.
      const guarded = !profile.traefik || profile.traefik.middlewares.forwardAuth.length > 0;
      const access = one.access === 'forward-auth' && shape.routed && !guarded ? 'own-oauth' : one.access;
      const slug = name.replaceAll('-', '_');
      const built = !one.source.includes(':');
      const queues = Array.from(
        { length: one.scaling === 'queue' ? Math.max(1, one.queues) : one.queues },
        (_, index) => ({
          name: `${name}-jobs-${index}`,
          environment: `QUEUE_${index}_URL`,
          topics: index === 0 ? [] : [`${name}-events`],
        }),
      );
      const stack = one.stack ?? profile.categories[one.category]?.stack ?? profile.compose?.defaultStack;
      const here = files.find(
        (file) => file.path === (stack === undefined ? profile.compose?.root : profile.compose?.stacks[stack]),
      );
      // One of a Compose profile is not up for others to wait for.
      const others = (here?.file.services ?? []).filter((service) => service.fields['profiles'] === undefined);
      const neighbour = others.length > 0 ? others[one.waits % others.length]?.name : undefined;
      return {
        name,
        ...(one.shortName && name.length > 8 ? { workload: name.slice(0, name.lastIndexOf('-')) } : {}),
        ...(one.displayName === undefined ? {} : { displayName: one.displayName }),
        purpose: one.purpose,
        category: one.category,
        owner: 'platform',
        lifecycle: one.lifecycle as 'beta',
        ports,
        security: {
          access: access as 'public',
          ...(access === 'public' ? { publicReason: 'Anyone may see it' } : {}),
          mtls: one.mtls,
          ...(access === 'own-oauth' && one.oauth ? { oauth: {} } : {}),
          secrets: one.secrets.map((secret, index) => ({
            name: `${name}/key-${index}`,
            environment: `KEY_${index}_SECRET_NAME`,
            ...secret,
          })) as NonNullable<NonNullable<ManifestInput['security']>['secrets']>,
        },
        runtime: {
          source: built ? { kind: 'build', context: one.source } : { kind: 'image', image: one.source },
          ...(shape.compose
            ? {
                compose: {
                  ...(one.stack === undefined ? {} : { stack: one.stack }),
                  ...(one.profiles ? { profiles: ['extra'] } : {}),
                },
              }
            : {}),
          ...(shape.kubernetes
            ? {
                kubernetes: {
                  environments: one.chosen,
                  configMap: one.configMap,
                  ...(one.budget === undefined ? {} : { disruptionBudget: { minAvailable: one.budget } }),
                  ...(one.policy
                    ? { networkPolicy: { to: [{ name: 'db', service: 'postgres', ports: [5432] }], from: [] } }
                    : {}),
                  ...(one.scaling === 'load' ? { autoscaling: { kind: 'load' as const, max: 4 } } : {}),
                  ...(one.scaling === 'queue'
                    ? { autoscaling: { kind: 'queue' as const, max: 4, queue: `${name}-jobs-0` } }
                    : {}),
                },
              }
            : {}),
          environment: one.environment,
          volumes: one.volumes.map((kind, index) => ({
            source:
              kind === 'path'
                ? { kind: 'path' as const, path: `config/${name}` }
                : { kind: 'volume' as const, name: `${slug}_${kind}` },
            target: `/mnt/${index}`,
            readOnly: index === 1,
          })),
          dependsOn:
            shape.compose && neighbour !== undefined && one.waits % 2 === 0 && /^[a-z][a-z0-9-]+$/.test(neighbour)
              ? [neighbour]
              : [],
          ...(one.health && count > 0 ? { healthCheck: {} } : {}),
        },
        ...(shape.routed
          ? {
              routing: {
                host: `${name}.${profile.platform.domain}`,
                aliases: one.alias ? [`${name}-alias.${profile.platform.domain}`] : [],
                ...(one.path === undefined ? {} : { path: one.path }),
                sse: one.sse,
              },
            }
          : {}),
        observability: {
          ...(one.metrics ? { metrics: {} } : {}),
          probe: one.probe && shape.routed,
          dashboard: one.dashboard,
          alerts: Array.from({ length: one.alerts }, (_, index) => ({
            name: `Down${index}`,
            expression: `up{job="${name}"} == ${index}`,
            summary: 'It does not answer',
          })),
        },
        messaging: {
          queues,
          publishes: Array.from({ length: one.topics }, (_, index) => ({
            topic: `${name}-out-${index}`,
            environment: `TOPIC_${index}_ARN`,
          })),
        },
        ...(built && one.delivery ? { delivery: { toolchain: one.toolchain as 'go' } } : {}),
        docs: { runbook: one.runbook },
      };
    })
    .map((input) => Manifest.safeParse(input))
    .filter((parsed) => parsed.success)
    .map((parsed) => parsed.data as Manifest);
}
