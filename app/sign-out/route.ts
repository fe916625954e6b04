import { getToken } from 'next-auth/jwt';
import { NextResponse, type NextRequest } from 'next/server';
import { withAuditOrigin } from '@/lib/audit-origin';
import { providerSignOutUrl } from '@/lib/auth/providers';
import { rememberSignOut } from '@/lib/auth/users';
import { env } from '@/lib/env';
import { auditOriginOf, personOf } from '@/lib/http/audit-origin-of';
import { isSameOrigin } from '@/lib/http/same-origin';

/** Ends the session here and at the provider. POST alone, from our own pages: a link elsewhere must not sign people out. */
export async function POST(request: NextRequest): Promise<Response> {
  if (!isSameOrigin(request.headers, env().url))
    return new Response('Sign out from the portal itself.', { status: 403 });
  const secureCookie = env().url.startsWith('https://');
  const token = await getToken({ req: request, secret: env().sessionSecret, secureCookie });
  if (token?.userId) {
    const actor = personOf({ id: token.userId, name: token.name ?? 'Somebody' });
    const origin = auditOriginOf(request.headers, { actor, way: 'page', operation: 'sign out' });
    await withAuditOrigin(origin, rememberSignOut);
  }
  const away = token?.provider ? await providerSignOutUrl(token.provider, token.idToken) : undefined;
  const response = NextResponse.redirect(away ?? new URL('/sign-in', env().url), 303);
  for (const { name } of request.cookies.getAll()) {
    if (name.includes('next-auth.session-token')) {
      response.cookies.set(name, '', { maxAge: 0, path: '/', httpOnly: true, secure: secureCookie, sameSite: 'lax' });
    }
  }
  return response;
}
