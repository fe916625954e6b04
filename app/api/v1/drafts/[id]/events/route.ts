/**
 * Tells open wizards that the draft was saved somewhere: `saved` events with its version, and the request once it was submitted; they read the draft themselves.
 * `gone` says that it was thrown away, or that its owner has taken the reader off it: nothing more is told of it.
 */
import { z } from 'zod';
import { eventStream } from '@/app/api/v1/event-stream';
import { NotFoundError } from '@/lib/errors';
import { route } from '@/lib/http/route';
import { getDraft } from '@/lib/wizard/drafts';

const params = z.object({ id: z.uuid() });

export const dynamic = 'force-dynamic';

export const GET = route({ permission: 'drafts.write', params }, async ({ actor, request, params: { id } }) => {
  await getDraft(actor, id);
  return eventStream(request, [`draft:${id}`], async (sender) => {
    const draft = await getDraft(actor, id).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (draft) sender.send('saved', { version: draft.version, requestId: draft.requestId });
    else sender.send('gone', {});
  });
});
