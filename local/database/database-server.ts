// A real PostgreSQL in a data folder: created when it is not there, started, stopped, and taken back from a process
// that was killed before it could stop it. Used by `make up` (durable) and by the tests (fast, thrown away).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from '../process-identity';
import {
  canWrite,
  choosePostgresAccount,
  DatabaseError,
  findPostgresBinaries,
  ROOT_STATE_DIRECTORY,
  type PostgresAccount,
  type PostgresBinaries,
} from './postgres-binaries';

export interface DatabaseServerOptions {
  /** Folder for everything of this server; made if it is not there. */
  directory: string;
  port: number;
  password: string;
  /** Where the server writes its log; in the directory if not given. */
  logFile?: string;
  /** False only in tests: no fsync, so a power cut may lose everything. */
  durable?: boolean;
  /** Called with the server's process id as soon as it runs, for whoever must end it if we are killed. */
  onProcess?: (pid: number) => void;
}

export interface DatabaseServer {
  pid: number;
  port: number;
  logFile: string;
  /** The connection string of a database on this server; it need not exist yet. */
  url(database: string): string;
  /** Settles when the server has ended, however that came about. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const USER = 'slipway';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/**
 * Starts PostgreSQL on 127.0.0.1, creating its files first if there are none. A server that an earlier, killed
 * process left running on the same files is stopped first.
 *
 * @throws DatabaseError with the reason from the server's own log
 */
export async function startDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  const { home, account } = prepareHome(options.directory);
  const binaries = await findPostgresBinaries(account);
  const data = join(home, 'data');
  const logFile = options.logFile ?? join(home, 'postgres.log');
  await stopLeftover(data);
  if (!existsSync(join(data, 'PG_VERSION'))) createCluster(binaries, account, home, data, options.password);
  checkVersion(binaries, data);

  const log = openSync(logFile, 'a');
  const child = spawn(
    binaries.postgres,
    ['-D', data, '-p', String(options.port), ...settings(options.durable ?? true)],
    {
      cwd: home,
      // Its own process group: Ctrl-C in the terminal must reach us alone, or the database would end before the portal.
      detached: true,
      // A file, not a pipe, so that the server does not lose its log when we are gone.
      stdio: ['ignore', log, log],
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      ...account,
    },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const pid = child.pid;
  if (pid === undefined) throw new DatabaseError(`PostgreSQL could not be started from ${binaries.postgres}.`);
  options.onProcess?.(pid);

  const server: DatabaseServer = {
    pid,
    port: options.port,
    logFile,
    url: (database) =>
      `postgresql://${USER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`,
    ended,
    stop: () => stopProcess(pid, ended),
  };
  try {
    await waitUntilReady(server, data, () => child.exitCode !== null || child.signalCode !== null);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Ends a server that an earlier, killed process left running on this folder, so that its port is free again. */
export async function stopLeftoverServer(directory: string): Promise<void> {
  for (const home of [directory, homeWithinReach(directory)]) await stopLeftover(join(home, 'data'));
}

/** Creates the database if the server has none of that name. */
export async function ensureDatabase(server: DatabaseServer, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Deletes the files of a server that is not running, wherever they had to be put. */
export function removeDatabaseFiles(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  rmSync(homeWithinReach(directory), { recursive: true, force: true });
}

/** The last lines of the server's log, for a message about why it ended. */
export function tailOfDatabaseLog(logFile: string, lines = 6): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

function settings(durable: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    // No socket file: its path would be too long in a deep folder, and nobody uses it.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_min_messages: 'warning',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The folder for the cluster and who runs it: the folder asked for, or under root one that the account can reach. */
function prepareHome(directory: string): { home: string; account: PostgresAccount } {
  const homes = [directory, homeWithinReach(directory)];
  const existing = homes.find((home) => existsSync(join(home, 'data')));
  if (existing) {
    const account = accountOfCluster(join(existing, 'data'));
    if (canWrite(existing, account)) return { home: existing, account };
    throw new DatabaseError(
      `The account that owns the database in ${existing} cannot reach it, or it is not yours. Start Slipway as the account ` +
        'that made it and where it was made, or clear it with "make reset".',
    );
  }
  const account = choosePostgresAccount();
  for (const home of homes) {
    mkdirSync(dirname(home), { recursive: true, mode: 0o755 });
    mkdirSync(home, { recursive: true, mode: 0o700 });
    if (account.uid === undefined || account.gid === undefined) return { home, account };
    chownSync(home, account.uid, account.gid);
    if (canWrite(home, account)) return { home, account };
    rmdirSync(home);
  }
  throw new DatabaseError(
    `The account that runs PostgreSQL (uid ${account.uid}) can write neither in ${directory} nor in ${ROOT_STATE_DIRECTORY}. ` +
      'Start Slipway as an ordinary user, or set DATABASE_URL.',
  );
}

/** PostgreSQL insists that the files are owned by whoever runs it, so under root the owner of the files runs it. */
function accountOfCluster(data: string): PostgresAccount {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync(data);
  return uid === 0 ? choosePostgresAccount() : { uid, gid };
}

function homeWithinReach(directory: string): string {
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  return join(ROOT_STATE_DIRECTORY, `database-${key}`);
}

function createCluster(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  home: string,
  data: string,
  password: string,
): void {
  // Made beside and renamed: an initdb that was interrupted must not be taken for a cluster.
  const partial = join(home, 'data.partial');
  const passwordFile = join(home, 'password.partial');
  rmSync(partial, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(passwordFile, account.uid, account.gid);
  try {
    const { status, stderr, error } = spawnSync(
      binaries.initdb,
      [
        '-D',
        partial,
        '-U',
        USER,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { cwd: home, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC', TMPDIR: tmpdir() }, ...account },
    );
    if (status !== 0) {
      const reason = stderr?.match(/No space left on device/) ? 'the disk is full' : (error?.message ?? stderr.trim());
      throw new DatabaseError(`PostgreSQL could not create its files in ${home}: ${reason}`);
    }
    renameSync(partial, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(partial, { recursive: true, force: true });
  }
}

function checkVersion(binaries: PostgresBinaries, data: string): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = spawnSync(binaries.postgres, ['--version'], { encoding: 'utf8', cwd: '/' });
  const ours = stdout.match(/(\d+)/)?.[1] ?? '';
  if (made !== ours) {
    throw new DatabaseError(
      `The database in ${data} was made by PostgreSQL ${made}; this Slipway brings ${ours}. ` +
        `Clear it with "make reset", or run it with PostgreSQL ${made} and set DATABASE_URL.`,
    );
  }
}

/** Ends a server that outlived the process that started it. Its postmaster.pid says who it is. */
async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8').split('\n')[0] ?? '', 10);
  if (Number.isInteger(pid) && pid > 1 && isServerOf(pid, data)) await stopProcess(pid);
  // After a crash of the machine the number may belong to someone else by now; PostgreSQL would then refuse to start.
  rmSync(pidFile, { force: true });
}

function isServerOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  let command: string;
  try {
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  return command.includes('postgres') && command.includes(data);
}

async function stopProcess(pid: number, ended?: Promise<void>): Promise<void> {
  // SIGINT: end sessions, then write everything down. SIGQUIT: at once, recovery at the next start.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) break;
    try {
      process.kill(pid, signal);
    } catch {
      break;
    }
    if (await hasEnded(pid, ended)) break;
  }
}

async function hasEnded(pid: number, ended?: Promise<void>): Promise<boolean> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  let gone = false;
  void ended?.then(() => (gone = true));
  while (Date.now() < deadline) {
    await sleep(20);
    if (gone || !isAlive(pid)) return true;
  }
  return false;
}

/** The first line of postmaster.pid is the server's process, the eighth its state. */
function saysReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

async function waitUntilReady(server: DatabaseServer, data: string, hasExited: () => boolean): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (hasExited()) {
      throw new DatabaseError(
        `PostgreSQL ended while starting. Its log ${server.logFile} says:\n${tailOfDatabaseLog(server.logFile)}`,
      );
    }
    if (Date.now() > deadline) {
      throw new DatabaseError(`PostgreSQL was not ready within a minute. Its log is ${server.logFile}.`);
    }
    // Its own note first: on a port that was taken in between, somebody else's server would answer.
    if (!saysReady(data, server.pid)) {
      await sleep(20);
      continue;
    }
    const client = new pg.Client({ connectionString: server.url('postgres'), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      const invalidPassword = '28P01';
      if (error instanceof pg.DatabaseError && error.code === invalidPassword) {
        throw new DatabaseError(
          'PostgreSQL does not take the password from secrets.json: the two come from different runs. Clear both with "make reset".',
          { cause: error },
        );
      }
      await sleep(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
