/** The cookie that carries a draft's link from the address, which is cleaned at once, over a sign-in to the draft. */
import { env } from '@/lib/env';

export const LINK_COOKIE = 'slipway-draft-link';

/** Long enough for a sign-in with a second factor. */
const SECONDS = 15 * 60;

/** @param token none to take it away again. */
export function linkCookie(token: string | undefined) {
  return {
    name: LINK_COOKIE,
    value: token ?? '',
    maxAge: token === undefined ? 0 : SECONDS,
    // Sent to the route that uses it and to nothing else.
    path: '/drafts/join',
    httpOnly: true,
    secure: env().url.startsWith('https://'),
    sameSite: 'lax' as const,
  };
}
