import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseYaml, type ParsedYaml } from './parse';
import { parseInserted, type ParsedText } from './parse-inserted';

/** All that is known of a node: what it says, how it is written, where it stands, and the comments that hang on it. */
function dump(node: unknown): unknown {
  if (isPair(node)) return [dump(node.key), dump(node.value)];
  if (!isScalar(node) && !isAlias(node) && !isMap(node) && !isSeq(node)) return node ?? null;
  const { range, comment, commentBefore, spaceBefore } = node;
  const notes = [range, comment ?? null, commentBefore ?? null, spaceBefore ?? false];
  if (isAlias(node)) return ['alias', node.source, notes];
  const own = [node.anchor ?? null, node.tag ?? null, notes];
  if (isScalar(node))
    return ['scalar', String(node.value), typeof node.value, node.source, node.type, node.format, own];
  return [isMap(node) ? 'map' : 'list', node.flow ?? false, own, node.items.map(dump)];
}

function all(parsed: ParsedText): unknown {
  const lines = [...parsed.text.matchAll(/\n/g)].map(({ index }) => [parsed.lineOf(index), parsed.lineOf(index + 1)]);
  const { contents, comment, commentBefore, range, errors } = parsed.document;
  return [dump(contents), comment, commentBefore, range, errors.length, lines, parsed.toJs()];
}

/** What the short way gives is what the long way gives. Tells whether there was a short way. */
function agrees(old: ParsedYaml, at: number, inserted: string): boolean {
  const short = parseInserted(old, at, inserted);
  if (!short) return false;
  const text = old.text.slice(0, at) + inserted + old.text.slice(at);
  expect(short.text).toBe(text);
  const long = parseYaml(text, 'a.yaml');
  if (!long.ok) throw new Error(`Parsed in part, refused as a whole: ${long.refusal.reason}\n${text}`);
  expect(all(short)).toEqual(all(long.yaml));
  return true;
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

/** `N` becomes a number of its own: a key that stands twice is no document, and one in a hundred here. */
const plain = [
  'kN:',
  'kN:',
  'kN:',
  'kN: 1',
  'kN: text',
  'kN: # remark',
  '"kN": x',
  '8N: y',
  '- x',
  '- kN: 1',
  '-',
  '# remark',
];
// prettier-ignore
const hard = [
  'kN: |+', 'kN: >-', 'kN: &base', 'kN: &base 1', 'kN: *base', '<<: *base', 'kN: "open', 'shut"', 'kN: [a,', 'b]', 'kN: { a: 1 }',
  '? p', ': q', '', '', 'more words', '!!set', 'kN: !!set', 'kN: !own', '---', '...', '\ttab', "kN: 'it''s'",
  '*base : u', '&base kN: w', 'kN: {{ y }}', '~: z', ': none', '- |', '- # remark', '- - y', 'k1: again', 'k2: again', '  kN: |2',
];
const line = (hardness: number) =>
  fc
    .tuple(
      fc.constantFrom(0, 0, 2, 2, 4, 4, 6),
      fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...plain) },
        { weight: hardness, arbitrary: fc.constantFrom(...hard) },
      ),
    )
    .map(([indent, text]) => (text === '' ? '' : ' '.repeat(indent) + text));

function numbered(lines: readonly string[], from: number): string[] {
  return lines.map((text, index) => text.replace('N', String(from + index)));
}

/** Text that parses more often than not: each line is kept only where the document still parses with it. */
const document = fc
  .record({ lines: fc.array(line(6), { minLength: 4, maxLength: 30 }), crlf: fc.boolean(), final: fc.boolean() })
  .map(({ lines, crlf, final }) => {
    let kept: string[] = [];
    for (const one of numbered(lines, 1))
      if (parseYaml([...kept, one, ''].join('\n'), 'a.yaml').ok) kept = [...kept, one];
    const end = crlf ? '\r\n' : '\n';
    return kept.join(end) + (final ? end : '');
  });

const addition = fc.record({
  where: fc.nat(1_000_000),
  lines: fc.array(line(2), { minLength: 1, maxLength: 3 }).map((lines) => numbered(lines, 100)),
  crlf: fc.boolean(),
});

describe('parsing only what was added', () => {
  it('gives what parsing the whole gives, on documents of any kind', () => {
    let short = 0;
    fc.assert(
      fc.property(document, fc.array(addition, { minLength: 6, maxLength: 6 }), (text, additions) => {
        const old = parseYaml(text, 'a.yaml');
        if (!old.ok) return;
        for (const { where, lines, crlf } of additions) {
          const starts = lineStarts(text);
          const at = starts[where % starts.length] ?? 0;
          if (agrees(old.yaml, at, lines.map((one) => one + (crlf ? '\r\n' : '\n')).join(''))) short += 1;
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 1500) },
    );
    expect(short).toBeGreaterThan(500);
  });

  it('leaves an anchor that becomes text to whoever parses the whole', () => {
    const text = 'a:\n    b: &base 1\nz: *base\n';
    const old = parseYaml(text, 'a.yaml');
    if (!old.ok) throw new Error(old.refusal.reason);
    expect(parseInserted(old.yaml, 'a:\n'.length, '  c: |\n')).toBeUndefined();
  });

  const root = fileURLToPath(new URL('../../../local/platform/', import.meta.url));
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'))
    .flatMap((text) => {
      const parsed = parseYaml(text, 'a.yaml');
      return parsed.ok ? [parsed.yaml] : [];
    });

  it('gives what parsing the whole gives, on the sample repository’s files', () => {
    let short = 0;
    fc.assert(
      fc.property(fc.constantFrom(...files), addition, fc.boolean(), (old, { where, lines }, neighbour) => {
        const starts = lineStarts(old.text);
        const at = starts[where % starts.length] ?? 0;
        // As deep as the line that stands there, as additions mostly are, or anyhow.
        const indent = /^ */.exec(old.text.slice(at))?.[0] ?? '';
        const text = lines.map((one) => `${neighbour ? indent + one.trimStart() : one}\n`).join('');
        if (agrees(old, at, text)) short += 1;
      }),
      { numRuns: Number(process.env['RUNS'] ?? 600) },
    );
    expect(short).toBeGreaterThan(100);
  });
});
