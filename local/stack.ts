// The whole local platform as one thing that starts and stops: database, identity provider, GitHub, Notion, the portal and
// the worker. `make up` runs it on .slipway; the browser tests run another one on a temporary folder at ports of its own.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { migrate, MigrationError } from '@/lib/migrate';
import { describeEnd, startChild, type ChildOptions, type RunningChild } from './child-process';
import { removeDatabaseFiles, stopLeftoverServer } from './database/database-server';
import { openDataFolder, type DataFolder } from './data-folder';
import { takeInstanceLock, type InstanceLock } from './instance-lock';
import { loadLocalSecrets } from './local-secrets';
import { buildPortal } from './portal-build';
import { baseEnvironment, portalEnvironment } from './portal-environment';
import { startProcessGuard, type ProcessGuard } from './process-guard';
import { startOwnDatabase, useGivenDatabase, type StackDatabase } from './stack-database';
import { StackError } from './stack-error';
import { ensurePrismaClient } from './prisma-client';
import { choosePorts, type StackPorts } from './stack-ports';
import { standIns, type StandIn, type StandInName } from './stand-ins';

export type ServiceName = StandInName | 'portal' | 'worker';
type ChildName = ServiceName | 'seed';

export interface StackOptions {
  /** Folder for everything the stack remembers; made if it is not there. */
  dataDir: string;
  /** Ports that must be these; 0 for any. Others are remembered from the last run or the next free. */
  ports?: Partial<StackPorts>;
  /** `development`: `next dev` and a worker that restarts when its code changes. */
  mode?: 'production' | 'development';
  /** `never` when the build at hand is known to be right. */
  build?: 'when-changed' | 'never';
  /** A PostgreSQL to use instead of our own. */
  databaseUrl?: string;
  /** For tests: a fast database, and the folder is deleted at the end. */
  temporary?: boolean;
  /** Called as each part begins and is there. */
  onProgress?: (progress: { part: string; state: 'started' | 'done'; detail?: string }) => void;
  /** Each line that a program prints. */
  onLine?: (program: ChildName, line: string) => void;
  /** Something the person should know that is no failure. */
  onNote?: (note: string) => void;
}

const Accounts = z.array(z.object({ user: z.string(), password: z.string(), purpose: z.string() }));
export type LocalAccounts = z.infer<typeof Accounts>;

const Announcement = z.object({ url: z.url() });

export interface Stack {
  urls: { portal: string; identity: string; github: string; notion: string };
  /** What portal and worker were told; enough to start another worker or to talk to the stand-ins. */
  env: Record<string, string>;
  accounts: LocalAccounts;
  /** The process of a part, as it is now. */
  pid(service: ServiceName): number;
  /** Settles when a part has ended for good and the rest should be stopped. */
  failed: Promise<StackError>;
  stop(): Promise<void>;
}

export interface StackControl {
  start(): Promise<Stack>;
  /** Stops what has been started so far, in order. May be called at any time, more than once. */
  stop(): Promise<void>;
  /** Leaves the killing of everything, at once, to the guard; for the end of this process. */
  abandon(): void;
}

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** How often portal and worker are started again before that is given up; the count is forgotten after a quiet while. */
const RESTARTS = 5;
const QUIET_MS = 60_000;

/**
 * Starts everything and waits until the portal answers.
 *
 * @throws StackError with one sentence for the person; whatever had been started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stack = createStack(options);
  return stack.start();
}

/** A stack that has not started yet, for who must be able to stop it in the middle of its start. */
export function createStack(options: StackOptions): StackControl {
  const stack = new LocalStack(options);
  return { start: () => stack.start(), stop: () => stack.stop(), abandon: () => stack.abandon() };
}

class LocalStack {
  private folder: DataFolder | undefined;
  private lock: InstanceLock | undefined;
  private guard: ProcessGuard | undefined;
  private database: Promise<StackDatabase> | undefined;
  private readonly children = new Map<ChildName, RunningChild>();
  private buildPid: number | undefined;
  private stopping: Promise<void> | undefined;
  private fail: (error: StackError) => void = () => undefined;
  private readonly failed = new Promise<StackError>((resolve) => (this.fail = resolve));

  constructor(private readonly options: StackOptions) {}

  async start(): Promise<Stack> {
    try {
      return await this.startAll();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  abandon(): void {
    this.guard?.killNow();
    this.lock?.release();
  }

  private async startAll(): Promise<Stack> {
    const { options } = this;
    const folder = openDataFolder(options.dataDir);
    this.lock = takeInstanceLock(folder.directory, { usesBuild: options.mode !== 'development' });
    this.folder = folder;
    const guard = (this.guard = startProcessGuard());
    if (options.temporary) guard.removeFolder(folder.directory);
    await stopLeftoverServer(folder.path('postgres'));
    const { ports, notes } = await choosePorts(folder, options.ports);
    for (const note of notes) options.onNote?.(note);
    const secrets = loadLocalSecrets(folder);
    const url = (port: number): string => `http://127.0.0.1:${port}`;
    const portalUrl = url(ports.portal);

    const database = (this.database = this.step('database', () =>
      options.databaseUrl
        ? useGivenDatabase(options.databaseUrl)
        : startOwnDatabase(folder, {
            port: ports.database,
            password: secrets.databasePassword,
            durable: !options.temporary,
            guard,
          }),
    ));
    const parts = standIns(root, ports, portalUrl, secrets, folder);
    const [{ url: databaseUrl, ended }, identity, github, notion] = await Promise.all([
      database,
      this.startStandIn('identity', parts.identity),
      this.startStandIn('github', parts.github),
      this.startStandIn('notion', parts.notion),
      this.build(folder, guard),
    ]);
    void ended.then((how) => this.giveUp(how));

    const env = portalEnvironment(
      {
        portalUrl,
        databaseUrl,
        issuer: Announcement.parse(identity).url,
        githubUrl: Announcement.parse(github).url,
        notionUrl: Announcement.parse(notion).url,
      },
      secrets,
    );
    await this.step('migrations', () => this.migrate(databaseUrl));
    if (existsSync(join(root, 'prisma/seed.ts'))) await this.step('seed', () => this.seed(env));
    await Promise.all([this.startPortal(env, ports.portal), this.startWorker(env)]);
    this.lock.announce(portalUrl);
    return {
      urls: {
        portal: portalUrl,
        identity: env.OIDC_ISSUER ?? '',
        github: env.GITHUB_API_URL ?? '',
        notion: env.NOTION_API_URL ?? '',
      },
      env,
      accounts: Accounts.parse(identity.accounts),
      pid: (service) => this.children.get(service)?.pid ?? 0,
      failed: this.failed,
      stop: () => this.stop(),
    };
  }

  /** The portal and the worker first, then what they lean on, the database last. */
  private async stopAll(): Promise<void> {
    if (this.buildPid !== undefined) killGroup(this.buildPid);
    const stop = (...names: ChildName[]): Promise<unknown> =>
      Promise.all(names.map((name) => this.children.get(name)?.stop() ?? Promise.resolve()));
    await stop('portal', 'worker', 'seed');
    await stop('identity', 'github', 'notion');
    const database = await this.database?.catch(() => undefined);
    await database?.stop();
    await this.guard?.dismiss();
    this.lock?.release();
    if (this.options.temporary && this.folder) {
      removeDatabaseFiles(this.folder.path('postgres'));
      rmSync(this.folder.directory, { recursive: true, force: true });
    }
  }

  private async step<T>(part: string, work: () => Promise<T>, detail?: (result: T) => string | undefined): Promise<T> {
    if (this.stopping) throw new StackError('Stopped before it was ready.');
    this.options.onProgress?.({ part, state: 'started' });
    const result = await work();
    this.options.onProgress?.({ part, state: 'done', detail: detail?.(result) });
    return result;
  }

  private startStandIn(name: StandInName, { program, env }: StandIn): Promise<Record<string, unknown>> {
    return this.step(
      name,
      () => this.supervise({ ...this.describe(name), args: tsx(program), env: { ...baseEnvironment(), ...env } }, 0),
      ({ url }) => (typeof url === 'string' ? url : undefined),
    );
  }

  private async build(folder: DataFolder, guard: ProcessGuard): Promise<void> {
    await this.step('prisma client', ensurePrismaClient, (made) => (made ? 'generated' : 'unchanged'));
    if (this.options.mode === 'development' || this.options.build === 'never') return;
    const build = (): Promise<boolean> =>
      buildPortal(root, {
        logFile: folder.path('logs', 'build.log'),
        env: baseEnvironment(),
        onProcess: (pid) => {
          guard.watch((this.buildPid = pid), 'SIGTERM');
          const detail = 'the sources changed; this takes half a minute or more';
          this.options.onProgress?.({ part: 'build', state: 'started', detail });
        },
      });
    await this.step('build', build, (built) => (built ? 'built' : 'unchanged'));
    if (this.buildPid !== undefined) guard.unwatch(this.buildPid);
    this.buildPid = undefined;
  }

  private async migrate(databaseUrl: string): Promise<void> {
    try {
      const { unknown } = await migrate(databaseUrl, { directory: join(root, 'prisma/migrations') });
      for (const name of unknown) this.options.onNote?.(`the database has ${name}, which this version does not know`);
    } catch (error) {
      if (error instanceof MigrationError) throw new StackError(error.message, { cause: error });
      throw error;
    }
  }

  /** The seed is a program that ends; it ending well is its being ready. */
  private async seed(env: Record<string, string>): Promise<void> {
    const options = { ...this.describe('seed'), args: tsx('prisma/seed.ts'), env: this.programEnvironment(env) };
    const child = startChild(options);
    this.children.set('seed', child);
    const how = await child.ended;
    if (how !== 'ended with code 0') throw new StackError(describeEnd(options, how));
  }

  private async startPortal(env: Record<string, string>, port: number): Promise<void> {
    const isDevelopment = this.options.mode === 'development';
    const next = join(root, 'node_modules/next/dist/bin/next');
    const options = {
      ...this.describe('portal'),
      args: [next, isDevelopment ? 'dev' : 'start', '--hostname', '127.0.0.1', '--port', String(port)],
      env: this.programEnvironment(env),
      readyUrl: `http://127.0.0.1:${port}/api/health/ready`,
      readyTimeoutMs: 120_000,
    };
    await this.step('portal', () => this.supervise(options, RESTARTS));
  }

  private async startWorker(env: Record<string, string>): Promise<void> {
    const isDevelopment = this.options.mode === 'development';
    const options = {
      ...this.describe('worker'),
      args: isDevelopment
        ? [join(root, 'node_modules/tsx/dist/cli.mjs'), 'watch', '--clear-screen=false', 'lib/jobs/worker.ts']
        : tsx('lib/jobs/worker.ts'),
      env: this.programEnvironment(env),
    };
    await this.step('worker', () => this.supervise(options, RESTARTS));
  }

  private programEnvironment(env: Record<string, string>): NodeJS.ProcessEnv {
    return { ...baseEnvironment(), ...env, NODE_ENV: this.options.mode ?? 'production' };
  }

  private describe(
    name: ChildName,
  ): Pick<ChildOptions, 'name' | 'cwd' | 'logFile' | 'guard' | 'onLine'> & { name: ChildName } {
    if (!this.folder || !this.guard) throw new Error('The stack has not been opened.');
    const logFile = this.folder.path('logs', `${name}.log`);
    return { name, cwd: root, logFile, guard: this.guard, onLine: (line) => this.options.onLine?.(name, line) };
  }

  /**
   * Starts a program, and starts it again when it ends by itself, up to `restarts` times in a row. A program that ends
   * before it was ready for the first time is a failed start, which the caller hears of.
   */
  private async supervise(
    options: ChildOptions & { name: ChildName },
    restarts: number,
  ): Promise<Record<string, unknown>> {
    let failures = 0;
    let isUp = false;
    const run = (): RunningChild => {
      const since = Date.now();
      const child = startChild(options);
      this.children.set(options.name, child);
      void child.ended.then(async (how) => {
        if (this.stopping || !isUp) return;
        if (Date.now() - since > QUIET_MS) failures = 0;
        failures += 1;
        const reason = describeEnd(options, how);
        if (failures > restarts) return this.giveUp(reason);
        this.options.onNote?.(`${reason}\nStarting it again (${failures} of ${restarts}).`);
        await sleep(Math.min(200 * 2 ** (failures - 1), 5_000));
        if (!this.stopping) run();
      });
      return child;
    };
    if (this.stopping) throw new StackError('Stopped before it was ready.');
    const announcement = await run().ready;
    isUp = true;
    return announcement;
  }

  private giveUp(reason: string): void {
    if (!this.stopping) this.fail(new StackError(reason));
  }
}

function tsx(program: string): string[] {
  return ['--import', 'tsx', join(root, program)];
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
