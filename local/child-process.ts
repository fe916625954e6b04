// One program of the local stack: started in a process group of its own with its output in a log file, known to be ready
// by the line it prints or by an address that answers, and ended with everything it started itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessGuard } from './process-guard';
import { StackError } from './stack-error';

export interface ChildOptions {
  name: string;
  /** Arguments for Node itself: what to load, then the program's own. */
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  guard: ProcessGuard;
  /** Waits for this address to answer 200 instead of for a line `{"ready":true,…}` on the output. */
  readyUrl?: string;
  readyTimeoutMs?: number;
  /** Also shows each line of output to the person. */
  onLine?: (line: string) => void;
}

export interface RunningChild {
  pid: number;
  /** What the ready line said; empty with `readyUrl`. Rejects with a StackError when it ends before or takes too long. */
  ready: Promise<Record<string, unknown>>;
  /** Settles when it has ended, with a few words about how. */
  ended: Promise<string>;
  /** Asks it to end, and ends it by force when it takes too long. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 10_000;
const READY_TIMEOUT_MS = 60_000;
const LAST_WORDS_MS = 500;

/** Starts the program and returns at once; `ready` tells how that went, with the last lines of its log if badly. */
export function startChild(options: ChildOptions): RunningChild {
  const log = openLog(options.logFile);
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    // Ctrl-C goes to the terminal's whole group; the order in which things end is ours to keep, so they get their own.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined)
    throw new StackError(`Could not start ${options.name}: Node at ${process.execPath} does not run.`);
  options.guard.watch(pid, 'SIGTERM');
  let announcement: Record<string, unknown> | undefined;
  forwardLines(child, log, (line) => {
    announcement ??= readAnnouncement(line);
    options.onLine?.(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      options.guard.unwatch(pid);
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      // Its last words may still be in the pipe; something that it left running may hold the pipe open for good.
      child.once('close', () => resolve(how));
      void sleep(LAST_WORDS_MS).then(() => resolve(how));
    });
    child.once('error', (error) => resolve(`failed: ${error.message}`));
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stopIt = (): Promise<void> => stop(pid, hasEnded);
  const waitUntilReady = async (): Promise<Record<string, unknown>> => {
    const deadline = Date.now() + (options.readyTimeoutMs ?? READY_TIMEOUT_MS);
    while (!(options.readyUrl ? await answers(options.readyUrl) : announcement)) {
      if (hasEnded()) throw new StackError(describeEnd(options, await ended));
      if (Date.now() > deadline) {
        await stopIt();
        throw new StackError(describeEnd(options, 'was not ready in time'));
      }
      await Promise.race([sleep(40), ended]);
    }
    return announcement ?? {};
  };
  const ready = waitUntilReady();
  // Whoever waits for it gets the error; nobody has to wait while everything is being stopped anyway.
  ready.catch(() => undefined);
  return { pid, ready, ended, stop: stopIt };
}

/** A sentence about how a program ended, with the last lines of its log. */
export function describeEnd(options: Pick<ChildOptions, 'name' | 'logFile'>, how: string, lines = 12): string {
  const tail = readTail(options.logFile, lines);
  return `The ${options.name} ${how}. ${tail ? `Its log (${options.logFile}) ends with:\n${tail}` : `Its log is ${options.logFile}.`}`;
}

function openLog(file: string): number {
  // One run back is kept: after a restart the reason why it was needed is still there.
  if (existsSync(file)) renameSync(file, file.replace(/(\.log)?$/, '.previous.log'));
  return openSync(file, 'a', 0o600);
}

function forwardLines(child: ChildProcess, log: number, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      try {
        writeSync(log, `${line}\n`);
      } catch {
        // A disk that fills up while running must not end the portal for the sake of its log.
      }
      onLine(line);
    });
  }
  child.once('close', () => closeSync(log));
}

function readAnnouncement(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{') || !line.includes('"ready"')) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return value.ready === true ? value : undefined;
  } catch {
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function stop(pid: number, hasEnded: () => boolean): Promise<void> {
  if (!hasEnded()) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It ended by itself a moment ago.
    }
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (!hasEnded() && Date.now() < deadline) await sleep(20);
  }
  // Whatever the leader has left of its group: compilers, watchers, or itself when it did not listen.
  killGroup(pid, 'SIGKILL');
  while (!hasEnded()) await sleep(10);
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

function readTail(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
