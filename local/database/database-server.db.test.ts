import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port';
import { isAlive } from '../process-identity';
import {
  ensureDatabase,
  removeDatabaseFiles,
  startDatabaseServer,
  stopLeftoverServer,
  type DatabaseServer,
} from './database-server';

let parent: string;
let directory: string;
const started: DatabaseServer[] = [];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slipway-server-'));
  // Under root the server runs as another account, which has to get through this folder.
  chmodSync(parent, 0o711);
  directory = join(parent, 'postgres');
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  await stopLeftoverServer(directory);
  removeDatabaseFiles(directory);
  rmSync(parent, { recursive: true, force: true });
});

async function start(password = 'the-same-password'): Promise<DatabaseServer> {
  const server = await startDatabaseServer({ directory, port: await freePort(), password, durable: false });
  started.push(server);
  return server;
}

async function query<Row extends pg.QueryResultRow>(
  server: DatabaseServer,
  sql: string,
  database = 'postgres',
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = (): string => join(directory, 'data', 'postmaster.pid');

describe('startDatabaseServer', () => {
  it('makes a database that has everything the portal uses, and keeps it over a restart', async () => {
    const first = await start();
    await ensureDatabase(first, 'slipway');
    await ensureDatabase(first, 'slipway');
    await query(
      first,
      'CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE TABLE kept AS SELECT 42 AS n',
      'slipway',
    );
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second, 'SELECT n FROM kept', 'slipway')).toEqual([{ n: 42 }]);
    expect(
      await query(second, `SELECT current_setting('server_encoding') AS e, current_setting('TimeZone') AS z`),
    ).toEqual([{ e: 'UTF8', z: 'UTC' }]);
  });

  it('takes back the data from a process that was killed and left its server behind', async () => {
    const source = new URL('./database-server.ts', import.meta.url).href;
    const script = join(parent, 'owner.mts');
    writeFileSync(
      script,
      `import pg from 'pg';
       import { startDatabaseServer } from ${JSON.stringify(source)};
       const server = await startDatabaseServer(${JSON.stringify({ directory, port: await freePort(), password: 'the-same-password' })});
       const client = new pg.Client({ connectionString: server.url('postgres') });
       await client.connect();
       await client.query('CREATE TABLE kept AS SELECT 42 AS n');
       console.log(server.pid);
       setInterval(() => undefined, 1000);`,
    );
    // Beside the project's packages, which the script in the temporary folder cannot see by itself.
    const owner = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', readFileSync(script, 'utf8')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const orphan = Number(
      await new Promise<string>((resolve) => owner.stdout.once('data', (data) => resolve(String(data)))),
    );
    owner.kill('SIGKILL');
    await new Promise((resolve) => owner.once('exit', resolve));
    expect(isAlive(orphan)).toBe(true);

    const server = await start();
    expect(isAlive(orphan)).toBe(false);
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('is not confused by a note about a process that is somebody else by now', async () => {
    const first = await start();
    const note = readFileSync(pidFile(), 'utf8');
    await first.stop();
    // As after a power cut: the note is still there, and the number is that of a program of ours.
    writeFileSync(pidFile(), note.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
    const second = await start();
    expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('begins again after a creation that was interrupted', async () => {
    const first = await start();
    await first.stop();
    rmSync(join(directory, 'data', 'PG_VERSION'));
    const second = await start();
    expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says so when the password is not the one the files were made with', async () => {
    const first = await start();
    await first.stop();
    await expect(start('another-password')).rejects.toThrow(/does not take the password/);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('says so when the files were made by another PostgreSQL', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 12/);
  });

  it('gives the reason from the log when the server ends at once', async () => {
    const first = await start();
    await expect(
      startDatabaseServer({ directory: join(parent, 'other'), port: first.port, password: 'x', durable: false }),
    ).rejects.toThrow(/ended while starting(.|\n)*Address already in use/);
    removeDatabaseFiles(join(parent, 'other'));
  });
});
