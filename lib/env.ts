/**
 * The one place that reads process.env. What is missing or wrong is said all at once, by name and never by value, and the process does not start.
 */
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { PortProbe } from './env-port-probe';
import { GitHubEnvironment, gitHubOf, missingCredentials, optional, type GitHubSettings } from './env-github';

const Url = z.url({ protocol: /^https?$/ });
const Filled = z.string().trim().min(1);

export const roles = ['viewer', 'engineer', 'operator', 'admin'] as const;
/** What somebody may do; each includes the ones before it. */
export type Role = (typeof roles)[number];

/** `group=role,group=role`: which group of the identity provider gives which role. Groups that are not named give viewer. */
const RoleMap = z
  .string()
  .default('')
  .transform((text, context) => {
    const map: Record<string, Role> = {};
    for (const pair of text.split(',').map((part) => part.trim())) {
      if (pair === '') continue;
      const [group, role, ...rest] = pair.split('=').map((part) => part.trim());
      const known = roles.find((candidate) => candidate === role);
      if (!group || !known || rest.length > 0) {
        context.addIssue({ code: 'custom', message: `"${pair}" is not group=role with a role of ${roles.join(', ')}` });
        return z.NEVER;
      }
      map[group] = known;
    }
    return map;
  });

/** Secrets with commas between them, the newest first: each seals or at least opens what it sealed. */
const Secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine(
    (secrets) => secrets.every((secret) => secret.length >= 32),
    'each at least 32 characters, with commas between',
  );

const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info');

const Environment = GitHubEnvironment.extend({
  SLIPWAY_DEPLOYMENT: z.enum(['local', 'production']).default('production'),
  SLIPWAY_URL: Url,
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgresql:// URL'),
  NEXTAUTH_SECRET: z.string().min(32, 'at least 32 characters'),
  SLIPWAY_LINK_SECRETS: Secrets,
  SLIPWAY_ROLE_MAP: RoleMap,
  LOG_LEVEL: LogLevel,
  SLIPWAY_PORT_PROBE: PortProbe,

  OIDC_ISSUER: optional(Url),
  OIDC_CLIENT_ID: optional(Filled),
  OIDC_CLIENT_SECRET: optional(Filled),
  OIDC_NAME: optional(Filled),
  ZITADEL_ISSUER: optional(Url),
  ZITADEL_CLIENT_ID: optional(Filled),
  ZITADEL_CLIENT_SECRET: optional(Filled),
  COGNITO_ISSUER: optional(Url),
  COGNITO_CLIENT_ID: optional(Filled),
  COGNITO_CLIENT_SECRET: optional(Filled),
  /** The user pool's domain, for sign-out: `https://NAME.auth.REGION.amazoncognito.com`. */
  COGNITO_DOMAIN: optional(Url),

  GITHUB_WEBHOOK_SECRET: z.string().min(16, 'at least 16 characters'),

  NOTION_TOKEN: optional(Filled),
  NOTION_API_URL: optional(Url),
  NOTION_BACKLOG_DATABASE_ID: optional(Filled),
  NOTION_RUNBOOKS_DATABASE_ID: optional(Filled),
});

type Raw = z.infer<typeof Environment>;

/** Marks what the local stack makes up: values with it never serve in production. */
export const LOCAL_SECRET_MARK = 'slipway-local-';

export interface OidcClient {
  kind: 'oidc' | 'zitadel' | 'cognito';
  name: string;
  issuer: string;
  clientId: string;
  /** Absent for a public client (PKCE alone). */
  clientSecret: string | undefined;
  /** Cognito's hosted domain, which takes sign-out. */
  logoutDomain: string | undefined;
}

export interface Env {
  deployment: 'local' | 'production';
  url: string;
  databaseUrl: string;
  sessionSecret: string;
  /** What links to drafts are sealed with: the first seals, all open. */
  linkSecrets: string[];
  roleMap: Record<string, Role>;
  logLevel: Raw['LOG_LEVEL'];
  /** By host of the platform: the address at which the worker tries whether its active ports answer. Empty where nothing is probed. */
  portProbe: Record<string, string>;
  identity: OidcClient[];
  github: GitHubSettings & { webhookSecret: string };
  /** Absent where no tracker is configured: requests then go without issue and runbook page. */
  notion:
    { token: string; apiUrl: string | undefined; backlogDatabaseId: string; runbooksDatabaseId: string } | undefined;
}

/** Everything that is wrong with the environment, by name. Never holds a value. */
export class EnvironmentError extends Error {
  constructor(readonly problems: string[]) {
    super(`Slipway cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

/**
 * Parses an environment.
 * @throws EnvironmentError naming every variable that is missing or wrong.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = Environment.safeParse(source);
  const problems = [...problemsIn(parsed), ...missingGroups(source)];
  if ((source.SLIPWAY_DEPLOYMENT || 'production') === 'production') problems.push(...localValues(source));
  if (!parsed.success || problems.length > 0) throw new EnvironmentError(problems);
  const raw = parsed.data;
  const github = gitHubOf(raw);
  if (!github) throw new EnvironmentError(['GITHUB_TOKEN: missing']);
  return {
    deployment: raw.SLIPWAY_DEPLOYMENT,
    url: raw.SLIPWAY_URL.replace(/\/+$/, ''),
    databaseUrl: raw.DATABASE_URL,
    sessionSecret: raw.NEXTAUTH_SECRET,
    linkSecrets: raw.SLIPWAY_LINK_SECRETS,
    roleMap: raw.SLIPWAY_ROLE_MAP,
    logLevel: raw.LOG_LEVEL,
    portProbe: raw.SLIPWAY_PORT_PROBE,
    identity: identityOf(raw),
    github: { ...github, webhookSecret: raw.GITHUB_WEBHOOK_SECRET },
    notion: notionOf(raw),
  };
}

function problemsIn({ error }: { error?: z.ZodError | undefined }): string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

/** Variables that go together, and groups of which one is needed. Looked at apart from the schema, so that everything is said at once. */
function missingGroups(source: Record<string, string | undefined>): string[] {
  const has = (name: string) => Boolean(source[name]?.trim());
  const problems: string[] = [];
  const providers = ['ZITADEL', 'COGNITO', 'OIDC'];
  for (const name of providers) {
    if (has(`${name}_ISSUER`) !== has(`${name}_CLIENT_ID`))
      problems.push(`${name}_ISSUER and ${name}_CLIENT_ID go together`);
  }
  if (!providers.some((name) => has(`${name}_ISSUER`) || has(`${name}_CLIENT_ID`))) {
    problems.push('sign-in: set ZITADEL_*, COGNITO_* or OIDC_* (issuer and client id)');
  }
  const credentials = missingCredentials(source);
  if (credentials !== undefined) problems.push(credentials);
  if (has('NOTION_TOKEN') && !(has('NOTION_BACKLOG_DATABASE_ID') && has('NOTION_RUNBOOKS_DATABASE_ID'))) {
    problems.push('NOTION_BACKLOG_DATABASE_ID and NOTION_RUNBOOKS_DATABASE_ID go with NOTION_TOKEN');
  }
  return problems;
}

function identityOf(raw: Raw): OidcClient[] {
  const clients: OidcClient[] = [];
  const add = (
    kind: OidcClient['kind'],
    name: string,
    issuer?: string,
    clientId?: string,
    clientSecret?: string,
    logoutDomain?: string,
  ) => {
    // Discovery appends its own path: an issuer is compared and used without a slash at its end.
    if (issuer && clientId)
      clients.push({ kind, name, issuer: issuer.replace(/\/+$/, ''), clientId, clientSecret, logoutDomain });
  };
  add('zitadel', 'Zitadel', raw.ZITADEL_ISSUER, raw.ZITADEL_CLIENT_ID, raw.ZITADEL_CLIENT_SECRET);
  add(
    'cognito',
    'Amazon Cognito',
    raw.COGNITO_ISSUER,
    raw.COGNITO_CLIENT_ID,
    raw.COGNITO_CLIENT_SECRET,
    raw.COGNITO_DOMAIN,
  );
  add('oidc', raw.OIDC_NAME ?? 'Single sign-on', raw.OIDC_ISSUER, raw.OIDC_CLIENT_ID, raw.OIDC_CLIENT_SECRET);
  return clients;
}

function notionOf(raw: Raw): Env['notion'] {
  const { NOTION_TOKEN: token, NOTION_BACKLOG_DATABASE_ID: backlog, NOTION_RUNBOOKS_DATABASE_ID: runbooks } = raw;
  if (!token || !backlog || !runbooks) return undefined;
  return { token, apiUrl: raw.NOTION_API_URL, backlogDatabaseId: backlog, runbooksDatabaseId: runbooks };
}

/** Local accounts and secrets exist only in the local stack: with one of its values production refuses to start. */
function localValues(source: Record<string, string | undefined>): string[] {
  return Object.entries(source)
    .filter(([, value]) => value?.includes(LOCAL_SECRET_MARK))
    .map(([name]) => `${name}: a secret of the local stack; production needs its own`);
}

let current: Env | undefined;

/**
 * The process's environment, parsed at the first call.
 * @throws EnvironmentError as parseEnv does.
 */
export function env(): Env {
  current ??= parseEnv(process.env);
  return current;
}

/**
 * How GitHub is reached, for a process that uses nothing else of the environment: neither database nor sign-in has to be set.
 * @throws EnvironmentError naming every variable of these that is missing or wrong.
 */
export function gitHubSettings(source: Record<string, string | undefined> = process.env): GitHubSettings {
  const parsed = GitHubEnvironment.safeParse(source);
  const credentials = missingCredentials(source);
  const problems = [...problemsIn(parsed), ...(credentials === undefined ? [] : [credentials])];
  const settings = parsed.success ? gitHubOf(parsed.data) : undefined;
  if (!settings || problems.length > 0) throw new EnvironmentError(problems);
  return settings;
}

/** How much is logged, by itself: the command line logs without the rest of the environment. */
export function logLevel(): Env['logLevel'] {
  return LogLevel.catch('info').parse(process.env.LOG_LEVEL);
}

/** Where the programs are that checks run. */
export interface ToolSettings {
  /** Set by hand; nothing else is looked for then. */
  places: { helm?: string; compose?: string; shellcheck?: string };
  /** Where `make tools` puts them: the application's own `.tools/bin`. Undefined where the working folder is not the application's. */
  ownFolder: string | undefined;
  /** The PATH. */
  path: string;
}

/** The settings of tools. All are optional and none is secret, so that the command line reads them without the rest of the environment. */
export function toolSettings(
  source: Record<string, string | undefined> = process.env,
  started: { folder: string; program?: string | undefined } = { folder: process.cwd(), program: process.argv[1] },
): ToolSettings {
  const { SLIPWAY_HELM: helm, SLIPWAY_DOCKER_COMPOSE: compose, SLIPWAY_SHELLCHECK: shellcheck } = source;
  return {
    places: { ...(helm ? { helm } : {}), ...(compose ? { compose } : {}), ...(shellcheck ? { shellcheck } : {}) },
    ownFolder: isOwnFolder(started) ? join(started.folder, '.tools', 'bin') : undefined,
    path: source.PATH ?? '',
  };
}

/**
 * Whether what was started stands in the working folder. Started from somebody's checkout, the command line must not run the programs that it holds.
 * The place of this module would not tell: the portal is bundled, and its modules do not know where they stand.
 */
function isOwnFolder({ folder, program }: { folder: string; program?: string | undefined }): boolean {
  return program !== undefined && resolve(folder, program).startsWith(resolve(folder) + sep);
}

/** Whether this is Next's development server. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === 'development';
}

/**
 * For the start of a process: parses the environment, says what is wrong in one message and ends, and hands next-auth the URL that it reads by itself.
 */
export function prepareEnvironment(): void {
  try {
    process.env.NEXTAUTH_URL = env().url;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
