/** What a service asks of Kubernetes (requirements, sections 1.2, 6, 8 and 13). What is absent is off in its chart. */
import { z } from 'zod';
import { DNS_LABEL, line, Slug } from './manifest-words';
import { PortNumber } from './port-range';

export const Environment = z.enum(['dev', 'staging', 'prod']);
export type Environment = z.infer<typeof Environment>;

const Quantity = z
  .string()
  .max(20)
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?$/, 'A Kubernetes quantity, for example 250m or 256Mi.');

const Count = z.number().int().min(1).max(100);

const Namespace = z.string().max(63).regex(DNS_LABEL, 'A namespace: lower-case letters, digits and hyphens.');

/** Whom the service talks to, or who talks to it: pods, a namespace, or addresses. */
export const NetworkPeer = z
  .object({
    /** For people: `postgres`, `the internet`. */
    name: line(60),
    namespace: Namespace.optional(),
    /** `app.kubernetes.io/name` of the pods. */
    service: Slug.optional(),
    cidr: z
      .string()
      .regex(
        /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(3[0-2]|[12]?\d)$/,
        'A block of addresses such as 10.0.0.0/16.',
      )
      .optional(),
    ports: z.array(PortNumber).max(20).default([]),
  })
  .strict()
  .refine((peer) => peer.namespace !== undefined || peer.service !== undefined || peer.cidr !== undefined, {
    path: ['service'],
    message: 'Say which pods, which namespace or which addresses.',
  })
  .refine((peer) => peer.cidr === undefined || (peer.namespace === undefined && peer.service === undefined), {
    path: ['cidr'],
    message: 'Either addresses, or pods and namespace.',
  });
export type NetworkPeer = z.infer<typeof NetworkPeer>;

/** When Kubernetes runs more of it: by load (HPA), or by how many messages wait in an SQS queue (KEDA). */
export const Autoscaling = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('load'),
        min: Count.default(1),
        max: Count,
        cpuPercent: z.number().int().min(1).max(500).default(80),
        memoryPercent: z.number().int().min(1).max(500).optional(),
      })
      .strict(),
    z
      .object({
        kind: z.literal('queue'),
        /** Name of a queue under `messaging.queues`. */
        queue: z.string().min(1).max(80),
        min: z.number().int().min(0).max(100).default(0),
        max: Count,
        messagesPerReplica: z.number().int().min(1).max(100_000).default(5),
      })
      .strict(),
  ])
  .refine((scaling) => scaling.min <= scaling.max, { path: ['max'], message: 'At least as many as the minimum.' });
export type Autoscaling = z.infer<typeof Autoscaling>;

export const KubernetesRuntime = z
  .object({
    environments: z.array(Environment).min(1, 'Choose at least one environment.').default(['dev', 'staging', 'prod']),
    replicas: z.number().int().min(0).max(50).default(1),
    resources: z
      .object({
        requests: z.object({ cpu: Quantity, memory: Quantity }).strict(),
        limits: z.object({ cpu: Quantity, memory: Quantity }).strict(),
      })
      .strict()
      .default({ requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '512Mi' } }),
    /** A chart of its own, or a block in the values of the platform's shared chart; the profile's way where absent. */
    chart: z.enum(['own', 'shared']).optional(),
    /** The plain environment variables as a ConfigMap instead of in the Deployment. */
    configMap: z.boolean().default(false),
    /** IRSA: the role of its service account, per environment. */
    roleArns: z
      .partialRecord(
        Environment,
        z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'The ARN of an IAM role.'),
      )
      .default({}),
    /** Default deny, and these paths. DNS and the ingress controller's way in are always allowed. */
    networkPolicy: z
      .object({ from: z.array(NetworkPeer).max(30).default([]), to: z.array(NetworkPeer).max(30).default([]) })
      .strict()
      .optional(),
    autoscaling: Autoscaling.optional(),
    disruptionBudget: z
      .object({
        minAvailable: z.union([
          z.number().int().min(0).max(50),
          z.string().regex(/^(100|[1-9]?\d)%$/, 'A number or a percentage.'),
        ]),
      })
      .strict()
      .optional(),
  })
  .strict();
export type KubernetesRuntime = z.infer<typeof KubernetesRuntime>;
