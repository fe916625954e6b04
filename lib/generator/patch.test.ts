import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPatch } from './patch';
import type { FileChange } from './types';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-patch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const change = (path: string, before: string | null, after: string | null, executable = false): FileChange => ({
  path,
  before,
  after,
  executable,
});

/** Writes the base, lets Git apply the patch to it and gives what is there then. */
function applyWithGit(files: readonly FileChange[]): Record<string, string | null> {
  const work = mkdtempSync(join(folder, 'work-'));
  for (const file of files) {
    if (file.before === null) continue;
    mkdirSync(dirname(join(work, file.path)), { recursive: true });
    writeFileSync(join(work, file.path), file.before, { mode: file.executable ? 0o755 : 0o644 });
  }
  const patch = join(folder, 'patch');
  writeFileSync(patch, formatPatch({ files: [...files] }));
  execFileSync('git', ['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', patch], {
    cwd: work,
    stdio: 'pipe',
  });
  const read = (path: string) => (existsSync(join(work, path)) ? readFileSync(join(work, path), 'utf8') : null);
  return Object.fromEntries(files.map((file) => [file.path, read(file.path)]));
}

function expectApplied(files: readonly FileChange[]): void {
  expect(applyWithGit(files)).toEqual(Object.fromEntries(files.map((file) => [file.path, file.after])));
}

describe('formatPatch', () => {
  it('reads as Git writes it', () => {
    expect(formatPatch({ files: [change('a.txt', '1\n2\n3\n4\n5\n', '1\n2\n3\nnew\n4\n5\n')] })).toBe(
      'diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,5 +1,6 @@\n 1\n 2\n 3\n+new\n 4\n 5\n',
    );
    expect(formatPatch({ files: [change('run.sh', null, '#!/bin/sh\n', true)] })).toBe(
      'diff --git a/run.sh b/run.sh\nnew file mode 100755\n--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1 @@\n+#!/bin/sh\n',
    );
  });

  it('deletes as Git does', () => {
    expect(formatPatch({ files: [change('old.md', '# Old\n', null)] })).toBe(
      'diff --git a/old.md b/old.md\ndeleted file mode 100644\n--- a/old.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-# Old\n',
    );
    expect(formatPatch({ files: [change('empty', '', null, true)] })).toBe(
      'diff --git a/empty b/empty\ndeleted file mode 100755\n',
    );
  });

  it('is empty where nothing changes', () => {
    expect(formatPatch({ files: [] })).toBe('');
    expect(formatPatch({ files: [change('a', 'x', 'x')] })).toBe('');
  });

  it.each<[string, FileChange[]]>([
    ['a deleted file, and one without its last newline', [change('a/b', 'x\ny\n', null), change('c', 'z', null)]],
    [
      'a deleted file that was empty, and one that was executable',
      [change('a', '', null), change('b', 'x\n', null, true)],
    ],
    ['a new file in a new folder', [change('a/b/c.txt', null, 'one\ntwo\n')]],
    ['a new file without a final newline', [change('a', null, 'one\ntwo')]],
    ['an empty new file', [change('empty', null, '')]],
    ['a line before a last one without a newline', [change('a', 'one\ntwo', 'one\nnew\ntwo')]],
    ['a final newline that comes', [change('a', 'one\ntwo', 'one\ntwo\nthree\n')]],
    ['CRLF', [change('a', '1\r\n2\r\n3\r\n', '1\r\nnew\r\n2\r\n3\r\n')]],
    ['mixed line ends and trailing spaces', [change('a', '1\r\n2  \n\t3\n', '1\r\n \n2  \n\t3\n')]],
    ['a byte-order mark', [change('a', '\ufeff1\n2\n', '\ufeff1\n+\n2\n')]],
    [
      'paths with spaces, quotes and letters of other scripts',
      [change('a file.txt', '1\n', '1\n2\n'), change('do"cs\\é 漢/x y.md', null, 'x\n')],
    ],
    ['lines that look like a patch', [change('a', '--- a\n+++ b\n@@ -1 +1 @@\n', '--- a\n-- x\n+++ b\n@@ -1 +1 @@\n')]],
    ['a lone carriage return and a line separator', [change('a', 'a\rb\u2028c\n', 'a\rb\u2028c\nx\ry\n')]],
    ['two places far apart', [change('a', lines(1, 60), `first\n${lines(1, 30)}mid\n${lines(31, 60)}last\n`)]],
  ])('is applied by Git: %s', (_, files) => expectApplied(files));

  it('keeps the mode of a new script', () => {
    const work = mkdtempSync(join(folder, 'mode-'));
    writeFileSync(join(folder, 'mode.patch'), formatPatch({ files: [change('run.sh', null, 'x\n', true)] }));
    execFileSync('git', ['apply', join(folder, 'mode.patch')], { cwd: work });
    expect(statSync(join(work, 'run.sh')).mode & 0o111).not.toBe(0);
  });

  it('is applied by Git whatever the lines are', () => {
    const line = fc.oneof(
      fc.constantFrom('', ' ', 'same', 'a', 'b', '-', '+', '\\', '\r'),
      fc.string({ maxLength: 4 }).map((text) => text.replace(/[\n\0]/g, '')),
    );
    const text = fc
      .tuple(fc.array(line, { maxLength: 25 }), fc.boolean())
      .map(([all, end]) => all.join('\n') + (end && all.length > 0 ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && after !== '' && before !== '');
        expectApplied([change('a.txt', before, after)]);
      }),
      { numRuns: 60 },
    );
  });
});

function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');
}
