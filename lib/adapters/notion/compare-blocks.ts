/**
 * Telling whether a block that Notion answers is the one that is wanted: both get a signature of what a reader sees, since Notion
 * merges runs, rewrites addresses and adds fields of its own.
 */
import { z } from 'zod';

import { RichTextAnswer, type BlockAnswer } from './answers';
import type { PageBlock, Run } from './page-block';

/** An address as Notion may have rewritten it. */
export function sameAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

/** Runs by what a reader sees: neighbours of one formatting are one. */
function signRuns(runs: readonly Run[]): unknown[] {
  const signed: { text: string; format: string }[] = [];
  for (const run of runs) {
    if (run.text === '') continue;
    const link = run.link === undefined ? '' : sameAddress(run.link);
    const format = JSON.stringify([
      run.bold === true,
      run.italic === true,
      run.strikethrough === true,
      run.code === true,
      link,
    ]);
    const last = signed.at(-1);
    if (last?.format === format) last.text += run.text;
    else signed.push({ text: run.text, format });
  }
  return signed;
}

function runsOf(answer: readonly RichTextAnswer[]): Run[] {
  return answer.map((item) => ({
    text: item.plain_text,
    ...(item.href === null || item.href === undefined ? {} : { link: item.href }),
    ...item.annotations,
  }));
}

/** By which a wanted block and an answered one are the same. */
export function signBlock(block: PageBlock): string {
  switch (block.type) {
    case 'divider':
      return JSON.stringify(['divider']);
    case 'code':
      return JSON.stringify(['code', block.language, block.text]);
    case 'table':
      return JSON.stringify(['table', block.header, block.rows.map((row) => row.map(signRuns))]);
    default: {
      const children = 'children' in block ? block.children.map(signBlock) : [];
      return JSON.stringify([block.type, block.type === 'to_do' && block.checked, signRuns(block.runs), children]);
    }
  }
}

const RichTexts = z.array(RichTextAnswer);
const TextContent = z.object({ rich_text: RichTexts, checked: z.boolean().optional() });
const CodeContent = z.object({ rich_text: RichTexts, language: z.string() });
const TableContent = z.object({ has_column_header: z.boolean() });
const RowContent = z.object({ cells: z.array(RichTexts) });

/** A block with everything below it, as answered. */
export interface BlockTree {
  block: BlockAnswer;
  children: BlockTree[];
}

const TEXT_TYPES = new Set([
  'heading_1',
  'heading_2',
  'heading_3',
  'paragraph',
  'quote',
  'to_do',
  'bulleted_list_item',
  'numbered_list_item',
]);

/** The signature of an answered block; one of a kind that the portal never writes matches nothing. */
export function signAnswer({ block, children }: BlockTree): string {
  const content = block[block.type];
  if (block.type === 'divider') return signBlock({ type: 'divider' });
  if (block.type === 'code') {
    const { rich_text, language } = CodeContent.parse(content);
    return JSON.stringify(['code', language, rich_text.map((item) => item.plain_text).join('')]);
  }
  if (block.type === 'table') {
    const rows = children.map((row) =>
      RowContent.parse(row.block[row.block.type]).cells.map((cell) => signRuns(runsOf(cell))),
    );
    return JSON.stringify(['table', TableContent.parse(content).has_column_header, rows]);
  }
  if (!TEXT_TYPES.has(block.type)) return `other:${block.id}`;
  const { rich_text, checked } = TextContent.parse(content);
  return JSON.stringify([
    block.type,
    block.type === 'to_do' && checked === true,
    signRuns(runsOf(rich_text)),
    children.map(signAnswer),
  ]);
}

/** Every address that an answered block links to, those below it included. */
export function linksIn({ block, children }: BlockTree): string[] {
  const content = z
    .object({ rich_text: RichTexts.optional(), url: z.string().optional() })
    .safeParse(block[block.type]);
  const own = content.success
    ? [...runsOf(content.data.rich_text ?? []).flatMap((run) => run.link ?? []), content.data.url ?? []].flat()
    : [];
  return [...own.map(sameAddress), ...children.flatMap(linksIn)];
}
