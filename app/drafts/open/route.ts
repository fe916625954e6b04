/** Where a draft's link leads: what opens goes into a cookie and leaves the address; whatever does not leads to the same refusal. Nobody needs to be signed in for that. */
import { NextResponse, type NextRequest } from 'next/server';
import { env } from '@/lib/env';
import { readDraftLink } from '@/lib/wizard/share-draft';
import { linkCookie } from '../link-cookie';

export function GET(request: NextRequest): NextResponse {
  const token = request.nextUrl.searchParams.get('token') ?? '';
  const opens = readDraftLink(token) !== undefined;
  const response = NextResponse.redirect(new URL(opens ? '/drafts/join' : '/drafts/refused', env().url), 303);
  response.headers.set('cache-control', 'no-store');
  if (opens) response.cookies.set(linkCookie(token));
  return response;
}
