// How each stand-in of the local stack is started: its program, and what it is told through its environment.
import { LOCAL_CLIENT_ID, LOCAL_REPOSITORY } from './portal-environment';
import type { DataFolder } from './data-folder';
import type { LocalSecrets } from './local-secrets';
import type { StackPorts } from './stack-ports';

export type StandInName = 'identity' | 'github' | 'notion';

export interface StandIn {
  program: string;
  env: Record<string, string>;
}

/** The three stand-ins, for these ports and secrets; their state lies in the data folder. */
export function standIns(
  root: string,
  ports: StackPorts,
  portalUrl: string,
  secrets: LocalSecrets,
  folder: DataFolder,
): Record<StandInName, StandIn> {
  return {
    identity: {
      program: 'local/identity/main.ts',
      env: {
        LOCAL_IDENTITY_PORT: String(ports.identity),
        LOCAL_IDENTITY_DATA_DIR: folder.path('identity'),
        LOCAL_IDENTITY_CLIENT_ID: LOCAL_CLIENT_ID,
        LOCAL_IDENTITY_CLIENT_SECRET: secrets.oidcClientSecret,
        LOCAL_IDENTITY_REDIRECT_URIS: ['oidc', 'zitadel', 'cognito']
          .map((provider) => `${portalUrl}/api/auth/callback/${provider}`)
          .join(' '),
        LOCAL_IDENTITY_POST_LOGOUT_REDIRECT_URIS: `${portalUrl} ${portalUrl}/ ${portalUrl}/sign-in`,
      },
    },
    github: {
      program: 'local/github/main.ts',
      env: {
        LOCAL_GITHUB_PORT: String(ports.github),
        LOCAL_GITHUB_DATA_DIR: folder.path('github'),
        LOCAL_GITHUB_REPOSITORY: LOCAL_REPOSITORY,
        LOCAL_GITHUB_SEED_DIR: `${root}/local/platform`,
        LOCAL_GITHUB_TOKEN: secrets.githubToken,
        LOCAL_GITHUB_WEBHOOK_URL: `${portalUrl}/api/webhooks/github`,
        LOCAL_GITHUB_WEBHOOK_SECRET: secrets.githubWebhookSecret,
      },
    },
    notion: {
      program: 'local/notion/main.ts',
      env: {
        LOCAL_NOTION_PORT: String(ports.notion),
        LOCAL_NOTION_DATA_DIR: folder.path('notion'),
        LOCAL_NOTION_TOKEN: secrets.notionToken,
      },
    },
  };
}
