// What `make up`, `make dev` and `make reset` do, once Node and the packages are known to be there (scripts/up.mjs sees to
// that): run the local stack on the data folder, say concisely what happens, and stop everything on Ctrl-C.
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeDatabaseFiles, stopLeftoverServer } from './database/database-server';
import { describeTools } from './describe-tools';
import { describeHolder } from './instance-lock';
import { createStack, type LocalAccounts, type Stack, type StackControl } from './stack';
import { explainFileError, StackError } from './stack-error';
import { portsFromEnvironment } from './stack-ports';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** npm passes on a Ctrl-C that the terminal has already sent to us; two within this time are one. */
const SAME_SIGNAL_MS = 1_000;

/** Starts the stack and stays until it is stopped or fails; sets the process's exit code. */
export async function up(mode: 'production' | 'development'): Promise<void> {
  const dataDir = dataFolder();
  const began = Date.now();
  // The terminal may be closed before we are done: that must not keep us from stopping the rest.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const stack = createStack({
      dataDir,
      mode,
      ports: portsFromEnvironment(process.env),
      databaseUrl: process.env.DATABASE_URL || undefined,
      onProgress: printProgress(dataDir),
      onNote: (note) => console.log(`  note: ${note}`),
      onLine: mode === 'development' ? (program, line) => console.log(`${program.padEnd(9)}| ${line}`) : undefined,
    });
    const signalled = stopOnSignals(stack);
    const running = await stack.start();
    printReady(running, Date.now() - began, dataDir, await describeTools());
    const failure = await Promise.race([running.failed, signalled]);
    if (failure) throw failure;
  } catch (error) {
    if (stoppedBySignal) return;
    process.exitCode = 1;
    console.error(error instanceof StackError ? `\n${error.message}` : error);
  }
}

/** Clears everything that local stacks of this project remember, unless one is running. */
export async function reset(): Promise<void> {
  const dataDir = dataFolder();
  const holder = describeHolder(dataDir);
  if (holder) {
    console.error(`Nothing was cleared. ${holder}`);
    process.exitCode = 1;
    return;
  }
  try {
    await stopLeftoverServer(join(dataDir, 'postgres'));
    removeDatabaseFiles(join(dataDir, 'postgres'));
    rmSync(dataDir, { recursive: true, force: true });
    console.log(`Cleared ${dataDir}. The next "make up" starts afresh.`);
  } catch (error) {
    const explained = explainFileError(error, dataDir);
    console.error(explained instanceof StackError ? explained.message : explained);
    process.exitCode = 1;
  }
}

function dataFolder(): string {
  return process.env.SLIPWAY_DATA_DIR || join(root, '.slipway');
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

let stoppedBySignal = false;

/** Settles once everything has been stopped because of a signal. A second signal ends everything by force. */
function stopOnSignals(stack: StackControl): Promise<undefined> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (first === undefined) {
        first = Date.now();
        stoppedBySignal = true;
        console.log('\nStopping… (Ctrl-C again ends everything at once)');
        void stack.stop().then(() => {
          console.log('Slipway has stopped.');
          resolve(undefined);
        });
      } else if (Date.now() - first > SAME_SIGNAL_MS) {
        stack.abandon();
        console.log('Ended by force.');
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

function printProgress(dataDir: string): NonNullable<Parameters<typeof createStack>[0]['onProgress']> {
  const began = new Map<string, number>();
  return ({ part, state, detail }) => {
    // Not before the first part begins: a start that is refused has nothing to announce.
    if (began.size === 0) console.log(`Starting Slipway; its data is in ${shortPath(dataDir)}. Ctrl-C stops it.\n`);
    if (state === 'started') {
      began.set(part, Date.now());
      if (detail) console.log(`  ${part.padEnd(14)} ${detail}`);
      return;
    }
    const seconds = ((Date.now() - (began.get(part) ?? Date.now())) / 1000).toFixed(1);
    console.log(`  ${part.padEnd(14)} ${(detail ?? 'ready').padEnd(28)} ${seconds.padStart(6)} s`);
  };
}

function printReady(stack: Stack, tookMs: number, dataDir: string, tools: string): void {
  console.log(`\nSlipway is ready after ${(tookMs / 1000).toFixed(1)} s:\n\n  ${stack.urls.portal}\n`);
  console.log(table(stack.accounts));
  console.log(`\n${tools}`);
  console.log(`\nLogs: ${shortPath(join(dataDir, 'logs'))}/`);
}

function table(accounts: LocalAccounts): string {
  const rows = [{ user: 'sign in as', password: 'password', purpose: '' }, ...accounts];
  const width = (key: 'user' | 'password'): number => Math.max(...rows.map((row) => row[key].length)) + 2;
  return rows
    .map((row) =>
      `  ${row.user.padEnd(width('user'))}${row.password.padEnd(width('password'))}${row.purpose}`.trimEnd(),
    )
    .join('\n');
}
