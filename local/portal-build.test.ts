import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildPortal, hashOfBuildInputs, isBuilt } from './portal-build';
import { startTime } from './process-identity';

let root: string;
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-inputs-'));
  write('app/page.tsx', 'one');
  write('lib/env.ts', 'two');
  write('package-lock.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it.each(['app/page.tsx', 'app/new/page.tsx', 'lib/a/b/c.ts', 'package-lock.json', 'next.config.js', 'public/icon.svg'])(
  'asks for a new build when %s changes',
  (name) => {
    const before = hashOfBuildInputs(root);
    expect(hashOfBuildInputs(root)).toBe(before);
    write(name, 'changed');
    expect(hashOfBuildInputs(root)).not.toBe(before);
  },
);

it('asks for a new build when a file is renamed', () => {
  const before = hashOfBuildInputs(root);
  renameSync(join(root, 'lib/env.ts'), join(root, 'lib/environment.ts'));
  expect(hashOfBuildInputs(root)).not.toBe(before);
});

it.each([
  'lib/env.test.ts',
  'lib/generator/fixtures/a.yaml',
  'lib/generated/client.ts',
  'e2e/a.spec.ts',
  'local/up.ts',
  'README.md',
])('does not for %s', (name) => {
  const before = hashOfBuildInputs(root);
  write(name, 'changed');
  expect(hashOfBuildInputs(root)).toBe(before);
});

it('does not pull the build away from under a portal that is running', async () => {
  mkdirSync(join(root, '.slipway'));
  const running = {
    pid: process.ppid,
    started: startTime(process.ppid),
    url: 'http://127.0.0.1:4400',
    usesBuild: true,
  };
  write('.slipway/lock.json', JSON.stringify(running));
  const building = buildPortal(root, { logFile: join(root, 'build.log'), env: { NODE_ENV: 'test' } });
  await expect(building).rejects.toThrow(/would break the portal that is running.*http:\/\/127\.0\.0\.1:4400/);
  // A build that is already there is what both use.
  write('.next/slipway-inputs', `${hashOfBuildInputs(root)}\n`);
  expect(await buildPortal(root, { logFile: join(root, 'build.log'), env: { NODE_ENV: 'test' } })).toBe(false);
});

it('knows a finished build of these sources from any other', () => {
  expect(isBuilt(root)).toBe(false);
  write('.next/slipway-inputs', `${hashOfBuildInputs(root)}\n`);
  expect(isBuilt(root)).toBe(true);
  write('app/page.tsx', 'changed');
  expect(isBuilt(root)).toBe(false);
});
