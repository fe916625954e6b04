/** Turns a folder into the first commit of main: bytes and executable bits exactly as they are. */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { EMPTY_TREE, MODE, type ObjectStore, type TreeEntry } from './object-store';

/** Writes the folder as a tree; empty folders and `.git` are left out. */
export async function writeFolder(store: ObjectStore, folder: string): Promise<string> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name): Promise<TreeEntry | undefined> => {
      const path = join(folder, name);
      const info = await lstat(path);
      if (info.isDirectory()) {
        if (name === '.git') return undefined;
        const oid = await writeFolder(store, path);
        return oid === EMPTY_TREE ? undefined : { mode: MODE.tree, path: name, oid, type: 'tree' };
      }
      if (info.isSymbolicLink()) {
        const target = await readlink(path, { encoding: 'buffer' });
        return { mode: MODE.link, path: name, oid: await store.writeBlob(target), type: 'blob' };
      }
      if (!info.isFile()) return undefined;
      const mode = (info.mode & 0o100) === 0 ? MODE.file : MODE.executable;
      return { mode, path: name, oid: await store.writeBlob(await readFile(path)), type: 'blob' };
    }),
  );
  return store.writeTree(entries.filter((entry) => entry !== undefined));
}
