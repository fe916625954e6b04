/** Who is asking. Pages, actions and routes begin here; nobody trusts anything that the browser says about itself. */
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { NextRequest } from 'next/server';
import { can, type Actor, type Permission } from '@/lib/auth/permissions';
import { actorInCookies } from '@/lib/auth/session-cookie';
import { env } from '@/lib/env';

/** For pages and actions: the signed-in person, or undefined. */
export async function currentActor(): Promise<Actor | undefined> {
  return actorInCookies((await cookies()).getAll(), env());
}

/** For calls, which have their cookies at hand: the signed-in person, or undefined. Next's `cookies()` would make them ready to be written as well. */
export function actorOfCall(request: Pick<NextRequest, 'cookies'>): Promise<Actor | undefined> {
  return actorInCookies(request.cookies.getAll(), env());
}

/** For pages: the signed-in person with this permission; others are sent to sign in (and come back) or told that they may not. */
export async function requireActor(permission: Permission): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) {
    // Set by proxy.ts on every page request.
    const here = (await headers()).get('x-slipway-path') ?? '/';
    redirect(`/sign-in?next=${encodeURIComponent(here)}`);
  }
  if (!can(actor, permission)) redirect('/forbidden');
  return actor;
}
