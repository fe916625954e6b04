/** One word or phrase put the way the words beside it are: as code, in bold, linked or plain. */
import { escapeMarkdown, markdownCode } from '../markdown-text';
import type { EntryContext, EntryFacts } from './entry-facts';
import { linkStyleOf, linksIn, writeLink } from './links';

/** A mention of a runbook: `RUNBOOK-031`. */
export const MENTION = /\bRUNBOOK-\d+/i;

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
  const link = links.findLast((one) => MENTION.test(one.text) || /\.md\b/i.test(one.target)) ?? links.at(-1);
  const style = link ? linkStyleOf(context.text, context.path, context.tree, model) : undefined;
  if (!link || !style) return plainLike(mentionIn(model) ?? model, facts);
  const plain = link.form === 'wiki' && link.text === link.target;
  const text = plain ? stem(runbook.path) : shownLike(link.text, facts);
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

/** What the shown text of a link becomes: the same kind of name for another page. */
function shownLike(model: string, facts: EntryFacts): string {
  const marked = unmark(model);
  const { runbook } = facts;
  if (!runbook) return mark(marked, facts.title);
  const { inner } = marked;
  if (/\.md$/i.test(inner)) return mark(marked, inner.includes('/') ? runbook.path : fileName(runbook.path));
  const titled = /^RUNBOOK-\d+(\s*[:–—-]\s+|\s+)(?=\S)/i.exec(inner);
  if (titled) return markText(marked, `${runbook.id}${titled[1] ?? ' '}`, facts.title);
  if (/^RUNBOOK-\d+-\S/i.test(inner)) return mark(marked, stem(runbook.path));
  if (MENTION.test(inner)) return mark(marked, runbook.id);
  if (/^\d+$/.test(inner)) return mark(marked, String(runbook.number).padStart(inner.length, '0'));
  return nameLike(model, facts);
}

function plainLike(model: string, facts: EntryFacts): string {
  return shownLike(model, facts);
}

/** The mention of a runbook in a text without links, in its code marks: all of a cell, or a word in a sentence. */
function mentionIn(text: string): string | undefined {
  if (/^`?RUNBOOK-\d+/i.test(text)) return text;
  return /`[^`]*RUNBOOK-\d+[^`]*`|\bRUNBOOK-\d+(?:-[\w.-]+\w)?/i.exec(text)?.[0];
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
  return fileName(path).replace(/\.md$/i, '');
}
