/**
 * Before every page: a content security policy with a fresh nonce, an id for the call, and the path, so that signing in leads back to it. Nothing is authorised
 * here. Calls of the API have no scripts and no page to come back to: lib/http/route.ts gives them what they need, and hundreds at once go faster.
 */
import { NextResponse, type NextRequest } from 'next/server';
import { REQUEST_ID_HEADER, requestIdOf } from '@/lib/http/request-id';
import { contentSecurityPolicy } from '@/lib/http/security-headers';

export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const requestId = requestIdOf(request.headers);
  headers.set(REQUEST_ID_HEADER, requestId);
  headers.set('x-slipway-path', request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set(REQUEST_ID_HEADER, requestId);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  return response;
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon|icon|api/webhooks|api/v1/).*)'] };
