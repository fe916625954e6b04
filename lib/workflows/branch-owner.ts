/** Whose the request's branch is. A person who commits to it or sets it back has it: Slipway writes no more to it until it is asked to take it over. */
import { listPullCommits, type WholePullRequest } from '@/lib/adapters/github/pull-request';
import { findBranch } from '@/lib/adapters/github/read-tree';
import { db } from '@/lib/db';
import { announce } from '@/lib/events';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { hasUnnotedMerge, ownCommits } from '@/lib/requests/refreshes';
import { recordEvent, type NewEvent } from '@/lib/requests/timeline';
import { github } from './connections';

/** `unclear` while GitHub's word of the pull request, or its list of the commits, lags behind its own branch. */
export type BranchOwner = 'ours' | 'theirs' | 'unclear';

/**
 * Tells of what people did to the branch, each once, and notes that the branch is theirs.
 * @returns whose it is, going by where it stands.
 */
export async function noteTaken(request: ChangeRequest, pull: WholePullRequest): Promise<BranchOwner> {
  const owner = await ownerOf(request, pull);
  return owner === 'theirs' && !(await tellTaken(request, pull)) ? 'unclear' : owner;
}

/** Ours is where Slipway left the branch, and nothing else that Slipway ever made: without the later commits it lacks files. */
async function ownerOf(request: ChangeRequest, pull: WholePullRequest): Promise<BranchOwner> {
  const { id, headSha } = request;
  // Without a head nothing of it was ever noted, so that there is nothing to compare with.
  if (headSha === null || pull.headSha === headSha || (await hasUnnotedMerge(id, headSha, pull.headSha))) return 'ours';
  if (!(await ownCommits(id)).has(pull.headSha)) return 'theirs';
  // An earlier commit of ours: somebody set the branch back, or GitHub has not noticed our last one in the pull request yet.
  return (await findBranch(github(), request.branch)) === pull.headSha ? 'theirs' : 'unclear';
}

/** @returns whether GitHub says what they did: its list of the commits may not have the newest yet. */
async function tellTaken(request: ChangeRequest, pull: WholePullRequest): Promise<boolean> {
  const own = await ownCommits(request.id);
  const others = (await listPullCommits(github(), pull.number)).filter(({ sha }) => !own.has(sha));
  const events = others.map(({ sha, author, subject, url }): Omit<NewEvent, 'requestId'> => ({
    key: `commit:${sha}`,
    kind: 'commit',
    status: 'info',
    title: `${author} committed to the branch`,
    detail: `${subject} The branch is theirs now: Slipway writes no more to it.`,
    link: url,
    actor: author,
  }));
  if (own.has(pull.headSha))
    events.push({
      key: `set-back:${request.headSha ?? ''}:${pull.headSha}`,
      kind: 'commit',
      status: 'info',
      title: `The branch was set back to ${pull.headSha.slice(0, 7)}`,
      detail:
        'What Slipway had put there after it is no longer in the pull request. Slipway writes no more to the branch. Push the commits again, or let Slipway take the branch over.',
      link: pull.url,
    });
  if (events.length === 0) return false;
  await db().$transaction(async (tx) => {
    for (const event of events) await recordEvent(tx, { requestId: request.id, ...event });
    await tx.changeRequest.updateMany({
      // Unless Slipway moved the branch meanwhile.
      where: { id: request.id, branchTakenAt: null, headSha: request.headSha },
      data: { branchTakenAt: new Date(), branchTakenBy: others.at(-1)?.author ?? null },
    });
    await announce(tx, `request:${request.id}`, 'requests');
  });
  return true;
}
