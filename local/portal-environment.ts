// The environment that the local stack hands to portal and worker: the same names as in production (see lib/env.ts), with
// the stand-ins' addresses and the local secrets. Names of the contract that a person's shell happens to set for other
// programs (GITHUB_TOKEN is common) are left out, so that a local stack never talks to the real systems.
import { roles } from '@/lib/env';
import { BACKLOG_DATABASE_ID, RUNBOOKS_DATABASE_ID } from './notion/ids';
import type { LocalSecrets } from './local-secrets';

/** The sample platform repository that the GitHub stand-in holds. */
export const LOCAL_REPOSITORY = 'ravenhelm/platform';
export const LOCAL_CLIENT_ID = 'slipway';

const CONTRACT = [
  'DATABASE_URL',
  'SLIPWAY_URL',
  'SLIPWAY_DEPLOYMENT',
  'SLIPWAY_ROLE_MAP',
  'NEXTAUTH_URL',
  'NEXTAUTH_SECRET',
  'SLIPWAY_LINK_SECRETS',
  'SLIPWAY_PORT_PROBE',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'ZITADEL_ISSUER',
  'ZITADEL_CLIENT_ID',
  'ZITADEL_CLIENT_SECRET',
  'COGNITO_ISSUER',
  'COGNITO_CLIENT_ID',
  'COGNITO_CLIENT_SECRET',
  'COGNITO_DOMAIN',
  'GITHUB_API_URL',
  'GITHUB_TOKEN',
  'GITHUB_APP_ID',
  'GITHUB_APP_PRIVATE_KEY',
  'GITHUB_APP_INSTALLATION_ID',
  'GITHUB_REPOSITORY',
  'GITHUB_BASE_BRANCH',
  'GITHUB_WEBHOOK_SECRET',
  'NOTION_TOKEN',
  'NOTION_API_URL',
  'NOTION_BACKLOG_DATABASE_ID',
  'NOTION_RUNBOOKS_DATABASE_ID',
] as const;

/** This process's environment without the names that a local stack decides itself. */
export function baseEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const ours = new Set<string>(CONTRACT);
  return {
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.has(name))),
    NODE_ENV: environment.NODE_ENV,
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

export interface PortalAddresses {
  portalUrl: string;
  databaseUrl: string;
  issuer: string;
  githubUrl: string;
  notionUrl: string;
}

/** What portal and worker are told, complete. */
export function portalEnvironment(addresses: PortalAddresses, secrets: LocalSecrets): Record<string, string> {
  return {
    DATABASE_URL: addresses.databaseUrl,
    SLIPWAY_URL: addresses.portalUrl,
    SLIPWAY_DEPLOYMENT: 'local',
    SLIPWAY_ROLE_MAP: roles.map((role) => `slipway-${role}=${role}`).join(','),
    NEXTAUTH_URL: addresses.portalUrl,
    NEXTAUTH_SECRET: secrets.sessionSecret,
    SLIPWAY_LINK_SECRETS: secrets.linkSecret,
    OIDC_ISSUER: addresses.issuer,
    OIDC_CLIENT_ID: LOCAL_CLIENT_ID,
    OIDC_CLIENT_SECRET: secrets.oidcClientSecret,
    OIDC_NAME: 'the local accounts',
    GITHUB_API_URL: addresses.githubUrl,
    GITHUB_TOKEN: secrets.githubToken,
    GITHUB_REPOSITORY: LOCAL_REPOSITORY,
    GITHUB_BASE_BRANCH: 'main',
    GITHUB_WEBHOOK_SECRET: secrets.githubWebhookSecret,
    NOTION_API_URL: addresses.notionUrl,
    NOTION_TOKEN: secrets.notionToken,
    NOTION_BACKLOG_DATABASE_ID: BACKLOG_DATABASE_ID,
    NOTION_RUNBOOKS_DATABASE_ID: RUNBOOKS_DATABASE_ID,
  };
}
