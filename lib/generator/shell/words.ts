/** Words of a shell script: what a quoted one says, and how a text is quoted. */

/** What a word says where nothing in it is expanded when the script runs; undefined where something is. */
export function literalOf(raw: string): string | undefined {
  let value = '';
  for (let at = 0; at < raw.length;) {
    const rest = raw.slice(at);
    const single = /^'([^']*)'/.exec(rest);
    const double = /^"((?:[^"\\$`]|\\[\s\S])*)"/.exec(rest);
    const escaped = /^\\([\s\S])/.exec(rest);
    const plain = /^[^'"\\$`]+/.exec(rest);
    const piece = single ?? double ?? escaped ?? plain;
    if (!piece) return undefined;
    if (single) value += single[1] ?? '';
    else if (double)
      value += (double[1] ?? '').replace(/\\([$`"\\\n])/g, (_, character: string) =>
        character === '\n' ? '' : character,
      );
    else if (escaped) value += escaped[1] === '\n' ? '' : (escaped[1] ?? '');
    else value += plain?.[0] ?? '';
    at += piece[0].length;
  }
  return value;
}

export type QuoteStyle = 'plain' | 'single' | 'double';

/**
 * A text as one word that says exactly it, in the wanted quotes where they leave it readable: one with `$`, `"`, `\` or a backtick in it stands
 * in single quotes, one with an apostrophe in double ones.
 */
export function quoteWord(text: string, style: QuoteStyle): string {
  if (style === 'plain' && /^[\w@%+=:,./-]+$/.test(text)) return text;
  const wantsSingle = style === 'single' || /["$`\\]/.test(text);
  if (wantsSingle && !text.includes("'")) return `'${text}'`;
  return `"${text.replace(/["$`\\]/g, '\\$&')}"`;
}

/** How a word is quoted, for others like it. */
export function quoteStyleOf(raw: string): QuoteStyle {
  if (raw.startsWith("'")) return 'single';
  return raw.startsWith('"') ? 'double' : 'plain';
}
