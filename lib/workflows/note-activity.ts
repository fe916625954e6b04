/** What people say on a pull request and ask of each other there, as events of its request: each once, at the time when it happened. */
import { listActivity, type PullActivity } from '@/lib/adapters/github/pull-activity';
import type { WholePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { recordEvent } from '@/lib/requests/timeline';
import { noteTaken } from './branch-owner';
import { cancelWords } from './cancel-words';
import { github } from './connections';

/** So much of what somebody wrote is kept; the link has the rest. */
const MOST_CHARACTERS = 1000;

/** Comments, reviews, requests for reviews and other people's commits become events. */
export async function noteActivity(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const activity = await listActivity(github(), pull.number, pull.url);
  const ownWords = cancelWords(request);
  await db().$transaction(async (tx) => {
    const opened = await tx.timelineEvent.findUnique({
      where: { requestId_key: { requestId: request.id, key: 'pull-request' } },
      select: { at: true },
    });
    for (const one of activity) {
      // What Slipway itself says there when it cancels is told as the cancellation.
      if (one.kind === 'comment' && one.body === ownWords) continue;
      await recordEvent(tx, { requestId: request.id, at: timeOf(one, opened?.at), ...eventOf(one) });
    }
  });
  if (pull.headSha !== request.headSha) await noteTaken(request, pull);
}

/** When it happened. GitHub's times are whole seconds and its clock another one: nothing is before the pull request was opened, and nothing is to come. */
function timeOf({ at }: PullActivity, opened: Date | undefined): Date {
  const now = Date.now();
  return new Date(Math.min(Math.max(at.getTime(), opened?.getTime() ?? 0), now));
}

function eventOf(one: PullActivity) {
  return {
    key: one.key,
    kind: kinds[one.kind],
    status: 'info' as const,
    title: titleOf(one),
    detail: one.body === '' ? undefined : one.body.slice(0, MOST_CHARACTERS),
    link: one.url,
    actor: one.author,
  };
}

/** How the timeline calls it. */
const kinds: Record<PullActivity['kind'], string> = {
  comment: 'comment',
  'line-comment': 'comment',
  review: 'review',
  dismissal: 'review',
  'review-request': 'review-request',
};

function titleOf(one: PullActivity): string {
  switch (one.kind) {
    case 'comment':
      return `${one.author} commented`;
    case 'line-comment': {
      const where = one.line === undefined ? one.path : `${one.path}, line ${one.line}`;
      return `${one.author} ${one.isReply ? 'replied' : 'commented'} on ${where}`;
    }
    case 'review':
      return `${one.author} ${verbs[one.state] ?? 'reviewed'}`;
    case 'dismissal':
      return `${one.author} dismissed ${one.reviewer}’s review`;
    case 'review-request':
      return `${one.author} ${one.asked ? 'asked' : 'no longer asks'} ${one.reviewer} for a review`;
  }
}

const verbs: Record<string, string> = { APPROVED: 'approved', CHANGES_REQUESTED: 'asked for changes' };
