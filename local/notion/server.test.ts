/**
 * The stand-in, driven by Notion's own client: shapes against the published types, refusals, pagination, faults, restart.
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, LogLevel } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  BACKLOG_DATA_SOURCE_ID,
  BACKLOG_DATABASE_ID,
  BOT_USER_ID,
  MILESTONES_DATABASE_ID,
  PEOPLE,
  ROADMAP_DATABASE_ID,
  RUNBOOKS_DATA_SOURCE_ID,
  RUNBOOKS_DATABASE_ID,
} from './ids';
import { problemsAgainst } from './published-shapes';
import { startNotion, type RunningNotion } from './server';

// Notion's schemas are large: compiling one takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const TOKEN = 'local-notion-token';

let dataDir: string;
let notion: RunningNotion;
let client: Client;

const connect = (auth = TOKEN) =>
  new Client({ auth, baseUrl: notion.url, logLevel: LogLevel.ERROR, retry: false, timeoutMs: 10_000 });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-notion-'));
  notion = await startNotion({ port: 0, dataDir, token: TOKEN });
  client = connect();
});

afterEach(async () => {
  await notion.close();
  await rm(dataDir, { recursive: true, force: true });
});

const text = (content: string) => [{ text: { content } }];

const createIssue = (title: string, request: string, extra: Record<string, unknown> = {}, children: object[] = []) =>
  client.request<{ id: string; url: string }>({
    method: 'post',
    path: 'pages',
    body: {
      parent: { type: 'data_source_id', data_source_id: BACKLOG_DATA_SOURCE_ID },
      properties: { Title: { title: text(title) }, Request: { rich_text: text(request) }, ...extra },
      ...(children.length > 0 ? { children } : {}),
    },
  });

const call = (path: string, init: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) =>
  fetch(`${notion.url}${path}`, {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'notion-version': '2025-09-03',
      'content-type': 'application/json',
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });

const control = (door: string, method: string, body?: unknown) => call(`/_slipway/${door}`, { method, body });

/** Runs what is to be refused and returns the refusal. */
async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number; code: string; message: string; request_id: string }> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
  return outcome as Awaited<ReturnType<typeof refusal>>;
}

describe('shapes', () => {
  it('answers users/me', async () => {
    const me = await client.users.me({});
    expect(problemsAgainst('GetSelfResponse', me)).toEqual([]);
    expect(me.type).toBe('bot');
  });

  it.each([
    ['Backlog', BACKLOG_DATABASE_ID],
    ['Runbooks', RUNBOOKS_DATABASE_ID],
    ['Roadmap', ROADMAP_DATABASE_ID],
    ['Milestones', MILESTONES_DATABASE_ID],
  ])('answers the database %s, its data source and its rows', async (name, id) => {
    const database = await client.databases.retrieve({ database_id: id });
    expect(problemsAgainst('GetDatabaseResponse', database)).toEqual([]);
    if (!('data_sources' in database)) throw new Error('not the full database');
    expect(database.data_sources).toEqual([expect.objectContaining({ name })]);
    const sourceId = database.data_sources[0]?.id ?? '';
    const source = await client.dataSources.retrieve({ data_source_id: sourceId });
    expect(problemsAgainst('GetDataSourceResponse', source)).toEqual([]);
    const rows = await client.dataSources.query({ data_source_id: sourceId });
    expect(problemsAgainst('QueryDataSourceResponse', rows)).toEqual([]);
    expect(rows.results.length).toBeGreaterThan(1);
  });

  it('has the columns that the platform team works with', async () => {
    const backlog = await client.dataSources.retrieve({ data_source_id: BACKLOG_DATA_SOURCE_ID });
    expect(Object.entries(backlog.properties).map(([name, property]) => `${name}: ${property.type}`)).toEqual(
      expect.arrayContaining([
        'Title: title',
        'Type: select',
        'Estimate: number',
        'Status: status',
        'PR: url',
        'Request: rich_text',
      ]),
    );
    const status = backlog.properties.Status;
    expect(status?.type === 'status' && status.status.options.map((option) => option.name)).toEqual([
      'Idea',
      'Ready',
      'In Progress',
      'In Review',
      'Blocked',
      'Done',
    ]);
  });

  it('creates, reads, changes and trashes a page', async () => {
    const created = await createIssue('Add livekit', 'req-1', {
      Type: { select: { name: 'Service' } },
      Status: { status: { name: 'In Review' } },
      PR: { url: 'https://github.test/pull/1' },
      Estimate: { number: 2 },
      Assignee: { people: [{ id: PEOPLE[0].id }] },
    });
    expect(problemsAgainst('CreatePageResponse', created)).toEqual([]);
    const read = await client.pages.retrieve({ page_id: created.id });
    expect(problemsAgainst('GetPageResponse', read)).toEqual([]);
    expect(read).toEqual(created);
    const changed = await client.pages.update({
      page_id: created.id,
      properties: { Status: { status: { name: 'Done' } } },
    });
    expect(problemsAgainst('PageObjectResponse', changed)).toEqual([]);
    expect(changed).toMatchObject({ properties: { Status: { status: { name: 'Done' } }, Estimate: { number: 2 } } });
    const trashed = await client.pages.update({ page_id: created.id, in_trash: true });
    expect(trashed).toMatchObject({ in_trash: true, archived: true });
    const left = await client.dataSources.query({
      data_source_id: BACKLOG_DATA_SOURCE_ID,
      filter: { property: 'Request', rich_text: { equals: 'req-1' } },
    });
    expect(left.results).toEqual([]);
    expect(await refusal(client.pages.update({ page_id: created.id, properties: {} }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('archived') as string,
    });
    await client.pages.update({ page_id: created.id, in_trash: false });
  });

  it('makes a new option of a select that is named for the first time', async () => {
    await createIssue('A', 'r', { Component: { select: { name: 'Mail' } } });
    const source = await client.dataSources.retrieve({ data_source_id: BACKLOG_DATA_SOURCE_ID });
    const component = source.properties.Component;
    expect(component?.type === 'select' && component.select.options.map((option) => option.name)).toContain('Mail');
    expect(problemsAgainst('GetDataSourceResponse', source)).toEqual([]);
  });

  it('stores and lists every kind of block that it takes, children included', async () => {
    const item = (content: string, children?: object[]) => ({
      rich_text: text(content),
      ...(children ? { children } : {}),
    });
    const page = await createIssue('Blocks', 'r', {}, [
      { heading_1: item('One') },
      { heading_2: item('Two') },
      { heading_3: item('Three') },
      {
        paragraph: {
          rich_text: [
            { text: { content: 'a link', link: { url: 'https://example.test' } }, annotations: { bold: true } },
          ],
        },
      },
      {
        bulleted_list_item: item('outer', [
          { bulleted_list_item: item('inner', [{ to_do: { ...item('innermost'), checked: true } }]) },
        ]),
      },
      { numbered_list_item: item('first') },
      { quote: item('said') },
      { callout: item('look') },
      { toggle: item('more') },
      { divider: {} },
      { bookmark: { url: 'https://example.test' } },
      { code: { rich_text: text('a: 1'), language: 'yaml' } },
      {
        table: {
          table_width: 2,
          has_column_header: true,
          children: [{ table_row: { cells: [text('a'), text('b')] } }, { table_row: { cells: [text('1'), []] } }],
        },
      },
    ]);
    const listed = await client.blocks.children.list({ block_id: page.id });
    expect(problemsAgainst('ListBlockChildrenResponse', listed)).toEqual([]);
    for (const block of listed.results) expect(problemsAgainst('BlockObjectResponse', block)).toEqual([]);
    const outer = listed.results[4];
    expect(outer).toMatchObject({ type: 'bulleted_list_item', has_children: true });
    const inner = await client.blocks.children.list({ block_id: outer?.id ?? '' });
    expect(inner.results).toMatchObject([
      { type: 'bulleted_list_item', has_children: true, parent: { block_id: outer?.id } },
    ]);
    expect(
      problemsAgainst('BlockObjectResponse', await client.blocks.retrieve({ block_id: inner.results[0]?.id ?? '' })),
    ).toEqual([]);
    expect((await client.blocks.children.list({ block_id: listed.results[12]?.id ?? '' })).results).toHaveLength(2);
  });

  it('appends, changes and deletes blocks', async () => {
    const page = await createIssue('Blocks', 'r', {}, [{ paragraph: { rich_text: text('first') } }]);
    const first = (await client.blocks.children.list({ block_id: page.id })).results[0]?.id ?? '';
    const appended = await client.blocks.children.append({
      block_id: page.id,
      children: [{ to_do: { rich_text: text('last') } }],
    });
    expect(problemsAgainst('AppendBlockChildrenResponse', appended)).toEqual([]);
    await client.blocks.children.append({ block_id: page.id, after: first, children: [{ divider: {} }] });
    const types = async () =>
      (await client.blocks.children.list({ block_id: page.id })).results.map((block) => 'type' in block && block.type);
    expect(await types()).toEqual(['paragraph', 'divider', 'to_do']);
    const updated = await client.blocks.update({ block_id: first, paragraph: { rich_text: text('changed') } });
    expect(problemsAgainst('BlockObjectResponse', updated)).toEqual([]);
    await client.blocks.delete({ block_id: first });
    expect(await types()).toEqual(['divider', 'to_do']);
    expect(await refusal(client.blocks.retrieve({ block_id: first }))).toMatchObject({
      status: 404,
      code: 'object_not_found',
    });
  });

  it('searches pages and data sources by title', async () => {
    const found = await client.search({ query: 'litellm' });
    expect(problemsAgainst('SearchResponse', found)).toEqual([]);
    expect(found.results).toHaveLength(1);
    const sources = await client.search({ filter: { property: 'object', value: 'data_source' } });
    expect(problemsAgainst('SearchResponse', sources)).toEqual([]);
    expect(sources.results).toHaveLength(4);
  });

  it('creates a database with its data source', async () => {
    const database = await client.databases.create({
      parent: { type: 'workspace', workspace: true },
      title: text('Incidents'),
      initial_data_source: { properties: { Name: { title: {} }, Kind: { select: { options: [{ name: 'Outage' }] } } } },
    });
    expect(problemsAgainst('GetDatabaseResponse', database)).toEqual([]);
    const id = 'data_sources' in database ? database.data_sources[0]?.id : undefined;
    const source = await client.dataSources.retrieve({ data_source_id: id ?? '' });
    expect(problemsAgainst('GetDataSourceResponse', source)).toEqual([]);
  });
});

describe('queries', () => {
  const titles = async (query: object): Promise<string[]> => {
    const answer = await client.request<{ results: { properties: { Title: { title: { plain_text: string }[] } } }[] }>({
      method: 'post',
      path: `data_sources/${BACKLOG_DATA_SOURCE_ID}/query`,
      body: { ...query },
    });
    return answer.results.map((page) => page.properties.Title.title[0]?.plain_text ?? '');
  };

  beforeEach(async () => {
    await createIssue('Alpha', 'req-1', {
      Component: { select: { name: 'Edge' } },
      PR: { url: 'https://github.test/pull/7' },
    });
    await createIssue('Beta', 'req-2', {
      Component: { select: { name: 'Edge' } },
      Status: { status: { name: 'Done' } },
    });
    await createIssue('Gamma', 'req-10', { Component: { select: { name: 'Data' } } });
  });

  it.each([
    ['rich_text equals', { property: 'Request', rich_text: { equals: 'req-1' } }, ['Alpha']],
    ['rich_text contains', { property: 'Request', rich_text: { contains: 'REQ-1' } }, ['Alpha', 'Gamma']],
    ['title equals', { property: 'Title', title: { equals: 'Beta' } }, ['Beta']],
    ['title contains', { property: 'title', title: { contains: 'bet' } }, ['Beta']],
    ['url equals', { property: 'PR', url: { equals: 'https://github.test/pull/7' } }, ['Alpha']],
    ['status equals', { property: 'Status', status: { equals: 'Done' } }, ['Beta']],
    [
      'and, or',
      {
        and: [
          { property: 'Request', rich_text: { is_not_empty: true } },
          {
            or: [
              { property: 'Component', select: { equals: 'Data' } },
              { property: 'Status', status: { equals: 'Done' } },
            ],
          },
        ],
      },
      ['Beta', 'Gamma'],
    ],
  ])('filters by %s', async (_name, filter, expected) => {
    expect(await titles({ filter, sorts: [{ property: 'Title', direction: 'ascending' }] })).toEqual(expected);
  });

  it('sorts, and gives pages of results with cursors that add up to the whole', async () => {
    const sorts = [{ property: 'Title', direction: 'descending' as const }];
    const whole = await client.dataSources.query({ data_source_id: BACKLOG_DATA_SOURCE_ID, sorts });
    const parts: string[] = [];
    let cursor: string | null | undefined;
    do {
      const part = await client.dataSources.query({
        data_source_id: BACKLOG_DATA_SOURCE_ID,
        sorts,
        page_size: 2,
        ...(cursor ? { start_cursor: cursor } : {}),
      });
      expect(part.results.length).toBeLessThanOrEqual(2);
      parts.push(...part.results.map((page) => page.id));
      cursor = part.next_cursor;
    } while (cursor);
    expect(parts).toEqual(whole.results.map((page) => page.id));
    expect(parts).toHaveLength(7);
  });

  it.each([
    [
      'an unknown property',
      { filter: { property: 'Nope', rich_text: { equals: 'x' } } },
      'Could not find property with name or id: Nope',
    ],
    [
      'a filter of another type',
      { filter: { property: 'Status', select: { equals: 'x' } } },
      'database property status does not match filter select',
    ],
    ['a cursor that names nothing', { start_cursor: BOT_USER_ID }, 'start_cursor provided is invalid'],
    ['a page size beyond 100', { page_size: 101 }, 'body.page_size should be ≤ `100`, instead was `101`'],
  ])('refuses %s', async (_name, query, message) => {
    expect(await refusal(titles(query))).toMatchObject({
      status: 400,
      code: 'validation_error',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('refusals', () => {
  it('refuses a wrong token', async () => {
    expect(await refusal(connect('wrong').users.me({}))).toMatchObject({
      status: 401,
      code: 'unauthorized',
      message: 'API token is invalid.',
    });
  });

  it('refuses a request without Notion-Version, and one with another', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const without = await fetch(`${notion.url}/v1/users/me`, { headers });
    expect(without.status).toBe(400);
    expect(await without.json()).toMatchObject({ object: 'error', status: 400, code: 'missing_version' });
    const old = await fetch(`${notion.url}/v1/users/me`, { headers: { ...headers, 'notion-version': '2022-06-28' } });
    expect(await old.json()).toMatchObject({ code: 'validation_error' });
  });

  it.each([
    ['an unknown property', { Nope: { rich_text: text('x') } }, 'Nope is not a property that exists.'],
    ['a value of another type', { Priority: { rich_text: text('P1') } }, 'Priority is expected to be select.'],
    [
      'a status that does not exist',
      { Status: { status: { name: 'Later' } } },
      'Invalid status option. Status option "Later" does not exist',
    ],
    ['a select option with a comma', { Type: { select: { name: 'a,b' } } }, 'commas not allowed'],
    ['an empty address', { PR: { url: '' } }, 'body.properties.PR.url.length should be ≥ `1`, instead was `0`'],
    [
      'a text beyond 2000 characters',
      { Service: { rich_text: text('x'.repeat(2001)) } },
      'should be ≤ `2000`, instead was `2001`',
    ],
    [
      'a relative link',
      { Service: { rich_text: [{ text: { content: 'x', link: { url: 'docs/a.md' } } }] } },
      'Invalid URL for link.',
    ],
  ])('refuses %s and keeps nothing', async (_name, properties, message) => {
    expect(await refusal(createIssue('Refused', 'r', properties))).toMatchObject({
      status: 400,
      code: 'validation_error',
      message: expect.stringContaining(message) as string,
    });
    const left = await client.search({ query: 'Refused' });
    expect(left.results).toEqual([]);
  });

  it('refuses more than 100 blocks in one call, and more than two levels below a block', async () => {
    const page = await createIssue('Long', 'r');
    const children = Array.from({ length: 101 }, (_, index) => ({ paragraph: { rich_text: text(String(index)) } }));
    expect(await refusal(client.blocks.children.append({ block_id: page.id, children }))).toMatchObject({
      status: 400,
      message: 'body failed validation: body.children.length should be ≤ `100`, instead was `101`.',
    });
    const nest = (depth: number): object => ({
      bulleted_list_item: { rich_text: text('x'), ...(depth > 0 ? { children: [nest(depth - 1)] } : {}) },
    });
    expect(
      (await call(`/v1/blocks/${page.id}/children`, { method: 'PATCH', body: { children: [nest(2)] } })).status,
    ).toBe(200);
    expect(
      (await call(`/v1/blocks/${page.id}/children`, { method: 'PATCH', body: { children: [nest(3)] } })).status,
    ).toBe(400);
  });

  it('does not find what is not there, and refuses what is no id', async () => {
    const missing = '00000000-0000-4000-8000-000000000000';
    for (const work of [
      () => client.pages.retrieve({ page_id: missing }),
      () => client.databases.retrieve({ database_id: missing }),
      () => client.dataSources.query({ data_source_id: missing }),
      () => client.blocks.children.list({ block_id: missing }),
    ]) {
      expect(await refusal(work())).toMatchObject({ status: 404, code: 'object_not_found' });
    }
    expect(await refusal(client.pages.retrieve({ page_id: 'nonsense' }))).toMatchObject({
      status: 400,
      message: 'path failed validation: path.page_id should be a valid uuid, instead was `"nonsense"`.',
    });
  });

  it('takes ids without hyphens', async () => {
    const database = await client.databases.retrieve({ database_id: BACKLOG_DATABASE_ID.replaceAll('-', '') });
    expect(database.id).toBe(BACKLOG_DATABASE_ID);
  });

  it('refuses a body that is no JSON, and an address that does not exist', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'notion-version': '2025-09-03' };
    const broken = await fetch(`${notion.url}/v1/search`, { method: 'POST', headers, body: '{' });
    expect(await broken.json()).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(await (await call('/v1/nothing')).json()).toMatchObject({ status: 400, code: 'invalid_request_url' });
  });
});

describe('faults from outside', () => {
  it('refuses on request, as often as asked, with Retry-After for a rate limit', async () => {
    await control('faults', 'POST', {
      method: 'POST',
      path: '^/v1/pages$',
      times: 2,
      action: { kind: 'refuse', code: 'rate_limited', retryAfterSeconds: 7 },
    });
    const first = await call('/v1/pages', { method: 'POST', body: {} });
    expect(first.status).toBe(429);
    expect(first.headers.get('retry-after')).toBe('7');
    expect(await refusal(createIssue('A', 'r'))).toMatchObject({ code: 'rate_limited' });
    await createIssue('A', 'r');
  });

  it('answers 409 conflict_error on request', async () => {
    await control('faults', 'POST', {
      method: 'POST',
      path: '^/v1/pages$',
      action: { kind: 'refuse', code: 'conflict_error' },
    });
    expect(await refusal(createIssue('A', 'r'))).toMatchObject({ status: 409, code: 'conflict_error' });
  });

  it('drops a request before or after the work', async () => {
    const found = async () => (await client.search({ query: 'Dropped' })).results.length;
    await control('faults', 'POST', { method: 'POST', path: '^/v1/pages$', action: { kind: 'drop' } });
    await expect(createIssue('Dropped', 'r')).rejects.toThrow();
    expect(await found()).toBe(0);
    await control('faults', 'POST', { method: 'POST', path: '^/v1/pages$', action: { kind: 'drop-after' } });
    await expect(createIssue('Dropped', 'r')).rejects.toThrow();
    expect(await found()).toBe(1);
  });

  it('lets some matching requests through first, and answers like a proxy in between', async () => {
    await control('faults', 'POST', {
      method: 'GET',
      path: '^/v1/users/me$',
      after: 1,
      action: { kind: 'answer', status: 502 },
    });
    expect((await call('/v1/users/me')).status).toBe(200);
    expect((await call('/v1/users/me')).status).toBe(502);
    expect((await call('/v1/users/me')).status).toBe(200);
  });

  it('is down until it is up', async () => {
    await control('down', 'POST', { down: true });
    expect(await (await call('/v1/users/me')).json()).toMatchObject({ status: 503, code: 'service_unavailable' });
    await control('down', 'POST', { down: false });
    expect((await call('/v1/users/me')).status).toBe(200);
  });

  it('limits the rate by its clock', async () => {
    await notion.close();
    let now = new Date('2026-11-21T08:00:00Z').getTime();
    notion = await startNotion({ port: 0, dataDir, token: TOKEN, clock: () => new Date(now) });
    await control('rate-limit', 'POST', { requests: 2, seconds: 10 });
    const status = async () => (await call('/v1/users/me')).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    const refused = await call('/v1/users/me');
    expect(refused.headers.get('retry-after')).toBe('10');
    now += 10_001;
    expect(await status()).toBe(200);
  });

  it('lists what it received, and forgets on request', async () => {
    await createIssue('Seen', 'r');
    await call('/v1/pages/nonsense');
    expect(await (await control('requests', 'GET')).json()).toMatchObject([
      { method: 'POST', path: '/v1/pages', status: 200, body: { properties: { Title: {} } } },
      { method: 'GET', path: '/v1/pages/nonsense', status: 400 },
    ]);
    await control('requests', 'DELETE');
    expect(await (await control('requests', 'GET')).json()).toEqual([]);
  });

  it('edits a page as a person does', async () => {
    const page = await createIssue('Edited', 'r');
    const person = PEOPLE[1].id;
    await control('edits', 'POST', {
      page: page.id,
      person,
      properties: { Status: { status: { name: 'Blocked' } } },
      children: [{ paragraph: { rich_text: text('Waiting for the vendor.') } }],
    });
    expect(await client.pages.retrieve({ page_id: page.id })).toMatchObject({
      last_edited_by: { id: person },
      properties: { Status: { status: { name: 'Blocked' } } },
    });
    expect((await client.blocks.children.list({ block_id: page.id })).results).toMatchObject([
      { last_edited_by: { id: person } },
    ]);
  });

  it('takes no command from a form of another web page, and none that it does not understand', async () => {
    const form = await fetch(`${notion.url}/_slipway/down`, {
      method: 'POST',
      body: new URLSearchParams({ down: 'true' }),
    });
    expect(form.status).toBe(415);
    expect((await control('faults', 'POST', { method: 'GET', path: '(', action: { kind: 'drop' } })).status).toBe(400);
    expect((await control('nothing', 'GET')).status).toBe(404);
  });
});

describe('state and pages', () => {
  it('keeps everything over a restart and seeds once', async () => {
    const page = await createIssue('Kept', 'req-9', {}, [{ paragraph: { rich_text: text('kept as well') } }]);
    const before = await client.dataSources.query({ data_source_id: BACKLOG_DATA_SOURCE_ID });
    await notion.close();
    notion = await startNotion({ port: 0, dataDir, token: TOKEN });
    client = connect();
    const after = await client.dataSources.query({ data_source_id: BACKLOG_DATA_SOURCE_ID });
    expect(after.results.map((row) => row.id)).toEqual(before.results.map((row) => row.id));
    expect((await client.blocks.children.list({ block_id: page.id })).results).toHaveLength(1);
    expect((await stat(join(dataDir, 'notion.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(dataDir, 'notion.json'), 'utf8'))).toMatchObject({
      databases: expect.any(Array) as unknown[],
    });
  });

  it('keeps all of many pages that are made at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => createIssue(`Together ${index}`, `r-${index}`)));
    await notion.close();
    notion = await startNotion({ port: 0, dataDir, token: TOKEN });
    client = connect();
    expect((await client.search({ query: 'Together' })).results).toHaveLength(20);
  });

  it('shows a page to a person, escaped, saying that it is a stand-in', async () => {
    const created = await createIssue('Add <b>livekit</b>', 'req-1', { PR: { url: 'https://github.test/pull/1' } }, [
      { to_do: { rich_text: text('<script>alert(1)</script>'), checked: true } },
      { paragraph: { rich_text: [{ text: { content: 'bad', link: { url: 'javascript:alert(1)' } } }] } },
    ]);
    const answer = await fetch(created.url);
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('local stand-in for Notion');
    expect(page).toContain('Add &lt;b&gt;livekit&lt;/b&gt;');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('href="https://github.test/pull/1"');
    expect(page).not.toMatch(/<script>|href="javascript:/);
  });

  it('shows the workspace, a database, and a missing page', async () => {
    const workspace = await (await fetch(notion.url)).text();
    for (const name of ['Backlog', 'Runbooks', 'Roadmap', 'Milestones', 'LiteLLM returns 502'])
      expect(workspace).toContain(name);
    const database = await fetch(`${notion.url}/${RUNBOOKS_DATABASE_ID.replaceAll('-', '')}`);
    expect(await database.text()).toContain('Traefik does not pick up a route');
    expect((await fetch(`${notion.url}/${BOT_USER_ID.replaceAll('-', '')}`)).status).toBe(404);
    expect(RUNBOOKS_DATA_SOURCE_ID).not.toBe(RUNBOOKS_DATABASE_ID);
  });
});
