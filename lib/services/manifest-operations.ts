/** What a service asks of those who run it: metrics, alerts and dashboards, queues and topics, and how its own code is delivered. */
import { z } from 'zod';
import { EnvironmentName, line, RelativePath, UrlPath } from './manifest-words';

export const Severity = z.enum(['P1', 'P2', 'P3']);

/** An alert of the service: it fires where the expression holds for so long, and names the runbook. */
export const ManifestAlert = z
  .object({
    name: z
      .string()
      .max(60)
      .regex(/^[A-Z][A-Za-z0-9]*$/, 'A name such as LivekitDown: letters and digits, starting with a capital.'),
    /** PromQL. */
    expression: line(500),
    forMinutes: z.number().int().min(0).max(1440).default(5),
    severity: Severity.default('P2'),
    summary: line(160),
  })
  .strict();
export type ManifestAlert = z.infer<typeof ManifestAlert>;

export const ManifestObservability = z
  .object({
    /** Prometheus reads the service's metrics here; `port` is the name of a port, the first TCP port where absent. */
    metrics: z
      .object({
        port: z.string().max(15).optional(),
        path: UrlPath.default('/metrics'),
        intervalSeconds: z.number().int().min(5).max(600).default(30),
      })
      .strict()
      .optional(),
    /** The blackbox exporter asks its host from outside. */
    probe: z.boolean().default(false),
    /** A Grafana dashboard, kept as JSON in the repository. */
    dashboard: z.boolean().default(false),
    alerts: z.array(ManifestAlert).max(20).default([]),
  })
  .strict();
export type ManifestObservability = z.infer<typeof ManifestObservability>;

const QueueName = z
  .string()
  .min(1)
  .max(75, 'At most 75 characters, so that -dlq fits.')
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'Letters, digits, - and _.');

/** An SQS queue that the service reads, with its dead-letter queue and the SNS topics whose messages it gets. */
export const ManifestQueue = z
  .object({
    name: QueueName,
    /** The variable that carries the queue's URL. */
    environment: EnvironmentName,
    topics: z.array(QueueName).max(10).default([]),
    visibilitySeconds: z.number().int().min(0).max(43_200).default(30),
    retentionDays: z.number().int().min(1).max(14).default(4),
    /** After so many failed receives a message goes to `<name>-dlq`. */
    maxReceives: z.number().int().min(1).max(100).default(5),
  })
  .strict();
export type ManifestQueue = z.infer<typeof ManifestQueue>;

export const ManifestMessaging = z
  .object({
    queues: z.array(ManifestQueue).max(10).default([]),
    /** Topics that it publishes to; `environment` is the variable that carries the topic's ARN. */
    publishes: z
      .array(z.object({ topic: QueueName, environment: EnvironmentName }).strict())
      .max(10)
      .default([]),
  })
  .strict();
export type ManifestMessaging = z.infer<typeof ManifestMessaging>;

/** How the service's own code gets from a commit to the cluster (requirements, section 4). For services that are built, not pulled. */
export const ManifestDelivery = z
  .object({
    /** The folder whose changes start the pipeline; the build context where absent. */
    path: RelativePath.optional(),
    toolchain: z.enum(['node', 'python', 'go', 'docker']).default('docker'),
    /** Commands of the verify job, in the folder; the toolchain's usual ones where empty. */
    verify: z.array(line(200)).max(10).default([]),
    /** Whether a build on main is put into the environments' values, dev and staging by commit, prod by pull request. */
    promote: z.boolean().default(true),
  })
  .strict();
export type ManifestDelivery = z.infer<typeof ManifestDelivery>;
