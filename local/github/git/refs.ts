/**
 * The refs of the bare repository. One process owns the repository, so they are held in memory and written through; reads are
 * immediate and always agree with each other.
 */
import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import git from 'isomorphic-git';

import { atomicFiles } from './atomic-files';

/** Git's rules for a ref's name (git-check-ref-format). */
export function isRefName(name: string): boolean {
  if (!name.startsWith('refs/') || name.split('/').length < 3) return false;
  if (/[\s~^:?*[\\\u007f]|\.\.|@\{|\/\/|\/$|\.$/.test(name)) return false;
  if ([...name].some((character) => character < ' ')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

export class Refs {
  private constructor(
    private readonly gitdir: string,
    private readonly byName: Map<string, string>,
  ) {}

  /** Reads all refs of the repository in `gitdir`. */
  static async open(gitdir: string): Promise<Refs> {
    const byName = new Map<string, string>();
    for (const folder of ['refs/heads', 'refs/tags', 'refs/pull']) {
      for (const name of await git.listRefs({ fs: atomicFiles, gitdir, filepath: folder })) {
        const ref = `${folder}/${name}`;
        if (ref.endsWith('.new')) continue;
        byName.set(ref, await git.resolveRef({ fs: atomicFiles, gitdir, ref }));
      }
    }
    return new Refs(gitdir, byName);
  }

  get(name: string): string | undefined {
    return this.byName.get(name);
  }

  branch(name: string): string | undefined {
    return this.byName.get(`refs/heads/${name}`);
  }

  /** Names and ids of the refs that begin with `prefix`, by name. */
  list(prefix: string): { name: string; oid: string }[] {
    return [...this.byName]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, oid]) => ({ name, oid }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether another ref stands where this name needs a folder, or the other way round. */
  clashes(name: string): boolean {
    return [...this.byName.keys()].some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
  }

  async set(name: string, oid: string): Promise<void> {
    await git.writeRef({ fs: atomicFiles, gitdir: this.gitdir, ref: name, value: oid, force: true });
    this.byName.set(name, oid);
  }

  async delete(name: string): Promise<void> {
    await git.deleteRef({ fs: atomicFiles, gitdir: this.gitdir, ref: name });
    this.byName.delete(name);
    await this.removeEmptyFolders(dirname(name));
  }

  // A folder left behind by `feature/x` would stand in the way of a branch called `feature`.
  private async removeEmptyFolders(folder: string): Promise<void> {
    if (folder.split('/').length < 3) return;
    try {
      await rmdir(join(this.gitdir, folder));
    } catch {
      return;
    }
    await this.removeEmptyFolders(dirname(folder));
  }
}
