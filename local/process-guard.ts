// Starts guard-processes.mjs and tells it what runs, so that nothing outlives a stack that was killed with SIGKILL.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessGuard {
  /** From now on this process group is ended if we disappear; `signal` is what its leader takes as a request to end. */
  watch(pid: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT'): void;
  unwatch(pid: number): void;
  /** A folder to delete, after everything has ended, if we disappear. */
  removeFolder(path: string): void;
  /** Everything has been ended in order: the guard has nothing left to do. Settles when it has gone itself. */
  dismiss(): Promise<void>;
  /** Ends everything now, without waiting for anybody to finish. */
  killNow(): void;
}

/** Starts the guard. It ends by itself, either with `dismiss` or after it did its work. */
export function startProcessGuard(): ProcessGuard {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./guard-processes.mjs', import.meta.url))], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // A guard that could not start, or was itself killed, is no reason to end the stack.
    child.on('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.unref();
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    watch: (pid, signal) => say(`+ ${pid} ${signal}`),
    unwatch: (pid) => say(`- ${pid}`),
    removeFolder: (path) => say(`rm ${path}`),
    dismiss: () => {
      child.ref();
      child.stdin.end('bye\n');
      return gone;
    },
    killNow: () => void child.stdin.end('now\n'),
  };
}
