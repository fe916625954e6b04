/**
 * A shell script as tokens with their offsets: enough of POSIX sh and bash to know where a statement ends. Nothing is run or expanded; quotes,
 * substitutions, arrays and here-documents are skipped as wholes.
 */

export interface ShellToken {
  /** `redirect` is the operator alone; its target is the word behind it. A `newline` ends behind the here-documents that follow its line. */
  kind: 'word' | 'operator' | 'redirect' | 'newline';
  raw: string;
  start: number;
  end: number;
}

/** Where a script cannot be read, and why. */
export interface ShellProblem {
  offset: number;
  reason: string;
}

/** The script does not end what it begins. Thrown inside this folder alone; `parseShell` answers with the problem. */
export class ShellSyntaxError extends Error {
  constructor(readonly problem: ShellProblem) {
    super(problem.reason);
  }
}

const OPERATORS = [';;&', ';;', ';&', '&&', '||', '|&', ';', '&', '|', '(', ')'] as const;
const REDIRECT = /\d*(?:<<<|<<-|<<|<&|>&|<>|>>|>\||&>>|&>|<|>)/y;
/** What ends a word. Other kinds of blanks, such as one that does not break, are letters to a shell. */
const SEPARATOR = /[ \t\r\n;&|<>()]/;
const ARRAY_START = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/;

/** @throws ShellSyntaxError where a quote, a substitution or a here-document is not closed. */
export function tokenize(text: string): ShellToken[] {
  const tokens: ShellToken[] = [];
  const pending: { delimiter: string; stripTabs: boolean }[] = [];
  let at = 0;
  const push = (kind: ShellToken['kind'], end: number) => {
    tokens.push({ kind, raw: text.slice(at, end), start: at, end });
    at = end;
  };
  while (at < text.length) {
    const character = text[at];
    if (character === '\n') {
      const end = pending.splice(0).reduce((from, document) => skipDocument(text, from, document), at + 1);
      push('newline', end);
      continue;
    }
    if (character === ' ' || character === '\t' || character === '\r') at += 1;
    else if (text.startsWith('\\\n', at)) at += 2;
    else if (character === '#') at = endOfLine(text, at);
    else {
      const redirect = matchAt(REDIRECT, text, at);
      const operator = OPERATORS.find((one) => text.startsWith(one, at));
      if (/^[<>]\(/.test(text.slice(at, at + 2))) push('word', skipParentheses(text, at + 1));
      else if (redirect !== undefined) {
        push('redirect', at + redirect.length);
        if (/(?:^|[^<])<<-?$/.test(redirect)) pending.push(readDelimiter(text, at, redirect.endsWith('-')));
      } else if (operator !== undefined) push('operator', at + operator.length);
      else push('word', skipWord(text, at));
    }
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}

function skipWord(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '(' && (ARRAY_START.test(text.slice(start, at)) || /[@?*+!]/.test(text[at - 1] ?? '')))
      at = skipParentheses(text, at);
    else if (SEPARATOR.test(character)) break;
    else at = skipPiece(text, at);
  }
  return at;
}

/** Behind one character, or behind the quotation or substitution that begins here. */
function skipPiece(text: string, at: number): number {
  const character = text[at];
  if (character === '\\') return Math.min(at + 2, text.length);
  if (character === "'") return closing(text, at, "'");
  if (character === '"') return skipUntil(text, at + 1, '"', at);
  if (character === '`') return skipUntil(text, at + 1, '`', at);
  if (text.startsWith("$'", at)) return skipUntil(text, at + 2, "'", at);
  if (text.startsWith('$(', at)) return skipParentheses(text, at + 1);
  if (text.startsWith('${', at)) return skipUntil(text, at + 2, '}', at);
  return at + 1;
}

function closing(text: string, at: number, quote: string): number {
  const end = text.indexOf(quote, at + 1);
  if (end === -1)
    throw new ShellSyntaxError({ offset: at, reason: `The quotation that begins with ${quote} here is not closed.` });
  return end + 1;
}

/** Behind the next `end`, with the substitutions inside skipped; quotes count only inside `${…}`, where they can hide the brace. */
function skipUntil(text: string, from: number, end: '"' | '`' | "'" | '}', opened: number): number {
  for (let at = from; at < text.length;) {
    if (text[at] === end) return at + 1;
    if (text[at] === '\\') at += 2;
    else if (end === "'" || end === '`') at += 1;
    else if (end === '}' || text[at] === '$' || text[at] === '`')
      at = text.startsWith("$'", at) && end === '"' ? at + 1 : skipPiece(text, at);
    else at += 1;
  }
  throw new ShellSyntaxError({ offset: opened, reason: `What begins here is not closed: ${end} is missing.` });
}

/** Behind the parenthesis that closes the one at `open`. */
function skipParentheses(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length;) {
    const character = text[at];
    if (character === '#' && /[\s(;]/.test(text[at - 1] ?? '')) at = endOfLine(text, at);
    else if (character === '(' || character === ')') {
      depth += character === '(' ? 1 : -1;
      at += 1;
      if (depth === 0) return at;
    } else at = skipPiece(text, at);
  }
  throw new ShellSyntaxError({ offset: open, reason: 'The parenthesis that opens here is not closed.' });
}

function readDelimiter(text: string, at: number, stripTabs: boolean): { delimiter: string; stripTabs: boolean } {
  const start = at + (/^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0);
  return { delimiter: text.slice(start, skipWord(text, start)).replace(/['"\\]/g, ''), stripTabs };
}

function skipDocument(
  text: string,
  from: number,
  { delimiter, stripTabs }: { delimiter: string; stripTabs: boolean },
): number {
  for (let at = from; at < text.length;) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end).replace(/\r$/, '');
    if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) return Math.min(end + 1, text.length);
    at = end + 1;
  }
  throw new ShellSyntaxError({ offset: from, reason: `The here-document is not closed: ${delimiter} is missing.` });
}
