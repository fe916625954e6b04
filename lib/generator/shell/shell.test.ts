import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { arraysOf, insertArrayEntry } from './arrays';
import { literalOf, scanShell, type ShellToken } from './scan';
import { statementsOf } from './statements';

function tokens(text: string): ShellToken[] {
  const scan = scanShell(text);
  if (!scan.ok) throw new Error(`${scan.line}: ${scan.reason}`);
  return scan.tokens;
}

const words = (text: string): string[] => tokens(text).flatMap((one) => (one.kind === 'word' ? [one.raw] : []));

describe('reading a shell script', () => {
  it('takes quotes, expansions and comments as the shell does', () => {
    expect(words(`a "b c" 'd # e' f\\ g # comment "`)).toEqual(['a', '"b c"', "'d # e'", 'f\\ g']);
    expect(words('x="$(grep "a)b" <<<"$y")" z')).toEqual(['x="$(grep "a)b" <<<"$y")"', 'z']);
    expect(words('echo ${a:-"}"} ${#b[@]} $# $((1 << 2)) `c \\` d`')).toEqual([
      'echo',
      '${a:-"}"}',
      '${#b[@]}',
      '$#',
      '$((1 << 2))',
      '`c \\` d`',
    ]);
    expect(words("$'it\\'s' a#b")).toEqual(["$'it\\'s'", 'a#b']);
  });

  it('leaves here-documents alone, two on one line too', () => {
    const text = 'cat <<A <<-"B C"\n A "\nA\n\t( \n\tB C\nnext\n';
    expect(words(text)).toEqual(['cat', 'A', '"B C"', 'next']);
    expect(words('(( x << 2 ))\nnext')).toContain('next');
  });

  it.each([
    ['echo "a\nb', 1, /"/],
    ["\necho 'a", 2, /'/],
    ['cat <<EOF\nx\n', 1, /EOF/],
    ['a $(b', 1, /\$\(/],
    ['a ${b', 1, /\$\{/],
    ['a `b', 1, /`/],
    ['a=$(case x in x) echo;; esac)', 1, /case/],
  ])('refuses %j', (text, line, reason) => {
    const scan = scanShell(text);
    expect(scan).toMatchObject({ ok: false, line });
    expect(scan.ok ? '' : scan.reason).toMatch(reason);
  });

  it('says what a word means only where nothing is expanded', () => {
    expect(literalOf(`a"b \\" c"'d'\\e`)).toBe('ab " cde');
    expect(literalOf('"a $b"')).toBeUndefined();
    expect(literalOf('`a`')).toBeUndefined();
  });

  it('covers every character of the sample scripts but blanks and continuations', () => {
    for (const path of [
      'spire/init-spire.sh',
      'localstack/init/init-aws.sh',
      'scripts/start-platform.sh',
      'scripts/lib.sh',
    ]) {
      const text = readFileSync(`local/platform/${path}`, 'utf8');
      let at = 0;
      for (const token of tokens(text)) {
        expect(text.slice(at, token.start)).toMatch(/^(?:[ \t]|\\\n)*$/);
        at = token.end;
      }
      expect(text.slice(at).trim()).toBe('');
    }
  });
});

describe('statements', () => {
  it('end where the shell ends them, and know what they stand in', () => {
    const text = [
      'register() {',
      '  one \\',
      '    --two',
      '}',
      'if a; then',
      '  b && ',
      '    c',
      'fi',
      'for x in 1 2; do d; done',
      'list=(',
      '  "if"   # no keyword',
      ')',
      '(',
      '  cd x',
      ')',
      'case "$1" in',
      '  a) e ;;',
      'esac',
      'f <<EOF',
      'if g',
      'EOF',
      'echo if',
      'h',
    ].join('\n');
    const seen = statementsOf(text, tokens(text)).map((one) => [
      one.words.map((word) => word.raw).join(' '),
      one.inside.join(),
      one.structural,
    ]);
    expect(seen).toEqual([
      ['register {', '', true],
      ['one --two', 'braces', false],
      ['}', 'braces', true],
      ['if a then', '', true],
      ['b c', 'if', false],
      ['fi', 'if', true],
      ['for x in 1 2 do d done', '', true],
      ['list= "if"', '', false],
      ['', '', true],
      ['cd x', 'parentheses', false],
      ['', 'parentheses', true],
      ['case "$1" in', '', true],
      ['a e', 'case', false],
      ['esac', 'case', true],
      ['f EOF', '', false],
      ['echo if', '', false],
      ['h', '', false],
    ]);
  });
});

describe('an entry more in an array', () => {
  const insert = (text: string, after?: string): string => {
    const [array] = arraysOf(tokens(text));
    if (!array) throw new Error('no array');
    const result = insertArrayEntry(
      text,
      array,
      '"new"',
      array.entries.find((one) => one.literal === after),
    );
    return result.ok ? text.slice(0, result.offset) + result.text + text.slice(result.offset) : result.reason;
  };

  it.each([
    ['A=(\n  a\n  b   # remark\n)\n', 'a', 'A=(\n  a\n  "new"\n  b   # remark\n)\n'],
    ['A=(\n  a\n  b   # remark\n)\n', 'b', 'A=(\n  a\n  b   # remark\n  "new"\n)\n'],
    ['A=(\n  a\n     # more on a\n  # b\n)\n', 'a', 'A=(\n  a\n     # more on a\n  "new"\n  # b\n)\n'],
    ['A=(\r\n\ta\r\n)\r\n', 'a', 'A=(\r\n\ta\r\n\t"new"\r\n)\r\n'],
    ['A=(\n  a\n  b )\n', 'b', 'A=(\n  a\n  "new"\n  b )\n'],
    ['A=( a\n    b\n)', 'a', 'A=( a\n  "new"\n    b\n)'],
    ['  A=(\n  )\n', undefined, '  A=(\n    "new"\n  )\n'],
    ['A=(a b)\n', 'b', 'The array A stands on one line: to add to it is to rewrite that line.'],
    ['A=(a \\\n b)\n', 'a', 'A=(a \\\n b)\n'],
  ])('%j after %s', (text, after, expected) => {
    if (text.includes('\\')) expect(insert(text, after)).not.toContain('\\\n"new"');
    else expect(insert(text, after)).toBe(expected);
  });

  it('finds them wherever they are declared', () => {
    const text = 'declare -a A=(a)\nA+=(b)\nlocal B=()\nf() { c; }\n(d)\nD=$(e)\n';
    expect(arraysOf(tokens(text)).map((one) => [one.name, one.entries.map((entry) => entry.raw)])).toEqual([
      ['A', ['a']],
      ['A', ['b']],
      ['B', []],
    ]);
  });
});
