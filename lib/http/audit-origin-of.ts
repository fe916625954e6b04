/** From a call's headers to its origin, as the audit keeps it. */
import { isIP } from 'node:net';
import type { AuditActor, AuditOrigin } from '@/lib/audit-origin';
import type { Actor } from '@/lib/auth/permissions';
import { requestIdOf } from './request-id';

/** Nobody has signed in yet, or nobody has to: GitHub's webhooks are known by their signature. */
export const nobody: AuditActor = { kind: 'system', name: 'Slipway' };

/**
 * @param call.operation what is called, in few words: `POST /api/v1/requests`, `cancel request`.
 * @param call.correlationId where the call has its id already; otherwise that of its headers.
 */
export function auditOriginOf(
  headers: Pick<Headers, 'get'>,
  call: { actor: AuditActor; way: AuditOrigin['way']; operation: string; correlationId?: string },
): AuditOrigin {
  return {
    ...call,
    correlationId: call.correlationId ?? requestIdOf(headers),
    address: addressOf(headers),
    userAgent: headers.get('user-agent')?.slice(0, 300) ?? undefined,
  };
}

/** Somebody who has signed in. */
export function personOf(actor: Pick<Actor, 'id' | 'name'>): AuditActor {
  return { kind: 'person', id: actor.id, name: actor.name };
}

/**
 * Where a call came from: the last address in X-Forwarded-For, which the server nearest to us wrote; those before it are the caller's own word.
 * Next writes the connection's address where nothing stands in front.
 */
function addressOf(headers: Pick<Headers, 'get'>): string | undefined {
  const last =
    headers
      .get('x-forwarded-for')
      ?.split(',')
      .at(-1)
      ?.trim()
      .replace(/^::ffff:/, '') ?? '';
  return isIP(last) ? last : undefined;
}
