// `make up` itself, from the outside: one at a time, nothing left behind by Ctrl-C or by a kill, the same again afterwards.
import { expect, test } from '@playwright/test';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isFree } from '../local/free-port';
import { PORT_NAMES, PORT_VARIABLES } from '../local/stack-ports';

let dataDir: string;
let ports: Record<string, string>;
let up: ChildProcess | undefined;

test.beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-up-'));
  chmodSync(dataDir, 0o711);
  const entries = await Promise.all(PORT_NAMES.map(async (name) => [PORT_VARIABLES[name], String(await freePort())]));
  ports = Object.fromEntries(entries) as Record<string, string>;
});

test.afterEach(async () => {
  up?.kill('SIGKILL');
  await expect.poll(ourProcesses, { timeout: 30_000 }).toEqual([]);
  rmSync(dataDir, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...ports,
  SLIPWAY_DATA_DIR: dataDir,
  DATABASE_URL: '',
});

/** Runs scripts/up.mjs to its end. */
function run(flag: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/up.mjs', flag], {
    env: environment(),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, said: stdout + stderr };
}

/** Starts it and waits until it says that it is ready. */
async function start(): Promise<{ said: () => string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, ['scripts/up.mjs', '--up'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  up = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await expect.poll(() => said, { timeout: 90_000 }).toContain('Slipway is ready');
  return { said: () => said, ended };
}

/** Every process that was started for this folder: all of them inherit its name (Linux tells us; elsewhere the ports must do). */
function ourProcesses(): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        Number(pid) !== process.pid &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dataDir)
      );
    } catch {
      return false;
    }
  });
}

async function takenPorts(): Promise<string[]> {
  const free = await Promise.all(Object.values(ports).map((port) => isFree(Number(port))));
  return Object.values(ports).filter((_, index) => !free[index]);
}

test('make up: one at a time, nothing left behind, the same again afterwards', async () => {
  test.setTimeout(240_000);
  const url = `http://127.0.0.1:${ports.SLIPWAY_PORT}`;

  const first = await start();
  expect(first.said()).toContain(url);
  expect(first.said()).toMatch(/engineer\s+local-engineer/);
  expect((await fetch(`${url}/api/health/ready`)).status).toBe(200);

  const second = run('--up');
  expect(second.status).toBe(1);
  expect(second.said).toContain(`already running at ${url} (process ${up?.pid})`);
  const refused = run('--reset');
  expect(refused.status).toBe(1);
  expect(refused.said).toContain('Nothing was cleared');
  expect((await fetch(`${url}/api/health/ready`)).status).toBe(200);

  up?.kill('SIGKILL');
  await expect.poll(ourProcesses, { timeout: 30_000 }).toEqual([]);
  expect(await takenPorts()).toEqual([]);

  const again = await start();
  const secrets = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
  up?.kill('SIGINT');
  expect(await again.ended).toBe(0);
  expect(again.said()).toContain('Slipway has stopped.');
  // The compiler that Node was started with goes a moment after it.
  await expect.poll(ourProcesses, { timeout: 5_000 }).toEqual([]);
  expect(await takenPorts()).toEqual([]);
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);

  expect(run('--reset').status).toBe(0);
  expect(existsSync(dataDir)).toBe(false);
});

test('make up: a port that was asked for and is taken is named, with who has it', async () => {
  const blocker = spawn(
    process.execPath,
    ['-e', `require('net').createServer().listen(${ports.SLIPWAY_PORT}, '127.0.0.1', () => console.log('listening'))`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  try {
    await new Promise((resolve) => blocker.stdout.once('data', resolve));
    const { status, said } = run('--up');
    expect(status).toBe(1);
    expect(said).toContain(`Port ${ports.SLIPWAY_PORT} (SLIPWAY_PORT) is taken`);
    expect(said).toContain(`process ${blocker.pid}`);
  } finally {
    blocker.kill('SIGKILL');
  }
});

test('make up: a database that does not answer is said at the start, and nothing stays', async () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/up.mjs', '--up'], {
    env: { ...environment(), DATABASE_URL: 'postgresql://nobody:secret@127.0.0.1:1/none' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(status).toBe(1);
  expect(stderr).toContain('The database that DATABASE_URL names (127.0.0.1:1/none) cannot be used');
  expect(stdout + stderr).not.toContain('secret@');
  await expect.poll(ourProcesses, { timeout: 5_000 }).toEqual([]);
});
