/**
 * Writes a string as a YAML scalar that every reader takes for that string: YAML 1.2, YAML 1.1 (where 22:22 is 1342 and `no` is false),
 * Go's and Python's.
 */

export type Quote = 'double' | 'single';

const WORDS = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
const NUMBERS =
  /^[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|(?:\d[\d_,]*)?\.?[\d_]+\.?(?:e[-+]?\d+)?|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\.inf)$|^\.nan$/i;
const DATES = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/;
const INDICATORS = /^(?:-(?:\s|$|--)|[?:,[\]{}#&*!|>'"%@`]|<<|=|\.\.\.)/;
/** Control characters, line separators, byte-order marks, lone surrogates: only a double-quoted scalar can hold them. */
const ESCAPED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFEFF\uFFFE\uFFFF]/u;

/** Whether a string has to be quoted to stay this string for every reader. */
export function needsQuotes(text: string, inFlow = false): boolean {
  return (
    text === '' ||
    ESCAPED.test(text) ||
    text.trim() !== text ||
    INDICATORS.test(text) ||
    WORDS.test(text) ||
    NUMBERS.test(text) ||
    DATES.test(text) ||
    /:(?:\s|$)|\s#/.test(text) ||
    (inFlow && /[,[\]{}:"'#]/.test(text))
  );
}

/** The string in quotes. Single ones where double ones would need escapes or where that is wanted, double ones for control characters. */
export function quote(text: string, preferred: Quote): string {
  const single = !ESCAPED.test(text) && (preferred === 'single' ? true : /["\\]/.test(text) && !text.includes("'"));
  if (single) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The string as a scalar: plain where it may be and nothing speaks for quotes. */
export function renderText(text: string, style: { quote: Quote; always?: boolean; inFlow?: boolean }): string {
  return style.always || needsQuotes(text, style.inFlow) ? quote(text, style.quote) : text;
}
