import { z } from 'zod';
import { route } from '@/lib/http/route';
import { LinkAudience } from '@/lib/wizard/draft-link';
import { makeDraftLink } from '@/lib/wizard/share-draft';

const params = z.object({ id: z.uuid() });
const body = z.object({ audience: LinkAudience }).strict();

/** Makes a link by which others edit a draft of one's own. The token stands in the answer and nowhere else. */
export const POST = route(
  { permission: 'drafts.write', params, body },
  ({ actor, params: { id }, body: { audience } }) => makeDraftLink(actor, id, audience),
);
