import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseYaml } from './parse';
import { Alias, Flow, Quoted, renderEntry, renderYaml, type YamlValue } from './render';
import { learnStyle, type Style } from './style';

function styleOf(text: string): Style {
  const result = parseYaml(text, 'a.yml');
  if (!result.ok) throw new Error(result.refusal.reason);
  return learnStyle(result.yaml);
}

const usual = styleOf('a: 1\n');
const misread = [
  ...[
    '22:22',
    '190:20:30',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    'true',
    'null',
    '~',
    '',
    '0777',
    '0o17',
    '0x1F',
    '0b1',
    '1_000',
  ],
  ...['1e3', '.5', '5.', '-1', '+1', '.inf', '-.INF', '.NaN', '2026-11-21', '2026-11-21T10:00:00Z', '1.10', '=', '<<'],
  ...[
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '#a',
    '- a',
    '? a',
    ': a',
    'a: b',
    'a:',
    'a #b',
    ' a',
    'a ',
    '[a',
    '{a',
    '|',
    '>',
    '"',
    "'",
  ],
  ...['a\nb', 'a\tb', 'a\u0085b', 'a\u2028b', '\uFEFFa', 'a\u0007', '---', '...', 'a\\b', 'it\'s "so"', '- ', '-'],
];

describe('renderYaml', () => {
  it.each(misread)('writes %j so that YAML 1.1 and 1.2 read it back', (text) => {
    for (const quotes of ['"x"', "'x'"]) {
      const style = styleOf(`a: ${quotes}\n`);
      for (const value of [{ k: text }, { [text]: 'v' }, [text], { k: new Flow([text]) }]) {
        const written = `${renderYaml(value, style)}\n`;
        const expected = 'k' in value && value.k instanceof Flow ? { k: [text] } : value;
        expect(parse(written, { version: '1.2' }), written).toEqual(expected);
        if (text !== '<<' || !(text in value)) expect(parse(written, { version: '1.1' }), written).toEqual(expected);
      }
    }
  });

  it.each([
    'a',
    'livekit/egress:v1.9.0',
    'http://a:80/b?c=d#e',
    '7894-7899',
    '${A:-b}',
    '1.9.0',
    'a, b',
    '0.0.0.0',
    '/x',
    'a"b',
  ])('leaves %j plain', (text) => {
    expect(renderYaml({ k: text }, usual)).toBe(`k: ${text}`);
  });

  it('reads back whatever strings it wrote, in both versions and in every place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, single) => {
        const style: Style = { ...usual, quote: single ? 'single' : 'double' };
        const written = `${renderYaml({ k: text, l: [text], m: new Flow([text, { n: text }]) }, style)}\n`;
        const expected = { k: text, l: [text], m: [text, { n: text }] };
        expect(parse(written, { version: '1.2' })).toEqual(expected);
        expect(parse(written, { version: '1.1' })).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('reads back whatever it wrote, nested, in every indentation', () => {
    const leaf = fc.oneof(fc.string({ maxLength: 6 }), fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9 ]{0,4}$/), tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(2, 4),
        fc.constantFrom(0, 2, 4),
        fc.constantFrom(2, 4),
        (node, map, list, dash) => {
          const style: Style = { ...usual, mapIndent: map, sequenceIndent: list, dashWidth: dash };
          const written = renderEntry('k', node as YamlValue, 4, style).join('\n');
          expect(parse(`${written}\n`), written).toEqual({ k: node });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('writes aliases, merge keys, quotes and one-line collections', () => {
    const value: YamlValue = {
      '<<': new Alias('base'),
      ports: [new Quoted('8080:80')],
      test: new Flow([new Quoted('CMD'), new Quoted('true')]),
      tls: {},
      none: [],
      volume: null,
    };
    expect(renderYaml(value, usual)).toBe(
      '<<: *base\nports:\n  - "8080:80"\ntest: ["CMD", "true"]\ntls: {}\nnone: []\nvolume:',
    );
  });

  it('follows the quotes and the indentation that it sees', () => {
    const style = styleOf(
      "a:\n    b: 'x'\n    image: \"img\"\n    list:\n    -   'p'\n    -   'q'\n    map: {c: 1}\n    flow: [ 1 ]\n",
    );
    expect(style).toMatchObject({ mapIndent: 4, sequenceIndent: 0, dashWidth: 4, quote: 'single' });
    expect(style).toMatchObject({ paddedMaps: false, paddedLists: true });
    expect(renderEntry('s', { b: 'z', image: 'w', list: ['r'], new: 'm', yes: 'no' }, 0, style).join('\n')).toBe(
      "s:\n    b: 'z'\n    image: 'w'\n    list:\n    -   'r'\n    new: m\n    'yes': 'no'",
    );
  });
});
