/** A submission that comes again: the same key and the same question give the saved answer, another question under that key is refused. */
import { createHash } from 'node:crypto';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db';
import { ConflictError, InputError } from '@/lib/errors';
import type { RequestAction } from '@/lib/requests/states';
import type { SeenNumbers } from './renumber';

/** What a submission asks for. */
export interface Question {
  /** `add` where absent. */
  action?: RequestAction | undefined;
  /** Of a removal only its name counts. */
  manifest: { name: string };
  digest: string;
  renumber?: SeenNumbers | undefined;
  draftId?: string | undefined;
}

/** @returns sha-256 in hexadecimal of everything that a caller asks for, their key and themselves aside. */
export function askedBy({ action = 'add', manifest, digest, renumber, draftId }: Question): string {
  const service = action === 'remove' ? manifest.name : manifest;
  const question = [action, service, digest, renumber ?? null, draftId ?? null];
  return createHash('sha256').update(JSON.stringify(question)).digest('hex');
}

/**
 * @returns the id of the request that this key made already; undefined where it made none.
 * @throws InputError where the key is somebody else's, whose requests are nobody's business; ConflictError where it asked for something else.
 */
export async function findAnswered(
  database: Database,
  { idempotencyKey, actor, ...question }: Question & { idempotencyKey: string; actor: Pick<Actor, 'id'> },
): Promise<number | undefined> {
  const request = await database.changeRequest.findUnique({
    where: { idempotencyKey },
    select: { id: true, requesterId: true, asked: true },
  });
  if (!request) return undefined;
  if (request.requesterId !== actor.id)
    throw new InputError('This submission was sent by somebody else already. Reload the page and submit again.');
  // Requests of the version before this column have none.
  if (request.asked !== null && request.asked !== askedBy(question))
    throw new ConflictError(
      `This Idempotency-Key made request ${request.id}, which asked for something else. Look at that one; for another, send a new key.`,
      { owner: { label: `request ${request.id}`, href: `/requests/${request.id}` } },
    );
  return request.id;
}
