/** Writes the pull request's text anew after its plan was made again, or when there is more to link to. What a person wrote there stays. */
import { findPullRequest, getPullRequest, updatePullRequest } from '@/lib/adapters/github/pull-request';
import { db } from '@/lib/db';
import type { ChangeRequest, RequestRefresh } from '@/lib/generated/prisma/client';
import { LONGEST_BODY, markOwnText, plain, replaceOwnText } from '@/lib/generator/pull-request/own-text';
import { recordEvent } from '@/lib/requests/timeline';
import { github } from './connections';
import { describeRequest, linksOf } from './describe-request';
import { waitForTurn } from './github-limits';

/**
 * Replaces the request's text with the one that the refreshed plan gives. Where a person changed it, theirs stays above and the new one follows, since it
 * carries the record by which the change set is verified. Where theirs leaves no room for it, theirs stays as it is, and the timeline says so: nobody's words
 * hold up what is on the branch already.
 */
export async function renewDescription(request: ChangeRequest, refresh: RequestRefresh): Promise<void> {
  const number = request.pullNumber ?? 0;
  const pull = await getPullRequest(github(), number);
  const { plan, resolved, checks, followUps, digest, baseSha } = refresh;
  const next = { ...request, plan, resolved, checks, followUps, digest, baseSha };
  const { body } = await describeRequest(next, linksOf(request), { checks, rendered: refresh.rendered });
  const text = replaceOwnText(pull.body, body) ?? below(pull.body, `---\n\n${markOwnText(body)}`);
  if (text.length > LONGEST_BODY) return tellNoRoom(refresh);
  await write(number, pull.body, text);
}

async function tellNoRoom({ requestId, number }: RequestRefresh): Promise<void> {
  await recordEvent(db(), {
    requestId,
    key: `no-room:${number}`,
    kind: 'refresh',
    status: 'info',
    title: 'No room for the new text in the pull request',
    detail: `GitHub takes ${LONGEST_BODY.toLocaleString('en')} characters, what people wrote there included. The text there tells of an earlier plan; this page has the one that is on the branch. Shorten it there: when the branch is brought up to main again, its text comes with it.`,
  });
}

/**
 * Writes the tracker's links into the text, where they are not there yet: below it, where a person changed the text.
 * @returns true where it wrote them.
 * @throws StepFailure where GitHub asks to wait.
 */
export async function linkDescription(request: ChangeRequest): Promise<boolean> {
  const pull = await findPullRequest(github(), request.branch);
  if (!pull) return false;
  const links = linksOf(request);
  const missing = Object.values(links).filter((url) => !pull.body.includes(url));
  if (missing.length === 0) return false;
  await waitForTurn(request.id, 'link', 1);
  const { body } = await describeRequest(request, links);
  await write(pull.number, pull.body, replaceOwnText(pull.body, body) ?? below(pull.body, missing.join('\n')));
  return true;
}

const below = (present: string, text: string) => `${plain(present)}\n\n${text}\n`;

async function write(number: number, present: string, body: string): Promise<void> {
  if (plain(body) !== plain(present)) await updatePullRequest(github(), number, body);
}
