import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashOfBuildInputs, isBuilt } from './portal-build';

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

it('knows a finished build of these sources from any other', () => {
  expect(isBuilt(root)).toBe(false);
  write('.next/slipway-inputs', `${hashOfBuildInputs(root)}\n`);
  expect(isBuilt(root)).toBe(true);
  write('app/page.tsx', 'changed');
  expect(isBuilt(root)).toBe(false);
});
