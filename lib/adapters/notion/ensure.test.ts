/**
 * The adapter against the Notion stand-in: what it makes, that it never makes it twice, and what it says when Notion refuses.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, LogLevel } from '@notionhq/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { UpstreamError } from '@/lib/errors';
import type { Fault, ReceivedRequest } from '@/local/notion/faults';
import {
  BACKLOG_DATABASE_ID,
  BACKLOG_DATA_SOURCE_ID,
  PEOPLE,
  RUNBOOKS_DATABASE_ID,
  RUNBOOKS_DATA_SOURCE_ID,
} from '@/local/notion/ids';
import { problemsAgainst } from '@/local/notion/published-shapes';
import { startNotion, type RunningNotion } from '@/local/notion/server';

import { createTracker, type Tracker, type TrackerConfig } from './client';
import { ensureIssue, type DesiredIssue } from './ensure-issue';
import { ensureRunbookPage, type DesiredRunbookPage } from './ensure-runbook-page';

// Notion's schemas are large: compiling one takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const TOKEN = 'local-notion-token';

let dataDir: string;
let notion: RunningNotion;
let tracker: Tracker;
let client: Client;

const config = (): TrackerConfig => ({
  token: TOKEN,
  apiUrl: notion.url,
  backlogDatabaseId: BACKLOG_DATABASE_ID,
  runbooksDatabaseId: RUNBOOKS_DATABASE_ID,
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-tracker-'));
  notion = await startNotion({ port: 0, dataDir, token: TOKEN });
  tracker = createTracker(config());
  client = new Client({ auth: TOKEN, baseUrl: notion.url, logLevel: LogLevel.ERROR, retry: false });
});

afterEach(async () => {
  await notion.close();
  await rm(dataDir, { recursive: true, force: true });
});

const issue: DesiredIssue = {
  requestId: 'req-01',
  requestUrl: 'http://portal.test/requests/req-01',
  title: 'Add livekit',
  service: 'livekit',
  component: 'Realtime',
  status: 'In Review',
  pullRequestUrl: 'http://github.test/o/r/pull/7',
  body: '## What\n\nReserves **7880** and 7881-7892/udp.\n\n- [ ] Reviewed\n- [ ] Merged\n',
};

const runbook: DesiredRunbookPage = {
  requestId: 'req-01',
  requestUrl: issue.requestUrl,
  title: 'RUNBOOK-030: LiveKit',
  service: 'livekit',
  owner: 'Media team',
  dashboardUrl: 'http://grafana.test/d/livekit',
  pullRequestUrl: issue.pullRequestUrl,
  issueUrl: 'http://notion.test/issue',
  markdown:
    '# RUNBOOK-030\n\n1. Look:\n   ```bash\n   docker compose logs livekit\n   ```\n2. See [ports](../../config/ports.yaml)\n\n| a | b |\n|---|---|\n| 1 | `2` |\n',
  sourceUrl: 'http://github.test/o/r/blob/main/docs/runbooks/RUNBOOK-030.md',
};

const control = async (door: string, method: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${notion.url}/_slipway/${door}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
const fail = (fault: Fault) => control('faults', 'POST', fault);
const received = async () => (await control('requests', 'GET')) as ReceivedRequest[];
const isWrite = (request: ReceivedRequest) => request.method !== 'GET' && !request.path.endsWith('/query');
const writes = async () =>
  (await received())
    .filter(isWrite)
    .map((request) => `${request.method} ${request.path.replace(/[0-9a-f-]{36}/, 'ID')}`);

const pagesOf = async (dataSourceId: string, requestId = 'req-01') =>
  (
    await client.dataSources.query({
      data_source_id: dataSourceId,
      filter: { property: 'Request', rich_text: { equals: requestId } },
    })
  ).results;
const onlyPage = async (dataSourceId: string) => {
  const pages = await pagesOf(dataSourceId);
  expect(pages).toHaveLength(1);
  return pages[0] as { id: string; url: string; properties: Record<string, unknown> };
};
const textsOf = async (id: string): Promise<string[]> => {
  const { results } = await client.blocks.children.list({ block_id: id });
  return results.map((block) => {
    const { type } = block as { type: string };
    const content = (block as unknown as Record<string, { rich_text?: { plain_text: string }[] }>)[type];
    return `${type}: ${(content?.rich_text ?? []).map((run) => run.plain_text).join('')}`;
  });
};

const failureOf = async (work: Promise<unknown>): Promise<UpstreamError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
};

describe('an issue', () => {
  it('is made with its columns, links and text, and every request is one that Notion publishes', async () => {
    const made = await ensureIssue(tracker, issue);
    expect(made.kind).toBe('created');
    const page = await onlyPage(BACKLOG_DATA_SOURCE_ID);
    expect(page).toMatchObject({
      id: made.id,
      url: made.url,
      properties: {
        Title: { title: [{ plain_text: 'Add livekit' }] },
        Service: { rich_text: [{ plain_text: 'livekit' }] },
        Component: { select: { name: 'Realtime' } },
        Status: { status: { name: 'In Review' } },
        PR: { url: issue.pullRequestUrl },
        Runbook: { url: null },
        Request: { rich_text: [{ plain_text: 'req-01', href: issue.requestUrl }] },
      },
    });
    expect(await textsOf(made.id)).toEqual([
      `paragraph: Change request: ${issue.requestUrl}`,
      'heading_2: What',
      'paragraph: Reserves 7880 and 7881-7892/udp.',
      'to_do: Reviewed',
      'to_do: Merged',
    ]);
    const created = (await received()).find((request) => request.path === '/v1/pages');
    expect(problemsAgainst('CreatePageParameters', created?.body)).toEqual([]);
  });

  it('is not written again when nothing changed, and only where something did', async () => {
    await ensureIssue(tracker, issue);
    await control('requests', 'DELETE');
    expect((await ensureIssue(tracker, issue)).kind).toBe('unchanged');
    expect(await writes()).toEqual([]);
    const updated = await ensureIssue(tracker, { ...issue, status: 'Done', runbookUrl: 'http://notion.test/runbook' });
    expect(updated.kind).toBe('updated');
    expect(await writes()).toEqual(['PATCH /v1/pages/ID']);
    const patch = (await received()).find((request) => request.method === 'PATCH');
    expect(patch?.body).toEqual({
      properties: { Status: { status: { name: 'Done' } }, Runbook: { url: 'http://notion.test/runbook' } },
    });
    expect(problemsAgainst('UpdatePageParameters', { page_id: updated.id, ...patch?.body })).toEqual([]);
    await onlyPage(BACKLOG_DATA_SOURCE_ID);
  });

  it('leaves the status alone when none is asked for', async () => {
    const made = await ensureIssue(tracker, issue);
    await client.pages.update({ page_id: made.id, properties: { Status: { status: { name: 'Blocked' } } } });
    expect((await ensureIssue(tracker, { ...issue, status: undefined })).kind).toBe('unchanged');
  });

  it('keeps what people wrote: their title, their component, their text', async () => {
    const made = await ensureIssue(tracker, issue);
    await control('edits', 'POST', {
      page: made.id,
      person: PEOPLE[1].id,
      properties: {
        Title: { title: [{ text: { content: 'LiveKit, finally' } }] },
        Component: { select: { name: 'Edge' } },
      },
      children: [{ paragraph: { rich_text: [{ text: { content: 'Waiting for the vendor.' } }] } }],
    });
    const again = await ensureIssue(tracker, { ...issue, status: 'Done', body: 'Something else entirely.' });
    expect(again).toMatchObject({ kind: 'updated', id: made.id });
    expect(await onlyPage(BACKLOG_DATA_SOURCE_ID)).toMatchObject({
      properties: {
        Title: { title: [{ plain_text: 'LiveKit, finally' }] },
        Component: { select: { name: 'Edge' } },
        Status: { status: { name: 'Done' } },
      },
    });
    const texts = await textsOf(made.id);
    expect(texts).toContain('paragraph: Waiting for the vendor.');
    expect(texts).toContain('heading_2: What');
  });

  it('replaces its own text from the first difference on', async () => {
    const made = await ensureIssue(tracker, issue);
    const before = await client.blocks.children.list({ block_id: made.id });
    await ensureIssue(tracker, { ...issue, body: issue.body.replace('Merged', 'Merged and live') });
    const after = await client.blocks.children.list({ block_id: made.id });
    expect(after.results.slice(0, 4).map((block) => block.id)).toEqual(
      before.results.slice(0, 4).map((block) => block.id),
    );
    expect((await textsOf(made.id)).at(-1)).toBe('to_do: Merged and live');
    expect(after.results).toHaveLength(5);
  });

  it('is made once when the answer to its creation was lost', async () => {
    await fail({ method: 'POST', path: '^/v1/pages$', action: { kind: 'drop-after' } });
    expect(await failureOf(ensureIssue(tracker, issue))).toMatchObject({ retryable: true, system: 'Notion' });
    const again = await ensureIssue(tracker, issue);
    expect(again.kind).toBe('unchanged');
    expect((await onlyPage(BACKLOG_DATA_SOURCE_ID)).id).toBe(again.id);
  });

  it('is made once when its creation never arrived', async () => {
    await fail({ method: 'POST', path: '^/v1/pages$', action: { kind: 'drop' } });
    await failureOf(ensureIssue(tracker, issue));
    expect((await ensureIssue(tracker, issue)).kind).toBe('created');
    await onlyPage(BACKLOG_DATA_SOURCE_ID);
  });

  it.each(['drop', 'drop-after'] as const)(
    'gets all of a long text when a later part of it ends in %s',
    async (kind) => {
      const body = Array.from({ length: 250 }, (_, index) => `Line ${index}\n`).join('\n');
      await fail({ method: 'PATCH', path: '/children$', after: 1, action: { kind } });
      await failureOf(ensureIssue(tracker, { ...issue, body }));
      expect((await ensureIssue(tracker, { ...issue, body })).kind).toBe(kind === 'drop' ? 'updated' : 'unchanged');
      const { id } = await onlyPage(BACKLOG_DATA_SOURCE_ID);
      const blocks = (await tracker.readBlocks(id)).length;
      expect(blocks).toBe(251);
      for (const request of (await received()).filter(
        (item) => item.path.endsWith('/children') && item.method === 'PATCH',
      )) {
        expect(problemsAgainst('AppendBlockChildrenParameters', { block_id: id, ...request.body })).toEqual([]);
        expect(request.body.children).toHaveProperty(
          'length',
          expect.toSatisfy((length: number) => length <= 100),
        );
      }
    },
  );
});

describe('a runbook page', () => {
  it('holds the runbook, and both pages and the pull request are linked', async () => {
    const first = await ensureIssue(tracker, issue);
    const page = await ensureRunbookPage(tracker, { ...runbook, issueUrl: first.url });
    expect(page.kind).toBe('created');
    const second = await ensureIssue(tracker, { ...issue, runbookUrl: page.url });
    expect(second).toEqual({ kind: 'updated', id: first.id, url: first.url });
    expect(await onlyPage(RUNBOOKS_DATA_SOURCE_ID)).toMatchObject({
      id: page.id,
      properties: {
        Name: { title: [{ plain_text: runbook.title }] },
        Service: { rich_text: [{ plain_text: 'livekit' }] },
        Ownership: { rich_text: [{ plain_text: 'Media team' }] },
        Dashboards: { url: runbook.dashboardUrl },
        Issue: { url: first.url },
        PR: { url: runbook.pullRequestUrl },
      },
    });
    expect(await onlyPage(BACKLOG_DATA_SOURCE_ID)).toMatchObject({
      properties: { Runbook: { url: page.url }, PR: { url: issue.pullRequestUrl } },
    });
    expect((await ensureRunbookPage(tracker, { ...runbook, issueUrl: first.url })).kind).toBe('unchanged');
    expect((await ensureIssue(tracker, { ...issue, runbookUrl: page.url })).kind).toBe('unchanged');
  });

  it('is completed below list items and in tables when compared', async () => {
    const made = await ensureRunbookPage(tracker, runbook);
    await control('requests', 'DELETE');
    expect((await ensureRunbookPage(tracker, runbook)).kind).toBe('unchanged');
    expect(await writes()).toEqual([]);
    const changed = { ...runbook, markdown: runbook.markdown.replace('`2`', '`3`') };
    expect((await ensureRunbookPage(tracker, changed)).kind).toBe('updated');
    expect(await writes()).toEqual(['DELETE /v1/blocks/ID', 'PATCH /v1/blocks/ID/children']);
    expect((await pagesOf(RUNBOOKS_DATA_SOURCE_ID)).map((page) => page.id)).toEqual([made.id]);
  });
});

describe('other databases', () => {
  const table = async (properties: Record<string, object>) => {
    const database = await client.request<{ id: string; data_sources: { id: string }[] }>({
      method: 'post',
      path: 'databases',
      body: {
        parent: { workspace: true },
        title: [{ text: { content: 'Issues' } }],
        initial_data_source: { properties },
      },
    });
    tracker = createTracker({ ...config(), backlogDatabaseId: database.id });
    return database.data_sources[0]?.id ?? '';
  };
  const rows = async (dataSourceId: string) =>
    (await client.dataSources.query({ data_source_id: dataSourceId })).results as unknown as {
      id: string;
      properties: Record<string, unknown>;
    }[];

  it('matches columns by other names, cases and kinds', async () => {
    const source = await table({
      Name: { title: {} },
      state: { select: { options: [{ name: 'in review' }] } },
      COMPONENT: { multi_select: {} },
      'Pull Request': { rich_text: {} },
      'request-id': { rich_text: {} },
    });
    await ensureIssue(tracker, issue);
    expect((await rows(source))[0]?.properties).toMatchObject({
      Name: { title: [{ plain_text: 'Add livekit' }] },
      state: { select: { name: 'in review' } },
      COMPONENT: { multi_select: [{ name: 'Realtime' }] },
      'Pull Request': { rich_text: [{ plain_text: issue.pullRequestUrl, href: issue.pullRequestUrl }] },
      'request-id': { rich_text: [{ plain_text: 'req-01' }] },
    });
    expect((await ensureIssue(tracker, issue)).kind).toBe('unchanged');
  });

  it('works with a title alone: links go into the text, and a stranger of the same title is left alone', async () => {
    const source = await table({ Task: { title: {} } });
    const stranger = await client.pages.create({
      parent: { type: 'data_source_id', data_source_id: source },
      properties: { Task: { title: [{ text: { content: issue.title } }] } },
    });
    await fail({ method: 'POST', path: '^/v1/pages$', action: { kind: 'drop-after' } });
    await failureOf(ensureIssue(tracker, issue));
    const found = await ensureIssue(tracker, issue);
    expect(found.kind).toBe('unchanged');
    expect(found.id).not.toBe(stranger.id);
    expect(await rows(source)).toHaveLength(2);
    expect(await textsOf(found.id)).toContain(`paragraph: Pull request: ${issue.pullRequestUrl}`);
    const linked = await ensureIssue(tracker, { ...issue, runbookUrl: 'http://notion.test/runbook' });
    expect(linked).toMatchObject({ kind: 'updated', id: found.id });
    expect((await textsOf(found.id)).at(-1)).toBe('paragraph: Runbook: http://notion.test/runbook');
    expect(await textsOf(stranger.id)).toEqual([]);
  });

  it('adds a missing link at the end of a text that a person has edited', async () => {
    await table({ Task: { title: {} } });
    const made = await ensureIssue(tracker, issue);
    await control('edits', 'POST', {
      page: made.id,
      person: PEOPLE[0].id,
      children: [{ paragraph: { rich_text: [{ text: { content: 'Mine.' } }] } }],
    });
    const linked = { ...issue, runbookUrl: 'http://notion.test/runbook' };
    expect((await ensureIssue(tracker, linked)).kind).toBe('updated');
    expect((await textsOf(made.id)).slice(-2)).toEqual([
      'paragraph: Mine.',
      'paragraph: Runbook: http://notion.test/runbook',
    ]);
    expect((await ensureIssue(tracker, linked)).kind).toBe('unchanged');
  });

  it('leaves out a status that the database does not have', async () => {
    const source = await table({ Task: { title: {} }, Status: { status: {} }, Request: { rich_text: {} } });
    await ensureIssue(tracker, issue);
    expect((await rows(source))[0]?.properties).toMatchObject({ Status: { status: { name: 'Not started' } } });
  });
});

describe('what Notion refuses', () => {
  it.each([
    ['unauthorized', false],
    ['object_not_found', false],
    ['validation_error', false],
    ['conflict_error', true],
    ['internal_server_error', true],
    ['service_unavailable', true],
    ['gateway_timeout', true],
  ] as const)('%s is passed on with retryable %s and without Notion’s words', async (code, retryable) => {
    await fail({ method: 'POST', path: '^/v1/pages$', action: { kind: 'refuse', code } });
    const error = await failureOf(ensureIssue(tracker, issue));
    expect(error).toMatchObject({ system: 'Notion', retryable });
    expect(error.cause).toMatchObject({ code });
    expect(error.publicMessage).not.toContain('Refused on request');
  });

  it('waits out a short rate limit', async () => {
    await fail({
      method: 'POST',
      path: '/query$',
      action: { kind: 'refuse', code: 'rate_limited', retryAfterSeconds: 0 },
    });
    expect((await ensureIssue(tracker, issue)).kind).toBe('created');
  });

  it('passes a long rate limit on with the seconds that Notion asks for', async () => {
    await fail({
      method: 'POST',
      path: '/query$',
      action: { kind: 'refuse', code: 'rate_limited', retryAfterSeconds: 90 },
    });
    expect(await failureOf(ensureIssue(tracker, issue))).toMatchObject({ retryable: true, retryAfterSeconds: 90 });
  });

  it.each([
    [502, true],
    [403, false],
  ])('a proxy that answers %i in between is retryable %s', async (status, retryable) => {
    await fail({ method: 'POST', path: '/query$', action: { kind: 'answer', status } });
    expect(await failureOf(ensureIssue(tracker, issue))).toMatchObject({ retryable });
  });

  it('nothing listening is retryable', async () => {
    await notion.close();
    expect(await failureOf(ensureIssue(tracker, issue))).toMatchObject({ retryable: true });
    notion = await startNotion({ port: 0, dataDir, token: TOKEN });
  });

  it('an answer of another shape is not', async () => {
    const odd = createTracker({
      ...config(),
      fetch: () => Promise.resolve(new Response('{"object":"database"}', { status: 200 })),
    });
    expect(await failureOf(ensureIssue(odd, issue))).toMatchObject({ retryable: false });
    const html = createTracker({ ...config(), fetch: () => Promise.resolve(new Response('<html>', { status: 200 })) });
    expect(await failureOf(ensureIssue(html, issue))).toMatchObject({ retryable: false });
  });

  it('an id that is no id is not', async () => {
    const broken = createTracker({ ...config(), backlogDatabaseId: '../users' });
    expect(await failureOf(ensureIssue(broken, issue))).toMatchObject({ retryable: false });
  });
});

describe('the integration', () => {
  it('says its name and its workspace', async () => {
    expect(await createTracker({ ...config(), apiUrl: `${notion.url}/v1/` }).getSelf()).toMatchObject({
      name: 'Slipway (local)',
      bot: { workspace_name: 'Local workspace' },
    });
  });

  it('says what to do about a wrong token', async () => {
    const error = await failureOf(createTracker({ ...config(), token: 'wrong' }).getSelf());
    expect(error.publicMessage).toContain('NOTION_TOKEN');
    expect(error.publicMessage).not.toContain('wrong');
  });
});
