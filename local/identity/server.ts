/**
 * A real OpenID Connect provider for the local stack (oidc-provider), with five fixed accounts. It issues what Cognito and Zitadel
 * issue as far as the portal reads it, and insists on PKCE and registered addresses as they do.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import Provider, { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

import { pageHeaders, sendPage } from '../support/html';
import { listen, readBody } from '../support/http-server';
import { claimsOf, COGNITO_GROUPS_CLAIM, LOCAL_ACCOUNTS, ZITADEL_ROLES_CLAIM } from './accounts';
import { loadKeys, type IdentityKeys } from './keys';
import { errorPage, frontPage, signedOutPage, signInPage, signOutPage } from './pages';
import { openStore } from './store';

export interface IdentityOptions {
  /** 0 picks a free port. */
  port: number;
  /** Defaults to 127.0.0.1. */
  host?: string;
  /** The origin that browsers and the portal use, where it is not `http://host:port`. */
  publicUrl?: string;
  /** Where keys and sessions are kept. */
  dataDir: string;
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  /** Seconds; each has a default. */
  lifetimes?: { accessToken?: number; idToken?: number; session?: number };
}

export interface RunningIdentity {
  issuer: string;
  close(): Promise<void>;
}

const HOUR = 3600;
const TWO_WEEKS = 14 * 24 * HOUR;
/** Zitadel sends its roles when this scope is asked for; it is accepted, and the claim is sent without it as well. */
const ZITADEL_ROLES_SCOPE = 'urn:zitadel:iam:org:projects:roles';
const INTERACTION_PATH = /^\/interaction\/[A-Za-z0-9_-]+(\/abort)?$/;

function sendKoaPage(ctx: KoaContextWithOIDC, text: string, headers = pageHeaders()): void {
  ctx.set(headers);
  ctx.body = text;
}

function originsOf(uris: string[]): string[] {
  return [...new Set(uris.map((uri) => new URL(uri).origin))];
}

function configuration(options: IdentityOptions, keys: IdentityKeys, adapter: Configuration['adapter']): Configuration {
  const accessToken = options.lifetimes?.accessToken ?? HOUR;
  const idToken = options.lifetimes?.idToken ?? HOUR;
  const session = options.lifetimes?.session ?? TWO_WEEKS;
  const formTargets = originsOf(options.postLogoutRedirectUris);
  return {
    adapter,
    jwks: { keys: [keys.signing] },
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        client_name: 'Slipway',
        redirect_uris: options.redirectUris,
        post_logout_redirect_uris: options.postLogoutRedirectUris,
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['openid', 'profile', 'email', 'offline_access', ZITADEL_ROLES_SCOPE],
    claims: {
      openid: ['sub', COGNITO_GROUPS_CLAIM, ZITADEL_ROLES_CLAIM],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // Cognito and Zitadel put these claims into the ID token itself, where next-auth reads them.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: {
      keys: keys.cookies,
      // Cookies know no ports: these names keep them apart from the portal's on the same host.
      names: { session: 'local_identity', interaction: 'local_identity_step', resume: 'local_identity_resume' },
    },
    ttl: {
      AccessToken: accessToken,
      AuthorizationCode: 60,
      IdToken: idToken,
      RefreshToken: TWO_WEEKS,
      Interaction: HOUR,
      Session: session,
      Grant: TWO_WEEKS,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          const nonce = randomBytes(16).toString('base64');
          sendKoaPage(ctx, signOutPage({ form, nonce }), pageHeaders({ nonce, formTargets }));
        },
        postLogoutSuccessSource: (ctx) => sendKoaPage(ctx, signedOutPage()),
      },
    },
    renderError: (ctx, out) =>
      sendKoaPage(
        ctx,
        errorPage({ error: out.error, ...(out.error_description ? { description: out.error_description } : {}) }),
      ),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount(_ctx, sub) {
      const account = LOCAL_ACCOUNTS.find((candidate) => candidate.sub === sub);
      return account === undefined ? undefined : { accountId: sub, claims: () => claimsOf(account) };
    },
    // The one client is the portal of this machine: nobody is asked to consent to it.
    async loadExistingGrant(ctx) {
      const { client, session: current, provider } = ctx.oidc;
      if (client === undefined || current?.accountId === undefined) return undefined;
      const grantId = ctx.oidc.result?.consent?.grantId ?? current.grantIdFor(client.clientId);
      const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
      if (existing !== undefined) return existing;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: current.accountId });
      grant.addOIDCScope(`openid profile email offline_access ${ZITADEL_ROLES_SCOPE}`);
      await grant.save();
      return grant;
    },
  };
}

/** Answers the sign-in form: GET shows it, POST checks it, POST …/abort sends the person back without a session. */
async function handleInteraction(
  provider: Provider,
  exchange: { request: IncomingMessage; response: ServerResponse; path: string; headers: Record<string, string> },
): Promise<void> {
  const { request, response, path, headers } = exchange;
  const { uid } = await provider.interactionDetails(request, response);
  const action = `/interaction/${uid}`;
  if (request.method === 'GET' && path === action) {
    sendPage(response, 200, signInPage({ action }), headers);
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, POST' }).end();
    return;
  }
  if (path.endsWith('/abort')) {
    await provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'The sign-in was cancelled.',
    });
    return;
  }
  const form = new URLSearchParams(await readBody(request, 10_000));
  const user = form.get('user')?.trim() ?? '';
  const account = LOCAL_ACCOUNTS.find((candidate) => candidate.user === user || candidate.email === user);
  if (account === undefined || account.password !== form.get('password')) {
    sendPage(response, 401, signInPage({ action, user, failed: true }), headers);
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: account.sub, remember: true } });
}

/**
 * Starts the provider. Its keys and sessions live in `dataDir`.
 * @returns the issuer to configure the portal with, and `close`.
 * @throws what listening or the data folder throw, for example EADDRINUSE.
 */
export async function startIdentity(options: IdentityOptions): Promise<RunningIdentity> {
  const keys = await loadKeys(options.dataDir);
  const adapter = await openStore(options.dataDir);
  const server = await listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  const issuer = options.publicUrl ?? server.url;
  const provider = new Provider(issuer, configuration(options, keys, adapter));
  const answer = provider.callback();
  // `form-action` also holds for the redirect to the portal that follows a sign-in.
  const headers = pageHeaders({ formTargets: originsOf(options.redirectUris) });

  server.handle((request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    if (path === '/') {
      sendPage(response, 200, frontPage(issuer));
      return;
    }
    if (!INTERACTION_PATH.test(path)) {
      void answer(request, response);
      return;
    }
    handleInteraction(provider, { request, response, path, headers }).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const expired = error instanceof errors.SessionNotFound;
      const description = expired
        ? 'This sign-in has expired or was already finished.'
        : 'The sign-in could not be finished.';
      sendPage(
        response,
        expired ? 400 : 500,
        errorPage({ error: expired ? 'session_not_found' : 'server_error', description }),
      );
      if (!expired) console.error(error);
    });
  });
  return { issuer, close: () => server.close() };
}
