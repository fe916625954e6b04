import { z } from 'zod';
import { route } from '@/lib/http/route';
import { DraftContent } from '@/lib/wizard/draft-content';
import { checkDraft, checkRemoval } from '@/lib/workflows/check-draft';

const service = z.string().min(1).max(100);
const body = z.union([
  z
    .object({
      content: DraftContent,
      /** The live service that the draft changes; without it the draft adds one. */
      changes: service.optional(),
    })
    .strict(),
  z.object({ removes: service }).strict(),
]);

/** Every check of a draft's change set or of a removal's, those by Compose, Helm and shellcheck too. Takes seconds; writes nothing. */
export const POST = route({ permission: 'drafts.write', body }, ({ body: asked, actor }) =>
  'removes' in asked ? checkRemoval(asked.removes, actor.id) : checkDraft(asked.content, actor.id, asked.changes),
);
