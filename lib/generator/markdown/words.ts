/** One word or phrase put the way the words beside it are: as code, in bold, linked or plain. */
import { escapeMarkdown, markdownCode } from '../markdown-text';
import type { EntryContext, EntryFacts } from './entry-facts';
import { linkStyleOf, linksIn, writeLink } from './links';

/** A mention of a runbook: `RUNBOOK-031`, `rb-31`, `Runbook 31`. */
export const MENTION = /\b(?:RUNBOOK|RB)[-_ ]?\d{1,5}(?!\d)/i;

/** The words of a text, without the marks around them, in lower case. */
export function plainWords(text: string): string {
  return text
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/[*_`\\[\]]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

const ENDING = /\.(?:md|markdown)$/i;

/** Text between marks: `**x**`, `` `x` ``, `[x](…)`; the marks apart from what they hold. */
interface Marked {
  bold: string;
  code: boolean;
  inner: string;
}

/** The service's page as a neighbour links its own; undefined where the service has none. */
export function linkLike(model: string, facts: EntryFacts, context: EntryContext): string | undefined {
  const { runbook } = facts;
  if (!runbook) return undefined;
  const links = linksIn(model);
  const link =
    links.findLast((one) => MENTION.test(one.text) || /\.(?:md|markdown)\b/i.test(one.target)) ?? links.at(-1);
  const style = link ? linkStyleOf(context.text, context.path, context.tree, model) : undefined;
  if (!link || !style) return shownLike(mentionIn(model) ?? model, facts);
  const plain = link.form === 'wiki' && link.text === link.target;
  const text = plain ? stem(runbook.path) : shownLike(link.text, facts, link.target);
  return wrapped(model, link.start, link.end, writeLink(runbook.path, text, context.path, style));
}

/** The service's name as a neighbour says its own: by title or by name, marked the same way. */
export function nameLike(model: string, facts: EntryFacts): string {
  const marked = unmark(model);
  return mark(marked, /^[a-z0-9][a-z0-9._-]*$/.test(marked.inner) ? facts.name : facts.title);
}

/** The purpose, ended as the others end theirs. */
export function purposeLike(others: readonly string[], facts: EntryFacts): string {
  const said = others.filter((text) => /\p{L}/u.test(text));
  const ended = said.filter((text) => /[.!?]$/.test(text)).length;
  const keeps = said.length === 0 || ended * 2 >= said.length;
  return escapeMarkdown(keeps ? facts.purpose : facts.purpose.replace(/\.$/, ''));
}

/** `RUNBOOK-031: Title`, `0031 – Title`, `31`: the word, the number, what parts it from the rest, the rest. */
const NUMBERED = /^((?:RUNBOOK|RB)?[-_ #]*)(\d{1,5})(?:(\s*[:.–—|-]\s+|\s+)(\S.*))?$/is;

/** What the shown text of a link becomes: the same kind of name for another page. @param target where the model leads. */
function shownLike(model: string, facts: EntryFacts, target = ''): string {
  const marked = unmark(model);
  const { runbook } = facts;
  if (!runbook) return mark(marked, facts.title);
  const { inner } = marked;
  if (ENDING.test(inner)) return mark(marked, inner.includes('/') ? runbook.path : fileName(runbook.path));
  if (/^(?:RUNBOOK|RB)[-_]?\d+-\S/i.test(inner) || inner === stem(target)) return mark(marked, stem(runbook.path));
  const [, word = '', digits, parting, title] = NUMBERED.exec(inner) ?? [];
  // Words may begin with a number that is not the page's: `3 ways to restart`.
  const isNumber =
    word !== '' || title === undefined || new RegExp(`(?<!\\d)0*${Number(digits)}(?!\\d)`).test(fileName(target));
  if (!runbook.numbered || digits === undefined || !isNumber) return nameLike(model, facts);
  const own = `${word}${String(runbook.numbered.number).padStart(digits.length, '0')}`;
  return title === undefined ? mark(marked, own) : markText(marked, `${own}${parting ?? ' '}`, facts.title);
}

/** The mention of a runbook in a text without links, in its code marks: all of a cell, or a word in a sentence. */
function mentionIn(text: string): string | undefined {
  if (/^`?(?:RUNBOOK|RB)[-_ ]?\d+/i.test(text)) return text;
  return /`[^`]*\b(?:RUNBOOK|RB)[-_ ]?\d+[^`]*`|\b(?:RUNBOOK|RB)[-_ ]?\d+(?:-[\w.-]+\w)?/i.exec(text)?.[0];
}

/** The bold marks around a link are part of how it is written. */
function wrapped(model: string, start: number, end: number, link: string): string {
  const bold = /(\*\*|__)$/.exec(model.slice(0, start))?.[1];
  return bold !== undefined && model.slice(end).startsWith(bold) ? `${bold}${link}${bold}` : link;
}

function unmark(text: string): Marked {
  const bold = /^(\*\*|__)(.*)\1$/s.exec(text.trim());
  const rest = bold?.[2] ?? text.trim();
  const code = /^`(.*)`$/s.exec(rest);
  const link = /^\[([^\]]*)\]\([^)]*\)$/.exec(rest);
  return { bold: bold?.[1] ?? '', code: code !== null, inner: code?.[1] ?? link?.[1] ?? rest };
}

function mark(marked: Marked, text: string): string {
  return markText(marked, '', text);
}

function markText({ bold, code }: Marked, before: string, text: string): string {
  return `${bold}${code ? markdownCode(before + text) : before + escapeMarkdown(text)}${bold}`;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function stem(path: string): string {
  return fileName(path).replace(ENDING, '');
}
