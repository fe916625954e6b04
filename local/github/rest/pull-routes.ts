/** Pull requests, their files, commits and merges. */
import { z } from 'zod';

import { validationFailed } from '../api-error';
import type { Pull } from '../hub';
import { mergePull } from '../operations/merge-pull';
import { forkPoint, baseOf } from '../operations/mergeability';
import { branchOf, openPull, requirePull, updatePull, updatePullBranch } from '../operations/pulls';
import { changesBetween, presentChange, presentCommitOf } from '../present/commit';
import { diffText } from '../present/diff-text';
import { presentPull, presentPullSimple } from '../present/pull';
import { repositoryUrl } from '../present/repository';
import { created, numberParam, ok, paged, parseBody, type ApiCall, type Reply, type Route } from './api-call';

const NewPull = z.object({
  title: z.string().optional(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
});
const PullChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
});
const Merge = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});

const pullOf = (call: ApiCall): Pull => requirePull(call.hub, numberParam(call, 'number'));

async function postPull(call: ApiCall): Promise<Reply> {
  const { title, body, ...rest } = parseBody(NewPull, call.body);
  if (title === undefined || title.trim() === '') {
    throw validationFailed({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  }
  const request = await openPull(call.hub, call.actor, { ...rest, title, body: body ?? null });
  return created(await presentPull(call.hub, request, { known: false }));
}

const asked = new WeakMap<object, Set<string>>();

/** Whether this pull request, as it stands, has been asked for before: GitHub begins its test merge when it first is. */
function askedBefore(call: ApiCall, request: Pull): boolean {
  const seen = asked.get(call.hub) ?? new Set<string>();
  asked.set(call.hub, seen);
  const key = `${request.number}:${baseOf(call.hub, request)}:${request.pull.headSha}`;
  const before = seen.has(key);
  seen.add(key);
  return before;
}

async function getPull(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  if (/\bdiff\b/.test(call.accept)) {
    const changes = await changesBetween(call.hub, await forkPoint(call.hub, request), request.pull.headSha);
    const content = await diffText(call.hub, changes);
    return { status: 200, bytes: { content, type: 'application/vnd.github.diff; charset=utf-8' } };
  }
  const known = !call.limits.lazyMergeability || askedBefore(call, request);
  return ok(await presentPull(call.hub, request, { known }));
}

function listPulls(call: ApiCall): Promise<Reply> {
  const { hub, query } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const sort = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const ascending = (query.get('direction') ?? (query.has('sort') ? 'asc' : 'desc')) === 'asc';
  // As on GitHub, a head without its owner filters nothing.
  const headRef = head?.includes(':') === true ? branchOf(hub, head) : null;
  const found = hub
    .pulls()
    .filter((request) => state === 'all' || request.state === state)
    .filter((request) => headRef === null || request.pull.headRef === headRef)
    .filter((request) => base === null || request.pull.baseRef === base)
    .sort((a, b) => a[sort].localeCompare(b[sort]) || a.number - b.number);
  return paged(call, ascending ? found : found.reverse(), (request) => presentPullSimple(hub, request));
}

async function patchPull(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const { title, body, state } = parseBody(PullChange, call.body);
  await updatePull(call.hub, call.actor, request, {
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(state === undefined ? {} : { state }),
  });
  return ok(await presentPull(call.hub, request));
}

async function listFiles(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const changes = await changesBetween(call.hub, await forkPoint(call.hub, request), request.pull.headSha);
  return paged(call, changes, (file) => presentChange(call.hub, file, request.pull.headSha));
}

async function listPullCommits(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const commits = await call.hub.history.between(baseOf(call.hub, request), request.pull.headSha);
  return paged(call, commits, (sha) => presentCommitOf(call.hub, sha));
}

async function putMerge(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const input = parseBody(Merge, call.body);
  const sha = await mergePull(call.hub, call.actor, request, {
    method: input.merge_method,
    title: input.commit_title,
    message: input.commit_message,
    sha: input.sha,
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

async function putBranch(call: ApiCall): Promise<Reply> {
  const request = pullOf(call);
  const { expected_head_sha: expected } = parseBody(z.object({ expected_head_sha: z.string().optional() }), call.body);
  await updatePullBranch(call.hub, call.actor, request, expected);
  const url = `${repositoryUrl(call.hub)}/pulls/${request.number}`;
  return { status: 202, body: { message: 'Updating pull request branch.', url } };
}

function getMerged(call: ApiCall): Reply {
  return { status: pullOf(call).pull.mergedAt === null ? 404 : 204 };
}

export const pullRoutes: Route[] = [
  { method: 'POST', path: '/pulls', access: 'push', handle: postPull },
  { method: 'GET', path: '/pulls', access: 'read', handle: listPulls },
  { method: 'GET', path: '/pulls/:number', access: 'read', handle: getPull },
  { method: 'PATCH', path: '/pulls/:number', access: 'push', handle: patchPull },
  { method: 'GET', path: '/pulls/:number/files', access: 'read', handle: listFiles },
  { method: 'GET', path: '/pulls/:number/commits', access: 'read', handle: listPullCommits },
  { method: 'GET', path: '/pulls/:number/merge', access: 'read', handle: getMerged },
  { method: 'PUT', path: '/pulls/:number/merge', access: 'push', handle: putMerge },
  { method: 'PUT', path: '/pulls/:number/update-branch', access: 'push', handle: putBranch },
];
