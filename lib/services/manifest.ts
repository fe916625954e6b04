/**
 * THE service spec: what an engineer says about a service. One Zod schema for wizard, API and CLI, published as JSON Schema by
 * `slipway schema`. It says what is wanted; which number `auto` becomes is decided when it is resolved (lib/generator/resolve.ts).
 */
import { z } from 'zod';
import { ManifestDelivery, ManifestMessaging, ManifestObservability } from './manifest-operations';
import { ManifestRuntime } from './manifest-runtime';
import { ManifestSecurity } from './manifest-security';
import { HostName, line, ServiceName, Slug } from './manifest-words';
import { overlaps, PortRange } from './port-range';

/** What the host is to publish: a given range, the next free ones of the pool (`auto`), or nothing (`none`: reached inside the network or by Traefik). */
export const ExternalPort = z.union([z.literal('auto'), z.literal('none'), PortRange]);
export type ExternalPort = z.infer<typeof ExternalPort>;

export const ManifestPort = z
  .object({
    name: Slug.max(15, 'At most 15 characters: Kubernetes names ports so.'),
    protocol: z.enum(['tcp', 'udp']).default('tcp'),
    internal: PortRange,
    external: ExternalPort.default('auto'),
    why: line(120),
  })
  .strict()
  .refine(
    (port) =>
      typeof port.external === 'string' ||
      port.external.to - port.external.from === port.internal.to - port.internal.from,
    {
      path: ['external'],
      message: 'As many ports outside as inside.',
    },
  );
export type ManifestPort = z.infer<typeof ManifestPort>;

export const ManifestRouting = z
  .object({
    host: HostName,
    aliases: z.array(HostName).max(10).default([]),
    path: z
      .string()
      .max(200)
      .regex(/^\/[A-Za-z0-9._~/-]*$/, 'A path that starts with a slash.')
      .optional(),
    /** Name of the port that is routed; the first TCP port where absent. */
    port: z.string().optional(),
    /** Long-lived streams: buffering off, long timeouts. */
    sse: z.boolean().default(false),
    /** Under the platform's second domain as well (`n8n.ravenhelm.dev`), where the profile has one; yes where absent. */
    twin: z.boolean().optional(),
  })
  .strict();

export const ManifestDocs = z
  .object({
    runbook: z.boolean().default(true),
    trackerIssue: z.boolean().default(true),
    /** Links by title; Grafana, Loki, Jaeger and Argo CD come from the profile. */
    dashboards: z
      .array(z.object({ title: line(80), url: z.url({ protocol: /^https?$/ }).max(500) }).strict())
      .max(20)
      .default([]),
  })
  .strict();

export const Lifecycle = z.enum(['experimental', 'beta', 'production', 'deprecated']);

/** The service spec. Unknown keys are refused: a misspelt key must not be silently without effect. */
export const Manifest = z
  .object({
    version: z.literal(1).default(1),
    name: ServiceName,
    /** Short name of the workload, for the SPIFFE helper and its files, where it differs: `mcp-gitlab` for `mcp-server-gitlab`. */
    workload: ServiceName.optional(),
    displayName: line(80).optional(),
    purpose: line(200),
    category: Slug,
    owner: Slug,
    maintainers: z
      .array(
        z
          .string()
          .trim()
          .min(1)
          .max(120)
          .regex(/^[^\s\p{Cc}]+$/u, 'A login or an e-mail address.'),
      )
      .max(20)
      .default([]),
    lifecycle: Lifecycle.default('experimental'),
    ports: z.array(ManifestPort).max(20).default([]),
    security: ManifestSecurity.prefault({}),
    runtime: ManifestRuntime,
    routing: ManifestRouting.optional(),
    observability: ManifestObservability.prefault({}),
    messaging: ManifestMessaging.prefault({}),
    delivery: ManifestDelivery.optional(),
    docs: ManifestDocs.prefault({}),
  })
  .strict()
  .superRefine((manifest, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const names = new Set<string>();
    manifest.ports.forEach((port, index) => {
      if (names.has(port.name)) complain(['ports', index, 'name'], 'Two ports have this name.');
      names.add(port.name);
      manifest.ports.slice(0, index).forEach((other) => {
        if (other.protocol !== port.protocol) return;
        if (overlaps(other.internal, port.internal))
          complain(['ports', index, 'internal'], `Port ${other.name} listens there already.`);
        if (
          typeof other.external !== 'string' &&
          typeof port.external !== 'string' &&
          overlaps(other.external, port.external)
        )
          complain(['ports', index, 'external'], `Port ${other.name} has it already.`);
      });
    });
    const health = manifest.runtime.healthCheck?.port;
    if (health !== undefined && !names.has(health))
      complain(['runtime', 'healthCheck', 'port'], 'There is no port of this name.');
    const routed = manifest.routing?.port;
    if (routed !== undefined && !manifest.ports.some((port) => port.name === routed && port.protocol === 'tcp'))
      complain(['routing', 'port'], 'There is no TCP port of this name.');
    if (manifest.routing && !manifest.ports.some((port) => port.protocol === 'tcp'))
      complain(['routing'], 'A routed service needs a TCP port that Traefik can reach.');
    if (manifest.runtime.dependsOn.includes(manifest.name))
      complain(['runtime', 'dependsOn'], 'A service cannot wait for itself.');
    const hosts = manifest.routing ? [manifest.routing.host, ...manifest.routing.aliases] : [];
    if (new Set(hosts).size !== hosts.length) complain(['routing', 'aliases'], 'The same host stands here twice.');
    const { oauth } = manifest.security;
    const { queues, publishes } = manifest.messaging;
    const variables = [
      ...manifest.runtime.environment.map((variable) => variable.name),
      ...manifest.security.secrets.map((secret) => secret.environment),
      ...(oauth
        ? [oauth.issuerEnvironment, oauth.clientIdEnvironment, oauth.secretEnvironment, oauth.callbackEnvironment]
        : []),
      ...[...queues, ...publishes].map((one) => one.environment),
    ];
    if (new Set(variables).size !== variables.length)
      complain(['runtime', 'environment'], 'Two variables have one name; secrets count too.');
    const queueNames = queues.map((queue) => queue.name);
    if (new Set(queueNames).size !== queueNames.length) complain(['messaging', 'queues'], 'Two queues have one name.');
    const scaling = manifest.runtime.kubernetes?.autoscaling;
    if (scaling?.kind === 'queue' && !queueNames.includes(scaling.queue))
      complain(
        ['runtime', 'kubernetes', 'autoscaling', 'queue'],
        'This queue is not described yet: add it under Operations (messaging.queues).',
      );
    const metrics = manifest.observability.metrics;
    if (metrics && !manifest.ports.some((port) => port.protocol === 'tcp' && (metrics.port ?? port.name) === port.name))
      complain(['observability', 'metrics', 'port'], 'There is no TCP port of this name.');
    if (manifest.observability.probe && !manifest.routing)
      complain(['observability', 'probe'], 'A probe asks the host from outside: give the service a host.');
    const alertNames = manifest.observability.alerts.map((alert) => alert.name);
    if (new Set(alertNames).size !== alertNames.length)
      complain(['observability', 'alerts'], 'Two alerts have one name.');
    if (manifest.delivery && manifest.runtime.source.kind !== 'build')
      complain(['delivery'], 'Only a service that is built from code has something to deliver.');
  });
export type Manifest = z.infer<typeof Manifest>;
/** A manifest as people write it: defaults may be left out. */
export type ManifestInput = z.input<typeof Manifest>;
