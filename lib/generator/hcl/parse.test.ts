import fc from 'fast-check';
import { parseToObject } from 'hcl2-json-parser';
import { describe, expect, it } from 'vitest';
import { sampleTree } from '../test-sample';
import { hclValue, parseHcl, type HclBody, type HclValue } from './parse';

function plain(value: HclValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(value.attributes.map((attribute) => [attribute.key, plain(attribute.value)]));
}

function read(text: string): unknown {
  const parsed = parseHcl(text);
  return parsed.ok ? plain(parsed.body) : `${parsed.line}: ${parsed.reason}`;
}

describe('HCL', () => {
  it('is read with its lines and places', () => {
    const text = '# head\r\nagent_address = "/a\\tb" // c\r\n\r\nmode=0644\r\nlist = [ 1,\r\n  { a = true }, ]\r\n';
    const parsed = parseHcl(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(plain(parsed.body)).toEqual({ agent_address: '/a\tb', mode: 0o644, list: [1, { a: true }] });
    expect(parsed.body.attributes.map((one) => [one.line, one.raw])).toEqual([
      [2, '"/a\\tb"'],
      [4, '0644'],
      [5, '[ 1,\r\n  { a = true }, ]'],
    ]);
    for (const one of parsed.body.attributes)
      expect(text.slice(one.start, one.end)).toMatch(new RegExp(`^${one.key} ?=`));
    expect(hclValue(parsed.body, 'mode')).toBe(420);
    expect(hclValue(parsed.body, 'other')).toBeUndefined();
  });

  it('has blocks', () => {
    expect(read('health_checks {\n  bind_port = 8081 # x\n}\na { b = 1 }\nc {}\n')).toEqual({
      health_checks: { bind_port: 8081 },
      a: { b: 1 },
      c: {},
    });
  });

  it.each([
    ['a = "x"\na = "y"\n', '2: a is there twice.'],
    ['a = "x" b = "y"', /^1: Something stands behind/],
    ['\na = "x', /^2: The quotation does not close/],
    ['a = ${b}', /^1: The value is no text/],
    ['a = "${b}"', /^1: Interpolation/],
    ['a = null', /^1: The value is no text/],
    ['a = 0x1f', /^1: The value is no text/],
    ['a = <<EOF\nx\nEOF\n', /^1: The value is no text/],
    ['a = "\\q"', /^1: There is no such escape/],
    ['a: 1', /^1: There is no = behind a/],
    ['a\n', /^1: There is no = behind a/],
    ['"a" = 1', /^1: A key is missing/],
    ['\ufeffa = 1', /^1: A key is missing/],
    ['a = 1\rb = 2', /^1: A carriage return/],
    ['a = [1 2]', /^1: The list/],
    ['a = {b = 1', /^1: The object/],
    ['a {\n b = 1', /^1: The block/],
    ['a {\n b = 1 }\n', /^2: Something stands/],
    ['a = { b {} }', /^1: There is no = behind b/],
    ['a =\n 1', /^1: The value/],
    ['a = 1.', /^1: The value/],
    ['/* a = 1', /^1: A key is missing/],
  ])('%j is refused', (text, expected) => {
    const answer = read(text);
    if (typeof expected === 'string') expect(answer).toBe(expected);
    else expect(answer).toMatch(expected);
  });

  it('reads the configurations of the sample repository', () => {
    const tree = sampleTree();
    const paths = tree.paths.filter((path) => path.startsWith('config/spiffe-helper/'));
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) expect(read(tree.read(path) ?? '')).toMatchObject({ cert_dir: '/run/spire/certs' });
  });
});

describe('beside the parser of HCL 2', () => {
  const key = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/);
  const gap = fc.constantFrom('', ' ', '  ', '\t', ' /* x */ ');
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '/', '\\n', '\\"', '\\\\', '#', 'é', '{', '$', '\\u00e9') });
  const literal = fc.oneof(
    text.filter((one) => !one.includes('${')).map((one) => `"${one}"`),
    fc.integer({ min: -999, max: 99_999 }).map(String),
    fc.constantFrom('true', 'false', '1.5', '-2e3', '0'),
  );
  const list = fc.array(literal, { maxLength: 3 }).map((items) => `[${items.join(',\n ')}]`);
  const object = fc
    .uniqueArray(fc.tuple(key, literal), { selector: ([name]) => name, maxLength: 3 })
    .chain((pairs) =>
      fc.constantFrom(', ', '\n').map((join) => `{${pairs.map(([name, one]) => `${name} = ${one}`).join(join)}}`),
    );
  const line = fc
    .tuple(key, gap, fc.oneof(literal, list, object), gap, fc.constantFrom('', '# c', '// "'))
    .map(([name, before, value, after, comment]) => ({
      key: name,
      text: `${name}${before}=${before}${value}${after}${comment}`,
    }));
  const file = fc
    .tuple(
      fc.uniqueArray(line, { selector: (one) => one.key, maxLength: 6 }),
      fc.constantFrom('\n', '\r\n', '\n\n# x\n'),
      fc.boolean(),
    )
    .map(([lines, newline, last]) => lines.map((one) => one.text).join(newline) + (last ? newline : ''));

  const theirs = async (source: string): Promise<unknown> => {
    try {
      return await (parseToObject as (text: string) => Promise<unknown>)(source);
    } catch {
      return undefined;
    }
  };

  it('takes what is well formed for the same values', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (source) => {
        expect(read(source)).toEqual(await theirs(source));
      }),
      { numRuns: 400 },
    );
  });

  it('accepts nothing broken that it refuses', async () => {
    const noise = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      '=',
      ',',
      '\n',
      'a',
      '0',
      '#',
      '${',
      '<<E',
      '\r',
      ' b = 1',
    );
    const broken = fc.tuple(file, fc.nat(), fc.nat({ max: 3 }), noise).map(([source, at, cut, extra]) => {
      const from = at % (source.length + 1);
      return source.slice(0, from) + extra + source.slice(from + cut);
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(broken, async (source) => {
        const parsed = parseHcl(source);
        if (!parsed.ok) refused += 1;
        else expect(comparable(plain(parsed.body), parsed.body)).toEqual(comparable(await theirs(source), parsed.body));
      }),
      { numRuns: 600 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  /** File modes are octal to the helper and decimal to HCL 2, and a block is a list of one to HCL 2 alone. */
  function comparable(value: unknown, body: HclBody): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const written = new Map(body.attributes.map((one) => [one.key, one.raw]));
    const pairs = Object.entries(value).map(([name, one]: [string, unknown]) => {
      const raw = written.get(name) ?? '';
      if (/(?:^|[^\w.])-?0\d/.test(raw)) return [name, 'octal'];
      return [name, raw.startsWith('{') && Array.isArray(one) ? (one as unknown[])[0] : one];
    });
    return Object.fromEntries(pairs as [string, unknown][]);
  }
});
