/**
 * The endpoints of the Notion stand-in under /v1: which there are, what they read and what they answer. Everything around a request
 * (token, version, faults, recording) is in server.ts.
 */
import { readBlocks } from './blocks';
import { PEOPLE } from './ids';
import { failedValidation, invalid, NotionError, notFound } from './notion-error';
import {
  presentBlock,
  presentBot,
  presentDatabase,
  presentDataSource,
  presentPage,
  presentPerson,
  titleOf,
} from './present';
import { paginate, readFilter, readSorts } from './query';
import {
  readBoolean,
  readId,
  readObject,
  readOptionalObject,
  readPageSize,
  readString,
  type JsonObject,
} from './reading';
import { readRichText, textOf } from './rich-text';
import type { Workspace } from './workspace';

export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: JsonObject;
}

interface Call extends ApiRequest {
  workspace: Workspace;
  baseUrl: string;
  /** The id in the path, already a UUID. */
  id: string;
}

interface Route {
  method: string;
  pattern: RegExp;
  /** How the id in the path is called in errors. */
  idName: string;
  answer: (call: Call) => JsonObject;
}

const list = (kind: string, page: { results: unknown[]; next_cursor: string | null; has_more: boolean }) => ({
  object: 'list',
  results: page.results,
  next_cursor: page.next_cursor,
  has_more: page.has_more,
  type: kind,
  [kind]: {},
});

function search({ workspace, body, baseUrl }: Call): JsonObject {
  const words = body.query === undefined ? '' : readString(body.query, 'body.query').toLowerCase();
  const filter = readOptionalObject(body.filter, 'body.filter');
  if (filter !== undefined && filter.property !== 'object')
    throw failedValidation('body.filter.property', '`"object"`', filter.property);
  const wanted = filter?.value;
  if (wanted !== undefined && wanted !== 'page' && wanted !== 'data_source') {
    throw failedValidation('body.filter.value', '`"page"` or `"data_source"`', wanted);
  }
  const pages = workspace.state.pages
    .filter((page) => !page.inTrash && titleOf(page).toLowerCase().includes(words))
    .map((page) => ({
      id: page.id,
      edited: page.editedTime,
      kind: 'page',
      present: () => presentPage(page, workspace.dataSource(page.dataSourceId), baseUrl),
    }));
  const sources = workspace.state.databases
    .filter((database) => database.title.toLowerCase().includes(words))
    .map((database) => ({
      id: database.dataSourceId,
      edited: database.editedTime,
      kind: 'data_source',
      present: () => presentDataSource(database, baseUrl),
    }));
  const found = [...pages, ...sources]
    .filter((item) => wanted === undefined || item.kind === wanted)
    .sort((a, b) => b.edited.localeCompare(a.edited));
  const page = paginate(found, {
    cursor: body.start_cursor,
    size: readPageSize(body.page_size, 'body.page_size'),
    path: 'body.start_cursor',
  });
  return list('page_or_data_source', { ...page, results: page.results.map((item) => item.present()) });
}

function queryDataSource({ workspace, id, body, baseUrl }: Call): JsonObject {
  const database = workspace.dataSource(id);
  const matches = readFilter(body.filter, database.properties);
  const pages = workspace.pagesOf(id).filter(matches).sort(readSorts(body.sorts, database.properties));
  const page = paginate(pages, {
    cursor: body.start_cursor,
    size: readPageSize(body.page_size, 'body.page_size'),
    path: 'body.start_cursor',
  });
  return list('page_or_data_source', {
    ...page,
    results: page.results.map((item) => presentPage(item, database, baseUrl)),
  });
}

function createDatabase({ workspace, body, baseUrl }: Call): JsonObject {
  const parent = readObject(body.parent, 'body.parent');
  if (parent.workspace !== true)
    throw invalid('The local stand-in keeps databases in the workspace only: use parent {"workspace": true}.');
  const title = body.title === undefined ? '' : textOf(readRichText(body.title, 'body.title'));
  const source = readObject(body.initial_data_source, 'body.initial_data_source');
  return presentDatabase(workspace.createDatabase(title, source.properties), baseUrl);
}

function createPage({ workspace, body, baseUrl }: Call): JsonObject {
  const parent = readObject(body.parent, 'body.parent');
  if (parent.data_source_id === undefined && parent.database_id === undefined) {
    throw invalid('The local stand-in keeps pages in databases only: use parent data_source_id.');
  }
  const database =
    parent.data_source_id === undefined
      ? workspace.database(readId(parent.database_id, 'body.parent.database_id'))
      : workspace.dataSource(readId(parent.data_source_id, 'body.parent.data_source_id'));
  const blocks = body.children === undefined ? [] : readBlocks(body.children, 'body.children');
  return presentPage(workspace.createPage(database, body.properties, blocks), database, baseUrl);
}

function updatePage({ workspace, id, body, baseUrl }: Call): JsonObject {
  const page = workspace.page(id);
  const trash = body.in_trash ?? body.archived;
  const inTrash =
    trash === undefined
      ? undefined
      : readBoolean(trash, body.in_trash === undefined ? 'body.archived' : 'body.in_trash');
  workspace.updatePage(page, body.properties, inTrash);
  return presentPage(page, workspace.dataSource(page.dataSourceId), baseUrl);
}

function appendChildren({ workspace, id, body }: Call): JsonObject {
  const blocks = readBlocks(body.children, 'body.children');
  const position = readOptionalObject(body.position, 'body.position');
  const after =
    position?.type === 'after_block'
      ? readId(readObject(position.after_block, 'body.position.after_block').id, 'body.position.after_block.id')
      : body.after === undefined
        ? undefined
        : readId(body.after, 'body.after');
  const added = workspace.appendBlocks(id, blocks, after);
  return list('block', { results: added.map(presentBlock), next_cursor: null, has_more: false });
}

function listChildren({ workspace, id, query }: Call): JsonObject {
  const page = paginate(workspace.childrenOf(id), {
    cursor: query.get('start_cursor') ?? undefined,
    size: readPageSize(query.get('page_size') ?? undefined, 'query.page_size'),
    path: 'query.start_cursor',
  });
  return list('block', { ...page, results: page.results.map(presentBlock) });
}

const person = (id: string) => {
  const found = PEOPLE.find((candidate) => candidate.id === id);
  if (found === undefined) throw notFound('user', id);
  return presentPerson(found);
};

const ROUTES: readonly Route[] = [
  { method: 'GET', pattern: /^\/v1\/users\/me$/, idName: '', answer: () => presentBot() },
  {
    method: 'GET',
    pattern: /^\/v1\/users$/,
    idName: '',
    answer: () =>
      list('user', { results: [...PEOPLE.map(presentPerson), presentBot()], next_cursor: null, has_more: false }),
  },
  { method: 'GET', pattern: /^\/v1\/users\/([^/]+)$/, idName: 'user_id', answer: ({ id }) => person(id) },
  { method: 'POST', pattern: /^\/v1\/search$/, idName: '', answer: search },
  { method: 'POST', pattern: /^\/v1\/databases$/, idName: '', answer: createDatabase },
  {
    method: 'GET',
    pattern: /^\/v1\/databases\/([^/]+)$/,
    idName: 'database_id',
    answer: ({ workspace, id, baseUrl }) => presentDatabase(workspace.database(id), baseUrl),
  },
  {
    method: 'GET',
    pattern: /^\/v1\/data_sources\/([^/]+)$/,
    idName: 'data_source_id',
    answer: ({ workspace, id, baseUrl }) => presentDataSource(workspace.dataSource(id), baseUrl),
  },
  {
    method: 'POST',
    pattern: /^\/v1\/data_sources\/([^/]+)\/query$/,
    idName: 'data_source_id',
    answer: queryDataSource,
  },
  { method: 'POST', pattern: /^\/v1\/pages$/, idName: '', answer: createPage },
  {
    method: 'GET',
    pattern: /^\/v1\/pages\/([^/]+)$/,
    idName: 'page_id',
    answer: ({ workspace, id, baseUrl }) => {
      const page = workspace.page(id);
      return presentPage(page, workspace.dataSource(page.dataSourceId), baseUrl);
    },
  },
  { method: 'PATCH', pattern: /^\/v1\/pages\/([^/]+)$/, idName: 'page_id', answer: updatePage },
  { method: 'GET', pattern: /^\/v1\/blocks\/([^/]+)\/children$/, idName: 'block_id', answer: listChildren },
  { method: 'PATCH', pattern: /^\/v1\/blocks\/([^/]+)\/children$/, idName: 'block_id', answer: appendChildren },
  {
    method: 'GET',
    pattern: /^\/v1\/blocks\/([^/]+)$/,
    idName: 'block_id',
    answer: ({ workspace, id }) => presentBlock(workspace.block(id)),
  },
  {
    method: 'PATCH',
    pattern: /^\/v1\/blocks\/([^/]+)$/,
    idName: 'block_id',
    answer: ({ workspace, id, body }) => presentBlock(workspace.updateBlock(workspace.block(id), body)),
  },
  {
    method: 'DELETE',
    pattern: /^\/v1\/blocks\/([^/]+)$/,
    idName: 'block_id',
    answer: ({ workspace, id }) => presentBlock(workspace.updateBlock(workspace.block(id), { in_trash: true })),
  },
];

/**
 * Does what a request asks and returns the body of the answer (always with status 200).
 * @throws {NotionError} for everything that Notion refuses.
 */
export function answerApiRequest(request: ApiRequest, workspace: Workspace, baseUrl: string): JsonObject {
  for (const route of ROUTES) {
    const match = route.method === request.method ? route.pattern.exec(request.path) : null;
    if (match === null) continue;
    const given = match[1];
    const id = given === undefined ? '' : readId(decodeURIComponent(given), `path.${route.idName}`);
    return route.answer({ ...request, workspace, baseUrl, id });
  }
  throw new NotionError('invalid_request_url', 'Invalid request URL.');
}
