/** A new row of a table, column by column as its neighbours have it. */
import { escapeMarkdown, markdownCode } from '../markdown-text';
import type { EntryContext, EntryFacts } from './entry-facts';
import { linksIn } from './links';
import type { Row, Table } from './outline';
import { linkLike, MENTION, nameLike, purposeLike } from './words';

/** What a column is about, by the words of its header; the first that fits. */
const roles = [
  ['tags', /\b(tags?|labels?|keywords?)\b/i],
  ['depends', /prereq|requires|depends|dependenc/i],
  ['owner', /\b(owners?|teams?|contacts?|maintainers?|on.?call)\b/i],
  ['date', /\b(dates?|(last )?(updated|validated|written|reviewed)|since)\b/i],
  ['lifecycle', /\b(status|lifecycle|state|maturity|stage)\b/i],
  ['ports', /\bports?\b/i],
  ['host', /\b(hosts?|urls?|address(es)?|endpoints?|domains?)\b/i],
  ['container', /\bcontainers?\b/i],
  ['stack', /\b(stacks?|projects?)\b/i],
  ['purpose', /\b(tasks?|purpose|descriptions?|what|summary|use|for|when|covers|scope|role|about|does)\b/i],
  ['link', /\b(runbooks?|sources?|references?|links?|docs?|documentation|see|details?|pages?|more)\b/i],
  ['file', /\b(files?|paths?|where|locations?|compose)\b/i],
  ['name', /\b(titles?|names?|services?|sections?|components?|systems?|apps?|applications?|modules?)\b/i],
  ['category', /\b(categor(y|ies)|areas?|groups?|kinds?|types?|layers?)\b/i],
] as const;
type Role = (typeof roles)[number][0];

/**
 * The row's text, without a line break.
 * @returns undefined where no cell would say what the row is about.
 */
export function rowFor(table: Table, facts: EntryFacts, context: EntryContext): string | undefined {
  const model = modelRow(table);
  const columns = table.header.cells.map((cell, index) => ({
    role: roleOf(cell.text, index, table),
    model: model?.cells[index]?.text ?? '',
    others: table.rows.flatMap((row) => row.cells[index]?.text ?? []),
  }));
  const cells = columns.map(({ role, model: text, others }) => cellFor(role, text, others, facts, context));
  const named = columns.some(({ role }, index) => (role === 'name' || role === 'link') && cells[index] !== undefined);
  if (!named) return undefined;
  const nothing =
    table.rows.flatMap((row) => row.cells).find((cell) => /^([–—-]|none|n\/a)$/i.test(cell.text))?.text ?? '—';
  return writeRow(
    table,
    cells.map((cell) => cell ?? nothing),
  );
}

/** A row without a link announces a page that is not there yet; it shows the form only where all do. */
export function modelRow(table: Table): Row | undefined {
  const mentioning = table.rows.filter((row) => MENTION.test(row.text));
  const linked = (rows: readonly Row[]): Row | undefined => rows.findLast((row) => linksIn(row.text).length > 0);
  return linked(mentioning) ?? mentioning.at(-1) ?? linked(table.rows) ?? table.rows.at(-1);
}

/** The column that says what kind of thing a row is about; undefined where there is none. */
export function categoryColumnOf(table: Table): number | undefined {
  const at = table.header.cells.findIndex((cell, index) => {
    const role = roleOf(cell.text, index, table);
    return role === 'category' || role === 'tags';
  });
  return at === -1 ? undefined : at;
}

function roleOf(title: string, index: number, table: Table): Role | undefined {
  const cells = table.rows.flatMap((row) => row.cells[index]?.text ?? []);
  const mentions = cells.filter((cell) => MENTION.test(cell));
  // One cell that only reads like a number (a service called RB0) is none of them.
  if (index === 0 && (mentions.length > 1 || mentions.length * 2 >= cells.length) && mentions.length > 0) return 'link';
  if (mentions.some((cell) => linksIn(cell).length > 0) && mentions.length * 2 >= cells.length) return 'link';
  const role = roles.find(([, words]) => words.test(title))?.[0];
  // What a row is about stands first, whatever the column is called.
  const about = role === undefined || role === 'category' || role === 'stack' || role === 'file' || role === 'link';
  if (index > 0 || !about) return role;
  return role === 'link' && cells.some((cell) => linksIn(cell).length > 0) ? 'link' : 'name';
}

function cellFor(
  role: Role | undefined,
  model: string,
  others: readonly string[],
  facts: EntryFacts,
  context: EntryContext,
): string | undefined {
  const like = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : /^`.*`/.test(model) ? markdownCode(text) : escapeMarkdown(text);
  switch (role) {
    case 'link':
      return linkLike(model, facts, context) ?? (facts.file === undefined ? undefined : markdownCode(facts.file));
    case 'name':
      return linksIn(model).length > 0 && facts.runbook ? linkLike(model, facts, context) : nameLike(model, facts);
    case 'purpose':
      return purposeLike(others, facts);
    case 'tags': {
      const separator = /`\s*,\s*`/.test(others.join(' ')) ? ', ' : ' ';
      const tags = [...new Set([facts.category, facts.lifecycle])];
      return tags.map((tag) => (others.some((other) => other.includes('`')) ? `\`${tag}\`` : tag)).join(separator);
    }
    case 'depends':
      return facts.dependsOn.length > 0 ? facts.dependsOn.map((name) => `\`${name}\``).join(', ') : undefined;
    case 'host':
      return like(hostLike(others, facts.host));
    case 'ports':
      return like(facts.ports.length > 0 ? facts.ports.join(', ') : undefined);
    case 'category':
      return like(others.includes(facts.categoryTitle ?? '') ? facts.categoryTitle : facts.category);
    case 'owner':
    case 'date':
    case 'lifecycle':
    case 'container':
    case 'stack':
    case 'file':
      return like(facts[role]);
    case undefined:
      return undefined;
  }
}

function hostLike(others: readonly string[], host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  return others.length === 0 || others.some((other) => /https?:\/\//.test(other)) ? `https://${host}` : host;
}

/** The cells between bars as the table draws them; padded where the columns are aligned and the text fits. */
function writeRow(table: Table, cells: readonly string[]): string {
  const model = modelRow(table) ?? table.delimiter;
  const indent = /^\s*/.exec(model.text)?.[0] ?? '';
  const first = /^\s*\|/.test(model.text) ? '|' : '';
  const last = /(?<!\\)\|\s*$/.test(model.text) ? '|' : '';
  const written = cells.map((cell, index) => {
    const drawn = [table.header, ...table.rows].map((row) => row.cells[index]?.raw ?? '');
    const width = drawn.every((raw) => raw.length === drawn[0]?.length) ? (drawn[0]?.length ?? 0) : 0;
    const tight = table.rows.length > 0 && table.rows.every((row) => row.cells[index]?.raw === row.cells[index]?.text);
    // Without a bar behind it nobody sees how wide the last column is.
    const open = index === cells.length - 1 && last === '';
    const before = tight || (index === 0 && first === '') ? '' : ' ';
    const after = tight || open ? '' : ' ';
    return open ? `${before}${cell}` : pad(cell, width, before, after, table.delimiter.cells[index]?.text ?? '---');
  });
  return `${indent}${first}${written.join('|')}${last}`;
}

function pad(cell: string, width: number, before: string, after: string, delimiter: string): string {
  const room = width - before.length - after.length - [...cell].length;
  if (room <= 0) return `${before}${cell}${after}`;
  const right = delimiter.endsWith(':');
  const centre = right && delimiter.startsWith(':');
  const left = centre ? Math.floor(room / 2) : right ? room : 0;
  return `${before}${' '.repeat(left)}${cell}${' '.repeat(room - left)}${after}`;
}
