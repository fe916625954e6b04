/** The repository itself, its branches, commits and comparisons. */
import { notFound } from '../api-error';
import type { Hub } from '../hub';
import { changesBetween, presentChange, presentCommitOf, presentCommitWithFiles } from '../present/commit';
import { presentFullRepository, repositoryPage, repositoryUrl } from '../present/repository';
import { diffText } from '../present/diff-text';
import { branchOf } from '../operations/pulls';
import {
  findCommit,
  ok,
  paged,
  param,
  requireCommitId,
  slicePage,
  type ApiCall,
  type Reply,
  type Route,
} from './api-call';

const BRANCH_PREFIX = 'refs/heads/';

function branchUrl(hub: Hub, name: string): string {
  return `${repositoryUrl(hub)}/branches/${encodeURIComponent(name)}`;
}

async function getBranch(call: ApiCall): Promise<Reply> {
  const { hub } = call;
  const name = param(call, 'branch');
  const sha = hub.refs.branch(name);
  if (sha === undefined) throw notFound();
  const self = branchUrl(hub, name);
  return ok({
    name,
    commit: await presentCommitOf(hub, sha),
    _links: { self, html: `${repositoryPage(hub)}/tree/${name}` },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${self}/protection`,
  });
}

function listBranches(call: ApiCall): Promise<Reply> {
  const { hub } = call;
  return paged(call, hub.refs.list(BRANCH_PREFIX), ({ name, oid }) => ({
    name: name.slice(BRANCH_PREFIX.length),
    commit: { sha: oid, url: `${repositoryUrl(hub)}/commits/${oid}` },
    protected: false,
  }));
}

async function touches(hub: Hub, sha: string, path: string): Promise<boolean> {
  const commit = await hub.objects.requireCommit(sha);
  const [parent] = commit.parents;
  const now = await hub.objects.entryAt(commit.tree, path);
  const before =
    parent === undefined ? undefined : await hub.objects.entryAt((await hub.objects.requireCommit(parent)).tree, path);
  return now?.oid !== before?.oid || now?.mode !== before?.mode;
}

async function listCommits(call: ApiCall): Promise<Reply> {
  const { hub, query } = call;
  const sha = await findCommit(hub, query.get('sha') ?? 'HEAD');
  if (sha === undefined) throw notFound();
  const newestFirst = (await hub.history.between(undefined, sha)).reverse();
  const path = query.get('path');
  const flags = path === null ? undefined : await Promise.all(newestFirst.map((oid) => touches(hub, oid, path)));
  return paged(call, flags === undefined ? newestFirst : newestFirst.filter((_, index) => flags[index]), (oid) =>
    presentCommitOf(hub, oid),
  );
}

async function compareEnd(hub: Hub, label: string): Promise<string> {
  const name = branchOf(hub, label);
  const sha = name === undefined ? undefined : await findCommit(hub, name);
  if (sha === undefined) throw notFound();
  return sha;
}

const FILES_IN_COMPARISON = 300;
const COMMITS_IN_COMPARISON = 250;

async function compare(call: ApiCall): Promise<Reply> {
  const { hub } = call;
  const [baseLabel, headLabel] = param(call, 'basehead').split('...');
  if (!baseLabel || !headLabel) throw notFound();
  const base = await compareEnd(hub, baseLabel);
  const head = await compareEnd(hub, headLabel);
  const [start] = await hub.history.mergeBases(base, head);
  if (start === undefined) throw notFound();
  const changes = await changesBetween(hub, start, head);
  if (/\bdiff\b/.test(call.accept)) {
    return {
      status: 200,
      bytes: { content: await diffText(hub, changes), type: 'application/vnd.github.diff; charset=utf-8' },
    };
  }
  const ahead = await hub.history.between(base, head);
  const behind = await hub.history.between(head, base);
  const part = slicePage(call, ahead, COMMITS_IN_COMPARISON);
  const first = (call.query.get('page') ?? '1') === '1';
  const url = `${repositoryUrl(hub)}/compare/${baseLabel}...${headLabel}`;
  const page = `${repositoryPage(hub)}/compare/${baseLabel}...${headLabel}`;
  const body = {
    url,
    html_url: page,
    permalink_url: `${repositoryPage(hub)}/compare/${base}...${head}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: await presentCommitOf(hub, base),
    merge_base_commit: await presentCommitOf(hub, start),
    status: base === head ? 'identical' : behind.length === 0 ? 'ahead' : ahead.length === 0 ? 'behind' : 'diverged',
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(part.items.map((sha) => presentCommitOf(hub, sha))),
    files: first
      ? await Promise.all(changes.slice(0, FILES_IN_COMPARISON).map((file) => presentChange(hub, file, head)))
      : [],
  };
  return { status: 200, body, headers: part.headers };
}

export const repositoryRoutes: Route[] = [
  {
    method: 'GET',
    path: '',
    access: 'read',
    handle: ({ hub, actor }) => ok(presentFullRepository(hub, actor.permission)),
  },
  { method: 'GET', path: '/branches', access: 'read', handle: listBranches },
  { method: 'GET', path: '/branches/*branch', access: 'read', handle: getBranch },
  { method: 'GET', path: '/compare/*basehead', access: 'read', handle: compare },
  { method: 'GET', path: '/commits', access: 'read', handle: listCommits },
  {
    method: 'GET',
    path: '/commits/*ref',
    access: 'read',
    async handle({ hub, params }) {
      return ok(await presentCommitWithFiles(hub, await requireCommitId(hub, params.ref ?? '')));
    },
  },
];
