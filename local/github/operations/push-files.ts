/** A push by a person, in one step: files in, one commit on a branch out. The branch is made from main where it is new. */
import type { GitHubAccount } from '../accounts';
import { unprocessable } from '../api-error';
import { editTree, type TreeChange } from '../git/edit-tree';
import { MODE } from '../git/object-store';
import { DEFAULT_BRANCH, type Hub } from '../hub';
import { createRef, updateRef } from './branches';

export interface PushedFile {
  path: string;
  /** undefined removes the file. */
  bytes: Uint8Array | undefined;
  executable?: boolean;
}

/** Commits `files` on top of `branch`. @returns the new commit. */
export async function pushFiles(
  hub: Hub,
  actor: GitHubAccount,
  input: { branch: string; message: string; files: readonly PushedFile[] },
): Promise<string> {
  const before = hub.refs.branch(input.branch);
  const parent = before ?? hub.refs.branch(DEFAULT_BRANCH);
  if (parent === undefined) throw unprocessable('The repository is empty.');
  const { tree: base } = await hub.objects.requireCommit(parent);
  const changes = await Promise.all(
    input.files.map(async ({ path, bytes, executable }): Promise<TreeChange> => {
      if (bytes === undefined) return { path, entry: undefined };
      const old = await hub.objects.entryAt(base, path);
      const mode = executable === undefined ? (old?.mode ?? MODE.file) : executable ? MODE.executable : MODE.file;
      return { path, entry: { mode, type: 'blob', oid: await hub.objects.writeBlob(bytes) } };
    }),
  );
  const author = hub.signature(actor);
  const commit = await hub.objects.writeCommit({
    tree: await editTree(hub.objects, base, changes),
    parents: [parent],
    author,
    committer: author,
    message: input.message,
  });
  const ref = `refs/heads/${input.branch}`;
  if (before === undefined) await createRef(hub, actor, ref, commit);
  else await updateRef(hub, actor, ref, commit, false);
  return commit;
}
