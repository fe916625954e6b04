/**
 * The Git objects of the one bare repository: blobs, trees and commits, read and written through isomorphic-git. What was read
 * stays in memory up to a limit; objects never change.
 */
import git from 'isomorphic-git';

import { atomicFiles } from './atomic-files';
import { decodeCommit, encodeCommit, type CommitContent } from './commit-object';

export type ObjectType = 'blob' | 'tree' | 'commit';

export interface TreeEntry {
  mode: string;
  path: string;
  oid: string;
  type: ObjectType;
}

/** A file of a whole tree, by its full path. */
export interface FlatEntry extends TreeEntry {
  size: number | undefined;
}

type Stored =
  | { type: 'blob'; bytes: Buffer }
  | { type: 'tree'; entries: readonly TreeEntry[] }
  | { type: 'commit'; commit: CommitContent };

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const MODE = { file: '100644', executable: '100755', link: '120000', tree: '040000' } as const;

const CACHE_BYTES = 64_000_000;
const OID = /^[0-9a-f]{40}$/;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError';
}

export class ObjectStore {
  private readonly cache = new Map<string, Stored>();
  private cachedBytes = 0;

  private constructor(readonly gitdir: string) {}

  /** Opens the bare repository in `gitdir`, making it where there is none. */
  static async open(gitdir: string): Promise<ObjectStore> {
    await git.init({ fs: atomicFiles, gitdir, dir: gitdir, bare: true, defaultBranch: 'main' });
    return new ObjectStore(gitdir);
  }

  private async read(oid: string): Promise<Stored | undefined> {
    const known = this.cache.get(oid);
    if (known !== undefined) return known;
    if (!OID.test(oid)) return undefined;
    try {
      const { type, object } = await git.readObject({ fs: atomicFiles, gitdir: this.gitdir, oid, format: 'content' });
      if (!(object instanceof Uint8Array)) return undefined;
      if (type === 'blob') return this.remember(oid, { type, bytes: Buffer.from(object) }, object.length);
      if (type === 'commit') return this.remember(oid, { type, commit: decodeCommit(object) }, object.length);
      if (type === 'tree') {
        const { tree } = await git.readTree({ fs: atomicFiles, gitdir: this.gitdir, oid });
        return this.remember(oid, { type, entries: tree }, object.length);
      }
      return undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private remember(oid: string, stored: Stored, size: number): Stored {
    if (this.cachedBytes > CACHE_BYTES) {
      this.cache.clear();
      this.cachedBytes = 0;
    }
    this.cache.set(oid, stored);
    this.cachedBytes += size + 200;
    return stored;
  }

  /** What kind of object `oid` names; undefined where there is none. */
  async type(oid: string): Promise<ObjectType | undefined> {
    if (oid === EMPTY_TREE) return 'tree';
    return (await this.read(oid))?.type;
  }

  /** The bytes of a blob; undefined where there is no such blob. */
  async blob(oid: string): Promise<Buffer | undefined> {
    const stored = await this.read(oid);
    return stored?.type === 'blob' ? stored.bytes : undefined;
  }

  /** The entries of one tree; undefined where there is no such tree. */
  async tree(oid: string): Promise<readonly TreeEntry[] | undefined> {
    if (oid === EMPTY_TREE) return [];
    const stored = await this.read(oid);
    return stored?.type === 'tree' ? stored.entries : undefined;
  }

  /** A commit; undefined where there is no such commit. */
  async commit(oid: string): Promise<CommitContent | undefined> {
    const stored = await this.read(oid);
    return stored?.type === 'commit' ? stored.commit : undefined;
  }

  /** As `commit`. @throws Error where the repository lacks it, which is damage. */
  async requireCommit(oid: string): Promise<CommitContent> {
    const commit = await this.commit(oid);
    if (commit === undefined) throw new Error(`The repository lacks commit ${oid}.`);
    return commit;
  }

  async writeBlob(bytes: Uint8Array): Promise<string> {
    const oid = await git.writeBlob({ fs: atomicFiles, gitdir: this.gitdir, blob: bytes });
    this.remember(oid, { type: 'blob', bytes: Buffer.from(bytes) }, bytes.length);
    return oid;
  }

  async writeTree(entries: readonly TreeEntry[]): Promise<string> {
    return git.writeTree({ fs: atomicFiles, gitdir: this.gitdir, tree: [...entries] });
  }

  async writeCommit(commit: CommitContent): Promise<string> {
    const object = encodeCommit(commit);
    return git.writeObject({ fs: atomicFiles, gitdir: this.gitdir, type: 'commit', format: 'content', object });
  }

  /** Every entry below a tree, folders included when `folders` is set, in Git's order. @throws Error on a missing tree. */
  async flatten(oid: string, options: { folders?: boolean } = {}, prefix = ''): Promise<FlatEntry[]> {
    const entries = await this.tree(oid);
    if (entries === undefined) throw new Error(`The repository lacks tree ${oid}.`);
    const parts = await Promise.all(
      entries.map(async (entry): Promise<FlatEntry[]> => {
        const path = prefix + entry.path;
        if (entry.type === 'tree') {
          const below = await this.flatten(entry.oid, options, `${path}/`);
          return options.folders === true ? [{ ...entry, path, size: undefined }, ...below] : below;
        }
        const size = entry.type === 'blob' ? (await this.blob(entry.oid))?.length : undefined;
        return [{ ...entry, path, size }];
      }),
    );
    return parts.flat();
  }

  /** The entry at `path` below a tree; the root itself for ''. Undefined where there is none. */
  async entryAt(tree: string, path: string): Promise<TreeEntry | undefined> {
    let current: TreeEntry = { mode: MODE.tree, path: '', oid: tree, type: 'tree' };
    for (const part of path.split('/').filter((name) => name !== '')) {
      const entries = current.type === 'tree' ? await this.tree(current.oid) : undefined;
      const next = entries?.find((entry) => entry.path === part);
      if (next === undefined) return undefined;
      current = next;
    }
    return current;
  }
}
