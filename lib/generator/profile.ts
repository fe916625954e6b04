/**
 * `slipway.yaml` at a platform repository's root: where things are and what the house conventions are. Published as JSON Schema by
 * `slipway schema --profile`. A group that is absent means that the platform has no such files; detect.ts guesses a profile where there is none.
 */
import { z } from 'zod';

const Path = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'A path inside the repository, without "..".',
  );
const Key = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i, 'Letters, digits, - and _.');
const LinkTemplate = z
  .string()
  .regex(/^https?:\/\//, 'An http(s) URL; {service}, {host}, {environment} and {container} are filled in.');

/** Where a category's services go. */
export const CategoryProfile = z
  .object({
    title: z.string().optional(),
    /** Name of the port pool; the category's own name where absent and such a pool exists. */
    pool: Key.optional(),
    /** Name of the Compose stack. */
    stack: Key.optional(),
    /** Owner that the wizard proposes. */
    owner: z.string().optional(),
  })
  .strict();

export const Profile = z
  .object({
    version: z.literal(1).default(1),
    platform: z
      .object({
        name: z.string().min(1),
        /** The machine that publishes the ports: the scope of reservations. */
        host: z.string().min(1).default('default'),
        /** Services are reached at `<service>.<domain>`. */
        domain: z.string().min(1),
      })
      .strict(),
    naming: z
      .object({
        containerPrefix: z.string().default(''),
        /** `<ns>.project`, `<ns>.service`, `<ns>.workload`; no labels where absent. */
        labelNamespace: z.string().optional(),
        project: z.string().optional(),
        /** In front of a secret's name in the secret store, e.g. `ravenhelm/`. */
        secretPrefix: z.string().default(''),
      })
      .strict()
      .prefault({}),
    categories: z.record(Key, CategoryProfile).default({}),
    owners: z.array(z.string()).default([]),
    ports: z
      .object({
        registry: Path,
        /** Top-level key of the list that takes new entries; the document itself where it is a list. */
        section: z.string().default('ports'),
        /** Pools beside or instead of the registry's `ranges`. */
        pools: z
          .record(
            Key,
            z.object({ start: z.number().int(), end: z.number().int(), description: z.string().optional() }).strict(),
          )
          .default({}),
      })
      .strict()
      .optional(),
    compose: z
      .object({
        root: Path.optional(),
        /** File that the stacks include: shared networks and volumes. */
        base: Path.optional(),
        stacks: z.record(Key, Path).default({}),
        defaultStack: Key.optional(),
        defaultNetwork: z.string().default('default'),
        /** Networks that only the proxy joins. */
        reservedNetworks: z.array(z.string()).default([]),
        /** How people start one service; {file} and {service} are filled in. */
        startCommand: z.string().default('docker compose -f {file} up -d {service}'),
        restart: z.string().default('unless-stopped'),
      })
      .strict()
      .optional(),
    traefik: z
      .object({
        dynamic: Path,
        middlewares: z
          .object({
            forwardAuth: z.array(z.string()).default([]),
            ownOauth: z.array(z.string()).default([]),
            public: z.array(z.string()).default([]),
          })
          .strict()
          .prefault({}),
        /** `docker-host`: Traefik reaches services at `dockerHost:PORT`; `container`: by container name on the shared network. */
        backend: z.enum(['docker-host', 'container']).default('docker-host'),
        dockerHost: z.string().default('host.docker.internal'),
        entryPoints: z.array(z.string()).default([]),
        certResolver: z.string().optional(),
        routerSuffix: z.string().default(''),
        serviceSuffix: z.string().default('-svc'),
        reloadCommand: z.string().optional(),
      })
      .strict()
      .optional(),
    secrets: z.object({ localstackInit: Path.optional(), endpoint: z.string().optional() }).strict().optional(),
    spiffe: z
      .object({
        helperConfigs: Path,
        registration: Path.optional(),
        certsPath: z.string().default('/run/spire/certs'),
        socketPath: z.string().default('/run/spire/sockets/api.sock'),
      })
      .strict()
      .optional(),
    helm: z
      .object({
        charts: Path,
        environments: z.array(z.enum(['dev', 'staging', 'prod'])).default(['dev', 'staging', 'prod']),
        ingressClass: z.string().default('nginx'),
        imageRegistry: z.string().optional(),
        /** Host of an environment's ingress; {service} is filled in. */
        hosts: z.partialRecord(z.enum(['dev', 'staging', 'prod']), z.string()).default({}),
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
      .strict()
      .optional(),
    argocd: z
      .object({ applications: Path, project: z.string().default('default') })
      .strict()
      .optional(),
    runbooks: z
      .object({
        folder: Path,
        catalog: Path.optional(),
        architectureIndex: Path.optional(),
        /** The file's name; {number} has three digits, {slug} is the service's name. */
        fileName: z.string().default('RUNBOOK-{number}-{slug}.md'),
      })
      .strict()
      .optional(),
    links: z
      .object({
        grafana: LinkTemplate.optional(),
        loki: LinkTemplate.optional(),
        jaeger: LinkTemplate.optional(),
        argocd: LinkTemplate.optional(),
      })
      .strict()
      .prefault({}),
    review: z
      .object({
        labels: z.array(z.string()).default([]),
        reviewers: z.array(z.string()).default([]),
        teamReviewers: z.array(z.string()).default([]),
      })
      .strict()
      .prefault({}),
  })
  .strict();

/** A profile with its defaults filled in. */
export type Profile = z.infer<typeof Profile>;

/** The file's place in a platform repository. */
export const profilePath = 'slipway.yaml';
