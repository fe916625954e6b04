import { z } from 'zod';
import { route } from '@/lib/http/route';
import { removeEditor } from '@/lib/wizard/draft-editors';

const params = z.object({ id: z.uuid(), user: z.uuid() });

/** Takes somebody off a draft of one's own, and all links back with them. Answers who is left. */
export const DELETE = route({ permission: 'drafts.write', params }, ({ actor, params: { id, user } }) =>
  removeEditor(actor, { draftId: id, userId: user }),
);
