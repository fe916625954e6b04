import { describe, expect, it } from 'vitest';

import { mergeLines } from './merge-lines';

const merge = (base: string, ours: string, theirs: string) =>
  mergeLines(Buffer.from(base), Buffer.from(ours), Buffer.from(theirs))?.toString();

const BASE = 'a\nb\nc\nd\ne\nf\ng\n';

describe('mergeLines', () => {
  it('keeps the changes of both sides', () => {
    expect(merge(BASE, BASE.replace('b', 'B'), BASE.replace('f', 'F'))).toBe('a\nB\nc\nd\ne\nF\ng\n');
  });

  it('keeps additions of one side and removals of the other', () => {
    expect(merge(BASE, BASE.replace('b\n', ''), `${BASE}h\n`)).toBe('a\nc\nd\ne\nf\ng\nh\n');
  });

  it('is the same whichever side is ours', () => {
    const [one, two] = [BASE.replace('b\n', 'b\nnew\n'), BASE.replace('g', 'G')];
    expect(merge(BASE, one, two)).toBe(merge(BASE, two, one));
  });

  it('takes an identical change of both sides once', () => {
    const both = BASE.replace('c\n', 'c\nsame\n');
    expect(merge(BASE, both, both.replace('a', 'A'))).toBe(both.replace('a', 'A'));
  });

  it.each([
    ['the same line', BASE.replace('d', '1'), BASE.replace('d', '2')],
    ['neighbouring lines', BASE.replace('c', '1'), BASE.replace('d', '2')],
    ['the same place with two additions', BASE.replace('d\n', 'd\n1\n'), BASE.replace('d\n', 'd\n2\n')],
    ['two additions at the end', `${BASE}1\n`, `${BASE}2\n`],
    ['a removal and a change of it', BASE.replace('d\n', ''), BASE.replace('d', '2')],
    ['two first lines', `0\n${BASE}`, `1\n${BASE}`],
  ])('refuses %s', (_, ours, theirs) => {
    expect(merge(BASE, ours, theirs)).toBeUndefined();
  });

  it('keeps carriage returns and mixed line ends as they are', () => {
    const base = 'a\r\nb\r\nc\nd\r\ne\r\n';
    expect(merge(base, base.replace('a\r\n', 'A\r\n'), base.replace('e\r\n', 'e\r\nf\r\n'))).toBe(
      'A\r\nb\r\nc\nd\r\ne\r\nf\r\n',
    );
  });

  it('keeps a missing final line feed, and one that a side adds', () => {
    const base = 'a\nb\nc\nd';
    expect(merge(base, base.replace('a', 'A'), base)).toBe('A\nb\nc\nd');
    expect(merge(base, base.replace('a', 'A'), base.replace('b', 'B'))).toBeUndefined();
    expect(merge(base, base.replace('a', 'A'), `${base}\n`)).toBe('A\nb\nc\nd\n');
    expect(merge(base, base.replace('a', 'A'), base.replace('c', 'C'))).toBe('A\nb\nC\nd');
  });

  it('keeps bytes that are no UTF-8', () => {
    const base = Buffer.from([0xff, 0x0a, 0x62, 0x0a, 0x63, 0x0a, 0xfe, 0x0a]);
    const ours = Buffer.concat([Buffer.from([0xe9, 0x0a]), base.subarray(2)]);
    const theirs = Buffer.concat([base, Buffer.from([0xc3, 0x28, 0x0a])]);
    expect(mergeLines(base, ours, theirs)).toEqual(Buffer.concat([ours, Buffer.from([0xc3, 0x28, 0x0a])]));
  });

  it('merges binary files only where one side left them alone', () => {
    const [base, one, two] = [Buffer.from([0, 1]), Buffer.from([0, 2]), Buffer.from([0, 3])];
    expect(mergeLines(base, one, base)).toEqual(one);
    expect(mergeLines(base, base, two)).toEqual(two);
    expect(mergeLines(base, one, two)).toBeUndefined();
  });

  it('sees a block between lines like its own as one block, as Git does', () => {
    // Ours adds a block that ends like the line below it, theirs adds below that line: read in two pieces, the block's end
    // would touch theirs.
    const base = 'x:\n  a\n}\ny:\n  b\n}\n';
    const ours = base.replace('  a\n}\n', '  a\n  more\n}\n}\n');
    const theirs = base.replace('}\ny:', '}\nz:\ny:');
    expect(merge(base, ours, theirs)).toBe('x:\n  a\n  more\n}\n}\nz:\ny:\n  b\n}\n');
  });
});
