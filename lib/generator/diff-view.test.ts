import { describe, expect, it } from 'vitest';
import { viewFile } from './diff-view';

const before = [
  'services:',
  '  a:',
  '    image: a',
  ...Array.from({ length: 20 }, (_, n) => `    # ${n}`),
  '  z:',
  '    image: z',
  '',
].join('\n');

describe('viewFile', () => {
  it('numbers both sides and says where the hunk stands', () => {
    const after = before.replace('  z:\n', '  b:\n    image: b\n  z:\n');
    const view = viewFile({ path: 'docker-compose.yml', before, after, executable: false }, []);
    expect(view).toMatchObject({ isNew: false, added: 2, removed: 0, noFinalNewline: false });
    expect(view.hunks).toHaveLength(1);
    expect(view.hunks[0]?.heading).toBe('a:');
    const added = view.hunks[0]?.lines.filter((line) => line.kind === 'added');
    expect(added).toEqual([
      { kind: 'added', text: '  b:', newLine: 24 },
      { kind: 'added', text: '    image: b', newLine: 25 },
    ]);
    expect(view.hunks[0]?.lines.at(-1)).toEqual({ kind: 'same', text: '    image: z', oldLine: 25, newLine: 27 });
  });

  it('shows a new file whole, CRLF without its ends, and a missing last newline', () => {
    const view = viewFile({ path: 'a', before: null, after: 'one\r\ntwo', executable: false }, []);
    expect(view.hunks[0]?.lines.map((line) => line.text)).toEqual(['one', 'two']);
    expect(view).toMatchObject({ isNew: true, isDeleted: false, added: 2, noFinalNewline: true });
  });

  it('shows a deleted file whole, and has no bytes to compare', () => {
    const view = viewFile({ path: 'a', before: 'one\ntwo\n', after: null, executable: false }, []);
    expect(view.hunks[0]?.lines.map((line) => [line.kind, line.oldLine])).toEqual([
      ['removed', 1],
      ['removed', 2],
    ]);
    expect(view).toMatchObject({ isDeleted: true, removed: 2, noFinalNewline: false, sha256: undefined });
  });
});
