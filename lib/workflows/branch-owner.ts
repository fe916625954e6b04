/** Whose the request's branch is. A person who commits to it has it: Slipway writes no more to it until it is asked to take it over. */
import { listPullCommits, type WholePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import { announce } from '@/lib/events';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { ownCommits } from '@/lib/requests/refreshes';
import { recordEvent } from '@/lib/requests/timeline';
import { github } from './connections';

/** Tells of every commit on the branch that is not Slipway's, each once, and notes that the branch is a person's. */
export async function noteTaken(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const own = await ownCommits(request.id);
  if (own.has(pull.headSha)) return;
  const commits = await listPullCommits(github(), pull.number);
  const others = commits.filter(({ sha }) => !own.has(sha));
  const newest = others.at(-1);
  if (!newest) return;
  await db().$transaction(async (tx) => {
    for (const commit of others)
      await recordEvent(tx, {
        requestId: request.id,
        key: `commit:${commit.sha}`,
        kind: 'commit',
        status: 'info',
        title: `${commit.author} committed to the branch`,
        detail: `${commit.subject} The branch is theirs now: Slipway writes no more to it.`,
        link: commit.url,
        actor: commit.author,
      });
    await tx.changeRequest.updateMany({
      where: { id: request.id, branchTakenAt: null },
      data: { branchTakenAt: new Date(), branchTakenBy: newest.author },
    });
    await announce(tx, `request:${request.id}`, 'requests');
  });
}
