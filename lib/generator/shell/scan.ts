/**
 * Reads a shell script as words, operators and comments, so that others find commands and arrays in it without mistaking what stands in quotes,
 * comments or here-documents for code. It runs nothing and expands nothing; what it cannot follow it refuses.
 */

export type ShellToken =
  /** `literal` is the word without its quotes; undefined where the shell would still expand something in it. */
  | { kind: 'word'; start: number; end: number; raw: string; literal?: string }
  | { kind: 'operator'; start: number; end: number; raw: string }
  | { kind: 'comment' | 'newline' | 'heredoc'; start: number; end: number; raw: string };

export type ShellScan = { ok: true; tokens: ShellToken[] } | { ok: false; line: number; reason: string };

/** The tokens of a script in order; blanks and continued lines (`\` at the end) stand for nothing. Never throws. */
export function scanShell(text: string): ShellScan {
  const scanner = new Scanner(text);
  try {
    return { ok: true, tokens: scanner.all() };
  } catch (error) {
    if (!(error instanceof Unfollowed)) throw error;
    return { ok: false, line: text.slice(0, error.offset).split('\n').length, reason: error.message };
  }
}

/** A word without its quotes; undefined where the shell would expand something in it. */
export function literalOf(raw: string): string | undefined {
  let result = '';
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw[at] ?? '';
    if (character === '$' || character === '`') return undefined;
    if (character === "'") {
      const close = raw.indexOf("'", at + 1);
      result += raw.slice(at + 1, close);
      at = close;
    } else if (character === '"') {
      for (at += 1; at < raw.length && raw[at] !== '"'; at += 1) {
        if (raw[at] === '$' || raw[at] === '`') return undefined;
        if (raw[at] === '\\' && /["\\$`]/.test(raw[at + 1] ?? '')) at += 1;
        result += raw[at] ?? '';
      }
    } else if (character === '\\') {
      at += 1;
      result += raw[at] ?? '';
    } else result += character;
  }
  return result;
}

class Unfollowed extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const OPERATOR = /(?:<<<|<<-|;;&|&>>|<<|>>|;;|;&|&&|\|\||\|&|<&|>&|<>|>\||&>|[;&|()<>])/y;
const BLANK = /(?:[ \t\r]|\\\r?\n)+/y;
const ENDS_WORD = /[\s;&|()<>]/;

class Scanner {
  private at = 0;
  private previous: ShellToken | undefined;
  private readonly heredocs: { delimiter: string; tabs: boolean; offset: number }[] = [];

  constructor(private readonly text: string) {}

  all(): ShellToken[] {
    const tokens: ShellToken[] = [];
    for (let token = this.next(); token; token = this.next()) tokens.push(token);
    const [open] = this.heredocs;
    if (open) throw new Unfollowed(`The here-document ${open.delimiter} does not end.`, open.offset);
    return tokens;
  }

  private next(): ShellToken | undefined {
    this.match(BLANK);
    const start = this.at;
    const { text, previous } = this;
    if (start >= text.length) return undefined;
    const character = text[start] ?? '';
    let kind: ShellToken['kind'] = 'word';
    if (character === '\n') {
      kind = this.heredocs.length > 0 && previous?.kind !== 'newline' ? 'heredoc' : 'newline';
      this.at += 1;
      if (kind === 'heredoc') this.skipHeredocs();
    } else if (character === '#') {
      kind = 'comment';
      const end = text.indexOf('\n', start);
      this.at = (end === -1 ? text.length : end) - (end > 0 && text[end - 1] === '\r' ? 1 : 0);
    } else if (text.startsWith('((', start) && !(previous?.kind === 'word' && previous.end === start))
      this.skipArithmetic();
    else if (this.match(OPERATOR)) kind = 'operator';
    else this.skipWord();
    const raw = text.slice(start, this.at);
    const token: ShellToken = { kind, start, end: this.at, raw };
    if (token.kind === 'word') {
      const literal = literalOf(raw);
      if (literal !== undefined) token.literal = literal;
      if (previous?.kind === 'operator' && (previous.raw === '<<' || previous.raw === '<<-'))
        this.heredocs.push({ delimiter: literal ?? raw, tabs: previous.raw === '<<-', offset: start });
    }
    this.previous = token;
    return token;
  }

  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at += match[0].length;
    return match !== null;
  }

  private skipHeredocs(): void {
    for (let document = this.heredocs.shift(); document; document = this.heredocs.shift()) {
      for (;;) {
        if (this.at >= this.text.length)
          throw new Unfollowed(`The here-document ${document.delimiter} does not end.`, document.offset);
        const newline = this.text.indexOf('\n', this.at);
        const end = newline === -1 ? this.text.length : newline + 1;
        const line = this.text.slice(this.at, end).replace(/\r?\n$/, '');
        this.at = end;
        if ((document.tabs ? line.replace(/^\t+/, '') : line) === document.delimiter) break;
      }
    }
  }

  private skipWord(): void {
    while (this.at < this.text.length && !ENDS_WORD.test(this.text[this.at] ?? '')) this.skipPart(false);
  }

  /** One character of a word, or one quotation or expansion. */
  private skipPart(quoted: boolean): void {
    const { text, at } = this;
    const character = text[at];
    if (character === '\\') this.at += text.startsWith('\\\r\n', at) ? 3 : 2;
    else if (character === '"' && !quoted) this.skipDouble();
    else if (character === "'" && !quoted) this.skipTo("'", at + 1, at);
    else if (character === '`') this.skipBackticks();
    else if (text.startsWith("$'", at) && !quoted) this.skipAnsi();
    else if (text.startsWith('$((', at)) {
      this.at += 1;
      this.skipArithmetic();
    } else if (text.startsWith('$(', at)) this.skipSubstitution();
    else if (text.startsWith('${', at)) this.skipParameter();
    else this.at += character === '$' && /[#?!$*@-]/.test(text[at + 1] ?? '') ? 2 : 1;
  }

  private skipTo(close: string, from: number, opened: number): void {
    const end = this.text.indexOf(close, from);
    if (end === -1) throw new Unfollowed(`The ${close} that opens here does not close.`, opened);
    this.at = end + close.length;
  }

  private skipDouble(): void {
    const opened = this.at;
    this.at += 1;
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) throw new Unfollowed('The " that opens here does not close.', opened);
      this.skipPart(true);
    }
    this.at += 1;
  }

  private skipBackticks(): void {
    const opened = this.at;
    for (this.at += 1; this.text[this.at] !== '`'; this.at += this.text[this.at] === '\\' ? 2 : 1)
      if (this.at >= this.text.length) throw new Unfollowed('The ` that opens here does not close.', opened);
    this.at += 1;
  }

  private skipAnsi(): void {
    const opened = this.at;
    for (this.at += 2; this.text[this.at] !== "'"; this.at += this.text[this.at] === '\\' ? 2 : 1)
      if (this.at >= this.text.length) throw new Unfollowed("The $' that opens here does not close.", opened);
    this.at += 1;
  }

  private skipArithmetic(): void {
    const opened = this.at;
    let depth = 0;
    do {
      const character = this.text[this.at];
      if (character === undefined) throw new Unfollowed('The (( that opens here does not close.', opened);
      depth += character === '(' ? 1 : character === ')' ? -1 : 0;
      this.at += 1;
    } while (depth > 0);
  }

  private skipSubstitution(): void {
    const opened = this.at;
    const outer = this.previous;
    this.at += 2;
    this.previous = undefined;
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      if (!token) throw new Unfollowed('The $( that opens here does not close.', opened);
      if (token.kind === 'word' && token.raw === 'case')
        throw new Unfollowed('A case inside $( ) is more than can be followed safely.', token.start);
      if (token.kind === 'operator') depth += token.raw === '(' ? 1 : token.raw === ')' ? -1 : 0;
    }
    this.previous = outer;
  }

  private skipParameter(): void {
    const opened = this.at;
    this.at += 2;
    while (this.text[this.at] !== '}') {
      if (this.at >= this.text.length) throw new Unfollowed('The ${ that opens here does not close.', opened);
      this.skipPart(false);
    }
    this.at += 1;
  }
}
