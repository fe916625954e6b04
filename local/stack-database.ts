// The local stack's database: our own PostgreSQL in the data folder, or the one that DATABASE_URL names.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DatabaseError } from './database/postgres-binaries';
import { ensureDatabase, startDatabaseServer, tailOfDatabaseLog } from './database/database-server';
import type { DataFolder } from './data-folder';
import type { ProcessGuard } from './process-guard';
import { StackError } from './stack-error';

export interface StackDatabase {
  url: string;
  /** Settles with a sentence when the database has ended by itself; never for a database that is not ours. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

const DATABASE_NAME = 'slipway';

/** Starts our own PostgreSQL. @throws StackError with the reason */
export async function startOwnDatabase(
  folder: DataFolder,
  options: { port: number; password: string; durable: boolean; guard: ProcessGuard },
): Promise<StackDatabase> {
  try {
    const server = await startDatabaseServer({
      directory: folder.path('postgres'),
      port: options.port,
      password: options.password,
      logFile: folder.path('logs', 'database.log'),
      durable: options.durable,
      onProcess: (pid) => options.guard.watch(pid, 'SIGINT'),
    });
    await ensureDatabase(server, DATABASE_NAME);
    const describe = (): string =>
      `The database ended. Its log (${server.logFile}) ends with:\n${tailOfDatabaseLog(server.logFile)}`;
    return { url: server.url(DATABASE_NAME), ended: server.ended.then(describe), stop: () => server.stop() };
  } catch (error) {
    if (error instanceof DatabaseError) throw new StackError(error.message, { cause: error });
    throw error;
  }
}

/** Checks that the database that somebody else runs is there. @throws StackError saying what it answered */
export async function useGivenDatabase(url: string): Promise<StackDatabase> {
  if (!URL.canParse(url))
    throw new StackError('DATABASE_URL is no address: write postgresql://USER:PASSWORD@HOST:PORT/NAME.');
  const { host, pathname } = new URL(url);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // What the migrations need beyond tables: the right to create them, asked for with a name nobody has.
    await client.query(`CREATE TEMPORARY TABLE slipway_probe_${randomBytes(4).toString('hex')} (id int)`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = error instanceof Error && error.message ? error.message : (code ?? 'no answer');
    throw new StackError(
      `The database that DATABASE_URL names (${host}${pathname}) cannot be used: ${reason}. ` +
        'Start it or correct the address, or unset DATABASE_URL and Slipway brings its own.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  return { url, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}
