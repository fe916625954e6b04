/**
 * Runs a program as carefully as one runs what reads other people's files: with an environment of its own, within limits of time,
 * output and memory, and with everything it started ended when it has to end.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

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
  /** Bytes of memory that each of its processes may write to. */
  mostMemory?: number;
}

export interface ProgramResult {
  /** `exit`: it ended by itself. The others were ended by us, were refused memory, or never began. */
  ended: 'exit' | 'timeout' | 'too-much-output' | 'too-much-memory' | 'not-started';
  /** The exit code; undefined where a signal ended it. */
  code: number | undefined;
  out: string;
  err: string;
  durationMs: number;
}

const TIMEOUT_MS = 20_000;
const MOST_OUTPUT = 4 * 1024 * 1024;
/** Eight times what Helm and Compose take for a small change. */
const MOST_MEMORY = 1024 * 1024 * 1024;

/**
 * Node cannot limit what it starts: a shell does, and becomes the program. It is given the words of the call as they are and reads none of them.
 * The limit is that of data (RLIMIT_DATA), which Linux counts by what may be written to. One of address space (`-v`) would count what Go's and
 * Haskell's programs only reserve. Where the system has no such limit the program runs without it.
 */
const WITHIN_LIMIT = 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"';

/** How programs say that they were refused memory: Go's and Haskell's run times, and those written in C. Helm's own errors, which a chart may word, begin otherwise. */
const OUT_OF_MEMORY = /^(?!Error:)[\w./-]+(?: error)?: .*(?:out of memory|cannot allocate memory|memory exhausted)/im;

/**
 * Runs `command` with `args`. Never rejects: how it ended is in the result.
 * @param command the program's absolute path.
 */
export async function runProgram(command: string, args: readonly string[], call: ProgramCall): Promise<ProgramResult> {
  const started = performance.now();
  try {
    await access(command, constants.X_OK);
  } catch (error) {
    const err = error instanceof Error ? error.message : String(error);
    return { ended: 'not-started', code: undefined, out: '', err, durationMs: performance.now() - started };
  }
  return run(command, args, call, started);
}

function run(command: string, args: readonly string[], call: ProgramCall, started: number): Promise<ProgramResult> {
  const { folder, environment, input, timeoutMs = TIMEOUT_MS, mostOutput = MOST_OUTPUT } = call;
  const kibibytes = Math.floor((call.mostMemory ?? MOST_MEMORY) / 1024);
  return new Promise((resolve) => {
    // A group of its own, so that its children end with it.
    const child = spawn('/bin/sh', ['-c', WITHIN_LIMIT, 'sh', String(kibibytes), command, ...args], {
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
      const said = failure ? failure.message : Buffer.concat(err).toString('utf8');
      resolve({
        ended: ended === 'exit' && code !== 0 && OUT_OF_MEMORY.test(said) ? 'too-much-memory' : ended,
        code: code ?? undefined,
        out: Buffer.concat(out).toString('utf8'),
        err: said,
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
