/** Moves a request from one state to the next by compare-and-set: of two processes that try, one succeeds and the other is told. */
import type { Database } from '@/lib/db';
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';
import { canFollow, type RequestState } from './states';

/** What may be written along with the state. */
export type RequestPatch = Omit<Prisma.ChangeRequestUncheckedUpdateManyInput, 'id' | 'state'>;

/**
 * Moves request `id` to `to` if it is in `from` at this moment.
 * @returns whether it moved; false where somebody else was faster.
 * @throws Error where the table of states does not allow it at all: that is a fault in Slipway.
 */
export async function transition(
  database: Database,
  id: number,
  from: RequestState | readonly RequestState[],
  to: RequestState,
  patch: RequestPatch = {},
): Promise<boolean> {
  const origins = typeof from === 'string' ? [from] : [...from];
  for (const origin of origins) {
    if (!canFollow(origin, to)) throw new Error(`A request cannot go from ${origin} to ${to}.`);
  }
  // A pull request is merged once. One whose merge was followed and ended since is not followed again, whatever GitHub goes on saying of it.
  const firstMerge = to === 'merged' ? { mergeSha: null } : {};
  const { count } = await database.changeRequest.updateMany({
    where: { id, state: { in: origins }, ...firstMerge },
    data: { ...patch, state: to },
  });
  if (count === 0) return false;
  await announce(database, `request:${id}`, 'requests', 'services', 'ports');
  return true;
}
