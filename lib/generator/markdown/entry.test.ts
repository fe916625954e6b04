import { describe, expect, it, test } from 'vitest';
import { treeOf } from '../overlay';
import { entriesOf, entryFor } from './entry';
import type { EntryFacts } from './entry-facts';
import { linksIn, linkStyleOf, pathsOf, relativePath, writeLink } from './links';
import { anchorOf, outlineOf } from './outline';

const facts: EntryFacts = {
  name: 'voice-transcriber',
  title: 'Voice transcriber',
  runbook: { path: 'docs/runbooks/RUNBOOK-035-voice-transcriber.md', numbered: { id: 'RUNBOOK-035', number: 35 } },
  relatives: [],
  purpose: 'Turns calls into text.',
  category: 'ai',
  lifecycle: 'production',
  owner: 'platform',
  date: '2026-11-03',
  dependsOn: [],
  ports: [],
};
const tree = treeOf({
  'docs/runbooks/RUNBOOK-001-a.md': '',
  'docs/runbooks/RUNBOOK-002-b.md': '',
  'docs/wiki/Catalog.md': '',
  'README.md': '',
});
const catalog = (text: string, path = 'docs/wiki/Catalog.md') => {
  const entry = entryFor(facts, { text, path, tree }, { runbooksOnly: true });
  return entry && { ...entry, after: text.slice(0, entry.at) + entry.text + text.slice(entry.at) };
};

test('a service that is called like a runbook’s number does not make an index of services one of runbooks', () => {
  const rows = ['Planner', 'RB0', 'Gateway']
    .map((name) => `| ${name} | Does things. | \`compose/agents.yml\` |\n`)
    .join('');
  const text = `| Service | What it does | Where |\n|---|---|---|\n${rows}`;
  const paged = { text, path: 'README.md', tree };
  const entry = entryFor(facts, paged);
  expect(entry?.text).toMatch(/^\| Voice transcriber \|/);
  const after = { ...paged, text: text.slice(0, entry?.at) + (entry?.text ?? '') + text.slice(entry?.at) };
  expect(entriesOf(facts, after)).toHaveLength(1);
});

describe('a row of the catalog', () => {
  it.each([
    [
      'code, from the file',
      '| Runbook |\n|---|\n| [`RUNBOOK-001`](../runbooks/RUNBOOK-001-a.md) |\n',
      '| [`RUNBOOK-035`](../runbooks/RUNBOOK-035-voice-transcriber.md) |\n',
    ],
    [
      'file names and an owner',
      '| Runbook | Owner |\n|:--|:-:|\n| [RUNBOOK-001-a.md](/docs/runbooks/RUNBOOK-001-a.md) | x |\n',
      '| [RUNBOOK-035-voice-transcriber.md](/docs/runbooks/RUNBOOK-035-voice-transcriber.md) | platform |\n',
    ],
    ['plain numbers', '| Id | Title |\n|---|---|\n| RUNBOOK-001 | A |\n', '| RUNBOOK-035 | Voice transcriber |\n'],
    [
      'numbers alone as links',
      '| No. | What |\n|---|---|\n| [001](docs/runbooks/RUNBOOK-001-a.md) | A. |\n',
      '| [035](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | Turns calls into text. |\n',
    ],
    [
      'without outer bars',
      'Runbook | Status | Updated\n--- | --- | ---\n[RUNBOOK-001 - A](docs/runbooks/RUNBOOK-001-a.md) | beta | 2026-01-01\n',
      '[RUNBOOK-035 - Voice transcriber](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | production | 2026-11-03\n',
    ],
    [
      'a bold link in a list',
      '- **[RUNBOOK-001](docs/runbooks/RUNBOOK-001-a.md)**: a\n',
      '- **[RUNBOOK-035](docs/runbooks/RUNBOOK-035-voice-transcriber.md)**: Turns calls into text\n',
    ],
    ['wiki pages', '* [[RUNBOOK-001-a]] - a\n', '* [[RUNBOOK-035-voice-transcriber]] - Turns calls into text\n'],
    [
      'pages without an ending',
      '- [RUNBOOK-001: A](../runbooks/RUNBOOK-001-a)\n',
      '- [RUNBOOK-035: Voice transcriber](../runbooks/RUNBOOK-035-voice-transcriber)\n',
    ],
    [
      'columns that nobody can fill',
      '| Runbook | Mood |\n|---|---|\n| RUNBOOK-001 | good |\n| RUNBOOK-002 | n/a |\n',
      '| RUNBOOK-035 | n/a |\n',
    ],
  ])('copies the neighbours: %s', (_, text, row) => {
    expect(catalog(text)?.text).toBe(row);
    expect(catalog(text)?.after).toBe(text + row);
  });

  it('is written from the neighbour that has a link, not from one that announces a page', () => {
    const text =
      '| R | Use |\n|---|---|\n| [RUNBOOK-001](docs/runbooks/RUNBOOK-001-a.md) | a |\n| RUNBOOK-034: planned | b |\n';
    expect(catalog(text)?.text).toBe(
      '| [RUNBOOK-035](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | Turns calls into text |\n',
    );
  });

  it('goes into the table under a heading that names the category, else into the last', () => {
    const table = '| R |\n|---|\n| RUNBOOK-001 |\n';
    const text = `## Data\n\n${table}\n## AI and agents\n\n${table}\n## Rest\n\n${table}`;
    expect(catalog(text)).toMatchObject({ line: 9, at: text.indexOf('## Rest') - 1 });
    expect(catalog(`## Data\n\n${table}\n## Rest\n\n${table}`)?.line).toBe(9);
  });

  it('keeps the order of numbers, up and down, and of nothing where there is none', () => {
    const rows = (numbers: readonly string[]) =>
      `| R |\n|---|\n${numbers.map((number) => `| RUNBOOK-${number} |\n`).join('')}`;
    expect(catalog(rows(['001', '020', '040']))?.after).toBe(rows(['001', '020', '035', '040']));
    expect(catalog(rows(['040', '020', '001']))?.after).toBe(rows(['040', '035', '020', '001']));
    expect(catalog(rows(['040', '001', '020']))?.after).toBe(rows(['040', '001', '020', '035']));
    expect(catalog(rows(['010', '010', '034']))?.after).toBe(rows(['010', '010', '034', '035']));
  });

  it('keeps CRLF, and goes before a last row without a line break', () => {
    expect(catalog('| R |\r\n|---|\r\n| RUNBOOK-001 |\r\n')?.text).toBe('| RUNBOOK-035 |\r\n');
    const text = '| R |\n|---|\n| RUNBOOK-001 |';
    expect(catalog(text)).toMatchObject({ at: text.indexOf('| RUNBOOK-001'), text: '| RUNBOOK-035 |\n' });
  });

  it('is padded where the columns are aligned and it fits, and never otherwise', () => {
    const text =
      '| R           | Title             |\n|-------------|------------------:|\n| RUNBOOK-001 |                 A |\n';
    expect(catalog(text)?.text).toBe('| RUNBOOK-035 | Voice transcriber |\n');
    expect(catalog(text.replaceAll('       |', '|').replaceAll('------:|', ':|'))?.text).toBe(
      '| RUNBOOK-035 | Voice transcriber |\n',
    );
  });

  it('is not added where no table or list names runbooks, nor to an example', () => {
    expect(catalog('```\n| R |\n|---|\n| RUNBOOK-001 |\n```\n')).toBeUndefined();
    expect(catalog('<!--\n| R |\n|---|\n| RUNBOOK-001 |\n-->\n')).toBeUndefined();
    expect(catalog('---\nlist:\n- RUNBOOK-001\n---\n# Nothing\n')).toBeUndefined();
    expect(catalog('| A |\n|---|\n| b |\n')).toBeUndefined();
  });
});

describe('the lines about a service', () => {
  const about = (text: string, path = 'docs/wiki/Catalog.md') =>
    entriesOf(facts, { text, path, tree }).map(({ start, end }) => text.slice(start, end));

  it('lead to its page or are called like it', () => {
    const table = '| R | Use |\n|---|---|\n';
    for (const row of [
      '| [RUNBOOK-035: Renamed by hand](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | x |\n',
      '| [x](../runbooks/RUNBOOK-035-voice-transcriber.md#steps) | x |\n',
      '| `voice-transcriber` | x |\n',
      '| **Voice transcriber** | x |\n',
      '| RUNBOOK-035: Voice transcriber | x |\n',
      '| [x](https://git.test/a/docs/runbooks/RUNBOOK-035-voice-transcriber.md) | x |\n',
    ])
      expect(about(`${table}| other | y |\n${row}| last | z |\n`), row).toEqual([row]);
    expect(about('- [[RUNBOOK-035-voice-transcriber|V]]: x\n- other\n')).toEqual([
      '- [[RUNBOOK-035-voice-transcriber|V]]: x\n',
    ]);
    expect(about('- voice-transcriber: wraps\n  here\n- other\n')).toEqual(['- voice-transcriber: wraps\n  here\n']);
  });

  it('are not those that only mention it', () => {
    expect(
      about('| R | Needs |\n|---|---|\n| Agents | [RUNBOOK-035](docs/runbooks/RUNBOOK-035-voice-transcriber.md) |\n'),
    ).toEqual([]);
    expect(about('- voice-transcriber-ui: x\n- Voice transcribers: y\n')).toEqual([]);
    expect(about('| R |\n|---|\n| RUNBOOK-035: Another one |\n')).toEqual([]);
  });
});

describe('an outline', () => {
  it('tells headings, tables and lists from examples of them', () => {
    const outline = outlineOf(
      '\ufeff# One #\n\nTwo\n---\n\n~~~\n# no\n| a |\n|---|\n~~~\n\n- a\n  b\n\n  - deeper\n- c\n\n1. x\n',
    );
    expect(outline.headings.map(({ level, text, line }) => [level, text, line])).toEqual([
      [1, 'One', 1],
      [2, 'Two', 3],
    ]);
    expect(outline.tables).toEqual([]);
    expect(outline.lists.map((list) => list.items.map((item) => item.text))).toEqual([['a b', 'c'], ['x']]);
  });

  it('reads cells with escaped bars, and knows anchors as the forges make them', () => {
    expect(
      outlineOf('| a \\| b | c |\n|---|---|\n| 1 | 2 |\n').tables[0]?.header.cells.map((cell) => cell.text),
    ).toEqual(['a \\| b', 'c']);
    expect([anchorOf('Who may join?'), anchorOf('`code` & [link](x)'), anchorOf('Über uns')]).toEqual([
      'who-may-join',
      'code--link',
      'über-uns',
    ]);
  });
});

describe('links', () => {
  it('are found in their forms, and not in code', () => {
    expect(
      linksIn('[a](b) ![i](j) `[c](d)` [`e`](f "t") [[G|h]] [x](<a b>) [y](z(1))').map(({ text, target }) => [
        text,
        target,
      ]),
    ).toEqual([
      ['a', 'b'],
      ['`e`', 'f'],
      ['h', 'G'],
      ['x', 'a b'],
      ['y', 'z(1)'],
    ]);
  });

  it('lead from the file, else from the root, and never out of the repository', () => {
    expect(pathsOf('../runbooks/a.md#x', 'docs/wiki/b.md')).toEqual(['docs/runbooks/a.md']);
    expect(pathsOf('docs/a.md', 'docs/wiki/b.md')).toEqual(['docs/wiki/docs/a.md', 'docs/a.md']);
    expect(pathsOf('/a%20b.md', 'x/y.md')).toEqual(['a b.md']);
    expect(pathsOf('../../../x', 'a/b.md')).toEqual([]);
    expect(pathsOf('https://x.test/a', 'a/b.md')).toEqual([]);
    expect(relativePath('docs/wiki/a.md', 'docs/runbooks/b.md')).toBe('../runbooks/b.md');
    expect(relativePath('a.md', 'b.md')).toBe('b.md');
  });

  it('are written as the file writes most of its own that lead somewhere', () => {
    const style = linkStyleOf('[a](./RUNBOOK-001-a.md) [b](gone.md) [c](https://x.test)', 'docs/runbooks/x.md', tree);
    expect(style && writeLink('docs/runbooks/n.md', 'N', 'docs/runbooks/x.md', style)).toBe('[N](./n.md)');
    expect(linkStyleOf('[b](gone.md)', 'docs/x.md', tree)).toBeUndefined();
  });
});
