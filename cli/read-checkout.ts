/**
 * A checkout on disk as the generator's Tree. Git itself is not needed. What is not the repository's text is not readable: `.git` and
 * `node_modules` are skipped, symbolic links are listed but never followed, binaries, files over 2 MB and other encodings than UTF-8 read as undefined.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tree } from '@/lib/generator/types';
import { explainSystemError, UsageError } from './usage-error';

const LARGEST_FILE = 2 * 1024 * 1024;
const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * Lists the checkout and reads its files as they are asked for, each once. What Git would not take in a patch of this repository is left out: other
 * repositories inside it, names that are not UTF-8.
 * @param warn told about what is left out: a data folder of another user must not end the command.
 * @throws UsageError where the folder itself cannot be read, or a file that is asked for may not be.
 */
export function readCheckout(folder: string, warn: (message: string) => void): Tree {
  const kinds = new Map<string, 'file' | 'link'>();
  const walk = (relative: string) => {
    let entries;
    try {
      entries = readdirSync(join(folder, relative), { withFileTypes: true });
    } catch (error) {
      const message = explainSystemError(error, join(folder, relative));
      if (relative === '') throw new UsageError(message);
      warn(`${message} It is left out.`);
      return;
    }
    if (relative !== '' && entries.some((entry) => entry.name === '.git')) {
      warn(`${join(folder, relative)} is a repository of its own (a submodule). It is left out.`);
      return;
    }
    for (const entry of entries) {
      if (SKIPPED.has(entry.name)) continue;
      if (entry.name.includes('\uFFFD')) {
        warn(`${join(folder, relative, entry.name)} has a name that is not UTF-8. It is left out.`);
        continue;
      }
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) kinds.set(path, 'file');
      else if (entry.isSymbolicLink()) kinds.set(path, 'link');
    }
  };
  walk('');
  const texts = new Map<string, string | undefined>();
  return {
    paths: [...kinds.keys()].sort(),
    read: (path) => {
      if (kinds.get(path) !== 'file') return undefined;
      if (!texts.has(path)) texts.set(path, readText(join(folder, path)));
      return texts.get(path);
    },
    isExecutable: (path) => kinds.get(path) === 'file' && (statSync(join(folder, path)).mode & 0o100) !== 0,
  };
}

function readText(path: string): string | undefined {
  try {
    if (statSync(path).size > LARGEST_FILE) return undefined;
    return decodeText(readFileSync(path));
  } catch (error) {
    throw new UsageError(explainSystemError(error, path));
  }
}

/** The repository that a folder lies in, where it is not itself the top of one. */
export function repositoryAround(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return undefined;
  for (let above = dirname(folder), below = folder; above !== below; below = above, above = dirname(above))
    if (existsSync(join(above, '.git'))) return above;
  return undefined;
}

/** Bytes as text, a byte-order mark kept; undefined where they are binary or not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
