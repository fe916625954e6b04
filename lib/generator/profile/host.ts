/** Where a platform keeps what runs on its own machine: ports, Compose, Traefik, SPIFFE, secrets. */
import { z } from 'zod';
import { Key, Path } from './words';

export const PortsProfile = z
  .object({
    /** Absent where nobody keeps one: then Compose files alone say which ports are taken, and `pools` where new ones come from. */
    registry: Path.optional(),
    /** Top-level key of the list that takes new entries; the document itself where it is a list. A category may name its own. */
    section: z.string().default('ports'),
    /**
     * Whether a service with a host gets an entry in a group of services: `also`, beside its bare ports in the list; `only` there; `none`. As most
     * services of the registry have it where absent. The group is the category's section, or the one that its kind stands in.
     */
    groups: z.enum(['also', 'only', 'none']).optional(),
    /** Pools beside or instead of the registry's `ranges`. */
    pools: z
      .record(
        Key,
        z.object({ start: z.number().int(), end: z.number().int(), description: z.string().optional() }).strict(),
      )
      .default({}),
  })
  .strict();

export const ComposeProfile = z
  .object({
    root: Path.optional(),
    /** File that the stacks include: shared networks and volumes. */
    base: Path.optional(),
    stacks: z.record(Key, Path).default({}),
    defaultStack: Key.optional(),
    /** A file for each new service whose category has no stack; {service} is filled in: `stacks/{service}/compose.yaml`. */
    perService: Path.optional(),
    /**
     * Files that include a file for each of their services, and what that is called; {service} is filled in:
     * `docker-compose.yml: services/{service}.yml`. A new service gets such a file and a line under `include`.
     */
    pieces: z.record(Path, Path).default({}),
    defaultNetwork: z.string().default('default'),
    /** Networks that only the proxy joins. */
    reservedNetworks: z.array(z.string()).default([]),
    /** How people start one service; {file} and {service} are filled in. */
    startCommand: z.string().default('docker compose -f {file} up -d {service}'),
    restart: z.string().default('unless-stopped'),
  })
  .strict();

export const TraefikProfile = z
  .object({
    /** The dynamic file, or a folder of them (`proxy/dynamic/`); absent where routes are labels of containers alone. */
    dynamic: Path.optional(),
    /** Routes are labels of the containers (`traefik.http.routers.NAME.rule`), in Compose and not in a dynamic file. */
    labels: z.boolean().default(false),
    middlewares: z
      .object({
        forwardAuth: z.array(z.string()).default([]),
        ownOauth: z.array(z.string()).default([]),
        public: z.array(z.string()).default([]),
        /** Behind the chain of a service with long-lived streams, whatever its posture. */
        sse: z.array(z.string()).default([]),
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
    transportSuffix: z.string().default('-transport'),
    /** Traefik's own certificates for mTLS, as paths in its container; those of the transports that are there where absent. */
    clientCertificates: z.object({ ca: z.string(), cert: z.string(), key: z.string() }).strict().optional(),
    /** A second router for each host, under another domain and with real certificates: `n8n.ravenhelm.dev` beside `n8n.ravenhelm.test`. */
    twin: z
      .object({
        domain: z.string().min(1),
        certResolver: z.string().optional(),
        routerSuffix: z.string().default('-dev'),
      })
      .strict()
      .optional(),
    /** Domains whose wildcard certificate covers one label in front of them. */
    wildcardDomains: z.array(z.string()).default([]),
    reloadCommand: z.string().optional(),
  })
  .strict()
  .refine((traefik) => traefik.labels || traefik.dynamic !== undefined, {
    path: ['dynamic'],
    message: 'Name the dynamic file or its folder, or set labels to true.',
  });

export const SecretsProfile = z
  .object({
    localstackInit: Path.optional(),
    endpoint: z.string().optional(),
    /** How people run the script again; {file} is filled in. */
    applyCommand: z.string().optional(),
  })
  .strict();

/** The identity provider that services with their own sign-in are clients of. */
export const OauthProfile = z
  .object({
    issuer: z.string().regex(/^https?:\/\//, 'The issuer, an http(s) URL.'),
    /** Where a person registers a client. */
    console: z.string().optional(),
  })
  .strict();

export const SpiffeProfile = z
  .object({
    helperConfigs: Path,
    registration: Path.optional(),
    certsPath: z.string().default('/run/spire/certs'),
    socketPath: z.string().default('/run/spire/sockets/api.sock'),
    /** Name of the agent's Compose service; the helper runs in the project that has it. */
    agent: z.string().default('spire-agent'),
    /** Image of the helper where no other helper shows it. */
    helperImage: z.string().default('ghcr.io/spiffe/spiffe-helper:0.10.1'),
    /** Names; {workload} is the spec's short name, {workload_} the same with underscores. */
    helperName: z.string().default('{workload}-spiffe-helper'),
    helperFile: z.string().default('{workload}-helper.conf'),
    certsVolume: z.string().default('{workload_}_certs'),
    /** How people register new entries; {file} is filled in. */
    registerCommand: z.string().default('./{file}'),
  })
  .strict();
