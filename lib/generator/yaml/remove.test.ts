import { describe, expect, it } from 'vitest';
import { parseYaml, type ParsedYaml } from './parse';
import { cutRanges, cutsOf, runOfLines, runsOf } from './remove';
import type { YamlPath } from './locate';

function yamlOf(text: string): ParsedYaml {
  const parsed = parseYaml(text, 'x.yml');
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  return parsed.yaml;
}

/** The text without these entries, cut the likeliest way. */
function without(text: string, ...paths: YamlPath[]): string {
  const { runs, refusals } = runsOf(yamlOf(text), paths);
  expect(refusals).toEqual([]);
  return cutRanges(
    text,
    runs.flatMap((run) => run.ways.slice(0, 1)),
  );
}

describe('runsOf', () => {
  it.each<[string, string, string]>([
    ['between two', 'a: 1\nx: 2\nb: 3\n', 'a: 1\nb: 3\n'],
    ['with the blank line above', 'a: 1\n\nx: 2\n\nb: 3\n', 'a: 1\n\nb: 3\n'],
    ['the last', 'a: 1\n\nx:\n  y: 2\n', 'a: 1\n'],
    ['the first, with the blank line below', 'x: 2\n\nb: 3\n', 'b: 3\n'],
    ['with its remark', 'a: 1\n\n# about x\nx: 2\n\nb: 3\n', 'a: 1\n\nb: 3\n'],
    ['under a banner that stays', 'a: 1\n\n# === X ===\nx: 2\nb: 3\n', 'a: 1\n\n# === X ===\nb: 3\n'],
    [
      'with comments that are indented under it',
      'a: 1\nx:\n  y: 2\n  # z: 3\n# about b\nb: 3\n',
      'a: 1\n# about b\nb: 3\n',
    ],
    ['without a line break at the end', 'a: 1\nx: 2', 'a: 1\n'],
    ['CRLF', 'a: 1\r\n\r\nx: 2\r\n\r\nb: 3\r\n', 'a: 1\r\n\r\nb: 3\r\n'],
    ['a block scalar that keeps its blank lines', 'a: 1\nx: |+\n  t\n\nb: 3\n', 'a: 1\nb: 3\n'],
  ])('takes out an entry: %s', (_, text, wanted) => {
    expect(without(text, ['x'])).toBe(wanted);
  });

  it('takes out items of lists, indented or not, one or several', () => {
    expect(without('l:\n  - a: 1\n    b: 2\n  - c\n  - d\n', ['l', 0], ['l', 2])).toBe('l:\n  - c\n');
    expect(without('l:\n- a\n\n- b\n- c\n', ['l', 1], ['l', 2])).toBe('l:\n- a\n');
    expect(without('- a\n- b\n', [1])).toBe('- a\n');
  });

  it('takes those side by side for one, and cuts some of them alone with their gap', () => {
    const text = 'a: 1\n\nx: 2\n\ny: 3\n\nz: 4\n\nb: 5\n';
    const { runs } = runsOf(yamlOf(text), [['x'], ['z'], ['y']]);
    expect(runs).toHaveLength(1);
    const [run] = runs;
    const way = run?.ways[0];
    if (!run || !way) throw new Error('No run.');
    const left = (...gone: number[]) =>
      cutRanges(
        text,
        cutsOf(run, way, (index) => gone.includes(index)),
      );
    expect(left(0, 1, 2)).toBe('a: 1\n\nb: 5\n');
    expect(left(0)).toBe('a: 1\n\ny: 3\n\nz: 4\n\nb: 5\n');
    expect(left(1)).toBe('a: 1\n\nx: 2\n\nz: 4\n\nb: 5\n');
    expect(left(2)).toBe('a: 1\n\nx: 2\n\ny: 3\n\nb: 5\n');
    expect(left(0, 1)).toBe('a: 1\n\nz: 4\n\nb: 5\n');
    expect(left(0, 2)).toBe('a: 1\n\ny: 3\n\nb: 5\n');
  });

  it('offers to take the key of what would be empty, and its parents’, too', () => {
    const text = 'a: 1\n\nv:\n  w:\n    x: 2\n';
    const [run] = runsOf(yamlOf(text), [['v', 'w', 'x']]).runs;
    const results = run?.waysWithKey.map((way) => cutRanges(text, [way]));
    expect(results).toContain('a: 1\n');
    expect(results).toContain('a: 1\n\nv:\n');
    expect(runsOf(yamlOf('v:\n  x: 1\n  y: 2\n'), [['v', 'x']]).runs[0]?.waysWithKey).toEqual([]);
  });

  it('passes over what is not there, and what lies in another part', () => {
    expect(runsOf(yamlOf('a: 1\n'), [['x'], ['a', 'b'], []])).toEqual({ runs: [], refusals: [] });
    expect(runsOf(yamlOf('x:\n  y: 1\nb: 2\n'), [['x', 'y'], ['x']]).runs).toHaveLength(1);
  });

  it.each<[string, string, YamlPath, number]>([
    ['between braces', 'a: 1\ns: { x: 1, y: 2 }\n', ['s', 'x'], 2],
    ['on the line of its dash', 'l:\n  - x: 1\n    y: 2\n', ['l', 0, 'x'], 2],
    ['behind an alias', 'a: &a\n  x: 1\nb: *a\n', ['b', 'x'], 3],
    ['that others take over', 'x: &own\n  y: 1\nb:\n  <<: *own\n', ['x'], 4],
  ])('refuses what stands %s', (_, text, path, line) => {
    expect(runsOf(yamlOf(text), [path]).refusals).toMatchObject([{ path: 'x.yml', line }]);
  });
});

describe('runOfLines', () => {
  it('takes the lines, and the blank lines that would be too many', () => {
    const cut = (text: string, lines: string) => {
      const start = text.indexOf(lines);
      const [way] = runOfLines(text, { start, end: start + lines.length }).ways;
      return way && cutRanges(text, [way]);
    };
    expect(cut('a\nx\nb\n', 'x\n')).toBe('a\nb\n');
    expect(cut('a\n\nx\n\nb\n', 'x\n')).toBe('a\n\nb\n');
    expect(cut('a\n\nx\n', 'x\n')).toBe('a\n');
  });
});
