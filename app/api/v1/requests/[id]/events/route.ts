/**
 * A request's timeline as it grows. `entry` carries one timeline entry, with its id as the event's id, so that a browser that reconnects gets
 * what it missed (Last-Event-ID); `state` says where the request stands; `change` says that something else of it moved (a step, its ports).
 */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { route } from '@/lib/http/route';
import { getRequest } from '@/lib/requests/queries';

export const dynamic = 'force-dynamic';

export const GET = route(
  {
    permission: 'requests.read',
    params: z.object({ id: z.coerce.number().int().positive() }),
    query: z.object({ after: z.coerce.number().int().nonnegative().optional() }),
  },
  async ({ request, params, query }) => {
    await getRequest(params.id);
    const resumed = Number(request.headers.get('last-event-id') ?? Number.NaN);
    let last = Number.isSafeInteger(resumed) ? resumed : (query.after ?? 0);
    let state: string | undefined;
    return eventStream(request, [`request:${params.id}`], async (sender, first) => {
      const details = await getRequest(params.id);
      for (const entry of details.timeline) {
        const id = Number(entry.id);
        if (id <= last) continue;
        sender.send('entry', entry, entry.id);
        last = id;
      }
      if (details.state !== state) sender.send('state', { state: details.state });
      state = details.state;
      if (!first) sender.send('change', {});
    });
  },
);
