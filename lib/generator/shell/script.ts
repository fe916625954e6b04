/**
 * A shell script as statements, each with its place: what is inserted stands between two of them and never inside one. Read only, nothing is
 * run. Reads POSIX sh and the bash that people write; a script beyond that is a problem with its place, not a guess.
 */
import { ShellSyntaxError, tokenize, type ShellToken } from './tokens';

/** A simple command: its words without redirections, assignments in front of it included. */
export interface ShellCommand {
  words: ShellToken[];
  start: number;
  end: number;
}

export interface ShellStatement {
  /** `function`: a definition, named `name`. `compound`: one if, loop, case, group or subshell. Else a list of commands (`a && b | c`). */
  kind: 'commands' | 'function' | 'compound';
  name?: string;
  start: number;
  end: number;
  /** Offset behind its last line's break and the here-documents that belong to it: where the next line starts. */
  lineEnd: number;
  /** Its own simple commands, those of `inner` left out. */
  commands: ShellCommand[];
  /** The statements in its braces and branches. */
  inner: ShellStatement[];
}

export type ParsedShell = { ok: true; statements: ShellStatement[] } | { ok: false; line: number; reason: string };

/** Reads a script. Nothing is thrown: what cannot be read comes back with its line. */
export function parseShell(text: string): ParsedShell {
  const carriage = /\r(?=\n)/.exec(text);
  if (carriage)
    return {
      ok: false,
      line: lineOf(text, carriage.index),
      reason: 'The script has Windows line endings (CRLF): no shell runs it.',
    };
  if (text.startsWith('\uFEFF'))
    return {
      ok: false,
      line: 1,
      reason: 'The script begins with a byte-order mark, before its #! line: it cannot be started. Take the mark out.',
    };
  try {
    return { ok: true, statements: new Parser(tokenize(text), text.length).parse() };
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    return { ok: false, line: lineOf(text, error.problem.offset), reason: error.problem.reason };
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Every statement, those inside others too, in the order of the file. */
export function allStatements(statements: readonly ShellStatement[]): ShellStatement[] {
  return statements.flatMap((statement) => [statement, ...allStatements(statement.inner)]);
}

const SEPARATORS = new Set([';', '&']);
const CASE_ENDS = new Set([';;', ';&', ';;&']);
const JOINS = new Set(['&&', '||', '|', '|&']);
/** Words that end a list wherever they begin a command. */
const CLOSING = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);

type Part = Pick<ShellStatement, 'kind' | 'name' | 'commands' | 'inner'>;

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly ShellToken[],
    private readonly length: number,
  ) {}

  parse(): ShellStatement[] {
    const statements = this.list();
    const left = this.tokens[this.at];
    if (left)
      throw new ShellSyntaxError({ offset: left.start, reason: `${left.raw} stands here without its beginning.` });
    return statements;
  }

  /** Statements up to the word or operator that ends the list; that one is left to the caller. */
  private list(): ShellStatement[] {
    const statements: ShellStatement[] = [];
    for (;;) {
      while (this.isNewline() || this.isOneOf(SEPARATORS)) this.at += 1;
      const token = this.tokens[this.at];
      if (!token || (token.kind === 'operator' && (token.raw === ')' || CASE_ENDS.has(token.raw)))) return statements;
      if (token.kind === 'word' && CLOSING.has(token.raw)) return statements;
      statements.push(this.statement());
    }
  }

  private statement(): ShellStatement {
    const start = this.tokens[this.at]?.start ?? 0;
    const parts = [this.command()];
    while (this.isOneOf(JOINS)) {
      this.at += 1;
      this.skipNewlines();
      parts.push(this.command());
    }
    if (this.isOneOf(SEPARATORS)) this.at += 1;
    const [only] = parts.length === 1 ? parts : [];
    let next = this.at;
    while (next < this.tokens.length && this.tokens[next]?.kind !== 'newline') next += 1;
    return {
      kind: only?.kind ?? 'commands',
      ...(only?.name === undefined ? {} : { name: only.name }),
      start,
      end: this.tokens[this.at - 1]?.end ?? start,
      lineEnd: this.tokens[next]?.end ?? this.length,
      commands: parts.flatMap((part) => part.commands),
      inner: parts.flatMap((part) => part.inner),
    };
  }

  private command(): Part {
    const token = this.tokens[this.at];
    if (token?.kind === 'operator' && token.raw === '(') return this.compound(this.parenthesised());
    if (token?.kind !== 'word' && token?.kind !== 'redirect')
      throw new ShellSyntaxError({ offset: token?.start ?? this.length, reason: 'A command is missing here.' });
    switch (token.kind === 'word' ? token.raw : '') {
      case '!':
      case 'time':
        this.at += 1;
        return this.command();
      case 'if':
        return this.compound(this.block(['then', 'elif', 'else'], 'fi'));
      case 'while':
      case 'until':
        return this.compound(this.block(['do'], 'done'));
      case 'for':
      case 'select':
        return this.compound(this.loop());
      case 'case':
        return this.compound(this.cases());
      case '{':
        return this.compound(this.block([], '}'));
      case '[[':
        return this.compound(this.test());
      case 'function':
        this.at += 1;
        return this.definition();
      default:
        return this.isDefinition() ? this.definition() : this.simple();
    }
  }

  private compound(inner: ShellStatement[]): Part {
    while (this.tokens[this.at]?.kind === 'redirect') this.at += 2;
    return { kind: 'compound', commands: [], inner };
  }

  private simple(): Part {
    const words: ShellToken[] = [];
    const start = this.tokens[this.at]?.start ?? 0;
    for (let token = this.tokens[this.at]; token?.kind === 'word' || token?.kind === 'redirect';) {
      if (token.kind === 'word') words.push(token);
      this.at += token.kind === 'word' ? 1 : 2;
      token = this.tokens[this.at];
    }
    return { kind: 'commands', commands: [{ words, start, end: this.tokens[this.at - 1]?.end ?? start }], inner: [] };
  }

  private isDefinition(): boolean {
    const [open, close] = [this.tokens[this.at + 1], this.tokens[this.at + 2]];
    return open?.kind === 'operator' && open.raw === '(' && close?.kind === 'operator' && close.raw === ')';
  }

  private definition(): Part {
    const name = this.tokens[this.at]?.raw ?? '';
    this.at += this.isDefinition() ? 3 : 1;
    this.skipNewlines();
    return { kind: 'function', name, commands: [], inner: this.command().inner };
  }

  /** From a keyword or brace over its inner keywords to the one that closes it. */
  private block(between: readonly string[], end: string): ShellStatement[] {
    const opened = this.tokens[this.at];
    const inner: ShellStatement[] = [];
    do {
      this.at += 1;
      inner.push(...this.list());
    } while (between.includes(this.tokens[this.at]?.raw ?? ''));
    this.expect(end, opened);
    return inner;
  }

  private loop(): ShellStatement[] {
    const opened = this.tokens[this.at];
    this.at += 1;
    if (this.tokens[this.at]?.raw === '(') this.parenthesised();
    else this.at += 1;
    if (this.tokens[this.at]?.raw !== 'do')
      while (this.at < this.tokens.length && !this.isNewline() && this.tokens[this.at]?.raw !== ';') this.at += 1;
    while (this.isNewline() || this.isOneOf(SEPARATORS)) this.at += 1;
    if (this.tokens[this.at]?.raw !== 'do')
      throw new ShellSyntaxError({ offset: opened?.start ?? 0, reason: 'The loop has no do.' });
    return this.block([], 'done');
  }

  private cases(): ShellStatement[] {
    const opened = this.tokens[this.at];
    this.at += 2;
    this.skipNewlines();
    this.expect('in', opened);
    const inner: ShellStatement[] = [];
    for (;;) {
      this.skipNewlines();
      if (this.tokens[this.at]?.raw === 'esac') break;
      if (this.tokens[this.at]?.raw === '(') this.at += 1;
      while (this.tokens[this.at]?.kind === 'word' || this.tokens[this.at]?.raw === '|') this.at += 1;
      this.expect(')', opened);
      inner.push(...this.list());
      if (this.isOneOf(CASE_ENDS)) this.at += 1;
    }
    this.expect('esac', opened);
    return inner;
  }

  /** A subshell, or arithmetic in double parentheses, whose operators are not ours. */
  private parenthesised(): ShellStatement[] {
    const opened = this.tokens[this.at];
    const next = this.tokens[this.at + 1];
    if (next?.raw !== '(' || next.start !== opened?.end) return this.block([], ')');
    let depth = 0;
    do {
      depth += this.tokens[this.at]?.raw === '(' ? 1 : this.tokens[this.at]?.raw === ')' ? -1 : 0;
      this.at += 1;
    } while (depth > 0 && this.at < this.tokens.length);
    return [];
  }

  private test(): ShellStatement[] {
    const opened = this.tokens[this.at];
    while (this.at < this.tokens.length && this.tokens[this.at]?.raw !== ']]') this.at += 1;
    this.expect(']]', opened);
    return [];
  }

  private expect(raw: string, opened: ShellToken | undefined): void {
    if (this.tokens[this.at]?.raw !== raw)
      throw new ShellSyntaxError({
        offset: opened?.start ?? 0,
        reason: `What begins with ${opened?.raw ?? ''} here is not closed: ${raw} is missing.`,
      });
    this.at += 1;
  }

  private isNewline(): boolean {
    return this.tokens[this.at]?.kind === 'newline';
  }

  private isOneOf(operators: ReadonlySet<string>): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' && operators.has(token.raw);
  }

  private skipNewlines(): void {
    while (this.isNewline()) this.at += 1;
  }
}
