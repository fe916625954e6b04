import { describe, expect, it } from 'vitest';
import { arraysOf, insertArrayEntry } from './arrays';

describe('arrays of a shell script', () => {
  it('are found wherever they are declared, with their entries as they stand', () => {
    const text = 'declare -a A=(a "b c" # d )\n)\nA+=($e)\nlocal B=()\nf() { c; }\n(d)\nD=$(e)\n# F=(g)\n';
    const arrays = arraysOf(text);
    expect(arrays.map((one) => [one.name, one.entries.map((entry) => entry.raw)])).toEqual([
      ['A', ['a', '"b c"']],
      ['A', ['$e']],
      ['B', []],
    ]);
    for (const { entries, open, close } of arrays) {
      expect(text[open - 1]).toBe('(');
      expect(text[close]).toBe(')');
      for (const entry of entries) expect(text.slice(entry.start, entry.end)).toBe(entry.raw);
    }
    expect(arrays[0]?.entries[1]?.literal).toBe('b c');
    expect(arrays[1]?.entries[0]?.literal).toBeUndefined();
  });

  const insert = (text: string, after?: string): string => {
    const [array] = arraysOf(text);
    if (!array) throw new Error('no array');
    const behind = array.entries.find((one) => one.literal === after);
    const result = insertArrayEntry(text, array, '"new"', behind);
    return result.ok ? text.slice(0, result.offset) + result.text + text.slice(result.offset) : result.reason;
  };

  it.each([
    ['A=(\n  a\n  b   # remark\n)\n', 'a', 'A=(\n  a\n  "new"\n  b   # remark\n)\n'],
    ['A=(\n  a\n  b   # remark\n)\n', 'b', 'A=(\n  a\n  b   # remark\n  "new"\n)\n'],
    ['A=(\n  a\n     # more on a\n  # b\n)\n', 'a', 'A=(\n  a\n     # more on a\n  "new"\n  # b\n)\n'],
    ['A=(\r\n\ta\r\n)\r\n', 'a', 'A=(\r\n\ta\r\n\t"new"\r\n)\r\n'],
    ['A=(\n  a\n  b )\n', 'b', 'A=(\n  a\n  "new"\n  b )\n'],
    ['A=( a\n    b\n)', 'a', 'A=( a\n  "new"\n    b\n)'],
    ['  A=(\n  )\n', undefined, '  A=(\n    "new"\n  )\n'],
    ['A=(a b)\n', 'b', 'The array A stands on one line: to add to it is to rewrite that line.'],
    ['A=(a\nb c)\n', 'c', 'The array A has no line of its own for an entry.'],
    ['A=(a \\\n b\n)\n', 'a', 'The array A goes on behind backslashes: a line between them changes them.'],
  ])('take a line more: %j after %s', (text, after, expected) => expect(insert(text, after)).toBe(expected));
});
