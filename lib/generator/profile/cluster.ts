/** Where a platform keeps what runs in Kubernetes and AWS: charts, Argo CD, IAM policies, messaging, delivery. */
import { z } from 'zod';
import { Key, Path } from './words';

const Environment = z.enum(['dev', 'staging', 'prod']);

export const HelmProfile = z
  .object({
    charts: Path,
    /** None where a chart has one values file and runs in one place. */
    environments: z.array(Environment).default(['dev', 'staging', 'prod']),
    /** What the platform calls an environment in its files, where it is another name: `production`. */
    environmentNames: z.partialRecord(Environment, Key).default({}),
    /** The file with the values of an environment, from the chart's folder: `values.{environment}.yaml`, `{environment}/values.yaml`. */
    environmentValues: Path.refine((path) => path.includes('{environment}'), 'Must contain {environment}.').default(
      'values-{environment}.yaml',
    ),
    /** Whether a service gets a chart of its own or a block in the shared chart's values, where the spec does not say. */
    style: z.enum(['own', 'shared']).default('own'),
    /**
     * One chart for many services: its folder, the values file with a block for each, and the key that they are under. Where each service has a values
     * file of its own, `values` has `{service}` in its path and the section counts for nothing.
     */
    shared: z
      .object({ chart: Path, values: Path, section: z.string().default('services') })
      .strict()
      .optional(),
    ingressClass: z.string().default('nginx'),
    /** Routes by the Gateway API instead of an Ingress. */
    gateway: z
      .object({
        name: z.string(),
        namespace: z.string(),
        /** The object that asks people to sign in, as an extension filter of a route; without one, routes of services behind forward authentication are left off. */
        forwardAuth: z.object({ group: z.string(), kind: z.string(), name: z.string() }).strict().optional(),
      })
      .strict()
      .optional(),
    imageRegistry: z.string().optional(),
    /** Host of an environment's ingress; {service} is filled in. */
    hosts: z.partialRecord(Environment, z.string()).default({}),
    /** Namespace of an environment, for commands and policies; {service} is filled in. */
    namespaces: z.partialRecord(Environment, z.string()).default({}),
    /** Namespace of the ingress controller, which network policies let in. */
    ingressNamespace: z.string().default('ingress-nginx'),
    /** Namespace of Prometheus, which network policies let in to the metrics port. */
    monitoringNamespace: z.string().default('monitoring'),
    /** Labels by which Prometheus finds ServiceMonitors and PrometheusRules. */
    monitorLabels: z.record(z.string(), z.string()).default({}),
    secretStore: z
      .object({ kind: z.enum(['ClusterSecretStore', 'SecretStore']), name: z.string() })
      .strict()
      .optional(),
    /** The store of parameters beside that of secrets; parameters are left out of the cluster where absent. */
    parameterStore: z
      .object({ kind: z.enum(['ClusterSecretStore', 'SecretStore']), name: z.string() })
      .strict()
      .optional(),
    /**
     * Annotations that put the access posture in front of an ingress, e.g. `nginx.ingress.kubernetes.io/auth-url`. Without any for
     * `forwardAuth`, the ingress of a service behind forward authentication is left off: it would let everybody in.
     */
    ingressAnnotations: z
      .object({
        forwardAuth: z.record(z.string(), z.string()).default({}),
        ownOauth: z.record(z.string(), z.string()).default({}),
        public: z.record(z.string(), z.string()).default({}),
      })
      .strict()
      .prefault({}),
    /** The cost tags of requirements section 13, as labels; {service}, {owner}, {category} and {environment} are filled in. */
    costLabels: z.record(z.string(), z.string()).default({}),
  })
  .strict();

export const ArgocdProfile = z
  .object({
    /** Folder with an Application for each service and environment. */
    applications: Path,
    project: z.string().default('default'),
    /** An ApplicationSet whose list generator gets an element, or an app-of-apps whose values get an entry, instead. */
    entries: z
      .object({
        file: Path,
        /** Dotted path of the list or map; found in the file where absent. */
        section: z.string().optional(),
      })
      .strict()
      .optional(),
  })
  .strict();

/** What AWS is told of a service, beside LocalStack. */
export const AwsProfile = z
  .object({
    /** Folder of IAM policies, one JSON file for each service. */
    policies: Path.optional(),
    /** Folder of CloudFormation templates with the queues of a service. */
    messaging: Path.optional(),
    region: z.string().default('us-east-1'),
    accountId: z
      .string()
      .regex(/^\d{12}$/, 'Twelve digits.')
      .optional(),
  })
  .strict();

/** How a service's own code is built and delivered (requirements, section 4). */
export const DeliveryProfile = z
  .object({
    workflows: Path.default('.github/workflows'),
    /** Where images go: `ghcr.io/ravenhelm`. */
    imageRegistry: z.string(),
    /** Where charts go as OCI artifacts: `ghcr.io/ravenhelm/charts`; not packaged where absent. */
    chartRegistry: z.string().optional(),
    /** The runner's label. */
    runsOn: z.string().default('ubuntu-24.04'),
    /** The branch whose commits are delivered. */
    branch: z.string().default('main'),
  })
  .strict();
