import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { problemsAgainst } from '@/local/notion/published-shapes';

import { parseInline } from './markdown-inline';
import { markdownToBlocks } from './markdown-to-blocks';
import { fitBlocks, toCalls, toRequest, type PageBlock } from './page-block';

// Notion's schemas are large: compiling one takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const text = (content: string) => [{ text: content }];
const paragraph = (content: string): PageBlock => ({ type: 'paragraph', runs: text(content) });

describe('inline', () => {
  it.each([
    ['plain text', [{ text: 'plain text' }]],
    [
      '**bold** and *italic* and ~~gone~~',
      [
        { text: 'bold', bold: true },
        { text: ' and ' },
        { text: 'italic', italic: true },
        { text: ' and ' },
        { text: 'gone', strikethrough: true },
      ],
    ],
    ['***both***', [{ text: 'both', bold: true, italic: true }]],
    ['**Service:** `live kit`', [{ text: 'Service:', bold: true }, { text: ' ' }, { text: 'live kit', code: true }]],
    [
      '**see `x` now**',
      [
        { text: 'see ', bold: true },
        { text: 'x', bold: true, code: true },
        { text: ' now', bold: true },
      ],
    ],
    ['snake_case_name and 2 * 3 * 4', [{ text: 'snake_case_name and 2 * 3 * 4' }]],
    ['_said_', [{ text: 'said', italic: true }]],
    ['`` a ` b ``', [{ text: 'a ` b', code: true }]],
    ['an unclosed ** and ` and [', [{ text: 'an unclosed ** and ` and [' }]],
    ['\\*not\\* &amp; &lt;b&gt;', [{ text: '*' }, { text: 'not' }, { text: '*' }, { text: ' & <b>' }]],
    ['one\ntwo  \nthree<br>four', [{ text: 'one two\nthree\nfour' }]],
    [
      '[a **b**](https://x.test/y "t")',
      [
        { text: 'a ', link: 'https://x.test/y' },
        { text: 'b', bold: true, link: 'https://x.test/y' },
      ],
    ],
    [
      'see https://x.test/a_b?c=1, or <https://y.test>.',
      [
        { text: 'see ' },
        { text: 'https://x.test/a_b?c=1', link: 'https://x.test/a_b?c=1' },
        { text: ', or ' },
        { text: 'https://y.test', link: 'https://y.test/' },
        { text: '.' },
      ],
    ],
    ['[top](#top) [bad](javascript:alert(1))', [{ text: 'top' }, { text: ' ' }, { text: 'bad' }]],
    ['[registry](config/port_registry.yaml)', [{ text: 'registry' }]],
  ])('reads %s', (markdown, runs) => {
    expect(parseInline(markdown)).toEqual(runs);
  });

  it('resolves relative links against the document', () => {
    const base = 'https://github.test/o/r/blob/main/docs/runbooks/RUNBOOK-030.md';
    expect(parseInline('[registry](../../config/ports.yaml)', base)).toEqual([
      { text: 'registry', link: 'https://github.test/o/r/blob/main/config/ports.yaml' },
    ]);
  });
});

describe('blocks', () => {
  it('reads headings, paragraphs, rules and quotes', () => {
    const markdown = '# One #\nText that\ngoes on\n## Two\n#### Four\n\n---\n> said\n> - a\n\nTitle\n=====\n';
    expect(markdownToBlocks(markdown)).toEqual([
      { type: 'heading_1', runs: text('One') },
      paragraph('Text that goes on'),
      { type: 'heading_2', runs: text('Two') },
      { type: 'heading_3', runs: text('Four') },
      { type: 'divider' },
      { type: 'quote', runs: text('said'), children: [{ type: 'bulleted_list_item', runs: text('a'), children: [] }] },
      { type: 'heading_1', runs: text('Title') },
    ]);
  });

  it('reads nested lists with code inside, and check-offs', () => {
    const markdown = [
      '1. Stop it:',
      '   ```bash',
      '   docker compose stop x',
      '     indented',
      '   ```',
      '2. Look',
      '   - here',
      '     - deeper',
      '   - there',
      '     on a second line',
      '',
      '- [ ] open',
      '- [x] done',
    ].join('\n');
    expect(markdownToBlocks(markdown)).toEqual([
      {
        type: 'numbered_list_item',
        runs: text('Stop it:'),
        children: [{ type: 'code', language: 'bash', text: 'docker compose stop x\n  indented' }],
      },
      {
        type: 'numbered_list_item',
        runs: text('Look'),
        children: [
          {
            type: 'bulleted_list_item',
            runs: text('here'),
            children: [{ type: 'bulleted_list_item', runs: text('deeper'), children: [] }],
          },
          { type: 'bulleted_list_item', runs: text('there on a second line'), children: [] },
        ],
      },
      { type: 'to_do', runs: text('open'), checked: false, children: [] },
      { type: 'to_do', runs: text('done'), checked: true, children: [] },
    ]);
  });

  it('reads tables, and gives every row the width of the header', () => {
    expect(markdownToBlocks('| Port | Why |\n| --- | :-: |\n| 7880 | a \\| b |\n| 1 |\n')).toEqual([
      {
        type: 'table',
        header: true,
        rows: [
          [text('Port'), text('Why')],
          [text('7880'), text('a | b')],
          [text('1'), []],
        ],
      },
    ]);
  });

  it('keeps code as it is, with the language where Notion knows it', () => {
    expect(markdownToBlocks('```yaml\na: "*x*" # <!-- kept -->\n\n\tb\n```\n~~~logql\nc\n~~~\n')).toEqual([
      { type: 'code', language: 'yaml', text: 'a: "*x*" # <!-- kept -->\n\n\tb' },
      { type: 'code', language: 'plain text', text: 'c' },
    ]);
  });

  it('leaves front matter and comments out', () => {
    expect(markdownToBlocks('---\ntitle: x\n---\n<!-- owner:\n me -->\nText\r\n')).toEqual([paragraph('Text')]);
  });

  it('ends with a fence that never closes', () => {
    expect(markdownToBlocks('```\nopen')).toEqual([{ type: 'code', language: 'plain text', text: 'open' }]);
  });

  it('never throws, and always makes requests that Notion publishes', () => {
    const piece = fc.constantFrom(
      '# ',
      '- ',
      '1. ',
      '> ',
      '```',
      '| a | b |',
      '| - | - |',
      '**',
      '_',
      '`',
      '[x](',
      'https://a.b',
      ')',
      ' ',
      '\n',
      '    ',
      'word',
      '[ ] ',
      '<!--',
      '---',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const children = toCalls(fitBlocks(markdownToBlocks(pieces.join('')))).flat();
        expect(problemsAgainst('AppendBlockChildrenParameters', { block_id: 'b', children })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("Notion's limits", () => {
  it('cuts long text into runs of at most 2000 units, never through a character', () => {
    const long = `${'x'.repeat(1999)}😀${'y'.repeat(3000)}`;
    const request = toRequest({ type: 'paragraph', runs: text(long) });
    const { rich_text: runs } = request.paragraph as { rich_text: { text: { content: string } }[] };
    expect(runs.map((run) => run.text.content.length)).toEqual([1999, 2000, 1002]);
    expect(runs.map((run) => run.text.content).join('')).toBe(long);
  });

  it('goes on in a further block where one would hold more than 100 runs', () => {
    const runs = Array.from({ length: 250 }, (_, index) => ({ text: String(index), bold: index % 2 === 0 }));
    const fitted = fitBlocks([
      { type: 'paragraph', runs },
      { type: 'code', language: 'json', text: 'z'.repeat(450_000) },
    ]);
    expect(fitted.map((block) => block.type)).toEqual(['paragraph', 'paragraph', 'paragraph', 'code', 'code', 'code']);
  });

  it('sends at most 100 blocks a call, and less when they are large', () => {
    const many = Array.from({ length: 205 }, (_, index) => paragraph(String(index)));
    expect(toCalls(many).map((call) => call.length)).toEqual([100, 100, 5]);
    const large = Array.from(
      { length: 4 },
      () => ({ type: 'code', language: 'json', text: 'z'.repeat(120_000) }) as const,
    );
    expect(toCalls(large).map((call) => call.length)).toEqual([2, 2]);
  });

  it('lifts children that are nested too deep, and repeats the header of a long table', () => {
    const nest = (depth: number): PageBlock => ({
      type: 'bulleted_list_item',
      runs: text(String(depth)),
      children: depth === 0 ? [] : [nest(depth - 1)],
    });
    const depthOf = (block: PageBlock): number =>
      'children' in block ? 1 + Math.max(0, ...block.children.map(depthOf)) : 1;
    expect(Math.max(...fitBlocks([nest(5)]).map(depthOf))).toBe(3);
    expect(JSON.stringify(fitBlocks([nest(5)])).match(/"text"/g)).toHaveLength(6);
    const rows = Array.from({ length: 150 }, (_, index) => [text(String(index))]);
    const tables = fitBlocks([{ type: 'table', header: true, rows }]);
    expect(
      tables.map((table) => (table.type === 'table' ? [table.rows.length, table.rows[0]?.[0]?.[0]?.text] : [])),
    ).toEqual([
      [100, '0'],
      [51, '0'],
    ]);
  });

  it('takes a whole document of this repository', () => {
    const readme = readFileSync(new URL('../../../local/notion/schemas/SOURCES.md', import.meta.url), 'utf8');
    const blocks = markdownToBlocks(readme);
    expect(blocks[0]).toMatchObject({ type: 'heading_1' });
    expect(blocks).toHaveLength(2);
  });
});
