import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, splice } from './apply-edits';
import { treeOf } from './overlay';

describe('splice', () => {
  it('gives back the old bytes once the insertions are taken out, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.record({ at: fc.nat(), text: fc.string({ unit: 'binary' }) }), { maxLength: 5 }),
        (before, wanted) => {
          const edits = wanted.map(({ at, text }) => ({
            start: at % (before.length + 1),
            end: at % (before.length + 1),
            text,
          }));
          const result = splice(before, edits);
          if ('reason' in result) return;
          expect(result.text.length).toBe(before.length + edits.reduce((sum, edit) => sum + edit.text.length, 0));
          let at = 0;
          for (const character of before) {
            const found = result.text.indexOf(character, at);
            expect(found).toBeGreaterThanOrEqual(at);
            at = found + character.length;
          }
        },
      ),
    );
  });

  it('keeps the order of two insertions at one point', () => {
    expect(
      splice('ab', [
        { start: 1, end: 1, text: '1' },
        { start: 1, end: 1, text: '2' },
      ]),
    ).toEqual({ text: 'a12b' });
  });

  it('refuses to replace, to point outside, and to cut a character in two', () => {
    expect(splice('abc', [{ start: 0, end: 1, text: 'x' }])).toHaveProperty('reason');
    expect(splice('abc', [{ start: 4, end: 4, text: 'x' }])).toHaveProperty('reason');
    expect(splice('a😀', [{ start: 2, end: 2, text: 'x' }])).toHaveProperty('reason');
  });
});

describe('applyEdits', () => {
  const tree = treeOf({
    'list.yaml': 'items:\n  - a: 1 # first\n  - b: "2"\nlast: x\n',
    'windows.yaml': '\ufeffa: 1\r\nb: 2',
    'broken.yaml': 'a: 1\na: 2\n',
    'notes.md': 'one\ntwo',
  });
  const insert = (path: string, at: number, text: string) =>
    applyEdits(tree, [{ kind: 'splice', path, start: at, end: at, text }]);

  it('takes lines that add nodes', () => {
    const text = '  - c: 3\n';
    const result = insert('list.yaml', tree.read('list.yaml')?.indexOf('last') ?? 0, text);
    expect(result.files.get('list.yaml')?.text).toBe('items:\n  - a: 1 # first\n  - b: "2"\n  - c: 3\nlast: x\n');
    expect(result.refusals).toEqual([]);
  });

  it('keeps a byte-order mark, CRLF and a missing final newline', () => {
    const at = tree.read('windows.yaml')?.indexOf('b:') ?? 0;
    expect(insert('windows.yaml', at, 'c: 3\r\n').files.get('windows.yaml')?.text).toBe('\ufeffa: 1\r\nc: 3\r\nb: 2');
  });

  it.each([
    ['a line that is there', 'notes.md', 3, ' and more'],
    ['the last line, which had no newline', 'notes.md', 7, '\nthree'],
    ['a value that is there, though no line changes', 'list.yaml', 43, '  goes on\n'],
    ['a key that is there', 'list.yaml', 0, 'last: y\n'],
    ['whose list it is, though no line changes', 'list.yaml', 7, 'others:\n'],
    ['a file with a duplicate key', 'broken.yaml', 0, 'z: 1\n'],
  ])('refuses to change %s, and says what to paste', (_, path, at, text) => {
    const result = insert(path, at, text);
    expect([...result.files.keys()]).toEqual([]);
    expect(result.refusals).toMatchObject([{ path, paste: { under: path } }]);
  });

  it('refuses a file that is not there', () => {
    expect(insert('gone.yaml', 0, 'a: 1\n').refusals).toMatchObject([{ path: 'gone.yaml' }]);
  });

  it('creates what is new, takes what is the same for done, and never writes over what differs', () => {
    expect(
      applyEdits(tree, [{ kind: 'create', path: 'new.sh', text: 'x', executable: true }]).files.get('new.sh'),
    ).toEqual({ text: 'x', executable: true });
    expect(applyEdits(tree, [{ kind: 'create', path: 'notes.md', text: 'one\ntwo' }])).toEqual({
      files: new Map(),
      conflicts: [],
      refusals: [],
    });
    expect(applyEdits(tree, [{ kind: 'create', path: 'notes.md', text: 'one\n' }]).conflicts).toMatchObject([
      { kind: 'file', path: 'notes.md' },
    ]);
  });
});
