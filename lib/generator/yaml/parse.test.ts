import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse';

function reason(text: string): { reason: string; line: number | undefined } {
  const result = parseYaml(text, 'a.yml');
  if (result.ok) throw new Error('It parsed.');
  expect(result.refusal.path).toBe('a.yml');
  return { reason: result.refusal.reason, line: result.refusal.line };
}

describe('parseYaml', () => {
  it('reads a document with anchors, merges, a byte-order mark and CRLF', () => {
    const result = parseYaml('\uFEFFa: &x\r\n  b: 1\r\nc:\r\n  <<: *x\r\n  d: 2\r\n', 'a.yml');
    expect(result.ok && result.yaml.toJs()).toEqual({ a: { b: 1 }, c: { b: 1, d: 2 } });
  });

  it('reads a file with more than a hundred aliases', () => {
    const lines = Array.from({ length: 300 }, (_, index) => `k${index}: *x`);
    const result = parseYaml(`a: &x {b: 1}\n${lines.join('\n')}\n`, 'a.yml');
    expect(result.ok).toBe(true);
  });

  it.each([
    ['a syntax error', 'a: 1\nb: [1\n', /does not parse/, 3],
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', /The key a stands twice/, 3],
    ['several documents', 'a: 1\n---\nb: 2\n', /Several YAML documents/, 2],
    ['tabs', 'a:\n\tb: 1\n', /tab/, 2],
    ['a control line of a template', 'http:\n  routers:\n{{- range .X }}\n    a: 1\n{{- end }}\n', /Go template/, 3],
    ['a value that is a template', 'a: 1\nb: {{ .Values.b }}\n', /Go template/, 2],
    ['a template in comments', '# {{ if .X }}\na: 1\n# {{ end }}\n', /Go template/, 1],
    ['an alias of nothing', 'a: *nothing\n', /does not parse|anchors/, 1],
  ])('refuses %s, with the line', (_, text, expected, line) => {
    const refusal = reason(text);
    expect(refusal.reason).toMatch(expected);
    expect(refusal.line).toBe(line);
  });

  it('reads templates that are only text: quoted, inside a plain value, in a block', () => {
    const text = 'a: "{{ env `X` }}"\nb: job=x,name={{.Name}}\nc: |\n  # {{ if x }}\n  {{ end }}\n# see {{ x }}\n';
    expect(parseYaml(text, 'a.yml').ok).toBe(true);
  });

  it('says the same of the same text in another file', () => {
    const first = parseYaml('a: 1\n', 'a.yml');
    const second = parseYaml('a: 1\n', 'b.yml');
    expect(first.ok && second.ok && [first.yaml.path, second.yaml.path]).toEqual(['a.yml', 'b.yml']);
    expect(first.ok && second.ok && first.yaml.document === second.yaml.document).toBe(true);
  });
});
