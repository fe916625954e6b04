/**
 * The row of a new runbook in the catalog: a table in Markdown, kept by hand. The row is written the way the row above it is, link included.
 */
import { escapeMarkdown } from '../../markdown-text';
import { lineBreak, splitLines } from '../../yaml/lines';
import type { ResolvedManifest } from '../../types';
import { runbookId, runbookTitle } from './page';

export interface CatalogRow {
  /** Offset at which the row goes in. */
  at: number;
  text: string;
  /** Line of the table's header, counted from 1. */
  headerLine: number;
}

interface Table {
  headerLine: number;
  header: string[];
  heading: string;
  rows: { text: string; start: number; end: number }[];
}

/**
 * Where the row goes and how it reads.
 * @returns undefined where no table of the catalog lists runbooks, `'present'` where the page is listed already.
 */
export function catalogRow(
  catalog: string,
  page: { path: string; number: number },
  manifest: ResolvedManifest,
): CatalogRow | 'present' | undefined {
  const fileName = page.path.slice(page.path.lastIndexOf('/') + 1);
  if (catalog.includes(fileName)) return 'present';
  const tables = findTables(catalog).filter((table) => table.rows.some((row) => /RUNBOOK-\d+/i.test(row.text)));
  const table = tables.find((one) => speaksOf(one.heading, manifest.category)) ?? tables.at(-1);
  // A row without a link announces a page that is not there yet; it shows the form only where all do.
  const listed = table?.rows.filter((row) => /RUNBOOK-\d+/i.test(row.text)) ?? [];
  const model = listed.filter((row) => row.text.includes('](')).at(-1) ?? listed.at(-1);
  const last = table?.rows.at(-1);
  if (!table || !model || !last) return undefined;
  const cells = splitCells(model.text);
  const nothing =
    table.rows.flatMap((row) => splitCells(row.text)).find((cell) => /^([–—-]|none|n\/a)$/i.test(cell)) ?? '—';
  const written = table.header.map(
    (title, index) => cellFor(title, index, cells[index] ?? '', page, manifest) ?? nothing,
  );
  const row = `| ${written.join(' | ')} |${lineBreak(catalog, last.start)}`;
  // A last row without a line break stays as it is: the new row goes in front of it.
  const at = catalog.slice(last.start, last.end).endsWith('\n') ? last.end : last.start;
  return { at, text: row, headerLine: table.headerLine };
}

/** What stands in a column; undefined where there is nothing to say. */
function cellFor(
  title: string,
  index: number,
  model: string,
  page: { path: string; number: number },
  manifest: ResolvedManifest,
): string | undefined {
  if (/RUNBOOK-\d+/i.test(model) && (index === 0 || /\]\(/.test(model))) return linkLike(model, page, manifest);
  if (/tag/i.test(title)) {
    const separator = /`\s*,\s*`/.test(model) ? ', ' : ' ';
    return [...new Set([manifest.category, manifest.lifecycle])].map((tag) => `\`${tag}\``).join(separator);
  }
  if (/prereq|requires|depends/i.test(title)) {
    const { dependsOn } = manifest.runtime;
    return dependsOn.length > 0 ? dependsOn.map((name) => `\`${name}\``).join(', ') : undefined;
  }
  if (/owner|team/i.test(title)) return manifest.owner;
  if (/date|updated|validated|written/i.test(title)) return manifest.date;
  if (/task|purpose|description|what|summary|use/i.test(title)) return escapeMarkdown(manifest.purpose);
  if (/title|name|service/i.test(title)) return escapeMarkdown(runbookTitle(manifest));
  return undefined;
}

/** The neighbour's link with the new page in it: same form of text, same way of writing the path. */
function linkLike(model: string, page: { path: string; number: number }, manifest: ResolvedManifest): string {
  const id = runbookId(page.number);
  const fileName = page.path.slice(page.path.lastIndexOf('/') + 1);
  const link = /\[([^\]]*)\]\(([^)\s]*)\)/.exec(model);
  const [shownText, target] = link ? [link[1] ?? '', link[2] ?? ''] : [model.trim(), undefined];
  const code = /^`(.*)`$/.exec(shownText)?.[1];
  const inner = code ?? shownText;
  const titled = /^RUNBOOK-\d+(\s*[:–—-]\s+|\s+)(?=\S)/i.exec(inner);
  const shown = /\.md$/i.test(inner)
    ? fileName
    : titled
      ? `${id}${titled[1] ?? ' '}${escapeMarkdown(runbookTitle(manifest))}`
      : /^RUNBOOK-\d+-\S/i.test(inner)
        ? fileName.replace(/\.md$/i, '')
        : id;
  const text = code === undefined ? shown : `\`${shown}\``;
  if (target === undefined) return text;
  return `[${text}](${target.slice(0, target.lastIndexOf('/') + 1)}${fileName})`;
}

function speaksOf(heading: string, category: string): boolean {
  const words = heading.toLowerCase().split(/[^a-z0-9]+/);
  return words.includes(category.toLowerCase());
}

function findTables(text: string): Table[] {
  const tables: Table[] = [];
  let heading = '';
  let fence = false;
  let open: Table | undefined;
  let previous = { text: '', start: 0 };
  let start = 0;
  splitLines(text).forEach((source, index) => {
    const line = source.replace(/\r?\n$/, '');
    if (/^\s*(```|~~~)/.test(line)) fence = !fence;
    if (!fence && /^#{1,6}\s/.test(line)) heading = line;
    if (
      !fence &&
      !open &&
      /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(line) &&
      line.includes('|') &&
      previous.text.includes('|')
    ) {
      open = { headerLine: index, header: splitCells(previous.text), heading, rows: [] };
      tables.push(open);
    } else if (open && !fence && /^\s*\|/.test(line)) open.rows.push({ text: line, start, end: start + source.length });
    else open = undefined;
    previous = { text: line, start };
    start += source.length;
  });
  return tables;
}

function splitCells(row: string): string[] {
  return row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
