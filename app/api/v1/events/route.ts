/** Tells pages that a list has changed: `change` events without content. `?topics=services,requests`. */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { route } from '@/lib/http/route';

const Topics = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(['services', 'requests', 'ports', 'repository', 'queue'])).min(1));

export const dynamic = 'force-dynamic';

export const GET = route({ permission: 'services.read', query: z.object({ topics: Topics }) }, ({ request, query }) =>
  Promise.resolve(eventStream(request, query.topics, (sender, first) => sender.send(first ? 'ready' : 'change', {}))),
);
