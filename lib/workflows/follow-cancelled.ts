/** What people do on GitHub with the pull request of a cancelled request. A merge is followed like any other; the rest is only told. */
import type { WholePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { recordEvent } from '@/lib/requests/timeline';

/** Tells that it was reopened, and that it was closed again; each time once, whatever else is said there meanwhile. */
export async function followCancelled(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const last = await db().timelineEvent.findFirst({
    where: { requestId: request.id, kind: { in: ['cancel', 'closed', 'reopened'] } },
    orderBy: { id: 'desc' },
    select: { kind: true },
  });
  const isOpen = pull.state === 'open';
  if ((last?.kind === 'reopened') === isOpen) return;
  const event = isOpen
    ? {
        kind: 'reopened',
        status: 'failed' as const,
        title: 'Reopened on GitHub, although it was cancelled',
        detail:
          'Nothing is reserved for it. Close the pull request again; whoever wants this after all submits it anew.',
      }
    : { kind: 'closed', status: 'info' as const, title: 'Closed again on GitHub' };
  const key = `${event.kind}:${pull.updatedAt.toISOString()}`;
  await recordEvent(db(), { requestId: request.id, key, link: pull.url, ...event });
}
