/** Commits, refs, trees and changed files as GitHub shows them. */
import { changedFiles, fileDifference, type ChangedFile } from '../git/changed-files';
import type { CommitContent, Signature } from '../git/commit-object';
import { isoOf, type Hub } from '../hub';
import { repositoryPage, repositoryUrl } from './repository';
import { nodeId, presentUser } from './user';

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

function presentSignature({ name, email, date }: Signature) {
  return { name, email, date: isoOf(date) };
}

function presentParents(hub: Hub, commit: CommitContent, folder: 'git/commits' | 'commits') {
  return commit.parents.map((sha) => ({
    sha,
    url: `${repositoryUrl(hub)}/${folder}/${sha}`,
    html_url: `${repositoryPage(hub)}/commit/${sha}`,
  }));
}

/** GitHub's `git-commit`. */
export function presentGitCommit(hub: Hub, sha: string, commit: CommitContent) {
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: `${repositoryUrl(hub)}/git/commits/${sha}`,
    html_url: `${repositoryPage(hub)}/commit/${sha}`,
    author: presentSignature(commit.author),
    committer: presentSignature(commit.committer),
    tree: { sha: commit.tree, url: `${repositoryUrl(hub)}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: presentParents(hub, commit, 'git/commits'),
    verification: UNSIGNED,
  };
}

function userOf(hub: Hub, signature: Signature) {
  const account = hub.accounts.byEmail(signature.email);
  return account === undefined ? null : presentUser(hub, account.login);
}

/** GitHub's `commit`, without its files. */
export function presentCommit(hub: Hub, sha: string, commit: CommitContent) {
  const url = `${repositoryUrl(hub)}/commits/${sha}`;
  return {
    sha,
    node_id: nodeId('Commit', sha),
    commit: {
      author: presentSignature(commit.author),
      committer: presentSignature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${repositoryUrl(hub)}/git/trees/${commit.tree}` },
      url: `${repositoryUrl(hub)}/git/commits/${sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: `${repositoryPage(hub)}/commit/${sha}`,
    comments_url: `${url}/comments`,
    author: userOf(hub, commit.author),
    committer: userOf(hub, commit.committer),
    parents: presentParents(hub, commit, 'commits'),
  };
}

/** A commit by its id, as `presentCommit` shows it. */
export async function presentCommitOf(hub: Hub, sha: string) {
  return presentCommit(hub, sha, await hub.objects.requireCommit(sha));
}

function segments(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** GitHub's `diff-entry`; `ref` is the commit that holds the file afterwards. */
export async function presentChange(hub: Hub, file: ChangedFile, ref: string) {
  const { additions, deletions, patch } = await fileDifference(hub.objects, file);
  return {
    sha: (file.after ?? file.before)?.oid ?? null,
    filename: file.path,
    status: file.status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${repositoryPage(hub)}/blob/${ref}/${segments(file.path)}`,
    raw_url: `${repositoryPage(hub)}/raw/${ref}/${segments(file.path)}`,
    contents_url: `${repositoryUrl(hub)}/contents/${segments(file.path)}?ref=${ref}`,
    ...(patch === undefined ? {} : { patch }),
  };
}

/** The files in which commit `head` differs from commit `base` (undefined: from nothing). */
export async function changesBetween(hub: Hub, base: string | undefined, head: string): Promise<ChangedFile[]> {
  const before = base === undefined ? undefined : (await hub.objects.requireCommit(base)).tree;
  return changedFiles(hub.objects, before, (await hub.objects.requireCommit(head)).tree);
}

/** GitHub's `commit` with statistics and files, against its first parent. */
export async function presentCommitWithFiles(hub: Hub, sha: string) {
  const commit = await hub.objects.requireCommit(sha);
  const changes = await changesBetween(hub, commit.parents[0], sha);
  const files = await Promise.all(changes.map((file) => presentChange(hub, file, sha)));
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { ...presentCommit(hub, sha, commit), stats: { additions, deletions, total: additions + deletions }, files };
}

/** GitHub's `git-ref`. */
export async function presentRef(hub: Hub, name: string, sha: string) {
  const type = (await hub.objects.type(sha)) ?? 'commit';
  return {
    ref: name,
    node_id: nodeId('Ref', name),
    url: `${repositoryUrl(hub)}/git/${segments(name)}`,
    object: { sha, type, url: `${repositoryUrl(hub)}/git/${type}s/${sha}` },
  };
}

/** GitHub's `git-tree`. */
export async function presentTree(hub: Hub, sha: string, recursive: boolean, limit: number) {
  const direct = ((await hub.objects.tree(sha)) ?? []).map((entry) => ({ ...entry, size: undefined }));
  const entries = recursive ? await hub.objects.flatten(sha, { folders: true }) : direct;
  const tree = await Promise.all(
    entries.slice(0, limit).map(async (entry) => ({
      path: entry.path,
      mode: entry.mode.padStart(6, '0'),
      type: entry.type,
      sha: entry.oid,
      ...(entry.type === 'blob' ? { size: entry.size ?? (await hub.objects.blob(entry.oid))?.length ?? 0 } : {}),
      url: `${repositoryUrl(hub)}/git/${entry.type}s/${entry.oid}`,
    })),
  );
  return { sha, url: `${repositoryUrl(hub)}/git/trees/${sha}`, tree, truncated: entries.length > limit };
}
