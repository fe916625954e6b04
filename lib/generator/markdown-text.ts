/**
 * Text that a person typed, put into Markdown so that it stays text: no formatting and no HTML, and on GitHub no mention, reference or link.
 */

/** For a heading, a paragraph, a list item or a table cell of a file. Line breaks become spaces. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replace(/[\\`*[\]|~$]/g, (character) => `\\${character}`)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(?:[#+=-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/**
 * The same for a pull request, an issue or a comment on GitHub, where text also calls people and refers to other things. Those are looked for
 * after Markdown is done, so that only a character in between stops them: a zero-width space.
 */
export function escapeForGitHub(text: string): string {
  // In one go: what is put in must not be looked at again.
  return escapeMarkdown(text).replace(
    /(?<![A-Za-z0-9])@|#(?=\d)|:(?=\/\/)|\bwww(?=\.)|\bGH-(?=\d)/gi,
    (start) => `${start}&#8203;`,
  );
}

/** A link whose title is text and whose address cannot break out of its brackets. */
export function markdownLink(title: string, url: string): string {
  return `[${escapeForGitHub(title)}](${markdownTarget(url)})`;
}

/** An address as the target of a link. */
export function markdownTarget(url: string): string {
  return url.replace(
    /[\s<>()\\"'`|[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** A code span, whatever backticks the text holds; in a table cell too. */
export function markdownCode(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ').replace(/\|/g, '\\|');
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
