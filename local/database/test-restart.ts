// A PostgreSQL of a test's own, which the test may stop under whoever uses it and start again. The server that all tests share stays as it is.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@/lib/migrate';
import { freePort } from '../free-port';
import { startProcessGuard } from '../process-guard';
import { ensureDatabase, removeDatabaseFiles, startDatabaseServer } from './database-server';
import type { TestDatabase } from './test-database';

/** `fast` ends the sessions and writes everything down; `immediate` ends at once, and the next start recovers from the log. */
export type Shutdown = 'fast' | 'immediate';

export interface RestartableDatabase extends TestDatabase {
  /** Ends the server in this way. Resolves when it is gone. */
  stop(how: Shutdown): Promise<void>;
  /** Starts it again on the same files and port. */
  start(): Promise<void>;
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Starts a server with a migrated database on it. What it has committed is on disk: recovery is what the test is about. */
export async function startRestartableDatabase(): Promise<RestartableDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-test-restart-'));
  // Under root the server runs as another account, which has to get through this folder.
  chmodSync(directory, 0o711);
  const home = join(directory, 'postgres');
  const guard = startProcessGuard();
  guard.removeFolder(directory);
  const options = {
    directory: home,
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    durable: true,
    onProcess: (pid: number) => guard.watch(pid, 'SIGQUIT'),
  };
  let server = await startDatabaseServer(options);
  const name = 'slipway';
  await ensureDatabase(server, name);
  await migrate(server.url(name));
  return {
    url: server.url(name),
    stop: async (how) => {
      process.kill(server.pid, signals[how]);
      await server.ended;
      guard.unwatch(server.pid);
    },
    start: async () => {
      server = await startDatabaseServer(options);
    },
    drop: async () => {
      await server.stop();
      await guard.dismiss();
      removeDatabaseFiles(home);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
