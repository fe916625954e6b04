/**
 * Where a draft's link leads: its token goes into a cookie and leaves the address at once. Nobody needs to be signed in for that, and so it answers the same to every
 * token: what it comes to is said by /drafts/join alone.
 */
import { NextResponse, type NextRequest } from 'next/server';
import { env } from '@/lib/env';
import { couldBeLink } from '@/lib/wizard/draft-link';
import { linkCookie } from '../link-cookie';

export function GET(request: NextRequest): NextResponse {
  const token = request.nextUrl.searchParams.get('token') ?? '';
  const response = NextResponse.redirect(new URL('/drafts/join', env().url), 303);
  response.headers.set('cache-control', 'no-store');
  response.cookies.set(linkCookie(couldBeLink(token) ? token : NO_LINK));
  return response;
}

/** Opens nothing, as any other text that is no link. */
const NO_LINK = 'none';
