// The folder that holds everything a local stack remembers: by default .slipway in the project. Opening it finds out at
// once, in one sentence, what would otherwise fail later in the middle of something: a full disk, a folder of another account.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFileError } from './stack-error';

export interface DataFolder {
  directory: string;
  /** Path of something inside. */
  path(...names: string[]): string;
  readJson(name: string): unknown;
  /** Whole or not at all, readable by this account only. */
  writeJson(name: string, value: unknown): void;
}

/**
 * Makes the folder if need be and proves that it can be written.
 *
 * @throws StackError when the disk is full, or the folder cannot be written
 */
export function openDataFolder(directory: string): DataFolder {
  const path = (...names: string[]): string => join(directory, ...names);
  try {
    mkdirSync(path('logs'), { recursive: true });
    // Others may pass through (under root PostgreSQL runs as another account) but neither list nor read.
    if (process.getuid?.() === 0) chmodSync(directory, 0o711);
    const probe = path(`probe.${process.pid}`);
    try {
      // As much as a first start writes before PostgreSQL checks for itself.
      writeFileSync(probe, Buffer.alloc(1024 * 1024, 1));
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw explainFileError(error, directory);
  }
  return {
    directory,
    path,
    readJson(name) {
      if (!existsSync(path(name))) return undefined;
      try {
        return JSON.parse(readFileSync(path(name), 'utf8')) as unknown;
      } catch (error) {
        // Half a file cannot happen (see writeJson); an edited one is as good as none, an unreadable one is said.
        if (error instanceof SyntaxError) return undefined;
        throw explainFileError(error, directory);
      }
    },
    writeJson(name, value) {
      const draft = path(`${name}.draft`);
      try {
        writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
        renameSync(draft, path(name));
      } catch (error) {
        rmSync(draft, { force: true });
        throw explainFileError(error, directory);
      }
    },
  };
}
