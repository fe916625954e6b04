/**
 * Runs the GitHub stand-in on its own. Environment:
 *   LOCAL_GITHUB_PORT (0 picks one), LOCAL_GITHUB_HOST (127.0.0.1), LOCAL_GITHUB_PUBLIC_URL (http://host:port),
 *   LOCAL_GITHUB_DATA_DIR, LOCAL_GITHUB_SEED_DIR, LOCAL_GITHUB_REPOSITORY (owner/name),
 *   LOCAL_GITHUB_TOKEN: the portal's token; it may push as `slipway-bot`,
 *   LOCAL_GITHUB_WEBHOOK_URL and LOCAL_GITHUB_WEBHOOK_SECRET (both or neither).
 * The people who act on its pages are the local accounts that may push here: operator and admin, and engineer.
 * Prints one JSON line {"ready":true,"url":…,"pages":…} when it answers: `url` is the REST API's base (for GITHUB_API_URL), `pages`
 * is where people look. SIGTERM and SIGINT stop it.
 */
import { z } from 'zod';

import type { GitHubAccount } from './accounts';
import { startGitHub } from './server';

const Environment = z.object({
  LOCAL_GITHUB_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  LOCAL_GITHUB_HOST: z.string().min(1).default('127.0.0.1'),
  LOCAL_GITHUB_PUBLIC_URL: z.url().optional(),
  LOCAL_GITHUB_DATA_DIR: z.string().min(1),
  LOCAL_GITHUB_SEED_DIR: z.string().min(1),
  LOCAL_GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  LOCAL_GITHUB_TOKEN: z.string().min(16),
  LOCAL_GITHUB_WEBHOOK_URL: z.url().optional(),
  LOCAL_GITHUB_WEBHOOK_SECRET: z.string().min(16).optional(),
});

function people(token: string): GitHubAccount[] {
  return [
    { login: 'slipway-bot', name: 'Slipway', email: 'slipway-bot@ravenhelm.test', permission: 'push', token },
    { login: 'operator', name: 'Owen Operator', email: 'operator@ravenhelm.test', permission: 'admin' },
    { login: 'admin', name: 'Ada Admin', email: 'admin@ravenhelm.test', permission: 'admin' },
    { login: 'engineer', name: 'Erin Engineer', email: 'engineer@ravenhelm.test', permission: 'push' },
  ];
}

const parsed = Environment.safeParse(process.env);
if (!parsed.success) {
  console.error(`The GitHub stand-in cannot start:\n${z.prettifyError(parsed.error)}`);
  process.exit(2);
}
const env = parsed.data;
const { LOCAL_GITHUB_WEBHOOK_URL: hookUrl, LOCAL_GITHUB_WEBHOOK_SECRET: hookSecret } = env;

const github = await startGitHub({
  port: env.LOCAL_GITHUB_PORT,
  host: env.LOCAL_GITHUB_HOST,
  dataDir: env.LOCAL_GITHUB_DATA_DIR,
  seedDir: env.LOCAL_GITHUB_SEED_DIR,
  repository: env.LOCAL_GITHUB_REPOSITORY,
  ...(env.LOCAL_GITHUB_PUBLIC_URL === undefined ? {} : { baseUrl: env.LOCAL_GITHUB_PUBLIC_URL }),
  webhook: hookUrl === undefined || hookSecret === undefined ? undefined : { url: hookUrl, secret: hookSecret },
  tokens: people(env.LOCAL_GITHUB_TOKEN),
}).catch((error: unknown) => {
  console.error(`The GitHub stand-in cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});

process.stdout.write(`${JSON.stringify({ ready: true, url: github.apiUrl, pages: github.url })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void github.close().then(() => process.exit(0));
  });
}
