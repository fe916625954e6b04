import { z } from 'zod';
import { route } from '@/lib/http/route';
import { DraftContent } from '@/lib/wizard/draft-content';
import { previewService } from '@/lib/workflows/preview-service';

const body = z
  .object({
    content: DraftContent,
    /** The live service that the draft changes; without it the draft adds one. */
    changes: z.string().min(1).max(100).optional(),
  })
  .strict();

/** The pull request as it would be, for a draft with holes or a whole spec. Writes nothing. */
export const POST = route({ permission: 'drafts.write', body }, ({ body: { content, changes } }) =>
  previewService(content, { changes }),
);
