/** What of the environment says how the platform repository's GitHub is reached. Parsed by itself too, for who needs nothing else of the environment. */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

const Filled = z.string().trim().min(1);
/** An empty variable counts as one that is not set. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** Environments that cannot hold line breaks carry the key with \\n written out. */
const PrivateKey = Filled.transform((text) => text.replaceAll('\\n', '\n')).refine(
  isPrivateKey,
  'not a private key in PEM; copy the whole file that GitHub gave, its first and last line too',
);
const WriteCount = z.coerce.number().int().min(1);

/** The variables, by their names. */
export const GitHubEnvironment = z.object({
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
  GITHUB_TOKEN: optional(Filled),
  GITHUB_APP_ID: optional(Filled),
  GITHUB_APP_PRIVATE_KEY: optional(PrivateKey),
  GITHUB_APP_INSTALLATION_ID: optional(Filled),
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  GITHUB_BASE_BRANCH: z.string().min(1).default('main'),
  GITHUB_WRITES_PER_MINUTE: optional(WriteCount),
  GITHUB_WRITES_PER_HOUR: optional(WriteCount),
});
type Raw = z.infer<typeof GitHubEnvironment>;

export interface GitHubSettings {
  apiUrl: string;
  credentials:
    { kind: 'token'; token: string } | { kind: 'app'; appId: string; privateKey: string; installationId: string };
  owner: string;
  repository: string;
  /** `owner/name`. */
  fullName: string;
  baseBranch: string;
  /** How much all workers together may write; undefined where GitHub does not limit it (an Enterprise Server as it is delivered). */
  writeLimits: { perMinute: number; perHour: number } | undefined;
}

/**
 * github.com takes 80 requests a minute and 500 an hour that create something; a tenth is left to people and other programs with the same token.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const GITHUB_COM = { perMinute: 72, perHour: 450 };

const APP = ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY', 'GITHUB_APP_INSTALLATION_ID'];

/** What is missing of the credentials, in a sentence by name; undefined where nothing is. */
export function missingCredentials(source: Record<string, string | undefined>): string | undefined {
  const has = (name: string) => Boolean(source[name]?.trim());
  if (has('GITHUB_TOKEN') || APP.every(has)) return undefined;
  return `GITHUB_TOKEN, or ${APP.join(' with ')}: one of them is needed`;
}

/** The settings as the portal uses them; undefined without credentials. */
export function gitHubOf(raw: Raw): GitHubSettings | undefined {
  const credentials = credentialsOf(raw);
  if (!credentials) return undefined;
  const [owner = '', repository = ''] = raw.GITHUB_REPOSITORY.split('/');
  return {
    apiUrl: raw.GITHUB_API_URL.replace(/\/+$/, ''),
    credentials,
    owner,
    repository,
    fullName: raw.GITHUB_REPOSITORY,
    baseBranch: raw.GITHUB_BASE_BRANCH,
    writeLimits: writeLimitsOf(raw),
  };
}

function credentialsOf(raw: Raw): GitHubSettings['credentials'] | undefined {
  if (raw.GITHUB_APP_ID && raw.GITHUB_APP_PRIVATE_KEY && raw.GITHUB_APP_INSTALLATION_ID) {
    const {
      GITHUB_APP_ID: appId,
      GITHUB_APP_PRIVATE_KEY: privateKey,
      GITHUB_APP_INSTALLATION_ID: installationId,
    } = raw;
    return { kind: 'app', appId, privateKey, installationId };
  }
  return raw.GITHUB_TOKEN ? { kind: 'token', token: raw.GITHUB_TOKEN } : undefined;
}

function writeLimitsOf(raw: Raw): GitHubSettings['writeLimits'] {
  const { hostname } = new URL(raw.GITHUB_API_URL);
  const isCloud = hostname === 'api.github.com' || hostname.endsWith('.ghe.com');
  const { GITHUB_WRITES_PER_MINUTE: perMinute, GITHUB_WRITES_PER_HOUR: perHour } = raw;
  if (!isCloud && perMinute === undefined && perHour === undefined) return undefined;
  const unsaid = isCloud ? GITHUB_COM : { perMinute: Infinity, perHour: Infinity };
  return { perMinute: perMinute ?? unsaid.perMinute, perHour: perHour ?? unsaid.perHour };
}

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
