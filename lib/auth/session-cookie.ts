/**
 * The session cookie that next-auth writes: an encrypted token, in pieces where it is long. What a token says holds until it expires, so that a process opens
 * each one once: deriving the key and decrypting cost more than most calls do themselves. Nothing is kept of it but who it is; not even the token.
 */
import { createHmac } from 'node:crypto';
import { decode, type JWT } from 'next-auth/jwt';
import type { Actor } from '@/lib/auth/permissions';
import { roleFromGroups } from '@/lib/auth/roles';
import type { Env } from '@/lib/env';

/** next-auth's names for it. */
const PLAIN_NAME = 'next-auth.session-token';
const SECURE_NAME = '__Secure-next-auth.session-token';
/** People who are here at a time, with some room. */
const MOST_KNOWN = 1_000;

interface Known {
  actor: Actor;
  /** Seconds since 1970, as in the token. */
  expiresAt: number;
}

/** By a hash of the token and our secret. */
const known = new Map<string, Known>();

export interface Cookie {
  name: string;
  value: string;
}

/** Whom a token speaks of; undefined where it comes from before people had rows. */
export function actorOf({ userId, name, groups }: JWT, roleMap: Env['roleMap']): Actor | undefined {
  if (userId === undefined) return undefined;
  return { id: userId, name: name ?? 'Somebody', role: roleFromGroups(groups ?? [], roleMap) };
}

/**
 * @param now milliseconds since 1970.
 * @returns who has this session; undefined where there is none, or it is over, or not ours.
 */
export async function actorInCookies(
  cookies: readonly Cookie[],
  { sessionSecret, url, roleMap }: Pick<Env, 'sessionSecret' | 'url' | 'roleMap'>,
  now = Date.now(),
): Promise<Actor | undefined> {
  const token = tokenIn(cookies, url.startsWith('https://') ? SECURE_NAME : PLAIN_NAME);
  if (token === '') return undefined;
  const hash = createHmac('sha256', sessionSecret).update(token).digest('base64');
  const found = known.get(hash);
  if (found) {
    if (found.expiresAt * 1000 > now) return found.actor;
    known.delete(hash);
  }
  const opened = await open(token, sessionSecret);
  const actor = opened && actorOf(opened, roleMap);
  const expiresAt = opened?.exp;
  if (actor === undefined || typeof expiresAt !== 'number' || expiresAt * 1000 <= now) return undefined;
  remember(hash, { actor, expiresAt });
  return actor;
}

/** Undefined where somebody else made it, or with another secret. */
async function open(token: string, secret: string): Promise<JWT | undefined> {
  try {
    return (await decode({ token, secret })) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(hash: string, session: Known): void {
  known.set(hash, session);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}

/** `whole`, or `whole.0`, `whole.1` … as next-auth cuts what a browser would not keep in one. */
function tokenIn(cookies: readonly Cookie[], whole: string): string {
  return cookies
    .flatMap(({ name, value }) => {
      if (name === whole) return [{ place: 0, value }];
      const place = name.startsWith(`${whole}.`) ? Number(name.slice(whole.length + 1)) : Number.NaN;
      return Number.isInteger(place) ? [{ place, value }] : [];
    })
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
    .join('');
}
