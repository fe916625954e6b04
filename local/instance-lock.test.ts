import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeHolder, takeInstanceLock } from './instance-lock';
import { startTime } from './process-identity';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const leave = (holder: unknown): void => writeFileSync(join(directory, 'lock.json'), JSON.stringify(holder));

/** The number of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('takeInstanceLock', () => {
  it('refuses a second start, naming the address and the process', () => {
    const lock = takeInstanceLock(directory);
    expect(() => takeInstanceLock(directory)).toThrow(`already being started by process ${process.pid}`);
    lock.announce('http://127.0.0.1:4400');
    expect(() => takeInstanceLock(directory)).toThrow(
      `already running at http://127.0.0.1:4400 (process ${process.pid})`,
    );
    expect(describeHolder(directory)).toContain('http://127.0.0.1:4400');
    lock.release();
    expect(describeHolder(directory)).toBeUndefined();
    takeInstanceLock(directory).release();
  });

  it('takes over from a process that was killed', () => {
    leave({ pid: endedPid(), started: '1' });
    takeInstanceLock(directory);
    expect(readFileSync(join(directory, 'lock.json'), 'utf8')).toContain(String(process.pid));
  });

  it('takes over when the number has been given to another process since', () => {
    leave({ pid: process.ppid, started: 'long ago' });
    expect(describeHolder(directory)).toBeUndefined();
    takeInstanceLock(directory);
  });

  it('respects a live holder that is not us', () => {
    leave({ pid: process.ppid, started: startTime(process.ppid) });
    expect(() => takeInstanceLock(directory)).toThrow(`process ${process.ppid}`);
  });

  it('takes over a lock that nobody can read', () => {
    writeFileSync(join(directory, 'lock.json'), '{"pid":');
    takeInstanceLock(directory);
  });

  it('leaves nothing behind but the lock', () => {
    leave({ pid: endedPid(), started: '1' });
    takeInstanceLock(directory);
    expect(readdirSync(directory)).toEqual(['lock.json']);
  });

  it('does not release what somebody else holds', () => {
    const lock = takeInstanceLock(directory);
    leave({ pid: process.ppid, started: startTime(process.ppid) });
    lock.release();
    expect(describeHolder(directory)).toContain(String(process.ppid));
  });

  it('gives a stale lock to one of several that start at once', { timeout: 60_000 }, async () => {
    leave({ pid: endedPid(), started: '1' });
    const script = join(directory, '..', `take-${process.pid}.mts`);
    const source = new URL('./instance-lock.ts', import.meta.url).href;
    // Each says how it went and stays, so that the winner is alive while the others look.
    writeFileSync(
      script,
      `import { takeInstanceLock } from ${JSON.stringify(source)};
       try { takeInstanceLock(${JSON.stringify(directory)}); console.log('won'); } catch { console.log('lost'); }
       setInterval(() => undefined, 1000);`,
    );
    const starts = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    try {
      const answers = await Promise.all(
        starts.map(
          (child) =>
            new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim()))),
        ),
      );
      expect(answers.sort()).toEqual(['lost', 'lost', 'lost', 'lost', 'won']);
    } finally {
      for (const child of starts) child.kill('SIGKILL');
      rmSync(script, { force: true });
    }
  });
});
