// One Slipway per data folder. The lock file names its holder, so that a second start can say where the first one is,
// and a lock whose holder was killed is taken over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startTime } from './process-identity';
import { StackError } from './stack-error';

const Holder = z.object({
  pid: z.number(),
  started: z.string().optional(),
  url: z.string().optional(),
  /** It serves the production build in .next, which must not be replaced meanwhile. */
  usesBuild: z.boolean().optional(),
});
type Holder = z.infer<typeof Holder>;

export interface InstanceLock {
  /** Notes the address for a second start to print. */
  announce(url: string): void;
  release(): void;
}

/**
 * Takes the folder for this process.
 *
 * @throws StackError when another live process has it; the message names its address and process
 */
export function takeInstanceLock(directory: string, { usesBuild = false } = {}): InstanceLock {
  const file = join(directory, 'lock.json');
  const ours: Holder = { pid: process.pid, started: startTime(process.pid), usesBuild };
  const draft = join(directory, `lock.${process.pid}.draft`);
  writeFileSync(draft, JSON.stringify(ours));
  try {
    // link() fails when the name exists: of two that start at once only one gets it, and never half a file.
    while (!tryLink(draft, file)) {
      const holder = readHolder(file);
      if (holder && isRunning(holder)) throw new StackError(alreadyRunning(holder));
      breakStaleLock(file, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  const isOurs = (): boolean => readHolder(file)?.pid === process.pid;
  return {
    announce(url) {
      writeFileSync(draft, JSON.stringify({ ...ours, url }));
      renameSync(draft, file);
    },
    release() {
      if (isOurs()) rmSync(file, { force: true });
    },
  };
}

/** What a second start is told about the first; undefined when nobody has the folder. */
export function describeHolder(directory: string): string | undefined {
  const holder = readHolder(join(directory, 'lock.json'));
  return holder && isRunning(holder) ? alreadyRunning(holder) : undefined;
}

/** Another process that has the folder and serves the build; undefined when replacing the build disturbs nobody. */
export function describeBuildUser(directory: string): string | undefined {
  const holder = readHolder(join(directory, 'lock.json'));
  return holder?.usesBuild && holder.pid !== process.pid && isRunning(holder) ? alreadyRunning(holder) : undefined;
}

function alreadyRunning({ pid, url }: Holder): string {
  return url
    ? `Slipway is already running at ${url} (process ${pid}). Stop it with Ctrl-C where it was started, or: kill ${pid}`
    : `Slipway is already being started by process ${pid}. Wait for it, or stop it: kill ${pid}`;
}

function isRunning(holder: Holder): boolean {
  const now = startTime(holder.pid);
  return now !== undefined && (holder.started === undefined || holder.started === now);
}

function readHolder(file: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved away rather than deleted: if somebody took the lock in between, it is theirs and goes back. */
function breakStaleLock(file: string, stale: Holder | undefined): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved && moved.pid !== stale?.pid && isRunning(moved)) tryLink(aside, file);
  rmSync(aside, { force: true });
}
