import { z } from 'zod';
import { route } from '@/lib/http/route';
import { revokeLinks } from '@/lib/wizard/draft-editors';
import { LinkAudience } from '@/lib/wizard/draft-link';
import { makeDraftLink } from '@/lib/wizard/share-draft';

const params = z.object({ id: z.uuid() });
const body = z.object({ audience: LinkAudience }).strict();

/** Makes a link by which others edit a draft of one's own. The token stands in the answer and nowhere else. */
export const POST = route(
  { permission: 'drafts.write', params, body },
  ({ actor, params: { id }, body: { audience } }) => makeDraftLink(actor, id, audience),
);

/** Takes all links to a draft of one's own back. Answers who edits it: they stay. */
export const DELETE = route({ permission: 'drafts.write', params }, ({ actor, params: { id } }) =>
  revokeLinks(actor, id),
);
