import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mergeNodes } from './merge';
import { parseYaml, type ParsedYaml } from './parse';
import { replaceRanges } from './replace';

function yamlOf(text: string): ParsedYaml {
  const parsed = parseYaml(text, 'x.yml');
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  return parsed.yaml;
}

function merge(present: string, base: string, next: string) {
  const side = (text: string) => ({ yaml: yamlOf(text), path: ['services', 'x'] });
  const { replacements, conflicts } = mergeNodes(side(present), side(base), side(next));
  return { text: replaceRanges(present, replacements), conflicts };
}

const base = `services:
  x:
    image: x:1
    environment:
      A: "1"
      B: "2"
    ports:
      - "1:1"
      - "2:2"
    deploy: { replicas: 1, mode: global }
`;

/** What people make of it: a key, quotes, comments, another order. */
const edited = `services:
  # ours
  x:
    image: 'x:1'   # pinned by dana
    logging:
      driver: none
    ports:
      - "1:1"      # the API
      # - "9:9"
      - "2:2"
    environment:
      B: "2"
      # why not
      A: "1"
      BY_HAND: "3"
    deploy: { replicas: 1, mode: global } # few
`;

describe('mergeNodes', () => {
  it.each<[string, [string, string], [string, string]]>([
    [
      'a scalar keeps its quotes and its comment',
      ['image: x:1', 'image: x:2'],
      ["image: 'x:1'   #", "image: 'x:2'   #"],
    ],
    ['a value in a map', ['A: "1"', 'A: "one"'], ['A: "1"', 'A: "one"']],
    ['an item keeps its comment', ['"1:1"', '"8:1"'], ['"1:1"      # the API', '"8:1"      # the API']],
    ['a number between braces', ['replicas: 1', 'replicas: 3'], ['replicas: 1', 'replicas: 3']],
    [
      'a pair more between braces',
      ['mode: global }', 'mode: global, x: [1] }'],
      ['mode: global }', 'mode: global, x: [1] }'],
    ],
    ['a pair less between braces', ['replicas: 1, ', ''], ['replicas: 1, ', '']],
    ['the last pair less between braces', [', mode: global', ''], [', mode: global', '']],
    [
      'an entry more',
      ['      B: "2"\n', '      B: "2"\n      C: "3"\n'],
      ['      B: "2"\n', '      B: "2"\n      C: "3"\n'],
    ],
    [
      'an entry more at the front',
      ['      A: "1"\n', '      Z: "0"\n      A: "1"\n'],
      ['      B: "2"\n', '      Z: "0"\n      B: "2"\n'],
    ],
    ['an entry less', ['      B: "2"\n', ''], ['      B: "2"\n', '']],
    [
      'an item more',
      ['      - "1:1"\n', '      - "1:1"\n      - "3:3"\n'],
      ['# the API\n', '# the API\n      - "3:3"\n'],
    ],
    ['an item less', ['      - "2:2"\n', ''], ['      # - "9:9"\n      - "2:2"\n', '']],
    [
      'a block more',
      ['    ports:\n', '    labels:\n      l: "1"\n    ports:\n'],
      ['      BY_HAND: "3"\n', '      BY_HAND: "3"\n    labels:\n      l: "1"\n'],
    ],
    [
      'a value of another kind',
      ['deploy: { replicas: 1, mode: global }', 'deploy: none'],
      ['deploy: { replicas: 1, mode: global } #', 'deploy: none #'],
    ],
  ])('%s', (_, [from, to], [there, wanted]) => {
    const next = base.replace(from, to);
    expect(next).not.toBe(base);
    const merged = merge(edited, base, next);
    expect(merged.conflicts).toEqual([]);
    expect(merged.text).toBe(edited.replace(there, wanted));
    // And back.
    const back = merge(merged.text, next, base);
    expect(back.conflicts).toEqual([]);
    expect(parse(back.text)).toEqual(parse(edited));
  });

  it('does nothing where nothing changes, or where people made the change already', () => {
    expect(merge(edited, base, base)).toEqual({ text: edited, conflicts: [] });
    const next = base.replace('x:1', 'x:2').replace('- "2:2"', '- "3:3"');
    const done = edited.replace('x:1', 'x:2').replace('- "2:2"', '- "3:3"');
    expect(merge(done, base, next)).toEqual({ text: done, conflicts: [] });
  });

  it.each<[string, [string, string], [string, string], object]>([
    ['a scalar', ["'x:1'", 'mine'], ['x:1', 'x:2'], { path: ['services', 'x', 'image'], line: 4, wanted: 'x:2' }],
    [
      'one that is to go',
      ['B: "2"', 'B: mine'],
      ['      B: "2"\n', ''],
      { path: ['services', 'x', 'environment', 'B'], wanted: undefined },
    ],
    [
      'one that they took out',
      ['      A: "1"\n', ''],
      ['A: "1"', 'A: "5"'],
      { path: ['services', 'x', 'environment', 'A'], wanted: '"5"' },
    ],
    [
      'one that they added',
      ['BY_HAND', 'C'],
      ['B: "2"\n', 'B: "2"\n      C: "4"\n'],
      { path: ['services', 'x', 'environment', 'C'], wanted: '"4"' },
    ],
    ['an item', ['"1:1"', '"7:7"'], ['"1:1"', '"8:1"'], { wanted: '"8:1"' }],
    [
      'the whole block',
      ['environment:\n      B: "2"\n      # why not\n      A: "1"\n      BY_HAND: "3"\n', 'environment: [A=1]\n'],
      ['A: "1"', 'A: "5"'],
      { path: ['services', 'x', 'environment'] },
    ],
  ])('leaves %s that people changed themselves, and says what is wanted', (_, [there, mine], [from, to], conflict) => {
    const present = edited.replace(there, mine);
    expect(present).not.toBe(edited);
    const merged = merge(present, base, base.replace(from, to));
    expect(merged.text).toBe(present);
    expect(merged.conflicts).toMatchObject([conflict]);
  });

  it('keeps CRLF and a missing line break at the end', () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n').trimEnd();
    const next = base
      .replace('      B: "2"\n', '      B: "2"\n      C: "3"\n')
      .replace(
        '    deploy: { replicas: 1, mode: global }\n',
        '    deploy: { replicas: 1, mode: global }\n    user: root\n',
      );
    const merged = merge(crlf(base).replace('x:1', 'x:1 # p'), base, next);
    expect(merged.conflicts).toEqual([]);
    expect(merged.text).toBe(crlf(next).replace('x:1', 'x:1 # p'));
  });
});
