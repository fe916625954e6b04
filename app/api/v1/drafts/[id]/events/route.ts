/** Tells open wizards that the draft was saved somewhere: `saved` events with its version, and the request once it was submitted; they read the draft themselves. */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { route } from '@/lib/http/route';
import { getDraft } from '@/lib/wizard/drafts';

const params = z.object({ id: z.uuid() });

export const dynamic = 'force-dynamic';

export const GET = route({ permission: 'drafts.write', params }, async ({ actor, request, params: { id } }) => {
  await getDraft(actor, id);
  return eventStream(request, [`draft:${id}`], async (sender) => {
    const { version, requestId } = await getDraft(actor, id);
    sender.send('saved', { version, requestId });
  });
});
