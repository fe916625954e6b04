import { describe, expect, it } from 'vitest';
import { mergeLines } from './merge-lines';

const base = 'a\nb\nc\nd\n';

describe('mergeLines', () => {
  it.each([
    ['nothing edited', base, 'a\nB\nc\nd\n', 'a\nB\nc\nd\n'],
    ['edited elsewhere', 'a\nb\nc\nD\n', 'A\nb\nc\nd\n', 'A\nb\nc\nD\n'],
    ['edited next to it', 'a\nb\nby hand\nc\nd\n', 'a\nB\nc\nd\n', 'a\nB\nby hand\nc\nd\n'],
    [
      'an addition behind a line that stayed',
      'a\nb\nc\nd\nby hand\n',
      'a\nb\nnew\nc\nd\n',
      'a\nb\nnew\nc\nd\nby hand\n',
    ],
    ['an addition whose line above was edited', 'a\nb!\nc\nd\n', 'a\nb\nnew\nc\nd\n', 'a\nb!\nnew\nc\nd\n'],
    ['lines that go', 'a\nb\nc\nd\nby hand\n', 'a\nd\n', 'a\nd\nby hand\n'],
    ['both the same', 'a\nX\nc\nd\n', 'a\nX\nc\nd\n', 'a\nX\nc\nd\n'],
    ['both the same addition', 'a\nb\nnew\nc\nd\n', 'a\nb\nnew\nc\nd\n', 'a\nb\nnew\nc\nd\n'],
    ['no line break at the end', 'a\nb\nc\nd\n\nby hand', 'a\nb\nC\nd\n', 'a\nb\nC\nd\n\nby hand'],
    ['CRLF', 'a\r\nb\r\nby hand\r\n', 'a\r\nb\r\n', 'a\r\nb\r\nby hand\r\n'],
  ])('%s', (_, present, next, merged) => {
    const from = present.includes('\r') ? 'a\r\nb\r\n' : base;
    expect(mergeLines(from, present, next)).toEqual({ text: merged, conflicts: [] });
  });

  it.each([
    ['the very line', 'a\nmine\nc\nd\n', 'a\nB\nc\nd\n', { line: 2, wanted: 'B\n' }],
    ['a line within what changes', 'a\nb\nmine\nc\nd\n', 'a\nX\nd\n', { line: 2, wanted: 'X\n' }],
    ['a line that is to go', 'a\nmine\nc\nd\n', 'a\nc\nd\n', { line: 2, wanted: '' }],
    ['both sides of an addition', 'a\nx\ny\nd\n', 'a\nb\nnew\nc\nd\n', { line: 2, wanted: 'new\n' }],
  ])('leaves %s as people have it, and says what is wanted', (_, present, next, conflict) => {
    expect(mergeLines(base, present, next)).toEqual({ text: present, conflicts: [conflict] });
  });
});
