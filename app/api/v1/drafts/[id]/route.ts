import { z } from 'zod';
import { route } from '@/lib/http/route';
import { DraftContent } from '@/lib/wizard/draft-content';
import { deleteDraft, getDraft, saveDraft } from '@/lib/wizard/drafts';

const params = z.object({ id: z.uuid() });
const body = z
  .object({
    seenVersion: z.number().int().min(0),
    content: DraftContent,
    step: z.string().max(40),
    /** With version 0: the live service that the draft changes; without it the draft adds one. */
    changes: z.string().min(1).max(100).optional(),
  })
  .strict();

/** A draft of one's own. */
export const GET = route({ permission: 'drafts.write', params }, ({ actor, params: { id } }) => getDraft(actor, id));

/** Saves a draft: version 0 makes it, every later save names the version that it saw. */
export const PUT = route({ permission: 'drafts.write', params, body }, ({ actor, params: { id }, body: draft }) =>
  saveDraft(actor, { id, ...draft }),
);

/** Throws a draft away. */
export const DELETE = route({ permission: 'drafts.write', params }, async ({ actor, params: { id } }) => {
  await deleteDraft(actor, id);
  return { deleted: true };
});
