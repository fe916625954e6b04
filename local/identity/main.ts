/**
 * Runs the identity stand-in on its own. Environment:
 *   LOCAL_IDENTITY_PORT (0 picks one), LOCAL_IDENTITY_HOST (127.0.0.1), LOCAL_IDENTITY_PUBLIC_URL (http://host:port),
 *   LOCAL_IDENTITY_DATA_DIR, LOCAL_IDENTITY_CLIENT_ID, LOCAL_IDENTITY_CLIENT_SECRET,
 *   LOCAL_IDENTITY_REDIRECT_URIS, LOCAL_IDENTITY_POST_LOGOUT_REDIRECT_URIS (each separated by spaces),
 *   LOCAL_IDENTITY_ACCESS_TOKEN_SECONDS, LOCAL_IDENTITY_ID_TOKEN_SECONDS, LOCAL_IDENTITY_SESSION_SECONDS.
 * Prints one JSON line {"ready":true,"url":…,"accounts":[…]} when it answers; SIGTERM and SIGINT stop it.
 */
import { z } from 'zod';

import { LOCAL_ACCOUNTS } from './accounts';
import { startIdentity } from './server';

const Uris = z
  .string()
  .transform((text) => text.split(/\s+/).filter((uri) => uri !== ''))
  .pipe(z.array(z.url()).min(1));
const Seconds = z.coerce.number().int().positive().optional();

const Environment = z.object({
  LOCAL_IDENTITY_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  LOCAL_IDENTITY_HOST: z.string().min(1).default('127.0.0.1'),
  LOCAL_IDENTITY_PUBLIC_URL: z.url().optional(),
  LOCAL_IDENTITY_DATA_DIR: z.string().min(1),
  LOCAL_IDENTITY_CLIENT_ID: z.string().min(1).default('slipway'),
  LOCAL_IDENTITY_CLIENT_SECRET: z.string().min(16),
  LOCAL_IDENTITY_REDIRECT_URIS: Uris,
  LOCAL_IDENTITY_POST_LOGOUT_REDIRECT_URIS: Uris,
  LOCAL_IDENTITY_ACCESS_TOKEN_SECONDS: Seconds,
  LOCAL_IDENTITY_ID_TOKEN_SECONDS: Seconds,
  LOCAL_IDENTITY_SESSION_SECONDS: Seconds,
});

const parsed = Environment.safeParse(process.env);
if (!parsed.success) {
  console.error(`The identity stand-in cannot start:\n${z.prettifyError(parsed.error)}`);
  process.exit(2);
}
const environment = parsed.data;
const running = await startIdentity({
  port: environment.LOCAL_IDENTITY_PORT,
  host: environment.LOCAL_IDENTITY_HOST,
  publicUrl: environment.LOCAL_IDENTITY_PUBLIC_URL,
  dataDir: environment.LOCAL_IDENTITY_DATA_DIR,
  clientId: environment.LOCAL_IDENTITY_CLIENT_ID,
  clientSecret: environment.LOCAL_IDENTITY_CLIENT_SECRET,
  redirectUris: environment.LOCAL_IDENTITY_REDIRECT_URIS,
  postLogoutRedirectUris: environment.LOCAL_IDENTITY_POST_LOGOUT_REDIRECT_URIS,
  lifetimes: {
    accessToken: environment.LOCAL_IDENTITY_ACCESS_TOKEN_SECONDS,
    idToken: environment.LOCAL_IDENTITY_ID_TOKEN_SECONDS,
    session: environment.LOCAL_IDENTITY_SESSION_SECONDS,
  },
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void running.close().then(() => process.exit(0)));
}
const accounts = LOCAL_ACCOUNTS.map(({ user, password, purpose }) => ({ user, password, purpose }));
console.log(JSON.stringify({ ready: true, url: running.issuer, accounts }));
