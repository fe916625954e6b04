/**
 * Text that a person typed, put into Markdown so that it stays text: no formatting, no HTML, no mention, no reference, no link.
 */

/** For a paragraph, a list item or a table cell. Line breaks become spaces. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .replace(/[\\`*_{}[\]()#+!|~^$>=-]/g, (character) => `\\${character}`)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/\\>/g, '&gt;')
      // Markdown ends before mentions, references and bare links are looked for: only a character in between stops those.
      .replace(/@/g, '@&#8203;')
      .replace(/\\#/g, '\\#&#8203;')
      .replace(/:\/\//g, ':&#8203;//')
      .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}&#8203;.`)
      .replace(/\b(GH)(\\-)(?=\d)/gi, '$1$2&#8203;')
      // A list item: `1. x` at the start would become one.
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
}

/** A link whose title is text and whose address cannot break out of its brackets. */
export function markdownLink(title: string, url: string): string {
  const target = url.replace(/[\s<>()\\"'`|[\]]/g, (character) =>
    encodeURIComponent(character).replace(/[()'!*]/g, hex),
  );
  return `[${escapeMarkdown(title)}](${target})`;
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A code span, whatever backticks the text holds. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A fenced block, whatever the text holds. */
export function markdownBlock(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}
