/**
 * Tells pages that a list has changed: `change` events without content. `?topics=services,requests&since=1795285260000`, where `since` is when
 * the page began to read what it shows: what changed before the stream was open counts as well.
 */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { listTopics, mayHaveMissed } from '@/lib/events';
import { route } from '@/lib/http/route';

const Topics = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(listTopics)).min(1));

export const dynamic = 'force-dynamic';

export const GET = route(
  {
    permission: 'services.read',
    query: z.object({ topics: Topics, since: z.coerce.number().int().nonnegative().optional() }),
  },
  ({ request, query: { topics, since } }) =>
    Promise.resolve(
      eventStream(request, topics, (sender, first) => {
        const isNews = !first || (since !== undefined && mayHaveMissed(topics, since));
        sender.send(isNews ? 'change' : 'ready', {});
      }),
    ),
);
