/** Writes the pull request's text anew after its plan was made again. What a person wrote there stays. */
import { getPullRequest, updatePullRequest } from '@/lib/adapters/github/pull-request';
import type { ChangeRequest, RequestRefresh } from '@/lib/generated/prisma/client';
import { github } from './connections';
import { describeRequest, linksOf } from './describe-request';

/**
 * Replaces the text that the request gave with the one that the refreshed plan gives. Where a person changed it, theirs stays above and the new one
 * follows, since it carries the record by which the change set is verified.
 */
export async function renewDescription(request: ChangeRequest, refresh: RequestRefresh): Promise<void> {
  const number = request.pullNumber ?? 0;
  const pull = await getPullRequest(github(), number);
  const links = linksOf(request);
  const { plan, resolved, checks, followUps, digest, baseSha } = refresh;
  const next = { ...request, plan, resolved, checks, followUps, digest, baseSha };
  const { body } = await describeRequest(next, links, { checks, rendered: refresh.rendered });
  const present = plain(pull.body);
  if (present.includes(plain(body))) return;
  const written = [await describeRequest(request, links), await describeRequest(request)].map((one) => plain(one.body));
  const earlier = written.find((text) => present.includes(text));
  await updatePullRequest(
    github(),
    number,
    earlier === undefined ? `${present}\n\n---\n\n${body}` : present.replace(earlier, () => body),
  );
}

/** GitHub gives back what it was given, but for line ends and the ends of the text. */
export function plain(text: string): string {
  return text.replace(/\r\n/g, '\n').trim();
}
