/**
 * The portal's way to Notion: a few calls on top of @notionhq/client, with parsed answers and errors of our own family. The natural
 * key of everything written here is the change request's id, so every call may be made twice.
 */
import { APIErrorCode, APIResponseError, Client, LogLevel } from '@notionhq/client';

import {
  BlockListAnswer,
  DatabaseAnswer,
  DataSourceAnswer,
  PageAnswer,
  PageListAnswer,
  SelfAnswer,
  type BlockAnswer,
  type TrackerPage,
  type TrackerProperty,
} from './answers';
import type { BlockTree } from './compare-blocks';
import type { BlockRequest } from './page-block';
import { translateNotionError } from './translate-error';

export interface TrackerConfig {
  token: string;
  /** `https://api.notion.com` when absent. */
  apiUrl?: string | undefined;
  backlogDatabaseId: string;
  runbooksDatabaseId: string;
  /** For tests and proxies; the global fetch when absent. */
  fetch?: typeof fetch;
}

/** A database's table, with its columns as they are now. */
export interface TrackerTable {
  dataSourceId: string;
  properties: TrackerProperty[];
}

export type TrackerTableName = 'backlog' | 'runbooks';
export type PropertyFilter = { property: string } & ({ rich_text: { equals: string } } | { title: { equals: string } });
/** Values by property name, in Notion's request form. */
export type PropertyRequests = Record<string, Record<string, unknown>>;

export interface Tracker {
  /** The integration itself, asked anew each time. */
  getSelf(): Promise<SelfAnswer>;
  /** The integration's user id, asked once: what it wrote itself carries this id. */
  getOwnId(): Promise<string>;
  getTable(name: TrackerTableName): Promise<TrackerTable>;
  /** Pages that match, oldest first, without those in the trash. */
  findPages(table: TrackerTable, filter: PropertyFilter): Promise<TrackerPage[]>;
  createPage(
    table: TrackerTable,
    content: { properties: PropertyRequests; children: BlockRequest[] },
  ): Promise<TrackerPage>;
  updatePage(id: string, properties: PropertyRequests): Promise<TrackerPage>;
  /** Everything on a page, blocks below blocks included. */
  readBlocks(id: string): Promise<BlockTree[]>;
  appendBlocks(id: string, children: BlockRequest[]): Promise<void>;
  deleteBlock(id: string): Promise<void>;
}

const TIMEOUT_MS = 20_000;
/** Longer waits are left to the job, which says so on the timeline. */
const MAX_PATIENCE_SECONDS = 5;
const MAX_TRIES = 3;

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Seconds to wait before trying again at once, undefined where the error is to be passed on. */
function patienceFor(error: unknown): number | undefined {
  if (!APIResponseError.isAPIResponseError(error) || error.code !== APIErrorCode.RateLimited) return undefined;
  const header = error.headers instanceof Headers ? error.headers.get('retry-after') : null;
  const seconds = header === null ? 1 : Number(header);
  return seconds <= MAX_PATIENCE_SECONDS ? seconds : undefined;
}

/** Runs one call; a short rate limit is waited out, everything else becomes an error of ours. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const seconds = tries < MAX_TRIES ? patienceFor(error) : undefined;
      if (seconds === undefined) throw translateNotionError(error);
      await pause(seconds);
    }
  }
}

/**
 * Connects to Notion. Nothing is asked yet.
 * Every method throws {UpstreamError}, whose `retryable` says whether trying again can help.
 */
export function createTracker(config: TrackerConfig): Tracker {
  const baseFetch = config.fetch ?? fetch;
  const client = new Client({
    auth: config.token,
    ...(config.apiUrl === undefined ? {} : { baseUrl: config.apiUrl.replace(/\/+$/, '').replace(/\/v1$/, '') }),
    logLevel: LogLevel.ERROR,
    retry: false,
    timeoutMs: TIMEOUT_MS,
    // The client gives up on a slow answer but leaves the request running: end it.
    fetch: (url, init) =>
      baseFetch(url, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(init?.method === undefined ? {} : { method: init.method }),
        ...(init?.headers === undefined ? {} : { headers: init.headers }),
        ...(init?.body === undefined ? {} : { body: init.body }),
      }),
  });
  const databaseIds: Record<TrackerTableName, string> = {
    backlog: config.backlogDatabaseId,
    runbooks: config.runbooksDatabaseId,
  };
  let ownId: string | undefined;
  const getSelf = () => attempt(async () => SelfAnswer.parse(await client.users.me({})));

  async function listChildren(id: string): Promise<BlockAnswer[]> {
    const blocks: BlockAnswer[] = [];
    let cursor: string | undefined;
    do {
      const page = await attempt(async () =>
        BlockListAnswer.parse(
          await client.blocks.children.list({
            block_id: id,
            page_size: 100,
            ...(cursor === undefined ? {} : { start_cursor: cursor }),
          }),
        ),
      );
      blocks.push(...page.results);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return blocks;
  }

  async function readBlocks(id: string): Promise<BlockTree[]> {
    const trees: BlockTree[] = [];
    for (const block of await listChildren(id))
      trees.push({ block, children: block.has_children ? await readBlocks(block.id) : [] });
    return trees;
  }

  return {
    getSelf,
    getOwnId: async () => (ownId ??= (await getSelf()).id),

    getTable: (name) =>
      attempt(async () => {
        const database = DatabaseAnswer.parse(await client.databases.retrieve({ database_id: databaseIds[name] }));
        const [first] = database.data_sources;
        const source = DataSourceAnswer.parse(await client.dataSources.retrieve({ data_source_id: first?.id ?? '' }));
        return { dataSourceId: source.id, properties: Object.values(source.properties) };
      }),

    findPages: (table, filter) =>
      attempt(async () => {
        const answer = await client.dataSources.query({
          data_source_id: table.dataSourceId,
          filter,
          sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
          page_size: 10,
        });
        return PageListAnswer.parse(answer).results;
      }),

    createPage: (table, { properties, children }) =>
      attempt(async () =>
        PageAnswer.parse(
          await client.request<object>({
            method: 'post',
            path: 'pages',
            body: { parent: { type: 'data_source_id', data_source_id: table.dataSourceId }, properties, children },
          }),
        ),
      ),

    updatePage: (id, properties) =>
      attempt(async () =>
        PageAnswer.parse(await client.request<object>({ method: 'patch', path: `pages/${id}`, body: { properties } })),
      ),

    readBlocks,

    appendBlocks: (id, children) =>
      attempt(async () => {
        await client.request<object>({ method: 'patch', path: `blocks/${id}/children`, body: { children } });
      }),

    deleteBlock: (id) =>
      attempt(async () => {
        await client.blocks.delete({ block_id: id });
      }),
  };
}
