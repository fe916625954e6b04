/**
 * One JSON file as a stand-in's memory: written whole to a neighbour and renamed, so that a kill leaves the old or the new state
 * and never half of one. For the local stack only.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Reads and parses `path`.
 * @returns the parsed value, or undefined where there is no such file yet.
 * @throws what the file system says for other failures, and an Error that names the file when it holds no JSON.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} holds no valid JSON. Delete it to start afresh.`, { cause: error });
  }
}

/** Replaces `path` by `value` as JSON, readable by its owner alone; it is on disk when the promise resolves. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const neighbour = `${path}.new`;
  const file = await open(neighbour, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(neighbour, path);
}

/**
 * Queues writes of one file so that they never overlap; what is written is the state at the moment of writing.
 * @returns `save`, which resolves once a state at least as new as the call is on disk.
 */
export function createSaver(path: string, state: () => unknown): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        running = writeJsonFile(path, state());
        return running;
      });
    return waiting;
  };
}
