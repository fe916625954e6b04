import { z } from 'zod';
import { route } from '@/lib/http/route';
import { DraftContent } from '@/lib/wizard/draft-content';
import { deleteDraft } from '@/lib/wizard/drafts';
import { beginDraft, DraftPatch, patchDraft, readShared } from '@/lib/wizard/save-draft';

const params = z.object({ id: z.uuid() });
const step = z.string().max(40);
/** Versions are PostgreSQL integers. */
const seenVersion = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** A draft that one may read, and what others wrote since `?since=VERSION`. */
export const GET = route(
  { permission: 'drafts.write', params, query: z.object({ since: seenVersion.default(0) }) },
  ({ actor, params: { id }, query: { since } }) => readShared(actor, id, since),
);

/** Begins a draft. Sent again it changes nothing. `changes`: the live service that the draft changes; without it the draft adds one. */
export const PUT = route(
  {
    permission: 'drafts.write',
    params,
    body: z.object({ content: DraftContent, step, changes: z.string().min(1).max(100).optional() }).strict(),
  },
  ({ actor, params: { id }, body }) => beginDraft(actor, { id, ...body }),
);

/** Saves fields: each where it still has what its writer saw. The answer names those that were not saved, with what stands there. */
export const PATCH = route(
  {
    permission: 'drafts.write',
    params,
    body: z.object({ patches: z.array(DraftPatch).max(500), step, seenVersion }).strict(),
  },
  ({ actor, params: { id }, body }) => patchDraft(actor, { id, ...body }),
);

/** Throws a draft away. */
export const DELETE = route({ permission: 'drafts.write', params }, async ({ actor, params: { id } }) => {
  await deleteDraft(actor, id);
  return { deleted: true };
});
