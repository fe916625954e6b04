import { describe, expect, it } from 'vitest';
import {
  applySplices,
  insertMapEntries,
  insertMapEntry,
  insertSequenceItem,
  type InsertOptions,
  type InsertResult,
} from './insert';
import type { YamlPath } from './locate';
import { parseYaml, type ParsedYaml } from './parse';
import { proveSplice } from './test-prove';
import type { YamlValue } from './render';

function parsed(text: string): ParsedYaml {
  const result = parseYaml(text, 'a.yml');
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.yaml;
}

function after(text: string, result: InsertResult): string {
  if (!result.ok) throw new Error(result.refusal.reason);
  const changed = applySplices(text, [result.splice]);
  expect(proveSplice(text, changed, result.paths)).toMatchObject({ ok: true });
  return changed;
}

const entry = (text: string, path: YamlPath, key: string, value: YamlValue, options?: InsertOptions): string =>
  after(text, insertMapEntry(parsed(text), path, key, value, options));
const item = (text: string, path: YamlPath, value: YamlValue, options?: InsertOptions): string =>
  after(text, insertSequenceItem(parsed(text), path, value, options));

describe('insertMapEntry', () => {
  it('stands behind its neighbour and leaves the next group its banner', () => {
    const text = [
      'services:',
      '  a:',
      '    image: x',
      '    # ports:',
      '    #   - 80:80',
      '',
      '  # ==== NEXT ====',
      '  b:',
      '    image: y',
      '',
      '  # c: out of order since March',
      '  # c:',
      '  #   image: z',
      '',
      '# Volumes',
      'volumes:',
      '  v:',
      '',
    ].join('\n');
    expect(entry(text, ['services'], 'k', { image: 'i' }, { after: 'a' })).toBe(
      text.replace('80:80\n', '80:80\n\n  k:\n    image: i\n'),
    );
    expect(entry(text, ['services'], 'k', { image: 'i' })).toBe(
      text.replace('    image: y\n', '    image: y\n\n  k:\n    image: i\n'),
    );
    expect(entry(text, ['services'], 'k', { image: 'i' }, { before: 'b' })).toBe(
      text.replace('  b:\n', '  k:\n    image: i\n\n  b:\n'),
    );
    expect(entry(text, ['volumes'], 'k', null)).toBe(`${text}  k:\n`);
  });

  it('goes before the last entry where the file ends without a line break', () => {
    const text = 'a:\n    x: 1\n    # about y\n    y:\n        z: 2';
    expect(entry(text, ['a'], 'k', 3)).toBe('a:\n    x: 1\n    k: 3\n    # about y\n    y:\n        z: 2');
    expect(entry(text, [], 'k', { m: 'o' })).toBe(`k:\n    m: o\n${text}`);
    expect(entry(text, ['a', 'y'], 'k', 3)).toBe(text.replace('        z', '        k: 3\n        z'));
  });

  it('goes before a comment that ends without a line break', () => {
    expect(entry('a:\n  x: 1\n  # end', ['a'], 'k', 3)).toBe('a:\n  x: 1\n  k: 3\n  # end');
  });

  it('keeps CRLF, a byte-order mark and trailing spaces', () => {
    const text = '\uFEFFa:\r\n  x: 1  \r\n\r\n  y: 2\r\nb: 3\r\n';
    expect(entry(text, ['a'], 'k', { m: 'o' })).toBe(text.replace('b:', '\r\n  k:\r\n    m: o\r\nb:'));
    expect(entry(text, [], 'k', 4)).toBe(`${text}k: 4\r\n`);
  });

  it('fills a key without a value, below what is commented out there', () => {
    expect(entry('volumes:\n  # old:\nnetworks:\n  n:\n', ['volumes'], 'v', null)).toBe(
      'volumes:\n  # old:\n  v:\nnetworks:\n  n:\n',
    );
    expect(entry('volumes:   # none yet\n', ['volumes'], 'v', null)).toBe('volumes:   # none yet\n  v:\n');
  });

  it('adds to an empty document', () => {
    expect(entry('', [], 'a', 1)).toBe('a: 1\n');
    expect(entry('# nothing yet\n', [], 'a', 1)).toBe('# nothing yet\na: 1\n');
  });

  it('stands behind block scalars without becoming part of them', () => {
    const text = 'a: |\n  x\n\n  # text\n\n\nb: |+\n  y\n\n# end\n';
    expect(entry(text, [], 'k', 1, { after: 'a' })).toBe(text.replace('# text\n', '# text\n\n\nk: 1\n'));
    expect(entry(text, [], 'k', 1, { after: 'b' })).toBe(`${text}k: 1\n`);
    const nested = 'a:\n  - b: >+\n      y\n\nc: 1\n';
    expect(entry(nested, [], 'k', 1, { after: 'a', blankLines: 2 })).toBe(nested.replace('c:', 'k: 1\nc:'));
  });

  it('adds to a map that starts on a dash', () => {
    expect(entry('- a: 1\n- b: 2\n', [0], 'k', 3)).toBe('- a: 1\n  k: 3\n- b: 2\n');
  });

  it('ends before the end mark of the document', () => {
    expect(entry('---\na: 1\n...\n', [], 'k', 3)).toBe('---\na: 1\nk: 3\n...\n');
  });

  it('adds several at once, with blank lines as between the others', () => {
    const text = 'a:\n  x: 1\n\n  y: 2\n';
    const result = insertMapEntries(
      parsed(text),
      ['a'],
      [
        ['m', 3],
        ['k', 4],
      ],
      { after: 'x' },
    );
    expect(after(text, result)).toBe('a:\n  x: 1\n\n  m: 3\n\n  k: 4\n\n  y: 2\n');
  });

  it.each([
    ['a flow map', 'a: {x: 1}\n', ['a'], 1],
    ['an empty flow map', 'z: 1\na: {}\n', ['a'], 2],
    ['an alias', 'z: &z\n  q: 1\na: *z\n', ['a'], 3],
    ['a scalar', 'a: 1\n', ['a'], 1],
    ['a list', 'a:\n  - 1\n', ['a'], 2],
    ['a null that is written out', 'a: ~\n', ['a'], 1],
    ['a key at the end of an unterminated file', 'z: 1\na:', ['a'], 2],
    ['the only key on a dash of an unterminated file', '- a: 1', [0], 1],
    ['the key that is there', 'a:\n  k: 1\n', ['a'], 2],
    ['nothing', 'b: 1\n', ['a'], 1],
  ])('refuses %s and gives the text to paste', (_, text, path, line) => {
    const result = insertMapEntry(parsed(text), path, 'k', { m: 'o' });
    expect(result).toMatchObject({ ok: false, refusal: { path: 'a.yml', line, paste: { under: path.join('.') } } });
    expect(result.ok ? '' : result.refusal.paste?.text).toMatch(/k:\n +m: o\n$/);
  });
});

describe('insertSequenceItem', () => {
  it('stands behind its neighbours, indented or not', () => {
    expect(item('p:\n  - 1\n  # - 2\nq: 3\n', ['p'], 4)).toBe('p:\n  - 1\n  # - 2\n  - 4\nq: 3\n');
    expect(item('p:\n- 1\n# about q\nq: 3\n', ['p'], 4)).toBe('p:\n- 1\n- 4\n# about q\nq: 3\n');
    expect(item('p:\n-   a: 1\n    b: 2\n', ['p'], { a: 3, b: [4] })).toBe(
      'p:\n-   a: 1\n    b: 2\n-   a: 3\n    b:\n    -   4\n',
    );
  });

  it('adds to a document that is a list', () => {
    expect(item('- a: 1\n\n- a: 2\n', [], { a: 3 }, { after: 0 })).toBe('- a: 1\n\n- a: 3\n\n- a: 2\n');
  });

  it('goes before the last item where the file ends without a line break, behind the banner of its group', () => {
    const text = 'p:\n  - 0\n  - 1\n\n  # --- x ---\n  # remark\n  - 2';
    expect(item(text, ['p'], 3)).toBe('p:\n  - 0\n  - 1\n\n  # --- x ---\n  - 3\n  # remark\n  - 2');
  });

  it('refuses a list on one line', () => {
    const text = 'a:\n  networks: [x, y]\n';
    expect(insertSequenceItem(parsed(text), ['a', 'networks'], 'z')).toMatchObject({
      ok: false,
      refusal: { line: 2, paste: { under: 'a.networks', text: '    - z\n' } },
    });
  });
});
