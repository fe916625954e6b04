/**
 * The form's own shape of a draft: every field there is, as text, so that half-typed values have a place. Whatever a stored draft holds is read
 * into it without complaint; what is wrong is said beside the field by the preview.
 */
import { z } from 'zod';
import { newRowId, withRowIds } from './patch';

const text = (initial = '') => z.string().catch(initial).default(initial);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).catch([]).default([]);
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values).catch(values[0]).default(values[0]);

/** A row of a list, with the id by which patches address it (ROW_ID of patch.ts). */
const row = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ rowId: text(), ...shape });

const Port = row({
  name: text(),
  protocol: oneOf(['tcp', 'udp']),
  internal: text(),
  external: text('auto'),
  why: text(),
});

const Secret = row({
  name: text(),
  environment: text(),
  purpose: text(),
  source: oneOf(['provided', 'generated']),
  store: oneOf(['secret', 'parameter']),
});

const OauthForm = z.object({
  clientId: text(),
  callbackPath: text('/oauth2/callback'),
  secretName: text(),
  issuerEnvironment: text('OAUTH_ISSUER'),
  clientIdEnvironment: text('OAUTH_CLIENT_ID'),
  secretEnvironment: text('OAUTH_CLIENT_SECRET_NAME'),
  callbackEnvironment: text('OAUTH_REDIRECT_URL'),
});

const HealthCheckForm = z.object({
  path: text('/healthz'),
  port: text(),
  intervalSeconds: text('30'),
  timeoutSeconds: text('5'),
  retries: text('3'),
});

const Quantities = z.object({ cpu: text(), memory: text() });

const PeerForm = row({ name: text(), namespace: text(), service: text(), cidr: text(), ports: text() });

const KubernetesForm = z.object({
  chart: z.enum(['', 'own', 'shared']).catch('').default(''),
  configMap: z.boolean().catch(false).default(false),
  roleArns: z.object({ dev: text(), staging: text(), prod: text() }).prefault({}),
  autoscaling: z
    .object({
      kind: z.enum(['', 'load', 'queue']).catch('').default(''),
      min: text(),
      max: text(),
      cpuPercent: text('80'),
      memoryPercent: text(),
      queue: text(),
      messagesPerReplica: text('5'),
    })
    .prefault({}),
  disruptionBudget: z.object({ minAvailable: text() }).prefault({}),
  networkPolicy: z
    .object({ from: list(PeerForm), to: list(PeerForm) })
    .nullable()
    .catch(null)
    .default(null),
  environments: list(z.enum(['dev', 'staging', 'prod'])),
  replicas: text('1'),
  resources: z
    .object({
      requests: Quantities.prefault({ cpu: '100m', memory: '128Mi' }),
      limits: Quantities.prefault({ cpu: '500m', memory: '512Mi' }),
    })
    .prefault({}),
});

const ComposeForm = z.object({
  stack: text(),
  alsoInRoot: z.boolean().catch(false).default(false),
  networks: list(z.string()),
  profiles: list(z.string()),
  /** No field of the form shows them: a service that came with labels keeps them when it is changed. */
  labels: list(z.object({ name: text(), value: text() })),
});

const VolumeForm = row({
  source: z.object({ kind: oneOf(['volume', 'path']), name: text(), path: text() }).prefault({}),
  target: text(),
  readOnly: z.boolean().catch(false).default(false),
});

const RoutingForm = z.object({
  host: text(),
  aliases: list(z.string()),
  path: text(),
  port: text(),
  sse: z.boolean().catch(false).default(false),
  twin: z.boolean().catch(true).default(true),
});

const MetricsForm = z.object({ port: text(), path: text('/metrics'), intervalSeconds: text('30') });

const AlertForm = row({
  name: text(),
  expression: text(),
  forMinutes: text('5'),
  severity: oneOf(['P2', 'P1', 'P3']),
  summary: text(),
});

const QueueForm = row({
  name: text(),
  environment: text(),
  topics: text(),
  visibilitySeconds: text('30'),
  retentionDays: text('4'),
  maxReceives: text('5'),
});

const TopicForm = row({ topic: text(), environment: text() });

const VariableForm = row({ name: text(), value: text() });

const DashboardForm = row({ title: text(), url: text() });

const DeliveryForm = z.object({
  path: text(),
  toolchain: oneOf(['docker', 'node', 'python', 'go']),
  verify: list(z.string()),
  promote: z.boolean().catch(true).default(true),
});

/** A group that may be absent: null says that the person turned it off. */
const group = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().catch(null).default(null);

export const DraftForm = z.object({
  name: text(),
  workload: text(),
  displayName: text(),
  purpose: text(),
  category: text(),
  owner: text(),
  maintainers: list(z.string()),
  lifecycle: oneOf(['experimental', 'beta', 'production', 'deprecated']),
  ports: list(Port),
  security: z
    .object({
      access: oneOf(['forward-auth', 'own-oauth', 'public']),
      publicReason: text(),
      mtls: z.boolean().catch(false).default(false),
      oauth: group(OauthForm),
      secrets: list(Secret),
    })
    .prefault({}),
  runtime: z
    .object({
      source: z
        .object({ kind: oneOf(['image', 'build']), image: text(), context: text(), dockerfile: text() })
        .prefault({}),
      compose: group(ComposeForm),
      kubernetes: group(KubernetesForm),
      environment: list(VariableForm),
      volumes: list(VolumeForm),
      dependsOn: list(z.string()),
      healthCheck: group(HealthCheckForm),
    })
    .prefault({}),
  routing: group(RoutingForm),
  observability: z
    .object({
      metrics: group(MetricsForm),
      probe: z.boolean().catch(false).default(false),
      dashboard: z.boolean().catch(false).default(false),
      alerts: list(AlertForm),
    })
    .prefault({}),
  messaging: z.object({ queues: list(QueueForm), publishes: list(TopicForm) }).prefault({}),
  delivery: group(DeliveryForm),
  docs: z
    .object({
      runbook: z.boolean().catch(true).default(true),
      trackerIssue: z.boolean().catch(true).default(true),
      dashboards: list(DashboardForm),
    })
    .prefault({}),
});
export type DraftForm = z.infer<typeof DraftForm>;

const newRow = () => ({ rowId: newRowId() });
export const emptyPort = (): DraftForm['ports'][number] => Port.parse(newRow());
export const emptySecret = (): DraftForm['security']['secrets'][number] => Secret.parse(newRow());
export const emptyVariable = (): DraftForm['runtime']['environment'][number] => VariableForm.parse(newRow());
export const emptyVolume = (): DraftForm['runtime']['volumes'][number] => VolumeForm.parse(newRow());
export const emptyPeer = () => PeerForm.parse(newRow());
export const emptyAlert = (): DraftForm['observability']['alerts'][number] => AlertForm.parse(newRow());
export const emptyQueue = (): DraftForm['messaging']['queues'][number] => QueueForm.parse(newRow());
export const emptyTopic = (): DraftForm['messaging']['publishes'][number] => TopicForm.parse(newRow());
export const emptyDashboard = (): DraftForm['docs']['dashboards'][number] => DashboardForm.parse(newRow());
export const defaultOauth = () => OauthForm.parse({});
export const defaultMetrics = () => MetricsForm.parse({});
export const defaultDelivery = () => DeliveryForm.parse({});
export const defaultNetworkPolicy = (): {
  from: ReturnType<typeof emptyPeer>[];
  to: ReturnType<typeof emptyPeer>[];
} => ({
  from: [],
  to: [],
});
export const defaultRouting = () => RoutingForm.parse({});
export const defaultCompose = () => ComposeForm.parse({});
export const defaultKubernetes = () => KubernetesForm.parse({ environments: ['dev', 'staging', 'prod'] });
export const defaultHealthCheck = () => HealthCheckForm.parse({});

/** What a new draft begins with: what most services have, visible in the form and easy to change. */
export function emptyDraft(): DraftForm {
  return DraftForm.parse({
    ports: [{ ...newRow(), name: 'http', why: 'HTTP API' }],
    runtime: { compose: {}, healthCheck: {} },
    routing: {},
  });
}

/** Reads a stored draft into the form; unknown keys and values of another kind are dropped, never refused, and every row has an id: the same at each reading. */
export function formOf(content: unknown): DraftForm {
  const parsed = DraftForm.safeParse(content);
  return withRowIds(parsed.success ? parsed.data : emptyDraft());
}
