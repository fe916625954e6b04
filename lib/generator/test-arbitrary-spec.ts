/** Random valid specs for a platform repository, for property tests: everything that a spec can say and that the platform has a place for. */
import fc from 'fast-check';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { readComposeFiles } from './observe/compose-files';
import { resolveFromTree } from './resolve';
import type { TestRepository } from './test-repositories';
import { specContent, type SpecContent } from './test-spec-content';
import type { ResolvedManifest } from './types';

/** A name that no service of a test repository has. */
const serviceName = fc
  .tuple(fc.stringMatching(/^[a-z]{2,5}$/), fc.stringMatching(/^[a-z0-9]{2,6}$/))
  .map(([a, b]) => `qx-${a}-${b}`);

/** A valid spec for the repository. */
export function arbitrarySpec(repository: TestRepository): fc.Arbitrary<Manifest> {
  const toSpec = specWriter(repository);
  return fc
    .tuple(serviceName, fc.boolean(), specContent(repository))
    .map(([name, short, content]) => toSpec(name, short, content));
}

/** A valid spec, its ports and its runbook's number decided on the repository as it is. */
export function arbitraryResolvedSpec(repository: TestRepository): fc.Arbitrary<ResolvedManifest> {
  return arbitrarySpec(repository).map((spec) => resolved(repository, spec));
}

/** Two specs of one service: some things said otherwise, or all. */
export function arbitraryChange(
  repository: TestRepository,
): fc.Arbitrary<{ before: ResolvedManifest; after: ResolvedManifest }> {
  const toSpec = specWriter(repository);
  const content = specContent(repository);
  const changed = fc.oneof(
    content.map((other) => Object.entries(other)),
    content.chain((other) => fc.subarray(Object.entries(other), { minLength: 1, maxLength: 3 })),
  );
  return fc.tuple(serviceName, fc.boolean(), content, changed).map(([name, short, before, after]) => ({
    before: resolved(repository, toSpec(name, short, before)),
    after: resolved(repository, toSpec(name, short, { ...before, ...(Object.fromEntries(after) as typeof before) })),
  }));
}

function resolved({ profile, tree }: TestRepository, spec: Manifest): ResolvedManifest {
  const { resolved: manifest, conflicts } = resolveFromTree(spec, profile, tree, { date: '2026-11-03' });
  if (conflicts.length > 0) throw new Error(JSON.stringify(conflicts));
  return manifest;
}

type SpecWriter = (name: string, short: boolean, content: SpecContent) => Manifest;

/** Writes specs from what they are to say. @throws where that is no valid spec: the fault is this file's. */
function specWriter(repository: TestRepository): SpecWriter {
  const neighboursOf = neighbours(repository);
  return (name, short, content) => {
    const ports = portsOf(content, repository);
    const queues = queuesOf(name, content);
    return Manifest.parse({
      name,
      ...(short && name.length > 8 ? { workload: name.slice(0, name.lastIndexOf('-')) } : {}),
      ...(content.displayName === undefined ? {} : { displayName: content.displayName }),
      purpose: content.purpose,
      category: content.category,
      owner: 'platform',
      lifecycle: content.lifecycle,
      ports,
      security: securityOf(name, content, repository),
      runtime: runtimeOf(name, content, { ports: ports.length, neighbours: neighboursOf(content) }),
      ...(content.routed ? { routing: routingOf(name, content, repository) } : {}),
      observability: {
        ...(content.metrics ? { metrics: {} } : {}),
        probe: content.probe && content.routed,
        dashboard: content.dashboard,
        alerts: Array.from({ length: content.alerts }, (_, index) => ({
          name: `Down${index}`,
          expression: `up{job="${name}"} == ${index}`,
          summary: 'It does not answer',
        })),
      },
      messaging: {
        queues,
        publishes: Array.from({ length: content.topics }, (_, index) => ({
          topic: `${name}-out-${index}`,
          environment: `TOPIC_${index}_ARN`,
        })),
      },
      ...(isBuilt(content) && content.delivery ? { delivery: { toolchain: content.toolchain } } : {}),
      docs: { runbook: content.runbook },
    } satisfies ManifestInput);
  };
}

function isBuilt({ source }: SpecContent): boolean {
  return !source.includes(':');
}

function portsOf(content: SpecContent, { profile }: TestRepository) {
  // Traefik on the docker's host reaches only what is published there.
  const published = profile.traefik?.backend === 'docker-host' && content.place.compose && content.routed;
  const hasPool = profile.categories[content.category]?.pool !== undefined;
  const count = content.routed || content.metrics ? Math.max(1, content.ports) : content.ports;
  const first = content.fromPool && hasPool ? ('auto' as const) : content.port;
  return Array.from({ length: count }, (_, index) => {
    const range = index === 2 && content.udp ? 1 : 0;
    const internal = content.internal + index;
    const external = content.port + index * 7;
    return {
      name: ['http', 'side', 'media'][index] ?? `p${index}`,
      protocol: index > 0 && content.udp ? ('udp' as const) : ('tcp' as const),
      internal: range > 0 ? `${internal}-${internal + range}` : internal,
      external:
        index === 0
          ? !published && content.port % 3 === 0
            ? ('none' as const)
            : first
          : content.udp
            ? range > 0
              ? `${external}-${external + range}`
              : external
            : ('none' as const),
      why: 'For others: API',
    };
  });
}

function securityOf(name: string, content: SpecContent, { profile }: TestRepository) {
  // Without a middleware for it, forward authentication would let everybody in: the plan refuses that.
  const guarded = !profile.traefik || profile.traefik.middlewares.forwardAuth.length > 0;
  const access = content.access === 'forward-auth' && content.routed && !guarded ? 'own-oauth' : content.access;
  return {
    access,
    ...(access === 'public' ? { publicReason: 'Anyone may see it' } : {}),
    mtls: content.mtls,
    ...(access === 'own-oauth' && content.oauth ? { oauth: {} } : {}),
    secrets: content.secrets.map((secret, index) => ({
      name: `${name}/key-${index}`,
      environment: `KEY_${index}_SECRET_NAME`,
      ...secret,
    })),
  };
}

/** The services that another may wait for in the file that its spec chooses: one of a Compose profile is not up for others. */
function neighbours({ profile, tree }: TestRepository): (content: SpecContent) => string[] {
  const files = readComposeFiles(tree, profile);
  return ({ stack: chosen, category, place }) => {
    if (!place.compose) return [];
    const stack = chosen ?? profile.categories[category]?.stack ?? profile.compose?.defaultStack;
    const path = stack === undefined ? profile.compose?.root : profile.compose?.stacks[stack];
    return (files.find((file) => file.path === path)?.file.services ?? [])
      .filter((service) => service.fields['profiles'] === undefined && /^[a-z][a-z0-9-]+$/.test(service.name))
      .map((service) => service.name);
  };
}

function runtimeOf(
  name: string,
  content: SpecContent,
  around: { ports: number; neighbours: string[] },
): ManifestInput['runtime'] {
  const neighbour = content.waits % 2 === 0 ? around.neighbours[content.waits % around.neighbours.length] : undefined;
  return {
    source: isBuilt(content) ? { kind: 'build', context: content.source } : { kind: 'image', image: content.source },
    ...(content.place.compose
      ? {
          compose: {
            ...(content.stack === undefined ? {} : { stack: content.stack }),
            ...(content.profiles ? { profiles: ['extra'] } : {}),
          },
        }
      : {}),
    ...(content.place.kubernetes ? { kubernetes: kubernetesOf(name, content) } : {}),
    environment: content.environment,
    volumes: content.volumes.map((kind, index) => ({
      source:
        kind === 'path'
          ? { kind: 'path' as const, path: `config/${name}` }
          : { kind: 'volume' as const, name: `${name.replaceAll('-', '_')}_${kind}` },
      target: `/mnt/${index}`,
      readOnly: index === 1,
    })),
    dependsOn: neighbour === undefined ? [] : [neighbour],
    ...(content.health && around.ports > 0 ? { healthCheck: {} } : {}),
  };
}

function kubernetesOf(name: string, content: SpecContent): NonNullable<ManifestInput['runtime']['kubernetes']> {
  return {
    environments: content.environments,
    replicas: content.replicas,
    configMap: content.configMap,
    ...(content.budget === undefined ? {} : { disruptionBudget: { minAvailable: content.budget } }),
    ...(content.policy
      ? { networkPolicy: { to: [{ name: 'db', service: 'postgres', ports: [5432] }], from: [] } }
      : {}),
    ...(content.scaling === 'load' ? { autoscaling: { kind: 'load' as const, max: 4 } } : {}),
    ...(content.scaling === 'queue'
      ? { autoscaling: { kind: 'queue' as const, max: 4, queue: `${name}-jobs-0` } }
      : {}),
  };
}

function routingOf(name: string, content: SpecContent, { profile }: TestRepository) {
  return {
    host: `${name}.${profile.platform.domain}`,
    aliases: content.alias ? [`${name}-alias.${profile.platform.domain}`] : [],
    ...(content.path === undefined ? {} : { path: content.path }),
    sse: content.sse,
  };
}

function queuesOf(name: string, content: SpecContent) {
  const count = content.scaling === 'queue' ? Math.max(1, content.queues) : content.queues;
  return Array.from({ length: count }, (_, index) => ({
    name: `${name}-jobs-${index}`,
    environment: `QUEUE_${index}_URL`,
    topics: index === 0 ? [] : [`${name}-events`],
  }));
}
