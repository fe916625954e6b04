/** A folder for one run of a tool: only the files it needs, readable by us alone, gone afterwards. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/**
 * Writes the files, runs `work` on the folder and removes it.
 * @param files texts by their path from the repository's root, with `/` between folders.
 * @throws RangeError for a path that leads out of the folder.
 */
export async function withPrivateFolder<T>(
  files: ReadonlyMap<string, string>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-check-'));
  try {
    const repository = repositoryIn(folder);
    await Promise.all([mkdir(homeIn(folder)), mkdir(repository)]);
    for (const [path, text] of files) {
      const target = resolve(repository, path);
      if (!target.startsWith(repository + sep)) throw new RangeError(`${path} leads out of the repository`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the files of a private folder stand. */
export function repositoryIn(folder: string): string {
  return join(folder, 'repository');
}

/** The empty home of whatever runs in a private folder. */
export function homeIn(folder: string): string {
  return join(folder, 'home');
}
