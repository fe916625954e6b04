import fc from 'fast-check';
import { isMap, isSeq, type ParsedNode } from 'yaml';
import { describe, expect, it } from 'vitest';
import { applySplices, insertMapEntry, insertSequenceItem, toEdits } from './insert';
import type { YamlPath } from './locate';
import { parseYaml, type ParsedYaml } from './parse';
import { proveSplice } from './test-prove';
import type { YamlValue } from './render';

/** A document written by hand, more or less: each piece is the lines below a key, relative to the key's own column. */
const scalars = fc.constantFrom(
  '1',
  'text',
  '"quoted # not a comment"',
  "'it''s'   ",
  '${A:-b}   # remark',
  '[a, "b"]',
  '{ a: 1 }',
  '*base',
  '&own text',
  '""',
  '~',
  '',
  '  # only a remark',
);
const comments = fc.constantFrom('# remark', '# ==== BANNER ====', '#- commented: out', '# ----', '#', '');

interface Node {
  kind: 'scalar' | 'literal' | 'folded' | 'quoted' | 'map' | 'list' | 'merge';
  text: string;
  items: Item[];
}
interface Item {
  name: string;
  above: string[];
  deeper: boolean;
  value: Node;
}

const leaf: fc.Arbitrary<Node> = fc.record({
  kind: fc.constantFrom('scalar', 'scalar', 'scalar', 'literal', 'folded', 'quoted'),
  text: scalars,
  items: fc.constant([]),
});
const { root } = fc.letrec<{ root: Node; node: Node; item: Item }>((tie) => ({
  root: branch(tie('item'), 1),
  node: fc.oneof({ depthSize: 'medium' }, leaf, branch(tie('item'), 0)),
  item: fc.record({
    name: fc.constantFrom('a', 'b', 'image', '"ports"', 'x-y', 'z.w'),
    above: fc.array(comments, { maxLength: 3 }),
    deeper: fc.boolean(),
    value: tie('node'),
  }),
}));

function branch(item: fc.Arbitrary<Item>, minLength: number): fc.Arbitrary<Node> {
  return fc.record({
    kind: fc.constantFrom('map', 'map', 'list', 'merge'),
    text: fc.constant(''),
    items: fc.array(item, { minLength, maxLength: 4 }),
  });
}

const layout = fc.record({
  map: fc.constantFrom(2, 4),
  list: fc.constantFrom(0, 2, 4),
  dash: fc.constantFrom(2, 4),
  crlf: fc.boolean(),
  final: fc.boolean(),
  mark: fc.boolean(),
  tail: fc.array(comments, { maxLength: 3 }),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

/** The lines of a node's value; the first is what follows `key:` or the dash on its line. */
function write(value: Node, column: number, style: Layout): string[] {
  const pad = ' '.repeat(column + style.map);
  switch (value.kind) {
    case 'literal':
      return [' |+', `${pad}line`, '', `${pad}# not a comment`, ''];
    case 'folded':
      return [' >-', `${pad}line`, `${pad}  more`, '', ''];
    case 'quoted':
      return [' "first', '', `${pad}second: # third"`];
    case 'map':
    case 'merge':
      if (value.items.length === 0) return value.kind === 'merge' ? ['', `${pad}<<: *base`] : [' {}'];
      return ['', ...writeMap(value.items, column + style.map, style, value.kind === 'merge')];
    case 'list': {
      if (value.items.length === 0) return [' []'];
      const dash = column + style.list;
      return ['', ...value.items.flatMap((item) => writeDash(item, dash, style))];
    }
    default:
      return [value.text === '' ? '' : ` ${value.text}`];
  }
}

function writeMap(items: readonly Item[], column: number, style: Layout, merge: boolean): string[] {
  const lines = merge ? [`${' '.repeat(column)}<<: [*base, *more]`] : [];
  items.forEach((item, index) => {
    lines.push(...remarks(item, column));
    const [first = '', ...rest] = write(item.value, column, style);
    const name = item.name.startsWith('"') ? `"${index}${item.name.slice(1)}` : `k${index}${item.name}`;
    lines.push(`${' '.repeat(column)}${name}:${first}`, ...rest);
  });
  return lines;
}

function writeDash(item: Item, column: number, style: Layout): string[] {
  const dash = `${' '.repeat(column)}-${' '.repeat(style.dash - 1)}`;
  const above = remarks(item, column);
  if (item.value.kind === 'map' && item.value.items.length > 0) {
    const inner = column + style.dash;
    const lines = writeMap(
      item.value.items.map((child, index) => (index === 0 ? { ...child, above: [] } : child)),
      inner,
      style,
      false,
    );
    return [...above, dash + (lines[0] ?? '').slice(inner), ...lines.slice(1)];
  }
  const simple: Node = item.value.kind === 'scalar' ? item.value : { kind: 'scalar', text: 'item', items: [] };
  return [...above, `${dash}${simple.text === '' ? 'x' : simple.text.trimStart()}`];
}

function remarks(item: Item, column: number): string[] {
  return item.above.map((line) => (line === '' ? '' : `${' '.repeat(column + (item.deeper ? 3 : 0))}${line}`));
}

function compose(top: Node, style: Layout): string {
  const lines = ['base: &base {p: 1}', 'more: &more', '  q: 2', ...writeMap(top.items, 0, style, false), ...style.tail];
  if (style.mark) lines.unshift('---');
  const newline = style.crlf ? '\r\n' : '\n';
  return lines.join(newline) + (style.final ? newline : '');
}

function collections(yaml: ParsedYaml): { path: YamlPath; map: boolean; keys: (string | number)[] }[] {
  const found: { path: YamlPath; map: boolean; keys: (string | number)[] }[] = [];
  const visit = (current: ParsedNode | null, path: YamlPath): void => {
    if (isMap(current)) {
      const keys = current.items.map((pair) => String(pair.key));
      if (!current.flow) found.push({ path, map: true, keys: keys.map((key) => key.replace(/^"|"$/g, '')) });
      current.items.forEach((pair, index) => visit(pair.value, [...path, keys[index] ?? '']));
    } else if (isSeq(current)) {
      const items = current.items;
      if (!current.flow) found.push({ path, map: false, keys: items.map((_, index) => index) });
      items.forEach((item, index) => visit(item, [...path, index]));
    }
  };
  visit(yaml.document.contents, []);
  return found;
}

const addition = fc.constantFrom<YamlValue>(
  null,
  'yes',
  { image: 'x:1', ports: ['22:22'] },
  ['a', { b: 'c' }],
  'a: b # c',
);

/** Inserts somewhere and holds the result against the law of the edit. Whether it was refused is for the caller to count. */
function check(text: string, choice: number, sibling: number, before: boolean, value: YamlValue): boolean {
  const result = parseYaml(text, 'a.yml');
  if (!result.ok) throw new Error(`${result.refusal.reason}\n${text}`);
  const all = collections(result.yaml);
  const chosen = all[choice % all.length];
  if (!chosen) return false;
  const key = chosen.keys[sibling % Math.max(chosen.keys.length, 1)];
  const options = key === undefined ? {} : before ? { before: key } : { after: key };
  const inserted = chosen.map
    ? insertMapEntry(result.yaml, chosen.path, 'added', value, options)
    : insertSequenceItem(result.yaml, chosen.path, value, options);
  if (!inserted.ok) {
    expect(inserted.refusal.paste?.text).toMatch(/\S/);
    return false;
  }
  const changed = applySplices(text, [inserted.splice]);
  const proof = proveSplice(text, changed, inserted.paths);
  // What other places share through an alias may not be added to unseen: there the proof has to fail, and nowhere else.
  if (chosen.path[0] === 'more' && text.includes('*more')) expect(proof).toMatchObject({ ok: false, kind: 'values' });
  else if (!proof.ok)
    throw new Error(`${proof.reason}\n${JSON.stringify(chosen)}\n${JSON.stringify(text)}\n${changed}`);
  const { offset, text: added } = inserted.splice;
  expect(changed.slice(0, offset) + changed.slice(offset + added.length)).toBe(text);
  expect(added.endsWith('\n')).toBe(true);
  expect(changed.endsWith('\n')).toBe(text.endsWith('\n'));
  expect(/(^|[^\r])\n/.test(added)).toBe(!text.includes('\r\n'));
  return true;
}

describe('insertion', () => {
  it('leaves every other byte and every other value of whatever people write', () => {
    let done = 0;
    fc.assert(
      fc.property(
        root,
        layout,
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        addition,
        (top, style, choice, sibling, before, value) => {
          const text = compose(top, style);
          if (check(text, choice, sibling, before, value)) done += 1;
        },
      ),
      { numRuns: 1500 },
    );
    expect(done).toBeGreaterThan(1000);
  });

  it('joins what goes to one place, in order', () => {
    const splices = [
      { offset: 3, text: 'b\n' },
      { offset: 0, text: 'x\n' },
      { offset: 3, text: 'c\n' },
    ];
    expect(toEdits('p', splices)).toEqual([
      { kind: 'splice', path: 'p', start: 0, end: 0, text: 'x\n' },
      { kind: 'splice', path: 'p', start: 3, end: 3, text: 'b\nc\n' },
    ]);
    expect(applySplices('aa\n', splices)).toBe('x\naa\nb\nc\n');
  });
});
