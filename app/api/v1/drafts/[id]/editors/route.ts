import { z } from 'zod';
import { route } from '@/lib/http/route';
import { readSharing } from '@/lib/wizard/draft-editors';

const params = z.object({ id: z.uuid() });

/** Who edits a draft of one's own, and until when a link to it opens. */
export const GET = route({ permission: 'drafts.write', params }, ({ actor, params: { id } }) => readSharing(actor, id));
