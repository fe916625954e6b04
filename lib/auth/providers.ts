/** The configured identity providers, for next-auth and for signing out at the provider. All use PKCE, state and nonce. */
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { env, type OidcClient } from '@/lib/env';

/** What we read of an ID token; everything else is looked at only for groups. */
export const Claims = z.looseObject({
  sub: z.string().min(1),
  iss: z.string().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  /** Cognito writes it as text in some of its answers. */
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  'cognito:username': z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** How a person is called: their name, or the best that the provider tells. */
export function displayName(claims: Claims): string {
  return claims.name ?? claims.preferred_username ?? claims.email ?? claims['cognito:username'] ?? claims.sub;
}

/**
 * The address that the provider vouches for: links for one address open for whoever has it, so that one that anybody may type into their profile
 * does not count (OpenID Connect Core 5.7).
 */
export function verifiedEmail({ email, email_verified: verified }: Claims): string | undefined {
  return verified === true || verified === 'true' ? email : undefined;
}

const scopes: Record<OidcClient['kind'], string> = {
  oidc: 'openid email profile',
  cognito: 'openid email profile',
  // Asks Zitadel to assert the roles of the project; others ignore scopes that they do not know.
  zitadel: 'openid email profile urn:zitadel:iam:org:projects:roles',
};

function providerFor(client: OidcClient): OAuthConfig<Claims> {
  return {
    id: client.kind,
    name: client.name,
    type: 'oauth',
    wellKnown: `${client.issuer}/.well-known/openid-configuration`,
    issuer: client.issuer,
    clientId: client.clientId,
    ...(client.clientSecret === undefined
      ? { client: { token_endpoint_auth_method: 'none' } }
      : { clientSecret: client.clientSecret }),
    authorization: { params: { scope: scopes[client.kind] } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    profile(raw) {
      const claims = Claims.parse(raw);
      return { id: claims.sub, name: displayName(claims), email: verifiedEmail(claims) ?? null };
    },
  };
}

/** All configured providers, in next-auth's form. */
export function identityProviders(): OAuthConfig<Claims>[] {
  return env().identity.map(providerFor);
}

const Discovery = z.looseObject({ end_session_endpoint: z.url().optional() });

/**
 * Where the browser goes to end its session at the provider too (OpenID Connect RP-Initiated Logout; Cognito has its own form).
 * @returns undefined where the provider offers none or does not answer: the person is then signed out here alone.
 */
export async function providerSignOutUrl(kind: string, idToken: string | undefined): Promise<URL | undefined> {
  const client = env().identity.find((candidate) => candidate.kind === kind);
  if (!client) return undefined;
  const back = `${env().url}/sign-in`;
  if (client.kind === 'cognito') {
    // Its discovery names an address that wants other parameters than the standard's: without the domain people are signed out here alone.
    if (!client.logoutDomain) return undefined;
    const url = new URL('/logout', client.logoutDomain);
    url.search = new URLSearchParams({ client_id: client.clientId, logout_uri: back }).toString();
    return url;
  }
  try {
    const answer = await fetch(`${client.issuer}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5000),
    });
    const endpoint = Discovery.parse(await answer.json()).end_session_endpoint;
    if (!endpoint) return undefined;
    const url = new URL(endpoint);
    url.searchParams.set('client_id', client.clientId);
    url.searchParams.set('post_logout_redirect_uri', back);
    if (idToken) url.searchParams.set('id_token_hint', idToken);
    return url;
  } catch {
    return undefined; // signing out here must work while the provider is away
  }
}
