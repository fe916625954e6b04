/**
 * The blocks that the portal writes: their own small form and the requests that make them. Notion's limits (2000 characters a run,
 * 100 blocks a call, two levels of children) are kept here.
 */
/** A stretch of text with one formatting. */
export interface Run {
  text: string;
  link?: string;
  bold?: boolean;
  italic?: boolean;
  strikethrough?: boolean;
  code?: boolean;
}

export type ItemType = 'bulleted_list_item' | 'numbered_list_item';
export type TextType = 'heading_1' | 'heading_2' | 'heading_3' | 'paragraph';

export type CodeLanguage =
  | 'bash'
  | 'css'
  | 'diff'
  | 'docker'
  | 'go'
  | 'graphql'
  | 'hcl'
  | 'html'
  | 'java'
  | 'javascript'
  | 'json'
  | 'makefile'
  | 'markdown'
  | 'mermaid'
  | 'nix'
  | 'plain text'
  | 'powershell'
  | 'protobuf'
  | 'python'
  | 'ruby'
  | 'rust'
  | 'shell'
  | 'sql'
  | 'toml'
  | 'typescript'
  | 'xml'
  | 'yaml';

export type PageBlock =
  | { type: TextType; runs: Run[] }
  | { type: 'quote' | ItemType; runs: Run[]; children: PageBlock[] }
  | { type: 'to_do'; runs: Run[]; checked: boolean; children: PageBlock[] }
  | { type: 'code'; text: string; language: CodeLanguage }
  | { type: 'divider' }
  | { type: 'table'; header: boolean; rows: Run[][][] };

const MAX_RUN = 2000;
const MAX_RUNS = 100;
const MAX_CHILDREN = 100;
/** Levels of children below a block that one request may bring. */
const MAX_DEPTH = 2;
/** Notion takes 1000 blocks and 500 kB in one request; these stay well below. */
const MAX_BLOCKS_IN_CALL = 900;
const MAX_CHARACTERS_IN_CALL = 300_000;

/** Cuts a text into pieces of at most 2000 UTF-16 units, never through a character. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (piece.length + character.length > MAX_RUN) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

interface RichTextRequest {
  type: 'text';
  text: { content: string; link: { url: string } | null };
  annotations: { bold: boolean; italic: boolean; strikethrough: boolean; code: boolean };
}

function richText(runs: readonly Run[]): RichTextRequest[] {
  return runs.flatMap((run) =>
    cut(run.text).map((content) => ({
      type: 'text' as const,
      text: { content, link: run.link === undefined ? null : { url: run.link } },
      annotations: {
        bold: run.bold === true,
        italic: run.italic === true,
        strikethrough: run.strikethrough === true,
        code: run.code === true,
      },
    })),
  );
}

/** Runs as a property's rich text: at most 100 of them. */
export function toRichText(runs: readonly Run[]): RichTextRequest[] {
  return richText(runs).slice(0, MAX_RUNS);
}

/** The runs of one block each, where they are more than Notion takes in one. */
function splitRuns(runs: readonly Run[]): Run[][] {
  const pieces = runs.flatMap((run) => cut(run.text).map((text) => ({ ...run, text })));
  const parts: Run[][] = [];
  for (let start = 0; start < pieces.length; start += MAX_RUNS) parts.push(pieces.slice(start, start + MAX_RUNS));
  return parts.length === 0 ? [[]] : parts;
}

function codeParts(text: string): string[] {
  const pieces = cut(text);
  const parts: string[] = [];
  for (let start = 0; start < pieces.length; start += MAX_RUNS)
    parts.push(pieces.slice(start, start + MAX_RUNS).join(''));
  return parts.length === 0 ? [''] : parts;
}

/** A block as one or more blocks that Notion takes. Children that go too deep or are too many move up, in order. */
function fitBlock(block: PageBlock, depth: number): PageBlock[] {
  switch (block.type) {
    case 'divider':
      return [block];
    case 'code':
      return codeParts(block.text).map((text) => ({ ...block, text }));
    case 'table': {
      const [head, ...rest] = block.rows;
      if (!block.header || head === undefined || block.rows.length <= MAX_CHILDREN) {
        return chunk(block.rows, MAX_CHILDREN).map((rows) => ({ ...block, rows }));
      }
      return chunk(rest, MAX_CHILDREN - 1).map((rows) => ({ ...block, rows: [head, ...rows] }));
    }
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'paragraph':
      return splitRuns(block.runs).map((runs) => ({ ...block, runs }));
    default: {
      const [first = [], ...more] = splitRuns(block.runs);
      const tail: PageBlock[] = more.map((runs) => ({ type: 'paragraph', runs }));
      // A table brings its rows as one more level.
      const below = block.children.flatMap((child) => fitBlock(child, depth + 1));
      const inside = depth >= MAX_DEPTH ? [] : below.filter((child) => child.type !== 'table' || depth + 1 < MAX_DEPTH);
      const outside = below.filter((child) => !inside.includes(child));
      return [
        { ...block, runs: first, children: inside.slice(0, MAX_CHILDREN) },
        ...tail,
        ...inside.slice(MAX_CHILDREN),
        ...outside,
      ];
    }
  }
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

/** Blocks as Notion can take and give them back: what is wanted and what is compared. */
export function fitBlocks(blocks: readonly PageBlock[]): PageBlock[] {
  return blocks.flatMap((block) => fitBlock(block, 0));
}

/** A block as a request brings it. Notion's own types spell out every level of children; `fitBlocks` keeps to the levels there are. */
export interface BlockRequest {
  type: string;
  [content: string]: unknown;
}

/** The request that makes a (fitted) block. */
export function toRequest(block: PageBlock): BlockRequest {
  const { type } = block;
  switch (type) {
    case 'divider':
      return { type, divider: {} };
    case 'code':
      return { type, code: { rich_text: richText([{ text: block.text }]), language: block.language } };
    case 'table': {
      const children = block.rows.map((row) => ({ type: 'table_row', table_row: { cells: row.map(toRichText) } }));
      const width = block.rows[0]?.length ?? 1;
      return { type, table: { table_width: width, has_column_header: block.header, has_row_header: false, children } };
    }
    default: {
      const children =
        'children' in block && block.children.length > 0 ? { children: block.children.map(toRequest) } : {};
      const checked = block.type === 'to_do' ? { checked: block.checked } : {};
      return { type, [type]: { rich_text: richText(block.runs), ...checked, ...children } };
    }
  }
}

function countBlocks(block: PageBlock): number {
  if (block.type === 'table') return 1 + block.rows.length;
  return 1 + ('children' in block ? block.children.reduce((sum, child) => sum + countBlocks(child), 0) : 0);
}

/** Cuts (fitted) blocks into calls: at most 100 blocks each, children and size counted too. */
export function toCalls(blocks: readonly PageBlock[]): BlockRequest[][] {
  const calls: BlockRequest[][] = [];
  let call: BlockRequest[] = [];
  let count = 0;
  let size = 0;
  for (const block of blocks) {
    const request = toRequest(block);
    const [blockCount, blockSize] = [countBlocks(block), JSON.stringify(request).length];
    const full =
      call.length >= MAX_CHILDREN ||
      count + blockCount > MAX_BLOCKS_IN_CALL ||
      size + blockSize > MAX_CHARACTERS_IN_CALL;
    if (full && call.length > 0) {
      calls.push(call);
      [call, count, size] = [[], 0, 0];
    }
    call.push(request);
    count += blockCount;
    size += blockSize;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
