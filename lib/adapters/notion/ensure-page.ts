/**
 * One page of a table as it should be: found by the change request's id, made when it is missing, and written only where it differs.
 * What a person wrote on the page stays: text that they touched is never removed, a title never changed.
 */
import { UpstreamError } from '@/lib/errors';

import type { TrackerPage } from './answers';
import type { Tracker, TrackerTable, TrackerTableName } from './client';
import { findColumn, fitColumns, readCell, titleColumn, type Column, type FittedColumn } from './columns';
import { linksIn, sameAddress, signAnswer, signBlock, type BlockTree } from './compare-blocks';
import { fitBlocks, toCalls, type PageBlock } from './page-block';

export interface EnsuredPage {
  kind: 'created' | 'updated' | 'unchanged';
  id: string;
  url: string;
}

/** Something the page links to: in its column where the table has one, in a line at the page's end otherwise. */
export interface PageLink {
  label: string;
  names: readonly string[];
  url: string | undefined;
}

export interface DesiredPage {
  table: TrackerTableName;
  requestId: string;
  requestUrl: string;
  title: string;
  columns: Column[];
  links: PageLink[];
  body: PageBlock[];
}

const REQUEST_NAMES = ['Request', 'Change request', 'Request id', 'Slipway request', 'Slipway'];

interface Plan {
  table: TrackerTable;
  title: { name: string; column: FittedColumn };
  /** The column of the natural key, where the table has a text column for it. */
  key: FittedColumn | undefined;
  columns: FittedColumn[];
  /** All blocks of the page, in order. */
  body: PageBlock[];
  /** Those of them that are only there to link somewhere. */
  links: PageBlock[];
}

const linkLine = (label: string, url: string): PageBlock => ({
  type: 'paragraph',
  runs: [{ text: `${label}: ` }, { text: url, link: url }],
});

function makePlan(table: TrackerTable, desired: DesiredPage): Plan {
  const { properties } = table;
  const titleProperty = titleColumn(properties);
  const [title] =
    titleProperty === undefined
      ? []
      : fitColumns([titleProperty], [{ names: [titleProperty.name], value: desired.title, ours: false }]);
  if (title === undefined) {
    throw new UpstreamError('The Notion database has no title column.', { system: 'Notion', retryable: false });
  }
  const keyProperty = findColumn(properties, REQUEST_NAMES);
  const [key] =
    keyProperty?.type === 'rich_text'
      ? fitColumns(
          [keyProperty],
          [{ names: [keyProperty.name], value: desired.requestId, link: desired.requestUrl, ours: true }],
        )
      : [];
  const present = desired.links.filter(
    (link): link is PageLink & { url: string } => link.url !== undefined && link.url !== '',
  );
  const linkColumns = fitColumns(
    properties,
    present.map((link) => ({ names: link.names, value: link.url, ours: true })),
  );
  const columnless = present.filter((link) => !linkColumns.some((fitted) => fitted.column.names === link.names));
  const requestLine = linkLine('Change request', desired.requestUrl);
  const linkLines = columnless.map((link) => linkLine(link.label, link.url));
  return {
    table,
    title: { name: titleProperty?.name ?? '', column: title },
    key,
    columns: [...fitColumns(properties, desired.columns), ...linkColumns],
    // The request's line comes first, in the call that makes the page: it is how a page is known where the table has no key column.
    body: fitBlocks([requestLine, ...desired.body, ...linkLines]),
    links: [requestLine, ...linkLines],
  };
}

const linkOf = (line: PageBlock) => ('runs' in line ? (line.runs.at(-1)?.link ?? '') : '');
const hasLink = (trees: readonly BlockTree[], url: string) => trees.flatMap(linksIn).includes(sameAddress(url));

/** The page of this request, if there is one. */
async function findPage(tracker: Tracker, plan: Plan, desired: DesiredPage): Promise<TrackerPage | undefined> {
  if (plan.key !== undefined) {
    const { name } = plan.key.property;
    const pages = await tracker.findPages(plan.table, { property: name, rich_text: { equals: desired.requestId } });
    return pages.find((page) => readCell(page.properties[name]) === desired.requestId);
  }
  // Without a column for the key: a page of this title that links to this request. Any other page of the title is somebody else's.
  const pages = await tracker.findPages(plan.table, { property: plan.title.name, title: { equals: desired.title } });
  for (const page of pages) {
    if (hasLink(await tracker.readBlocks(page.id), desired.requestUrl)) return page;
  }
  return undefined;
}

async function appendAll(tracker: Tracker, pageId: string, blocks: readonly PageBlock[]): Promise<void> {
  for (const call of toCalls(blocks)) await tracker.appendBlocks(pageId, call);
}

/** Brings the blocks of a page to what they should be. Answers whether anything was written. */
async function ensureBody(tracker: Tracker, pageId: string, plan: Plan): Promise<boolean> {
  const ownId = await tracker.getOwnId();
  const trees = await tracker.readBlocks(pageId);
  const touched = (tree: BlockTree): boolean => tree.block.last_edited_by.id !== ownId || tree.children.some(touched);
  if (trees.some(touched)) {
    const missing = plan.links.filter((line) => !hasLink(trees, linkOf(line)));
    await appendAll(tracker, pageId, missing);
    return missing.length > 0;
  }
  const present = trees.map(signAnswer);
  const differsAt = plan.body.map(signBlock).findIndex((sign, index) => sign !== present[index]);
  const same = differsAt < 0 ? plan.body.length : differsAt;
  for (const tree of trees.slice(same)) await tracker.deleteBlock(tree.block.id);
  await appendAll(tracker, pageId, plan.body.slice(same));
  return same < plan.body.length || same < trees.length;
}

function valuesOf(columns: readonly FittedColumn[]): Record<string, Record<string, unknown>> {
  return Object.fromEntries(columns.map(({ property, request }) => [property.name, request]));
}

/** A page that stands: what differs is written. */
async function bringUpToDate(tracker: Tracker, plan: Plan, found: TrackerPage): Promise<EnsuredPage> {
  const differing = plan.columns.filter(({ column, property, wanted }) => {
    const current = readCell(found.properties[property.name]);
    return column.ours ? current !== wanted : current === '';
  });
  const page = differing.length > 0 ? await tracker.updatePage(found.id, valuesOf(differing)) : found;
  const bodyWritten = await ensureBody(tracker, found.id, plan);
  return { kind: differing.length > 0 || bodyWritten ? 'updated' : 'unchanged', id: page.id, url: page.url };
}

/**
 * Makes or mends one page. Safe to call again after any failure: the page is found by its key, and a body that was only partly
 * written is completed.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export async function ensurePage(tracker: Tracker, desired: DesiredPage): Promise<EnsuredPage> {
  const plan = makePlan(await tracker.getTable(desired.table), desired);
  const found = await findPage(tracker, plan, desired);
  if (found) return bringUpToDate(tracker, plan, found);
  const key = plan.key === undefined ? [] : [plan.key];
  const [first = [], ...more] = toCalls(plan.body);
  const page = await tracker.createPage(plan.table, {
    properties: valuesOf([plan.title.column, ...key, ...plan.columns]),
    children: first,
  });
  for (const call of more) await tracker.appendBlocks(page.id, call);
  return { kind: 'created', id: page.id, url: page.url };
}

/**
 * Mends the page if it stands, and makes none.
 * @returns undefined where there is none.
 * @throws {UpstreamError} when Notion refuses or does not answer.
 */
export async function mendPage(tracker: Tracker, desired: DesiredPage): Promise<EnsuredPage | undefined> {
  const plan = makePlan(await tracker.getTable(desired.table), desired);
  const found = await findPage(tracker, plan, desired);
  return found && bringUpToDate(tracker, plan, found);
}
