/**
 * Signs in at the real provider over HTTP, as a browser and next-auth would: PKCE, state, nonce, cookies kept by hand.
 */
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { COGNITO_GROUPS_CLAIM, LOCAL_ACCOUNTS, ZITADEL_ROLES_CLAIM } from './accounts';
import { startIdentity, type IdentityOptions, type RunningIdentity } from './server';

const REDIRECT_URI = 'http://localhost:4999/api/auth/callback/oidc';
const SIGNED_OUT_URI = 'http://localhost:4999/signed-out';
const CLIENT = { id: 'slipway', secret: 'a-secret-of-the-test-0123456789' };

let dataDir: string;
let identity: RunningIdentity;

const start = (overrides: Partial<IdentityOptions> = {}) =>
  startIdentity({
    port: 0,
    dataDir,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    redirectUris: [REDIRECT_URI],
    postLogoutRedirectUris: [SIGNED_OUT_URI],
    ...overrides,
  });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-identity-'));
  identity = await start();
});

afterEach(async () => {
  await identity.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A browser as far as this needs one: it keeps cookies and follows redirects inside the provider. */
class Browser {
  readonly cookies = new Map<string, string>();

  async request(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ response: Response; location: string | undefined }> {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location') ?? undefined;
    return { response, location: location === undefined ? undefined : new URL(location, url).href };
  }

  /** Follows redirects as long as they stay at the provider; returns the last answer, or the address outside. */
  async follow(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ response: Response; url: string; outside?: URL }> {
    let current = url;
    let answer = await this.request(url, form);
    while (answer.location !== undefined) {
      if (!answer.location.startsWith(identity.issuer)) {
        return { response: answer.response, url: current, outside: new URL(answer.location) };
      }
      current = answer.location;
      answer = await this.request(current);
    }
    return { response: answer.response, url: current };
  }
}

const verifierOf = () => randomBytes(32).toString('base64url');
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

function authorizeUrl(parameters: Record<string, string | undefined>): string {
  const all: Record<string, string | undefined> = {
    client_id: CLIENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge_method: 'S256',
    ...parameters,
  };
  const url = new URL(`${identity.issuer}/auth`);
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function exchange(code: string, verifier: string | undefined, secret = CLIENT.secret): Promise<Response> {
  return fetch(`${identity.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    }),
  });
}

async function claimsIn(idToken: string): Promise<Record<string, unknown>> {
  const [head = '', body = '', signature = ''] = idToken.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string; alg: string };
  expect(header.alg).toBe('RS256');
  const { keys } = (await (await fetch(`${identity.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
  const jwk = keys.find((key) => key.kid === header.kid);
  if (jwk === undefined) throw new Error('The key that signed the token is not published.');
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
}

interface Tokens {
  id_token: string;
  access_token: string;
  expires_in: number;
}

async function signIn(browser: Browser, user: string, password: string): Promise<Tokens> {
  const verifier = verifierOf();
  const form = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifier) }));
  expect(form.response.status).toBe(200);
  const back = await browser.follow(form.url, { user, password });
  expect(back.outside?.searchParams.get('state')).toBe('the-state');
  const answer = await exchange(back.outside?.searchParams.get('code') ?? '', verifier);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

describe('signing in', () => {
  it.each(LOCAL_ACCOUNTS)('gives $user the claims of Cognito and of Zitadel', async (account) => {
    const tokens = await signIn(new Browser(), account.user, account.password);
    expect(await claimsIn(tokens.id_token)).toMatchObject({
      iss: identity.issuer,
      aud: CLIENT.id,
      sub: account.sub,
      nonce: 'the-nonce',
      name: account.name,
      email: account.email,
      email_verified: true,
      [COGNITO_GROUPS_CLAIM]: account.groups,
      [ZITADEL_ROLES_CLAIM]: Object.fromEntries(
        account.groups.map((group) => [group, { '270000000000000001': 'ravenhelm.test' }]),
      ),
    });
    const userinfo = await fetch(`${identity.issuer}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ sub: account.sub, [COGNITO_GROUPS_CLAIM]: account.groups });
  });

  it('accepts the e-mail address as user, and remembers the session without asking again', async () => {
    const browser = new Browser();
    await signIn(browser, 'engineer@ravenhelm.test', 'local-engineer');
    const again = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    expect(again.outside?.searchParams.get('code')).toBeTruthy();
  });

  it('asks again when the portal says prompt=login', async () => {
    const browser = new Browser();
    await signIn(browser, 'engineer', 'local-engineer');
    const again = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()), prompt: 'login' }));
    expect(again.outside).toBeUndefined();
    expect(await again.response.text()).toContain('<h1>Sign in</h1>');
  });

  it('refuses a wrong password, keeps the user that was typed and lets the person try again', async () => {
    const browser = new Browser();
    const verifier = verifierOf();
    const form = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifier) }));
    for (const [user, password, shown] of [
      ['engineer', 'local-viewer', 'engineer'],
      ['engineer', '', 'engineer'],
      ['<b>nobody', 'local-engineer', '&lt;b&gt;nobody'],
    ] as const) {
      const refused = await browser.follow(form.url, { user, password });
      expect(refused.response.status).toBe(401);
      const text = await refused.response.text();
      expect(text).toContain('role="alert"');
      expect(text).toContain(`value="${shown}"`);
    }
    const back = await browser.follow(form.url, { user: 'engineer', password: 'local-engineer' });
    expect(back.outside?.searchParams.get('code')).toBeTruthy();
  });

  it('sends a person who cancels back with access_denied', async () => {
    const browser = new Browser();
    const form = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    const back = await browser.follow(`${form.url}/abort`, {});
    expect(back.outside?.searchParams.get('error')).toBe('access_denied');
  });

  it('says that a sign-in has expired when its cookie is gone', async () => {
    const form = await new Browser().follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    const answer = await fetch(form.url);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('expired');
  });

  it('loads nothing from elsewhere on the sign-in page', async () => {
    const form = await new Browser().follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    expect(form.response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await form.response.text()).not.toMatch(/(src|href)="https?:/);
  });
});

describe('what it refuses', () => {
  it('shows an error page for an address that is not registered', async () => {
    const answer = await new Browser().follow(
      authorizeUrl({ code_challenge: challengeOf(verifierOf()), redirect_uri: 'http://evil.test/callback' }),
    );
    expect(answer.outside).toBeUndefined();
    expect(answer.response.status).toBe(400);
    expect(await answer.response.text()).toContain('redirect_uri');
  });

  it('refuses an authorization request without PKCE', async () => {
    const answer = await new Browser().follow(authorizeUrl({ code_challenge_method: undefined }));
    expect(answer.outside?.searchParams.get('error')).toBe('invalid_request');
    expect(answer.outside?.searchParams.get('error_description')).toMatch(/PKCE/);
  });

  it.each([
    ['another verifier', () => verifierOf(), CLIENT.secret, 'invalid_grant'],
    ['no verifier', () => undefined, CLIENT.secret, 'invalid_grant'],
    ['a wrong client secret', (right: string) => right, 'not-the-secret', 'invalid_client'],
  ])('refuses a code with %s', async (_name, verifierSent, secret, error) => {
    const browser = new Browser();
    const verifier = verifierOf();
    const form = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifier) }));
    const back = await browser.follow(form.url, { user: 'engineer', password: 'local-engineer' });
    const answer = await exchange(back.outside?.searchParams.get('code') ?? '', verifierSent(verifier), secret);
    expect(answer.ok).toBe(false);
    expect(await answer.json()).toMatchObject({ error });
  });

  it('refuses a code the second time, and ends the tokens of the first', async () => {
    const browser = new Browser();
    const verifier = verifierOf();
    const form = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifier) }));
    const back = await browser.follow(form.url, { user: 'engineer', password: 'local-engineer' });
    const code = back.outside?.searchParams.get('code') ?? '';
    const tokens = (await (await exchange(code, verifier)).json()) as Tokens;
    expect((await exchange(code, verifier)).status).toBe(400);
    const userinfo = await fetch(`${identity.issuer}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
  });
});

describe('signing out', () => {
  const endSession = (tokens: Tokens, to: string) => {
    const url = new URL(`${identity.issuer}/session/end`);
    url.searchParams.set('id_token_hint', tokens.id_token);
    url.searchParams.set('post_logout_redirect_uri', to);
    return url.href;
  };

  it('ends the session and goes back to the portal', async () => {
    const browser = new Browser();
    const tokens = await signIn(browser, 'operator', 'local-operator');
    const ask = await browser.follow(endSession(tokens, SIGNED_OUT_URI));
    const text = await ask.response.text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const back = await browser.follow(`${identity.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    expect(back.outside?.href).toBe(SIGNED_OUT_URI);
    const again = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    expect(again.outside).toBeUndefined();
    expect(await again.response.text()).toContain('<h1>Sign in</h1>');
  });

  it('refuses an address to go back to that is not registered', async () => {
    const browser = new Browser();
    const tokens = await signIn(browser, 'operator', 'local-operator');
    const answer = await browser.follow(endSession(tokens, 'http://evil.test/'));
    expect(answer.response.status).toBe(400);
    expect(answer.outside).toBeUndefined();
  });
});

describe('state', () => {
  it('keeps its keys and sessions over a restart, readable by their owner alone', async () => {
    const browser = new Browser();
    const tokens = await signIn(browser, 'admin', 'local-admin');
    const port = Number(new URL(identity.issuer).port);
    await identity.close();
    identity = await start({ port });
    expect(await claimsIn(tokens.id_token)).toMatchObject({ sub: '04-admin' });
    const again = await browser.follow(authorizeUrl({ code_challenge: challengeOf(verifierOf()) }));
    expect(again.outside?.searchParams.get('code')).toBeTruthy();
    for (const file of ['identity-keys.json', 'identity-sessions.json']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('issues tokens as short as asked for', async () => {
    await identity.close();
    identity = await start({ lifetimes: { accessToken: 30, idToken: 20 } });
    const tokens = await signIn(new Browser(), 'viewer', 'local-viewer');
    const claims = await claimsIn(tokens.id_token);
    expect(tokens.expires_in).toBe(30);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(20);
  });
});
