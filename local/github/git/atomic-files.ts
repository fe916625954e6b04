/**
 * The file system that Git objects and refs are written through: whole to a neighbour, then renamed, so that a kill leaves no
 * half-written object that a later write would take for an existing one.
 */
import { randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rmdir,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const neighbour = `${path}.${randomBytes(4).toString('hex')}.new`;
  await writeFile(neighbour, content);
  await rename(neighbour, path);
}

/** For isomorphic-git's `fs` parameter. */
export const atomicFiles = {
  promises: { lstat, mkdir, readdir, readFile, readlink, rmdir, stat, symlink, unlink, writeFile: writeWhole },
};
