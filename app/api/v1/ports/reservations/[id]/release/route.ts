import { z } from 'zod';
import { route } from '@/lib/http/route';
import { Reason } from '@/lib/reason';
import { releasePort } from '@/lib/workflows/reserve-port';

/** Ends a reservation that was made by hand, or one that main no longer needs. */
export const POST = route(
  {
    permission: 'ports.manage',
    params: z.object({ id: z.uuid() }),
    body: z.object({ reason: Reason }).strict(),
  },
  async ({ actor, params: { id }, body: { reason } }) => {
    await releasePort({ id, reason }, actor);
    return { id, state: 'released' };
  },
);
