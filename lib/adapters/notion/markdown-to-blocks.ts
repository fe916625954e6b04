/**
 * A runbook's Markdown as blocks of a Notion page: headings, paragraphs, nested lists, check-offs, code, quotes, tables and rules, as
 * GitHub reads them. HTML comments are left out. Pure.
 */
import { parseInline } from './markdown-inline';
import type { CodeLanguage, ItemType, PageBlock, Run } from './page-block';

const LANGUAGES: Record<string, CodeLanguage> = {
  bash: 'bash',
  console: 'shell',
  css: 'css',
  diff: 'diff',
  docker: 'docker',
  dockerfile: 'docker',
  go: 'go',
  graphql: 'graphql',
  hcl: 'hcl',
  html: 'html',
  java: 'java',
  javascript: 'javascript',
  js: 'javascript',
  json: 'json',
  make: 'makefile',
  makefile: 'makefile',
  markdown: 'markdown',
  md: 'markdown',
  mermaid: 'mermaid',
  nix: 'nix',
  powershell: 'powershell',
  proto: 'protobuf',
  py: 'python',
  python: 'python',
  rb: 'ruby',
  ruby: 'ruby',
  rust: 'rust',
  sh: 'shell',
  shell: 'shell',
  sql: 'sql',
  terraform: 'hcl',
  toml: 'toml',
  ts: 'typescript',
  typescript: 'typescript',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zsh: 'shell',
};

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*).*$/;
const HEADING = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const TABLE_RULE = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const isBlank = (line: string | undefined) => line === undefined || line.trim() === '';

/** Cells of a table row; an escaped bar is a letter. */
function cellsOf(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

const startsTable = (lines: readonly string[], at: number) =>
  (lines[at] ?? '').includes('|') &&
  (lines[at + 1] ?? '').includes('-') &&
  TABLE_RULE.test(lines[at + 1] ?? '') &&
  cellsOf(lines[at] ?? '').length === cellsOf(lines[at + 1] ?? '').length;

/** Whether a line ends the paragraph before it. */
function interrupts(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (isBlank(line) || FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line)) return true;
  const item = ITEM.exec(line);
  // A numbered list that does not begin with 1 is a sentence that happens to begin with a number.
  return (
    (item !== null && item[4] !== '' && (!/\d/.test(item[2] ?? '') || /^1[.)]/.test(item[2] ?? ''))) ||
    startsTable(lines, at)
  );
}

class Reader {
  private at = 0;
  private readonly blocks: PageBlock[] = [];

  constructor(
    private readonly lines: readonly string[],
    private readonly base: string | undefined,
  ) {}

  private inline(text: string): Run[] {
    return parseInline(text.trim(), this.base);
  }

  read(): PageBlock[] {
    while (this.at < this.lines.length) this.readNext(this.lines[this.at] ?? '');
    return this.blocks;
  }

  private readNext(line: string): void {
    if (isBlank(line)) {
      this.at += 1;
      return;
    }
    const fence = FENCE.exec(line);
    if (fence !== null) return this.readFence(fence[1] ?? '', fence[2] ?? '');
    if (/^ {4}/.test(line)) return this.readIndentedCode();
    const heading = HEADING.exec(line);
    if (heading !== null) {
      this.at += 1;
      this.pushHeading(heading[1]?.length ?? 1, heading[2] ?? '');
      return;
    }
    if (RULE.test(line)) {
      this.at += 1;
      this.blocks.push({ type: 'divider' });
      return;
    }
    if (QUOTE.test(line)) return this.readQuote();
    if (ITEM.test(line)) return this.readItem();
    if (startsTable(this.lines, this.at)) return this.readTable();
    this.readParagraph();
  }

  private pushHeading(level: number, text: string): void {
    const type = level === 1 ? 'heading_1' : level === 2 ? 'heading_2' : 'heading_3';
    this.blocks.push({ type, runs: this.inline(text) });
  }

  private readFence(fence: string, info: string): void {
    const indent = /^ */.exec(this.lines[this.at] ?? '')?.[0].length ?? 0;
    const close = new RegExp(`^ {0,3}${fence[0] === '`' ? '`' : '~'}{${fence.length},}\\s*$`);
    const text: string[] = [];
    for (this.at += 1; this.at < this.lines.length && !close.test(this.lines[this.at] ?? ''); this.at += 1) {
      text.push((this.lines[this.at] ?? '').replace(new RegExp(`^ {0,${indent}}`), ''));
    }
    this.at += 1;
    this.blocks.push({ type: 'code', text: text.join('\n'), language: LANGUAGES[info.toLowerCase()] ?? 'plain text' });
  }

  private readIndentedCode(): void {
    const text: string[] = [];
    for (; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      if (!isBlank(line) && !/^ {4}/.test(line)) break;
      text.push(line.slice(4));
    }
    this.blocks.push({ type: 'code', text: text.join('\n').trimEnd(), language: 'plain text' });
  }

  private readQuote(): void {
    const inside: string[] = [];
    for (; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      if (QUOTE.test(line)) inside.push(line.replace(QUOTE, ''));
      else if (isBlank(line) || interrupts(this.lines, this.at)) break;
      else inside.push(line);
    }
    this.pushWithChildren(inside, (runs, children) => ({ type: 'quote', runs, children }));
  }

  /** One list item with everything that is indented below it. */
  private readItem(): void {
    const [, lead = '', marker = '', gap = '', first = ''] = ITEM.exec(this.lines[this.at] ?? '') ?? [];
    const width = lead.length + marker.length + (gap.length > 4 || gap === '' ? 1 : gap.length);
    const inside = [first];
    for (this.at += 1; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      const indented = line.startsWith(' '.repeat(width));
      if (indented) inside.push(line.slice(width));
      else if (isBlank(line)) inside.push('');
      else if (!isBlank(this.lines[this.at - 1]) && !interrupts(this.lines, this.at) && !ITEM.test(line))
        inside.push(line.trimStart());
      else break;
    }
    const type: ItemType = /\d/.test(marker) ? 'numbered_list_item' : 'bulleted_list_item';
    const task = type === 'bulleted_list_item' ? /^\[([ xX])\]\s+(.*)$/.exec(first) : null;
    if (task === null) {
      this.pushWithChildren(inside, (runs, children) => ({ type, runs, children }));
      return;
    }
    inside[0] = task[2] ?? '';
    const checked = task[1] !== ' ';
    this.pushWithChildren(inside, (runs, children) => ({ type: 'to_do', runs, checked, children }));
  }

  /** The first paragraph inside becomes the block's own text, the rest its children. */
  private pushWithChildren(inside: readonly string[], make: (runs: Run[], children: PageBlock[]) => PageBlock): void {
    const [head, ...rest] = new Reader(inside, this.base).read();
    if (head?.type === 'paragraph') this.blocks.push(make(head.runs, rest));
    else this.blocks.push(make([], head === undefined ? [] : [head, ...rest]));
  }

  private readTable(): void {
    const header = cellsOf(this.lines[this.at] ?? '');
    const rows = [header];
    for (this.at += 2; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      if (!line.includes('|') || isBlank(line)) break;
      rows.push(cellsOf(line));
    }
    this.blocks.push({
      type: 'table',
      header: true,
      rows: rows.map((row) => header.map((_, column) => this.inline(row[column] ?? ''))),
    });
  }

  private readParagraph(): void {
    const text = [this.lines[this.at] ?? ''];
    for (this.at += 1; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at] ?? '';
      const underline = /^ {0,3}(=+|-+)\s*$/.exec(line)?.[1];
      if (underline !== undefined) {
        this.at += 1;
        this.pushHeading(underline.startsWith('=') ? 1 : 2, text.join('\n'));
        return;
      }
      if (interrupts(this.lines, this.at)) break;
      text.push(line.trimStart());
    }
    this.blocks.push({ type: 'paragraph', runs: this.inline(text.join('\n')) });
  }
}

/**
 * Reads a Markdown document.
 * @param base the document's own web address: relative links become links to what they name; without it they are text.
 */
export function markdownToBlocks(markdown: string, base?: string): PageBlock[] {
  const text = markdown
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .replace(/^---\n[\s\S]*?\n---\n/, '');
  return new Reader(cleanProse(text).split('\n'), base).read();
}

/** Outside of code fences: without HTML comments, and with spaces for the tabs that indent. */
function cleanProse(text: string): string {
  const parts = text.split(/^( {0,3}(?:`{3,}|~{3,}).*(?:\n(?! {0,3}(?:`{3,}|~{3,})\s*$).*)*(?:\n.*)?)/m);
  const clean = (prose: string) =>
    prose.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/^\t+/gm, (tabs) => '    '.repeat(tabs.length));
  return parts.map((part, index) => (index % 2 === 1 ? part : clean(part))).join('');
}
