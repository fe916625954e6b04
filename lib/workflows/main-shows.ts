/** Whether main shows what a merged request did; GitHub is asked whether main has the merge at all. */
import { standingOf } from '@/lib/adapters/github/compare-commits';
import { getPullRequest } from '@/lib/adapters/github/pull-request';
import { db, type Database } from '@/lib/db';
import { observePorts } from '@/lib/generator/observe/ports';
import { observeServices } from '@/lib/generator/observe/services';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { filesOf, publishedPorts, StoredPlan, StoredResolved } from '@/lib/requests/stored';
import { formatPortRange } from '@/lib/services/port-range';
import { github } from './connections';
import { isUndone } from './is-undone';
import { repositoryAt, type Repository } from './read-repository';
import { areInMain, listMadeFiles } from './service-files';

/**
 * `shown`; `later` where the commit is older than the merge; `apart` where main does not have the merge: it went into another branch, or main's history was
 * rewritten; `undone` where main has the merge and not what it did.
 */
export type Showing = 'shown' | 'later' | 'apart' | 'undone';

/**
 * What this commit of main shows of a merged request.
 * @throws UpstreamError
 */
export async function showingOf(repository: Repository, request: ChangeRequest): Promise<Showing> {
  // Without it a change would be found on every commit: its service is there before.
  const standing =
    request.mergeSha === null ? 'contained' : await standingOf(github(), request.mergeSha, repository.sha);
  if (standing === 'apart') return 'apart';
  if (standing === 'newer') return (await wentInto(request)) === repository.branch ? 'later' : 'apart';
  return (await hasResult(repository, request)) ? 'shown' : 'undone';
}

/** The branch into which the pull request was merged: somebody may have given it another one. */
async function wentInto({ pullNumber, baseBranch }: ChangeRequest): Promise<string> {
  return pullNumber === null ? baseBranch : (await getPullRequest(github(), pullNumber)).target;
}

async function hasResult(repository: Repository, request: ChangeRequest): Promise<boolean> {
  const { tree } = repository;
  const isThere = await isInMain(repository, request);
  if (request.action === 'remove') return !isThere && filesAreGone(request, tree.paths);
  return isThere && !(request.action === 'change' && (await isChangedBack(repository, request)));
}

/**
 * Whether what the merge made of the service is again as it was before it: its lines in main's files, or the ports that it publishes there. On the merge's own
 * commit nobody has edited anything since.
 */
async function isChangedBack(repository: Repository, request: ChangeRequest): Promise<boolean> {
  if (request.mergeSha === null || request.mergeSha === repository.sha) return false;
  const plan = StoredPlan.parse(request.plan);
  const merged = await repositoryAt(request.mergeSha);
  return isUndone(filesOf(plan), merged.tree, repository.tree) || arePortsBack(plan, merged, repository, request);
}

/** Told apart from the lines: somebody may have moved the ports back in words of their own. */
function arePortsBack(
  { before }: StoredPlan,
  merge: Repository,
  repository: Repository,
  { serviceName }: ChangeRequest,
): boolean {
  if (before === undefined) return false;
  const had = new Set(publishedPorts(StoredResolved.parse(before)).map(({ range }) => formatPortRange(range)));
  const merged = portsIn(merge, serviceName);
  const now = portsIn(repository, serviceName);
  const taken = [...merged].filter((port) => !had.has(port));
  const left = [...had].filter((port) => !merged.has(port));
  if (taken.length + left.length === 0) return false;
  return taken.every((port) => !now.has(port)) && left.every((port) => now.has(port));
}

function portsIn({ tree, profile }: Repository, serviceName: string): Set<string> {
  const own = observePorts(tree, profile).filter(({ service }) => service === serviceName);
  return new Set(own.map(({ range }) => formatPortRange(range)));
}

/** Whether main has the service of a request: a file speaks of it, or every file is there that was made for it, as the chart of one in Kubernetes alone. */
export async function isInMain(
  { tree, profile }: Repository,
  request: ChangeRequest,
  database: Database = db(),
): Promise<boolean> {
  if (observeServices(tree, profile).some(({ name }) => name === request.serviceName)) return true;
  return areInMain(await listMadeFiles(database, request), tree.paths);
}

function filesAreGone(request: ChangeRequest, paths: readonly string[]): boolean {
  const present = new Set(paths);
  return filesOf(StoredPlan.parse(request.plan)).every((file) => file.after !== null || !present.has(file.path));
}
