/**
 * The form's own shape of a draft: every field there is, as text, so that half-typed values have a place. Whatever a stored draft holds is read
 * into it without complaint; what is wrong is said beside the field by the preview.
 */
import { z } from 'zod';

const text = (initial = '') => z.string().catch(initial).default(initial);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).catch([]).default([]);
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values).catch(values[0]).default(values[0]);

const Port = z.object({
  name: text(),
  protocol: oneOf(['tcp', 'udp']),
  internal: text(),
  external: text('auto'),
  why: text(),
});

const Secret = z.object({
  name: text(),
  environment: text(),
  purpose: text(),
  source: oneOf(['provided', 'generated']),
});

const HealthCheckForm = z.object({
  path: text('/healthz'),
  port: text(),
  intervalSeconds: text('30'),
  timeoutSeconds: text('5'),
  retries: text('3'),
});

const Quantities = z.object({ cpu: text(), memory: text() });

const KubernetesForm = z.object({
  environments: list(z.enum(['dev', 'staging', 'prod'])),
  replicas: text('1'),
  resources: z
    .object({
      requests: Quantities.prefault({ cpu: '100m', memory: '128Mi' }),
      limits: Quantities.prefault({ cpu: '500m', memory: '512Mi' }),
    })
    .prefault({}),
});

const ComposeForm = z.object({ stack: text(), networks: list(z.string()) });

const VolumeForm = z.object({
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
});

/** A group that may be absent: null says that the person turned it off. */
const group = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().catch(null).default(null);

export const DraftForm = z.object({
  name: text(),
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
      environment: list(z.object({ name: text(), value: text() })),
      volumes: list(VolumeForm),
      dependsOn: list(z.string()),
      healthCheck: group(HealthCheckForm),
    })
    .prefault({}),
  routing: group(RoutingForm),
  docs: z
    .object({
      runbook: z.boolean().catch(true).default(true),
      trackerIssue: z.boolean().catch(true).default(true),
      dashboards: list(z.object({ title: text(), url: text() })),
    })
    .prefault({}),
});
export type DraftForm = z.infer<typeof DraftForm>;

export const emptyPort = (): DraftForm['ports'][number] => Port.parse({});
export const emptySecret = (): DraftForm['security']['secrets'][number] => Secret.parse({});
export const emptyVolume = (): DraftForm['runtime']['volumes'][number] => VolumeForm.parse({});
export const defaultRouting = () => RoutingForm.parse({});
export const defaultCompose = () => ComposeForm.parse({});
export const defaultKubernetes = () => KubernetesForm.parse({ environments: ['dev', 'staging', 'prod'] });
export const defaultHealthCheck = () => HealthCheckForm.parse({});

/** What a new draft begins with: what most services have, visible in the form and easy to change. */
export function emptyDraft(): DraftForm {
  return DraftForm.parse({
    ports: [{ name: 'http', why: 'HTTP API' }],
    runtime: { compose: {}, healthCheck: {} },
    routing: {},
  });
}

/** Reads a stored draft into the form; unknown keys and values of another kind are dropped, never refused. */
export function formOf(content: unknown): DraftForm {
  const parsed = DraftForm.safeParse(content);
  return parsed.success ? parsed.data : emptyDraft();
}
