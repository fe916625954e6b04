import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from './process-identity';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-guard-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/**
 * Runs a stand-in for a stack: it starts the guard, two programs (one of which does not listen to SIGTERM and has a child of
 * its own) and prints their numbers; then it does what it is told.
 */
async function startParent(then: string): Promise<{ pids: number[]; kill: () => void; ended: Promise<unknown> }> {
  const script = join(directory, 'parent.mts');
  const source = new URL('./process-guard.ts', import.meta.url).href;
  mkdirSync(join(directory, 'scratch'));
  writeFileSync(
    script,
    `import { spawn } from 'node:child_process';
     import { startProcessGuard } from ${JSON.stringify(source)};
     const guard = startProcessGuard();
     const options = { detached: true, stdio: ['ignore', 'pipe', 'ignore'] } as const;
     const polite = spawn('sleep', ['600'], options);
     const stubborn = spawn('sh', ['-c', 'trap "" TERM; sleep 600 & echo $!; wait; sleep 600'], options);
     for (const child of [polite, stubborn]) guard.watch(child.pid!, 'SIGTERM');
     guard.removeFolder(${JSON.stringify(join(directory, 'scratch'))});
     stubborn.stdout.once('data', (data) => {
       console.log(JSON.stringify([polite.pid, stubborn.pid, Number(data)]));
       ${then}
     });
     setInterval(() => undefined, 1000);`,
  );
  const parent = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => parent.once('exit', resolve));
  const line = await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data))));
  return { pids: JSON.parse(line) as number[], kill: () => parent.kill('SIGKILL'), ended };
}

const living = (pids: number[]): number[] => pids.filter(isAlive);
const hasScratch = (): boolean => existsSync(join(directory, 'scratch'));

describe('the process guard', { timeout: 60_000 }, () => {
  it('ends everything, grandchildren too, and removes the folder when its stack is killed', async () => {
    const { pids, kill } = await startParent('');
    expect(living(pids)).toEqual(pids);
    kill();
    await expect.poll(() => living(pids), { timeout: 20_000 }).toEqual([]);
    await expect.poll(hasScratch, { timeout: 20_000 }).toBe(false);
  });

  it('leaves alone what it was told has ended, and everything when it is dismissed', async () => {
    const { pids, ended } = await startParent(`void guard.dismiss().then(() => process.exit());`);
    try {
      await ended;
      // The guard is given longer than it would need to end the first of them.
      const early = await expect
        .poll(() => living(pids).length, { timeout: 1_500 })
        .toBeLessThan(pids.length)
        .then(
          () => true,
          () => false,
        );
      expect(early).toBe(false);
      expect(hasScratch()).toBe(true);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    }
  });

  it('does not wait for anybody when there is no more patience', async () => {
    const { pids } = await startParent(`guard.killNow(); setTimeout(() => process.exit(), 300);`);
    // Half of what it would give a program that does not listen.
    await expect.poll(() => living(pids), { timeout: 2_500 }).toEqual([]);
  });
});
