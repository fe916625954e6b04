/**
 * THE service spec: what an engineer says about a service. One Zod schema for wizard, API and CLI, published as JSON Schema by
 * `slipway schema`. It says what is wanted; which number `auto` becomes is decided when it is resolved (lib/generator/resolve.ts).
 */
import { z } from 'zod';

const DNS_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const HOST_NAME = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Printable text on one line: no control characters, so that it can stand in a YAML comment, a table cell or a commit subject. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Say something here.')
    .max(max, `At most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Keep it to one line, without control characters.');

/** A service's name: DNS-1123 label that starts with a letter, since it becomes a container, a Kubernetes object and a host. */
export const ServiceName = z
  .string()
  .min(2, 'At least two characters.')
  .max(40, 'At most 40 characters, so that prefixes and suffixes still fit in 63.')
  .regex(DNS_LABEL, 'Lower-case letters, digits and hyphens; it starts with a letter and does not end with a hyphen.');

const Slug = z.string().min(1, 'Choose one.').max(40).regex(DNS_LABEL, 'Lower-case letters, digits and hyphens.');

/** One port number, 1 to 65535. */
export const PortNumber = z
  .number()
  .int('A whole number.')
  .min(1, 'Ports start at 1.')
  .max(65535, 'Ports end at 65535.');

const PortRangeObject = z
  .object({ from: PortNumber, to: PortNumber })
  .strict()
  .refine((range) => range.from <= range.to, 'The range ends before it starts.')
  .refine((range) => range.to - range.from < 1000, 'At most 1000 ports in one range.');

/** A port or an inclusive range of ports. People may write 7880 or "7881-7892"; what is parsed is always `{from, to}`. */
export const PortRange = z.union([
  PortRangeObject,
  PortNumber.transform((port) => ({ from: port, to: port })),
  z
    .string()
    .regex(/^\s*\d{1,5}\s*(-\s*\d{1,5}\s*)?$/, 'A port such as 7880, or a range such as 7881-7892.')
    .transform((text) => {
      const [from, to] = text.split('-').map(Number);
      return { from: from ?? 0, to: to ?? from ?? 0 };
    })
    .pipe(PortRangeObject),
]);
export type PortRange = z.infer<typeof PortRange>;

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

/** A secret by name: its value is never part of a spec. `environment` is the variable that carries the secret's name. */
export const ManifestSecret = z
  .object({
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[A-Za-z0-9/_+=.@-]+$/, 'Letters, digits and / _ + = . @ - only.'),
    environment: z.string().max(80).regex(ENVIRONMENT_NAME, 'A variable name: letters, digits and underscores.'),
    purpose: line(160),
    /** Made by the platform when absent, or set by a person. */
    source: z.enum(['generated', 'provided']).default('provided'),
  })
  .strict();
export type ManifestSecret = z.infer<typeof ManifestSecret>;

export const ManifestSecurity = z
  .object({
    /** `forward-auth`: the platform's protected chain. `own-oauth`: signs people in itself. `public`: nobody asks; needs a reason. */
    access: z.enum(['forward-auth', 'own-oauth', 'public']).default('forward-auth'),
    publicReason: line(240).optional(),
    mtls: z.boolean().default(false),
    secrets: z.array(ManifestSecret).max(30).default([]),
  })
  .strict()
  .refine((security) => security.access !== 'public' || security.publicReason !== undefined, {
    path: ['publicReason'],
    message: 'Say why anyone may reach it without signing in.',
  });

const ImageReference = z
  .string()
  .max(255)
  .regex(
    /^(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/,
    'An image as docker pull takes it, for example livekit/egress:v1.9.0.',
  )
  .refine(
    (image) => /[:@]/.test(image.split('/').at(-1) ?? ''),
    'Name a tag or a digest, so that everyone runs the same image.',
  )
  .refine((image) => !image.endsWith(':latest'), 'Not latest: name a version, so that everyone runs the same image.');

const RelativePath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9._/-]+$/, 'A path inside the repository.')
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'A path inside the repository, without "..".',
  );

/** What the container is made from. */
export const ContainerSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), image: ImageReference }).strict(),
  z.object({ kind: z.literal('build'), context: RelativePath, dockerfile: RelativePath.optional() }).strict(),
]);
export type ContainerSource = z.infer<typeof ContainerSource>;

export const EnvironmentVariable = z
  .object({
    name: z.string().max(80).regex(ENVIRONMENT_NAME, 'A variable name: letters, digits and underscores.'),
    value: z
      .string()
      .max(2000)
      .regex(/^[^\p{Cc}]*$/u, 'One line, without control characters.'),
  })
  .strict();

export const VolumeMount = z
  .object({
    /** A named volume (`data`) or a path inside the repository (`config/livekit`). */
    source: z.discriminatedUnion('kind', [
      z
        .object({
          kind: z.literal('volume'),
          name: z
            .string()
            .max(60)
            .regex(/^[a-z][a-z0-9_-]*$/, 'Lower-case letters, digits, _ and -.'),
        })
        .strict(),
      z.object({ kind: z.literal('path'), path: RelativePath }).strict(),
    ]),
    target: z
      .string()
      .max(200)
      .regex(/^\/[A-Za-z0-9._/-]*$/, 'An absolute path in the container.'),
    readOnly: z.boolean().default(false),
  })
  .strict();

export const HealthCheck = z
  .object({
    path: z
      .string()
      .max(200)
      .regex(/^\/[A-Za-z0-9._~/?&=%-]*$/, 'A path that starts with a slash.')
      .default('/healthz'),
    /** Name of the port that answers; the first port where absent. */
    port: z.string().optional(),
    intervalSeconds: z.number().int().min(1).max(3600).default(30),
    timeoutSeconds: z.number().int().min(1).max(600).default(5),
    retries: z.number().int().min(1).max(20).default(3),
  })
  .strict();

const Quantity = z
  .string()
  .max(20)
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?$/, 'A Kubernetes quantity, for example 250m or 256Mi.');

export const KubernetesRuntime = z
  .object({
    environments: z
      .array(z.enum(['dev', 'staging', 'prod']))
      .min(1, 'Choose at least one environment.')
      .default(['dev', 'staging', 'prod']),
    replicas: z.number().int().min(0).max(50).default(1),
    resources: z
      .object({
        requests: z.object({ cpu: Quantity, memory: Quantity }).strict(),
        limits: z.object({ cpu: Quantity, memory: Quantity }).strict(),
      })
      .strict()
      .default({ requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '512Mi' } }),
  })
  .strict();

export const ManifestRuntime = z
  .object({
    source: ContainerSource,
    compose: z
      .object({
        /** A stack of the profile; the category's stack where absent. */
        stack: z.string().max(60).regex(DNS_LABEL).optional(),
        networks: z
          .array(
            z
              .string()
              .max(60)
              .regex(/^[a-z][a-z0-9_-]*$/),
          )
          .max(10)
          .default([]),
      })
      .strict()
      .optional(),
    kubernetes: KubernetesRuntime.optional(),
    environment: z.array(EnvironmentVariable).max(100).default([]),
    volumes: z.array(VolumeMount).max(30).default([]),
    dependsOn: z.array(ServiceName).max(30).default([]),
    healthCheck: HealthCheck.optional(),
  })
  .strict()
  .refine((runtime) => runtime.compose !== undefined || runtime.kubernetes !== undefined, {
    path: ['compose'],
    message: 'Run it somewhere: a Compose stack, Kubernetes, or both.',
  });

export const HostName = z.string().max(253).regex(HOST_NAME, 'A host name, for example livekit.ravenhelm.test.');

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
    const variables = [
      ...manifest.runtime.environment.map((variable) => variable.name),
      ...manifest.security.secrets.map((secret) => secret.environment),
    ];
    if (new Set(variables).size !== variables.length)
      complain(['runtime', 'environment'], 'Two variables have one name; secrets count too.');
  });
export type Manifest = z.infer<typeof Manifest>;
/** A manifest as people write it: defaults may be left out. */
export type ManifestInput = z.input<typeof Manifest>;

/** Whether two inclusive ranges share a port. */
export function overlaps(a: PortRange, b: PortRange): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** `7880` or `7881-7892`: the way registries, Compose and people write a range. */
export function formatPortRange(range: PortRange): string {
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;
}

/**
 * Reads `7880` or `7881-7892` (spaces allowed around the hyphen).
 * @returns the range, or undefined where the text is neither.
 */
export function parsePortRange(text: string): PortRange | undefined {
  const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]);
  const parsed = PortRange.safeParse({ from, to: match[2] === undefined ? from : Number(match[2]) });
  return parsed.success ? parsed.data : undefined;
}
