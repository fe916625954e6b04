import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertElement, insertEntry, linesOfChild } from './insert';
import { jsonNodeAt, parseJson, type ParsedJson } from './parse';
import { firstJsonChange } from './prove';

function read(text: string): ParsedJson {
  const parsed = parseJson(text, 'x.json');
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  return parsed.json;
}

describe('an addition to JSON', () => {
  it('stands before the last element or a given one, indented and ended as the file is', () => {
    const text = '{\r\n\t"a": [\r\n\t\t{\r\n\t\t\t"x": 1\r\n\t\t},\r\n\t\t{\r\n\t\t\t"x": 2\r\n\t\t}\r\n\t]\r\n}';
    const last = insertElement(read(text), ['a'], { x: 3 });
    expect(last).toMatchObject({
      ok: true,
      offset: text.indexOf('\t\t{\r\n\t\t\t"x": 2'),
      text: '\t\t{\r\n\t\t\t"x": 3\r\n\t\t},\r\n',
    });
    expect(insertElement(read(text), ['a'], { x: 3 }, 0)).toMatchObject({ offset: text.indexOf('\t\t{') });
  });

  it.each([
    ['[\n  { "a": 1 },\n  { "a": 2 }\n]\n', '  { "a": "{ x }", "b": { "c": [1, 2] } },\n'],
    ['[\n  {"a": 1},\n  {"a": 2}\n]\n', '  {"a": "{ x }", "b": {"c": [1, 2]}},\n'],
    ['[\n  {"a":1},\n  {"a":2}\n]\n', '  {"a":"{ x }","b":{"c":[1,2]}},\n'],
    ['[\n  { "a": [ 1 ] },\n  { "a": [ 2 ] }\n]\n', '  { "a": "{ x }", "b": { "c": [ 1, 2 ] } },\n'],
  ])('is on one line where its neighbours are: %j', (text, line) => {
    expect(insertElement(read(text), [], { a: '{ x }', b: { c: [1, 2] } })).toMatchObject({ ok: true, text: line });
  });

  it('is refused with the text to paste where a line would change', () => {
    for (const text of ['{ "a": [] }', '{ "a": [1, 2] }', '{ "b": 1 }', '{ "a": 1 }'])
      expect(insertElement(read(text), ['a'], 3), text).toMatchObject({
        ok: false,
        refusal: { line: 1, paste: { under: 'a', text: '3\n' } },
      });
    expect(insertEntry(read('{\n  "a": 1\n}'), [], 'a', 2)).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringContaining('there already') as string },
    });
  });

  it('changes no line, adds one value, and goes out again without a trace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }),
        fc.jsonValue(),
        fc.constantFrom('  ', '    ', '\t'),
        fc.boolean(),
        fc.nat(),
        (items, value, step, crlf, place) => {
          const plain = `${JSON.stringify({ list: items }, undefined, step)}\n`;
          const text = crlf ? plain.replaceAll('\n', '\r\n') : plain;
          const index = place % items.length;
          const inserted = insertElement(read(text), ['list'], value, index);
          if (!inserted.ok) throw new Error(inserted.refusal.reason);
          const after = text.slice(0, inserted.offset) + inserted.text + text.slice(inserted.offset);
          const expected = [...items.slice(0, index), value, ...items.slice(index)];
          expect(JSON.parse(after)).toEqual(JSON.parse(JSON.stringify({ list: expected })));
          expect(firstJsonChange(text, after)).toBeUndefined();
          const lines = linesOfChild(read(after), ['list', index]);
          expect(lines && after.slice(0, lines.start) + after.slice(lines.end)).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('parsing and proving', () => {
  it('gives offsets of what JSON.parse gives', () => {
    const text = '\ufeff{ "a\\"]": [true, -1.5e3, null, "x,}"], "b": {} }';
    const json = read(text);
    const node = jsonNodeAt(json.root, ['a"]', 1]);
    expect(node && text.slice(node.start, node.end)).toBe('-1.5e3');
    expect(json.value).toEqual({ 'a"]': [true, -1500, null, 'x,}'], b: {} });
  });

  it('refuses what does not parse and what says a key twice, with the line', () => {
    expect(parseJson('{,}', 'x')).toMatchObject({ ok: false, refusal: { reason: 'It is not valid JSON.' } });
    expect(parseJson('{\n"a": 1,\n"a": 2}', 'x')).toMatchObject({ ok: false, refusal: { line: 3 } });
  });

  it('names what an edit lost or changed', () => {
    expect(firstJsonChange('{"a":{"b":1}}', '{"a":{"b":2,"c":1}}')).toBe('a.b');
    expect(firstJsonChange('{"a":[1,2]}', '{"a":[2,1]}')).toBe('a[1]');
    expect(firstJsonChange('{"a":1}', '{"b":1}')).toBe('a');
    expect(firstJsonChange('{"a":1}', '{"a":1')).toBe('the whole document');
    expect(firstJsonChange('{"a":[1,2]}', '{"z":0,"a":[0,1,1,2]}')).toBeUndefined();
  });
});
