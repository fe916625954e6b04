import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild, type RunningChild } from './child-process';
import { freePort } from './free-port';
import { startProcessGuard } from './process-guard';
import { isAlive } from './process-identity';

const guard = startProcessGuard();
let directory: string;
let logFile: string;
const children: RunningChild[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-child-'));
  logFile = join(directory, 'thing.log');
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  rmSync(directory, { recursive: true, force: true });
});
afterAll(() => guard.dismiss());

function start(script: string, more: { readyUrl?: string; readyTimeoutMs?: number } = {}): RunningChild {
  const args = ['-e', script];
  const child = startChild({ name: 'thing', args, cwd: directory, env: process.env, logFile, guard, ...more });
  children.push(child);
  return child;
}

const stay = 'setInterval(() => undefined, 1000);';
const announce = `console.log(JSON.stringify({ ready: true, url: 'http://x' }));`;

describe('startChild', () => {
  it('is ready when the program says so, and tells what it said', async () => {
    const child = start(`console.log('hello'); ${announce} ${stay}`);
    expect(await child.ready).toEqual({ ready: true, url: 'http://x' });
    expect(readFileSync(logFile, 'utf8')).toBe(`hello\n{"ready":true,"url":"http://x"}\n`);
  });

  it('is ready when its address answers well', async () => {
    const port = await freePort();
    const script = `let asked = 0;
      require('node:http').createServer((_, answer) => { answer.statusCode = ++asked < 3 ? 503 : 200; answer.end(); })
        .listen(${port}, '127.0.0.1');`;
    await start(script, { readyUrl: `http://127.0.0.1:${port}/` }).ready;
  });

  it('tells how a program ended that was not ready, with the last lines of its log', async () => {
    const child = start(`console.error('no such table'); process.exit(3);`);
    await expect(child.ready).rejects.toThrow(/The thing ended with code 3\. Its log .* ends with:\nno such table/);
  });

  it('ends a program that is not ready in time', async () => {
    const child = start(`console.log('thinking'); ${stay}`, { readyTimeoutMs: 300 });
    await expect(child.ready).rejects.toThrow(/was not ready in time/);
    expect(isAlive(child.pid)).toBe(false);
  });

  it('stops it with everything it started', async () => {
    const child = start(
      `const other = require('node:child_process').spawn('sleep', ['600']);
       console.log(JSON.stringify({ ready: true, other: other.pid })); ${stay}`,
    );
    const { other } = await child.ready;
    await child.stop();
    expect(await child.ended).toBe('was ended by SIGTERM');
    await expect.poll(() => isAlive(other as number)).toBe(false);
  });

  it('keeps the log of the run before', async () => {
    const first = start(`console.log('first'); ${announce} ${stay}`);
    await first.ready;
    await first.stop();
    await start(`${announce} ${stay}`).ready;
    expect(readFileSync(join(directory, 'thing.previous.log'), 'utf8')).toContain('first');
    expect(readFileSync(logFile, 'utf8')).not.toContain('first');
  });
});
