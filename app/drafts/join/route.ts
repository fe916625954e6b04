/** Lets whoever is signed in into the draft whose link they opened, and leads there; first to the sign-in where nobody is, whatever their link is worth. */
import { NextResponse, type NextRequest } from 'next/server';
import { wizardHref } from '@/components/wizard/wizard-href';
import { withAuditOrigin } from '@/lib/audit-origin';
import { can } from '@/lib/auth/permissions';
import { currentActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { auditOriginOf, personOf } from '@/lib/http/audit-origin-of';
import { joinDraft } from '@/lib/wizard/share-draft';
import { LINK_COOKIE, linkCookie } from '../link-cookie';

function leadTo(path: string): NextResponse {
  const response = NextResponse.redirect(new URL(path, env().url), 303);
  response.headers.set('cache-control', 'no-store');
  return response;
}

export async function GET(request: NextRequest): Promise<NextResponse> {
  const actor = await currentActor();
  if (!actor) return leadTo(`/sign-in?next=${encodeURIComponent('/drafts/join')}`);
  const token = request.cookies.get(LINK_COOKIE)?.value ?? '';
  const origin = auditOriginOf(request.headers, {
    actor: personOf(actor),
    way: 'page',
    operation: 'open shared draft',
  });
  const draft = can(actor, 'drafts.write') ? await withAuditOrigin(origin, () => joinDraft(actor, token)) : undefined;
  const response = leadTo(draft ? wizardHref(draft.step, draft) : '/drafts/refused');
  response.cookies.set(linkCookie(undefined));
  return response;
}
