/** The header by which a caller says that two calls are one. */
import { z } from 'zod';
import type { Actor } from '@/lib/auth/permissions';
import { InputError } from '@/lib/errors';

const IdempotencyKey = z
  .string()
  .min(8)
  .max(200)
  .regex(/^[\x21-\x7e]+$/);

/**
 * The key of a call, within the person: other people's keys are nobody's business.
 * @throws InputError where there is none, or it is not 8 to 200 printable characters.
 */
export function idempotencyKeyOf(request: Request, actor: Pick<Actor, 'id'>): string {
  const key = IdempotencyKey.safeParse(request.headers.get('idempotency-key'));
  if (!key.success)
    throw new InputError('Send an Idempotency-Key header of 8 to 200 printable characters, the same for each try.');
  return `${actor.id}:${key.data}`;
}
