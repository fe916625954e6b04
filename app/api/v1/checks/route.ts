import { z } from 'zod';
import { route } from '@/lib/http/route';
import { DraftContent } from '@/lib/wizard/draft-content';
import { checkDraft } from '@/lib/workflows/check-draft';

const body = z.object({ content: DraftContent }).strict();

/** Every check of a draft's change set, those by Compose, Helm and shellcheck too. Takes seconds; writes nothing. */
export const POST = route({ permission: 'drafts.write', body }, ({ body: { content }, actor }) =>
  checkDraft(content, actor.id),
);
