/** What changes on GitHub without the pull request's own time moving: the checks of its head, and its branch being deleted. */
import { listCommitChecks } from '@/lib/adapters/github/commit-checks';
import type { WholePullRequest } from '@/lib/adapters/github/pull-request';
import { whoDid } from '@/lib/adapters/github/pull-timeline';
import { findBranch } from '@/lib/adapters/github/read-tree';
import { db } from '@/lib/db';
import { announce } from '@/lib/events';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { StoredGitHubChecks, summed } from '@/lib/requests/github-checks';
import { recordEvent } from '@/lib/requests/timeline';
import { github } from './connections';

/** Reads the checks of an open pull request's head, or looks whether the branch of an ended one is still there. */
export async function noteQuietChanges(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  if (pull.state === 'open') await noteChecks(request, pull);
  else await noteBranchGone(request, pull);
  // Looking is no change of the request: its own time stays.
  await db().$executeRaw`UPDATE change_requests SET github_checks_at = now() WHERE id = ${request.id}`;
}

async function noteChecks(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const before = StoredGitHubChecks.parse(request.githubChecks);
  const now = summed(pull.headSha, await listCommitChecks(github(), pull.headSha));
  if (JSON.stringify(now) === JSON.stringify(before)) return;
  await db().$transaction(async (tx) => {
    await tx.changeRequest.update({ where: { id: request.id }, data: { githubChecks: now } });
    await announce(tx, `request:${request.id}`);
    // Said when it is decided; while checks run, the page shows each of them.
    if (now.state !== 'pass' && now.state !== 'fail') return;
    if (now.state === before.state && now.head === before.head) return;
    const told = await tx.timelineEvent.count({ where: { requestId: request.id, kind: 'github-checks' } });
    await recordEvent(tx, { requestId: request.id, key: `github-checks:${told + 1}`, ...wordsFor(now, pull) });
  });
}

function wordsFor({ state, head, checks }: StoredGitHubChecks, pull: WholePullRequest) {
  const failing = checks.filter((check) => check.state === 'fail');
  const [first] = failing;
  const of = `Of ${checks.length} ${checks.length === 1 ? 'check' : 'checks'} at ${head.slice(0, 7)}`;
  return state === 'pass'
    ? {
        kind: 'github-checks',
        status: 'done' as const,
        title: 'Checks on GitHub pass',
        detail: `${of} none fails: ${checks.map(({ name }) => name).join(', ')}.`,
        link: pull.url,
      }
    : {
        kind: 'github-checks',
        status: 'info' as const,
        title: failing.length === 1 && first ? `${first.name} fails on GitHub` : 'Checks on GitHub fail',
        detail: `${of} ${failing.length === 1 ? 'one fails' : `${failing.length} fail`}: ${failing.map(({ name }) => name).join(', ')}.`,
        link: first?.url ?? pull.url,
      };
}

/** Told once; what Slipway itself deleted (a cancelled request's branch) is told there. */
async function noteBranchGone(request: ChangeRequest, pull: WholePullRequest): Promise<void> {
  const key = 'branch-gone';
  const told = await db().timelineEvent.findUnique({
    where: { requestId_key: { requestId: request.id, key } },
    select: { id: true },
  });
  if (told || request.state === 'cancelled' || (await findBranch(github(), request.branch)) !== undefined) return;
  const deletion = await whoDid(github(), pull.number, 'head_ref_deleted');
  await recordEvent(db(), {
    requestId: request.id,
    key,
    kind: key,
    status: 'info',
    title: 'Branch deleted on GitHub',
    detail: `${request.branch} is gone; its commits stay with the pull request.`,
    link: pull.url,
    actor: deletion?.actor,
    at: deletion?.at,
  });
}
