/**
 * A request's timeline as it grows. `entry` carries one timeline entry, with its id as the event's id, so that a browser that reconnects gets
 * what it missed (Last-Event-ID). `change` says where the request stands whenever anything of it moved: its state, a step, its timeline.
 */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { requestVersion } from '@/components/requests/request-version';
import { route } from '@/lib/http/route';
import { getRequest } from '@/lib/requests/queries';

export const dynamic = 'force-dynamic';

export const GET = route(
  {
    permission: 'requests.read',
    params: z.object({ id: z.coerce.number().int().positive() }),
    query: z.object({
      /** Last timeline entry that is known already. */
      after: z.coerce.number().int().nonnegative().default(0),
      /** Version that is known already: nothing is said until there is another one. */
      version: z.string().max(500).optional(),
    }),
  },
  async ({ request, params, query }) => {
    await getRequest(params.id);
    const resumed = Number(request.headers.get('last-event-id') ?? Number.NaN);
    let last = Number.isSafeInteger(resumed) ? resumed : query.after;
    let known = query.version;
    return eventStream(request, [`request:${params.id}`], async (sender) => {
      const details = await getRequest(params.id);
      for (const entry of details.timeline) {
        const id = Number(entry.id);
        if (id <= last) continue;
        sender.send('entry', entry, entry.id);
        last = id;
      }
      const version = requestVersion(details);
      if (version !== known) sender.send('change', { state: details.state });
      known = version;
    });
  },
);
