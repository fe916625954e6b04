/**
 * Cuts a line of a diff into pieces: three inks (keys, comments, the rest) and the values that the person typed, so that they can be traced
 * from the form into the files.
 */

export interface Piece {
  text: string;
  ink?: 'key' | 'comment';
  /** A value that was typed; `lit` while its field has the focus. */
  traced?: 'typed' | 'lit';
}

/** A matcher for typed values, made once for each keystroke and used for every line. */
export interface Trace {
  pattern: RegExp | undefined;
  lit: ReadonlySet<string>;
}

/** Shorter ones (a replica count) would light up half the file. */
const SHORTEST = 2;

/** @param typed values of all fields. @param lit values of the field that has the focus. */
export function traceOf(typed: Iterable<string>, lit: Iterable<string>): Trace {
  const values = [...new Set([...typed, ...lit])].filter((value) => value.length >= SHORTEST && value.length <= 200);
  if (values.length === 0) return { pattern: undefined, lit: new Set() };
  // The longest first, so that livekit-egress is not cut at livekit.
  const sources = values
    .sort((a, b) => b.length - a.length)
    .map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { pattern: new RegExp(`(?<![\\w.-])(?:${sources.join('|')})(?!\\w|://)`, 'g'), lit: new Set(lit) };
}

/** Pieces of one line. @param path tells the language. @param trace given for added lines alone. */
export function inkLine(text: string, path: string, trace?: Trace): Piece[] {
  const pieces = languageOf(path) === 'plain' ? [{ text }] : inkYaml(text);
  if (!trace?.pattern) return pieces;
  return pieces.flatMap((piece) => traced(piece, trace));
}

function languageOf(path: string): 'yaml' | 'plain' {
  if (/\.(ya?ml|conf|toml)$/.test(path)) return 'yaml';
  return 'plain';
}

/** Keys and comments of YAML, line by line: good enough to read by, and never wrong about the text itself. */
function inkYaml(text: string): Piece[] {
  const pieces: Piece[] = [];
  const key = /^(\s*(?:- +)*)("[^"]*"|'[^']*'|[^\s#'"[\]{},:&*!|>%@`-][^:#]*?|[\w./-]+)(\s*:)(?=\s|$)/.exec(text);
  let rest = text;
  if (key && !text.trimStart().startsWith('#')) {
    const [whole, lead = '', name = '', colon = ''] = key;
    if (lead) pieces.push({ text: lead });
    pieces.push({ text: name, ink: 'key' }, { text: colon });
    rest = text.slice(whole.length);
  }
  const comment = commentStart(rest, pieces.length === 0);
  if (comment === -1) pieces.push({ text: rest });
  else pieces.push({ text: rest.slice(0, comment) }, { text: rest.slice(comment), ink: 'comment' });
  return pieces.filter((piece) => piece.text !== '');
}

/** Where a comment begins: a # at the start of the line or after a blank, outside of quotes. */
function commentStart(text: string, lineStart: boolean): number {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      if (at === 0 || /[\s[{,(]/.test(text.charAt(at - 1))) quote = character;
    } else if (character === '#' && (at === 0 ? lineStart : /\s/.test(text.charAt(at - 1)))) return at;
  }
  return -1;
}

function traced(piece: Piece, trace: Trace): Piece[] {
  if (!trace.pattern) return [piece];
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of piece.text.matchAll(trace.pattern)) {
    if (match.index > from) pieces.push({ ...piece, text: piece.text.slice(from, match.index) });
    pieces.push({ ...piece, text: match[0], traced: trace.lit.has(match[0]) ? 'lit' : 'typed' });
    from = match.index + match[0].length;
  }
  if (from < piece.text.length) pieces.push({ ...piece, text: piece.text.slice(from) });
  return pieces;
}
