import { describe, expect, it } from 'vitest';
import { proveInsertionOnly, proveSplice } from './test-prove';

const before = 'a: &x\n  b: 1\n# remark\nc:\n  <<: *x\nl:\n  - 1\n  - 2\n';

describe('proveSplice', () => {
  it('accepts what was meant', () => {
    expect(proveSplice(before, before.replace('c:', 'n: 1\nc:'), [['n']])).toEqual({ ok: true, insertedLines: 1 });
    expect(proveSplice(before, before.replace('  - 2', '  - 3\n  - 2'), [['l', 1]])).toMatchObject({ ok: true });
    expect(proveSplice('v:\n', 'v:\n  a:\n', [['v', 'a']])).toMatchObject({ ok: true });
    expect(proveSplice(before, before, [])).toEqual({ ok: true, insertedLines: 0 });
  });

  it.each([
    ['a changed value', before.replace('b: 1', 'b: 2'), [], 'bytes'],
    ['a lost remark', before.replace('# remark\n', ''), [], 'bytes'],
    ['a lost space', before.replace('# remark', '#remark'), [], 'bytes'],
    ['another line ending', before.replace('# remark\n', '# remark\r\n'), [], 'bytes'],
    ['a line break at the end of a file without one', 'a: 1\nb: 2\n', [['b']], 'bytes', 'a: 1'],
    ['what is not YAML any more', `${before}  - : -\n x`, [['l', 2]], 'parse'],
    ['a second key of the same name', `${before}c: 1\n`, [['c']], 'parse'],
    ['an unmeant key', `${before}n: 1\n`, [], 'values'],
    ['an unmeant item', `${before}  - 3\n`, [['n']], 'values'],
    ['a key that arrives by a merge', before.replace('b: 1', 'b: 1\n  n: 1'), [['a', 'n']], 'values'],
    ['a value that slipped below another key', before.replace('c:\n', 'c:\nn:\n'), [['n']], 'values'],
    ['what was meant and is not there', before, [['n']], 'values'],
  ])('refuses %s', (_, after, intended, kind, original = before) => {
    expect(proveSplice(original, after, intended)).toMatchObject({ ok: false, kind });
  });

  it('compares what hangs on many aliases, and on itself, only once', () => {
    const levels = Array.from({ length: 40 }, (_, index) => `k${index + 1}: &k${index + 1} [*k${index}, *k${index}]\n`);
    const deep = `k0: &k0 [1]\n${levels.slice(0, 16).join('')}`;
    expect(proveSplice(deep, `${deep}n: 1\n`, [['n']])).toMatchObject({ ok: true });
    // What unfolds to more than a machine can walk is not read at all.
    const bomb = `k0: &k0 [1]\n${levels.join('')}`;
    expect(proveSplice(bomb, `${bomb}n: 1\n`, [['n']])).toMatchObject({ ok: false });
    const loop = 'a: &a\n  self: *a\n';
    expect(proveSplice(loop, `${loop}n: 1\n`, [['n']])).toMatchObject({ ok: true });
  });
});

describe('proveInsertionOnly', () => {
  it('takes any text and names the first line that is gone', () => {
    expect(proveInsertionOnly('a\nb\nc', 'x\na\ny\nb\nc')).toEqual({ ok: true, insertedLines: 2 });
    expect(proveInsertionOnly('a\nb\nc\n', 'a\nc\nb\n')).toMatchObject({ ok: false, line: 3 });
    expect(proveInsertionOnly('a\nb', 'a\nb\nc')).toMatchObject({ ok: false, line: 2 });
    expect(proveInsertionOnly('', 'a\n')).toEqual({ ok: true, insertedLines: 1 });
  });
});
