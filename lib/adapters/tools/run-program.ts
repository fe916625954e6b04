/**
 * Runs a program as carefully as one runs what reads other people's files: without a shell, with an environment of its own, within limits of time and
 * output, and with everything it started ended when it has to end.
 */
import { spawn } from 'node:child_process';

export interface ProgramCall {
  /** Working folder. */
  folder: string;
  /** The whole environment: nothing of ours is inherited. */
  environment: Readonly<Record<string, string>>;
  /** Text for standard input; none where absent. */
  input?: string;
  timeoutMs?: number;
  /** Bytes of output, both streams together. */
  mostOutput?: number;
}

export interface ProgramResult {
  /** `exit`: it ended by itself. The others were ended by us, or never began. */
  ended: 'exit' | 'timeout' | 'too-much-output' | 'not-started';
  /** The exit code; undefined where a signal ended it. */
  code: number | undefined;
  out: string;
  err: string;
  durationMs: number;
}

const TIMEOUT_MS = 20_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** Runs `command` with `args`. Never rejects: how it ended is in the result. */
export function runProgram(command: string, args: readonly string[], call: ProgramCall): Promise<ProgramResult> {
  const { folder, environment, input, timeoutMs = TIMEOUT_MS, mostOutput = MOST_OUTPUT } = call;
  const started = performance.now();
  return new Promise((resolve) => {
    // A group of its own, so that its children end with it.
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...environment, NODE_ENV: 'production' },
      detached: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let ended: ProgramResult['ended'] = 'exit';
    const end = (why: ProgramResult['ended']) => {
      if (ended !== 'exit') return;
      ended = why;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => end('timeout'), timeoutMs);
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > mostOutput) end('too-much-output');
      else into.push(chunk);
    };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(err));
    // A program that does not read its input closes it: how it ended tells what matters.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const finish = (code: number | null, failure?: Error) => {
      clearTimeout(timer);
      if (child.pid !== undefined) killGroup(child.pid);
      resolve({
        ended,
        code: code ?? undefined,
        out: Buffer.concat(out).toString('utf8'),
        err: failure ? failure.message : Buffer.concat(err).toString('utf8'),
        durationMs: performance.now() - started,
      });
    };
    child.once('error', (error) => {
      ended = 'not-started';
      finish(null, error);
    });
    // A child that kept the streams open would keep `close` from coming: the rest of the group goes when the program itself is gone.
    child.once('exit', () => {
      if (child.pid !== undefined) killGroup(child.pid);
    });
    child.once('close', (code) => finish(code));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
