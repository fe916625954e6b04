/**
 * A small, safe part of Markdown, enough to read a pull request: headings, lists, tables, quotes, code, folded parts, emphasis and links. All
 * text goes through the `html` tag, so nothing that somebody wrote can become markup; comments are hidden as on GitHub.
 */
import { html, trusted, type Markup } from '../../support/html';

const INLINE =
  /(?<![\\`])(`+)(?<code>.+?)\1(?!`)|\[(?<text>[^\]]+)\]\((?<target>[^)\s]+)\)|\*\*(?<strong>.+?)\*\*|(?<![\w*])[*_](?<em>[^*_]+)[*_](?![\w*])|(?<link>https?:\/\/[^\s<>()]+[^\s<>().,;:!?])/;

function isSafe(target: string): boolean {
  return /^https?:\/\//i.test(target) || /^(#|\/(?!\/))/.test(target);
}

/** Text whose characters are escaped by a backslash or as HTML writes them. */
function plain(text: string): string {
  return text
    .replace(/\\([\\`*[\]|~$_#+=-])/g, '$1')
    .replaceAll('&#8203;', '\u200b')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function inline(text: string): Markup {
  const match = INLINE.exec(text);
  if (match === null) return html`${plain(text)}`;
  const { code, text: label, target, strong, em, link } = match.groups ?? {};
  let piece: Markup;
  if (code !== undefined) piece = html`<code>${code.trim()}</code>`;
  else if (strong !== undefined) piece = html`<strong>${inline(strong)}</strong>`;
  else if (em !== undefined) piece = html`<em>${inline(em)}</em>`;
  else if (link !== undefined) piece = html`<a href="${link}" rel="noreferrer">${link}</a>`;
  else if (target !== undefined && isSafe(target))
    piece = html`<a href="${target}" rel="noreferrer">${inline(label ?? '')}</a>`;
  else piece = html`${match[0]}`;
  const end = match.index + match[0].length;
  return html`${plain(text.slice(0, match.index))}${piece}${inline(text.slice(end))}`;
}

function lines(texts: readonly string[]): Markup {
  return html`${texts.map((text, index) => (index === 0 ? inline(text) : html`<br />${inline(text)}`))}`;
}

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function item(text: string): Markup {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (task === null) return html`<li>${inline(text)}</li>`;
  const done = task[1] !== ' ';
  return html`<li>${done ? '☑' : '☐'} ${inline(task[2] ?? '')}</li>`;
}

/** Takes lines from the front while they match. */
function takeWhile(rest: string[], test: (line: string) => boolean): string[] {
  const end = rest.findIndex((line) => !test(line));
  return rest.splice(0, end === -1 ? rest.length : end);
}

function fence(rest: string[]): Markup {
  const mark = /^\s*(`{3,}|~{3,})/.exec(rest.shift() ?? '')?.[1] ?? '```';
  const body = takeWhile(rest, (line) => !line.trim().startsWith(mark));
  rest.shift();
  return html`<pre><code>${body.join('\n')}</code></pre>`;
}

function table(rest: string[]): Markup {
  const head = cells(rest.shift() ?? '');
  rest.shift();
  const body = takeWhile(rest, (line) => line.includes('|')).map(cells);
  return html`<div class="sideways">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${inline(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function isTable(rest: readonly string[]): boolean {
  return (rest[0] ?? '').includes('|') && (rest[1] ?? '').includes('-') && TABLE_RULE.test(rest[1] ?? '');
}

const FOLD = /^<details><summary>(.*)<\/summary>$/;

/** A part that is closed until somebody opens it; a fence in it may hold anything. */
function fold(rest: string[]): Markup {
  const summary = FOLD.exec(rest.shift() ?? '')?.[1] ?? '';
  let fenced: string | undefined;
  const inside = takeWhile(rest, (line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fenced === undefined) fenced = mark;
    else if (mark?.startsWith(fenced)) fenced = undefined;
    return fenced !== undefined || line !== '</details>';
  });
  rest.shift();
  return html`<details class="fold">
    <summary>${plain(summary)}</summary>
    ${blocks(inside)}
  </details>`;
}

function startsBlock(line: string): boolean {
  return (
    line.trim() === '' ||
    FOLD.test(line) ||
    HEADING.test(line) ||
    ITEM.test(line) ||
    RULE.test(line) ||
    /^\s*(```|~~~|>)/.test(line)
  );
}

function block(rest: string[]): Markup | undefined {
  const line = rest[0] ?? '';
  if (line.trim() === '') {
    rest.shift();
    return undefined;
  }
  if (/^\s*(```|~~~)/.test(line)) return fence(rest);
  if (FOLD.test(line)) return fold(rest);
  if (isTable(rest)) return table(rest);
  const heading = HEADING.exec(line);
  if (heading !== null) {
    rest.shift();
    // The page's own title is its only h1; what somebody wrote begins below the sections.
    const tag = trusted(`h${Math.min(6, Math.max(3, (heading[1] ?? '').length + 1))}`);
    return html`<${tag}>${inline(heading[2] ?? '')}</${tag}>`;
  }
  if (RULE.test(line)) {
    rest.shift();
    return html`<hr />`;
  }
  if (/^\s*>/.test(line)) {
    const quoted = takeWhile(rest, (text) => /^\s*>/.test(text)).map((text) => text.replace(/^\s*> ?/, ''));
    return html`<blockquote>${blocks(quoted)}</blockquote>`;
  }
  if (ITEM.test(line)) {
    const tag = trusted(/^\s*\d/.test(line) ? 'ol' : 'ul');
    const items = takeWhile(rest, (text) => ITEM.test(text)).map((text) => item(ITEM.exec(text)?.[1] ?? ''));
    return html`<${tag}>${items}</${tag}>`;
  }
  const first = rest.shift() ?? '';
  return html`<p>${lines([first, ...takeWhile(rest, (text) => !startsBlock(text))])}</p>`;
}

function blocks(rest: string[]): Markup {
  const found: Markup[] = [];
  while (rest.length > 0) {
    const next = block(rest);
    if (next !== undefined) found.push(next);
  }
  return html`${found}`;
}

/** Renders what somebody wrote. */
export function markdown(text: string): Markup {
  return blocks(text.replace(/<!--[\s\S]*?-->/g, '').split(/\r?\n/));
}
