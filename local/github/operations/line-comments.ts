/** Comments on lines of a pull request's files. */
import type { GitHubAccount } from '../accounts';
import { validationFailed } from '../api-error';
import type { Hub, Pull } from '../hub';
import { changesBetween, presentChange } from '../present/commit';
import { presentLineComment } from '../present/line-comment';
import { presentPullSimple } from '../present/pull';
import type { LineCommentState, ReviewState } from '../state';
import { announce } from './announce';
import { forkPoint } from './mergeability';

export interface NewLineComment {
  path: string;
  /** Of the file as the pull request has it; 1 is the first. */
  line: number;
  body: string;
}

/** The part of a file's patch in which a line stands, up to that line; undefined where the pull request does not show it. */
function hunkOf(patch: string | undefined, line: number): string | undefined {
  const lines = (patch ?? '').split('\n');
  let start = 0;
  let at = 0;
  for (const [index, text] of lines.entries()) {
    const head = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text);
    if (head) {
      start = index;
      at = Number(head[1]) - 1;
    } else if (!text.startsWith('-') && !text.startsWith('\\')) {
      at += 1;
      if (at === line) return lines.slice(start, index + 1).join('\n');
    }
  }
  return undefined;
}

/**
 * The part of the diff that GitHub keeps with a comment on a line.
 * @throws {ApiError} 422 where the pull request does not show that line.
 */
export async function requireLine(hub: Hub, request: Pull, path: string, line: number): Promise<string> {
  const changes = await changesBetween(hub, await forkPoint(hub, request), request.pull.headSha);
  const file = changes.find((change) => change.path === path);
  const refuse = (field: string) => validationFailed({ resource: 'PullRequestReviewComment', code: 'invalid', field });
  if (file === undefined) throw refuse('path');
  const diffHunk = hunkOf((await presentChange(hub, file, request.pull.headSha)).patch, line);
  if (diffHunk === undefined) throw refuse('line');
  return diffHunk;
}

/** Notes a comment of a review. @throws {ApiError} 422 where the pull request does not show that line. */
export async function addLineComment(
  hub: Hub,
  actor: GitHubAccount,
  request: Pull,
  review: Pick<ReviewState, 'id' | 'commitId'>,
  { path, line, body }: NewLineComment,
  inReplyTo?: LineCommentState,
): Promise<LineCommentState> {
  const diffHunk = inReplyTo?.diffHunk ?? (await requireLine(hub, request, path, line));
  const now = hub.timestamp();
  const comment: LineCommentState = {
    id: hub.nextId(),
    pull: request.number,
    review: review.id,
    user: actor.login,
    body,
    path,
    line,
    diffHunk,
    commitId: review.commitId,
    inReplyTo: inReplyTo?.id ?? null,
    createdAt: now,
    updatedAt: now,
  };
  hub.state.lineComments.push(comment);
  request.updatedAt = now;
  announce(hub, actor, 'pull_request_review_comment', 'created', {
    comment: presentLineComment(hub, comment, request),
    pull_request: await presentPullSimple(hub, request),
  });
  return comment;
}
