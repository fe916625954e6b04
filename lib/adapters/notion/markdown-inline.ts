/**
 * Inline Markdown as runs of text: code, emphasis, strikethrough, links and bare addresses, as GitHub shows them. What is not
 * understood stays as it was written. Pure.
 */
import type { Run } from './page-block';

type Format = Omit<Run, 'text'>;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', '#39': "'" };
const decode = (text: string) =>
  text.replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** An absolute address for a link's target, or undefined where there is none to give: an anchor, or a path without a base. */
function resolveLink(target: string, base: string | undefined): string | undefined {
  if (target.startsWith('#')) return undefined;
  const url = URL.canParse(target)
    ? new URL(target)
    : base !== undefined && URL.canParse(target, base)
      ? new URL(target, base)
      : undefined;
  return url !== undefined && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}

/** Finds where a bracket that opens at `start` closes; -1 when it never does. */
function closing(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === open) depth += 1;
    else if (text[index] === close) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

/** `[label](target "title")` at `start`, where there is one. */
function linkAt(text: string, start: number): { label: string; target: string; end: number } | undefined {
  const labelEnd = closing(text, start, '[', ']');
  if (labelEnd < 0 || text[labelEnd + 1] !== '(') return undefined;
  const targetEnd = closing(text, labelEnd + 1, '(', ')');
  if (targetEnd < 0) return undefined;
  const inside = text.slice(labelEnd + 2, targetEnd).trim();
  const target = inside.startsWith('<') ? inside.slice(1, inside.indexOf('>')) : (inside.split(/\s+/)[0] ?? '');
  return { label: text.slice(start + 1, labelEnd), target, end: targetEnd + 1 };
}

const DELIMITERS: readonly { mark: string; format: Format }[] = [
  { mark: '***', format: { bold: true, italic: true } },
  { mark: '**', format: { bold: true } },
  { mark: '__', format: { bold: true } },
  { mark: '~~', format: { strikethrough: true } },
  { mark: '*', format: { italic: true } },
  { mark: '_', format: { italic: true } },
];

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);

/** Emphasis that opens at `start`, where it also closes. Underscores inside of words are letters. */
function emphasisAt(text: string, start: number): { inner: string; format: Format; end: number } | undefined {
  for (const { mark, format } of DELIMITERS) {
    if (!text.startsWith(mark, start) || isSpace(text[start + mark.length])) continue;
    if (mark.startsWith('_') && isWord(text[start - 1])) continue;
    let end = text.indexOf(mark, start + mark.length + 1);
    while (end >= 0) {
      const longer = mark.length === 1 && (text[end + 1] === mark || text[end - 1] === mark);
      const inWord = mark.startsWith('_') && isWord(text[end + mark.length]);
      if (!isSpace(text[end - 1]) && text[end - 1] !== '\\' && !longer && !inWord) {
        return { inner: text.slice(start + mark.length, end), format, end: end + mark.length };
      }
      end = text.indexOf(mark, end + (longer ? 2 : 1));
    }
  }
  return undefined;
}

/** A code span: as many backticks at the end as at the start. */
function codeAt(text: string, start: number): { code: string; end: number } | undefined {
  const fence = /^`+/.exec(text.slice(start))?.[0] ?? '';
  for (let end = text.indexOf(fence, start + fence.length); end >= 0;) {
    const run = /^`+/.exec(text.slice(end))?.[0] ?? '';
    if (run.length === fence.length) {
      const inside = text.slice(start + fence.length, end);
      return { code: /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside, end: end + fence.length };
    }
    end = text.indexOf(fence, end + run.length);
  }
  return undefined;
}

const BARE_ADDRESS = /^https?:\/\/[^\s<>()[\]`]*[^\s<>()[\]`.,;:!?'"*_]/;

/**
 * Reads one stretch of inline Markdown.
 * @param base the address against which relative links are resolved; without it they are text.
 */
export function parseInline(text: string, base?: string, format: Format = {}): Run[] {
  const runs: Run[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') runs.push({ text: decode(plain), ...format });
    plain = '';
  };
  const push = (more: Run[]) => {
    flush();
    runs.push(...more);
  };
  let index = 0;
  while (index < text.length) {
    const rest = text.slice(index);
    const character = text[index] ?? '';
    if (character === '\\' && /^\\[!-/:-@[-`{-~]/.test(rest)) {
      // An escaped character is itself; an escaped ampersand must not be decoded later.
      push([{ text: rest[1] ?? '', ...format }]);
      index += 2;
      continue;
    }
    const code = character === '`' ? codeAt(text, index) : undefined;
    if (code !== undefined) {
      push([{ text: code.code, ...format, code: true }]);
      index = code.end;
      continue;
    }
    const image = character === '!' && text[index + 1] === '[';
    const link = character === '[' || image ? linkAt(text, image ? index + 1 : index) : undefined;
    if (link !== undefined) {
      const address = resolveLink(link.target, base);
      push(parseInline(link.label, base, { ...format, ...(address === undefined ? {} : { link: address }) }));
      index = link.end;
      continue;
    }
    const bracketed = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/.exec(rest);
    const address =
      bracketed?.[1] ??
      (format.link === undefined && !isWord(text[index - 1]) ? BARE_ADDRESS.exec(rest)?.[0] : undefined);
    if (address !== undefined && URL.canParse(address)) {
      push([{ text: address, ...format, link: new URL(address).href }]);
      index += bracketed?.[0].length ?? address.length;
      continue;
    }
    const lineBreak = /^(?:<br\s*\/?>\n?|(?: {2,}|\\)\n)/.exec(rest);
    if (lineBreak !== null) {
      plain += '\n';
      index += lineBreak[0].length;
      continue;
    }
    const emphasis = emphasisAt(text, index);
    if (emphasis !== undefined) {
      push(parseInline(emphasis.inner, base, { ...format, ...emphasis.format }));
      index = emphasis.end;
      continue;
    }
    // A line that merely ends is a space to the reader.
    plain += character === '\n' ? ' ' : character;
    index += 1;
  }
  flush();
  return runs;
}
