import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sampleTree } from '../test-sample';
import { allStatements, parseShell, type ShellStatement } from './script';
import { literalOf, quoteStyleOf, quoteWord } from './words';

function statementsOf(text: string): ShellStatement[] {
  const parsed = parseShell(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.reason}`);
  return parsed.statements;
}

const texts = (text: string) => statementsOf(text).map((one) => text.slice(one.start, one.end));

describe('statements of a shell script', () => {
  it.each<[string, string[]]>([
    ['a b; c # d; e\nf', ['a b;', 'c', 'f']],
    ['a \\\n  b\nc', ['a \\\n  b', 'c']],
    ['a && b ||\n  c | d\ne', ['a && b ||\n  c | d', 'e']],
    ['if a; then b; elif c; then d; else e; fi\nf', ['if a; then b; elif c; then d; else e; fi', 'f']],
    ['for x in a "b c"; do\n  y\ndone\nz', ['for x in a "b c"; do\n  y\ndone', 'z']],
    ['for x do y; done', ['for x do y; done']],
    ['for ((i = 0; i < 3; i++)); do a; done; b', ['for ((i = 0; i < 3; i++)); do a; done;', 'b']],
    [
      'case "$1" in\n  a | b) c ;;\n  (d) e;;\n  *) f\nesac >x\ng',
      ['case "$1" in\n  a | b) c ;;\n  (d) e;;\n  *) f\nesac >x', 'g'],
    ],
    ['f() {\n  a\n}\nfunction g { b; }\nh () ( c )', ['f() {\n  a\n}', 'function g { b; }', 'h () ( c )']],
    ['a=(\n  \'x\' # not )\n  "y"\n)\nb', ['a=(\n  \'x\' # not )\n  "y"\n)', 'b']],
    ['a "$(b "c)" # d\n)" e\nf', ['a "$(b "c)" # d\n)" e', 'f']],
    ['a ${b:-"}"} `c`\nd', ['a ${b:-"}"} `c`', 'd']],
    ['[[ $a == b && ( $c =~ ^x ) ]] && d\ne', ['[[ $a == b && ( $c =~ ^x ) ]] && d', 'e']],
    ['((a++)) && b; cat <<<"x"\nc', ['((a++)) && b;', 'cat <<<"x"', 'c']],
    ["echo 'done' fi; until a; do b; done &\nc", ["echo 'done' fi;", 'until a; do b; done &', 'c']],
    ['diff <(a) >(b)\nc', ['diff <(a) >(b)', 'c']],
    // Blanks to people, letters to a shell: pasted from a page, from another editor.
    ['a\u00a0b c\u2003\nd\u000b\u000c', ['a\u00a0b c\u2003', 'd\u000b\u000c']],
    ['\u00a0\n\u3000x', ['\u00a0', '\u3000x']],
  ])('%j', (text, expected) => expect(texts(text)).toEqual(expected));

  it('end behind their here-documents', () => {
    const text = "cat <<'A' <<-B >x\n$(\nA\n\tb\n\tB\nc\n";
    const [first, second] = statementsOf(text);
    expect(text.slice(first?.lineEnd)).toBe('c\n');
    expect(second?.lineEnd).toBe(text.length);
  });

  it('hold those inside them, functions by name', () => {
    const text = 'f() {\n  if a; then\n    b c\n  fi\n}\n';
    expect(allStatements(statementsOf(text)).map((one) => [one.kind, one.name])).toEqual([
      ['function', 'f'],
      ['compound', undefined],
      ['commands', undefined],
      ['commands', undefined],
    ]);
  });

  it.each<[string, number, RegExp]>([
    ['a\r\nb\r\n', 1, /CRLF/],
    ['\ufeff#!/bin/sh\na\n', 1, /byte-order mark/],
    ['a\necho "b\n', 2, /not closed/],
    ["a\n\necho 'b\n", 3, /not closed/],
    ['a $(b\n', 1, /not closed/],
    ['if a; then\n  b\n', 1, /fi is missing/],
    ['a\nfi\n', 2, /without its beginning/],
    ['cat <<X\ny\n', 2, /X is missing/],
    ['a\n}\n', 2, /without its beginning/],
  ])('are not guessed in %j', (text, line, reason) => {
    expect(parseShell(text)).toMatchObject({ ok: false, line, reason: expect.stringMatching(reason) as unknown });
  });

  it('read every script of the sample repository', () => {
    const tree = sampleTree();
    const scripts = tree.paths.filter((path) => path.endsWith('.sh'));
    expect(scripts.length).toBeGreaterThan(5);
    for (const path of scripts) expect([path, parseShell(tree.read(path) ?? '').ok]).toEqual([path, true]);
  });
});

describe('words of a shell script', () => {
  it.each([
    ["'a\"b'", 'a"b'],
    ['"a\\"\\$b\'c\\x"', 'a"$b\'c\\x'],
    ['a\\ b"c"\'d\'', 'a bcd'],
    ['"a$b"', undefined],
    ['$(a)', undefined],
    ['`a`', undefined],
    ['""', ''],
  ])('%s says %j', (raw, value) => expect(literalOf(raw)).toBe(value));

  it.each(['plain', "it's", 'say "hi"', '$HOME `id` \\n', 'it\'s "$5" \\ `x`', 'a b', '', '!x', 'é * ? [a]', '# no'])(
    'quoted, %j is said by a shell as it is',
    (text) => {
      for (const style of ['plain', 'single', 'double'] as const) {
        const word = quoteWord(text, style);
        expect(literalOf(word)).toBe(text);
        for (const shell of ['sh', 'bash'])
          expect(spawnSync(shell, ['-c', `printf %s ${word}`], { encoding: 'utf8' }).stdout).toBe(text);
      }
    },
  );

  it('keep the quotes of their neighbours where they can', () => {
    expect([quoteStyleOf('"a"'), quoteStyleOf("'a'"), quoteStyleOf('a')]).toEqual(['double', 'single', 'plain']);
    expect([quoteWord('a', 'double'), quoteWord('a', 'single'), quoteWord('a', 'plain')]).toEqual(['"a"', "'a'", 'a']);
    expect(quoteWord('{"a":1}', 'double')).toBe('\'{"a":1}\'');
  });
});
