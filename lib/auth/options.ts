/** next-auth's settings: encrypted session cookie, own sign-in page, roles computed from the groups and never kept. */
import type { NextAuthOptions } from 'next-auth';
import { Claims, displayName, identityProviders, verifiedEmail } from '@/lib/auth/providers';
import { groupsFromClaims, roleFromGroups } from '@/lib/auth/roles';
import { actorOf } from '@/lib/auth/session-cookie';
import { rememberUser } from '@/lib/auth/users';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

const HOUR = 3600;

/** @throws EnvironmentError where the environment is not complete. */
export function authOptions(): NextAuthOptions {
  return {
    secret: env().sessionSecret,
    providers: identityProviders(),
    session: { strategy: 'jwt', maxAge: 12 * HOUR },
    useSecureCookies: env().url.startsWith('https://'),
    pages: { signIn: '/sign-in', error: '/sign-in' },
    logger: {
      // Codes alone: next-auth's metadata holds tokens and claims.
      error: (code) => log('auth').error({ code }, 'sign-in failed'),
      warn: (code) => log('auth').warn({ code }, 'sign-in warning'),
      debug: () => undefined,
    },
    callbacks: {
      async jwt({ token, account, profile }) {
        if (!account || !profile) return token;
        const claims = Claims.parse(profile);
        const issuer = claims.iss ?? account.provider;
        const map = env().roleMap;
        token.provider = account.provider;
        token.idToken = account.id_token;
        // Only groups that the mapping knows: the others mean nothing here and would swell the cookie.
        token.groups = groupsFromClaims(claims).filter((group) => Object.hasOwn(map, group));
        token.userId = await rememberUser({
          issuer,
          subject: claims.sub,
          name: displayName(claims),
          email: verifiedEmail(claims),
          role: roleFromGroups(token.groups, map),
        });
        token.name = displayName(claims);
        return token;
      },
      session({ session, token }) {
        session.actor = actorOf(token, env().roleMap);
        return session;
      },
    },
  };
}
