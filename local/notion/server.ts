/**
 * The Notion stand-in: the API under /v1 in Notion's shapes (version 2025-09-03), pages for people, and /_slipway/ for tests. Its
 * state is one JSON file, on disk before a request is answered.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod';

import { sendPage } from '../support/html';
import { BodyTooLargeError, listen, readBody } from '../support/http-server';
import { createSaver, readJsonFile } from '../support/json-file';
import { answerApiRequest } from './api';
import { answerControl } from './control';
import { Faults, refusalOf, type FaultAction } from './faults';
import { State } from './model';
import { invalid, NotionError } from './notion-error';
import { contentPage, databasePage, missingPage, workspacePage } from './pages';
import { readId, readObject, type JsonObject } from './reading';
import { seedState } from './seed';
import { Workspace } from './workspace';

export const NOTION_VERSION = '2025-09-03';

export interface NotionOptions {
  /** 0 picks a free port. */
  port: number;
  /** Defaults to 127.0.0.1. */
  host?: string;
  /** The origin in the addresses of pages, where it is not `http://host:port`. */
  publicUrl?: string;
  dataDir: string;
  /** The integration token that requests must carry. */
  token: string;
  /** Defaults to the real time. */
  clock?: () => Date;
}

export interface RunningNotion {
  /** What the client takes as `baseUrl`. */
  url: string;
  close(): Promise<void>;
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: NotionError): void {
  const requestId = randomUUID();
  const retry: Record<string, string> =
    error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };
  const body = {
    object: 'error',
    status: error.status,
    code: error.code,
    message: error.message,
    request_id: requestId,
  };
  sendJson(response, error.status, body, { 'x-notion-request-id': requestId, ...retry });
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Token first, version second, as Notion checks them. */
function authenticate(request: IncomingMessage, token: string): void {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined || !sameText(given, token)) throw new NotionError('unauthorized', 'API token is invalid.');
  const version = request.headers['notion-version'];
  if (version === undefined) {
    const words =
      'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.';
    throw new NotionError('missing_version', words);
  }
  if (version !== NOTION_VERSION) {
    throw invalid(
      `Notion-Version header failed validation: the local stand-in answers \`"${NOTION_VERSION}"\`, instead was \`"${String(version)}"\`.`,
    );
  }
}

function parseBody(text: string): JsonObject {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotionError('invalid_json', 'Error parsing JSON body.');
  }
  return readObject(value, 'body');
}

/**
 * Starts the stand-in; a first start in `dataDir` seeds the four databases (ids.ts).
 * @throws what listening or the data folder throw, for example EADDRINUSE, and an Error when the state cannot be read.
 */
export async function startNotion(options: NotionOptions): Promise<RunningNotion> {
  const clock = options.clock ?? (() => new Date());
  const path = join(options.dataDir, 'notion.json');
  const stored = await readJsonFile(path);
  const workspace = new Workspace(stored === undefined ? seedState(clock) : State.parse(stored), clock);
  const faults = new Faults(clock);
  const save = createSaver(path, () => workspace.state);
  if (stored === undefined) await save();
  const server = await listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  const baseUrl = options.publicUrl ?? server.url;

  /** Does the work of one API request, and what a fault does to it. Returns undefined when the connection is to be cut. */
  async function work(
    request: IncomingMessage,
    url: URL,
    body: JsonObject,
    action: FaultAction | undefined,
  ): Promise<JsonObject | undefined> {
    if (action?.kind === 'refuse') throw refusalOf(action);
    if (action?.kind === 'drop') return undefined;
    if (action?.kind === 'delay') await wait(action.milliseconds);
    const method = request.method ?? 'GET';
    const answer = answerApiRequest({ method, path: url.pathname, query: url.searchParams, body }, workspace, baseUrl);
    const reads = method === 'GET' || url.pathname.endsWith('/query') || url.pathname === '/v1/search';
    if (!reads) await save();
    return action?.kind === 'drop-after' ? undefined : answer;
  }

  async function handleApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const method = request.method ?? 'GET';
    const text = await readBody(request);
    const record = (status: number | 'dropped', body: JsonObject) =>
      faults.received.push({ method, path: url.pathname, query: url.search, body, status });
    let body: JsonObject = {};
    try {
      faults.admit();
      authenticate(request, options.token);
      body = parseBody(text);
      const action = faults.take(method, url.pathname);
      if (action?.kind === 'answer') {
        record(action.status, body);
        response.writeHead(action.status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
        return;
      }
      const answer = await work(request, url, body, action);
      record(answer === undefined ? 'dropped' : 200, body);
      if (answer === undefined) response.destroy();
      else sendJson(response, 200, answer, { 'x-notion-request-id': randomUUID() });
    } catch (error) {
      if (!(error instanceof NotionError)) throw error;
      record(error.status, body);
      sendError(response, error);
    }
  }

  async function handleControl(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const text = await readBody(request);
    if (request.method === 'POST' && request.headers['content-type']?.startsWith('application/json') !== true) {
      sendJson(response, 415, { error: 'Send application/json.' });
      return;
    }
    try {
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const door = url.pathname.replace('/_slipway/', '');
      const answer = answerControl(door, request.method ?? 'GET', body, { faults, workspace });
      if (answer.changed === true) await save();
      sendJson(response, answer.status, answer.body);
    } catch (error) {
      if (error instanceof z.ZodError) sendJson(response, 400, { error: z.prettifyError(error) });
      else if (error instanceof NotionError || error instanceof SyntaxError)
        sendJson(response, 400, { error: error.message });
      else throw error;
    }
  }

  function showPage(response: ServerResponse, url: URL): void {
    if (url.pathname === '/') {
      sendPage(response, 200, workspacePage(workspace, baseUrl));
      return;
    }
    const digits = /([0-9a-f]{32})$/.exec(url.pathname)?.[1];
    const id = digits === undefined ? undefined : readId(digits, 'path');
    const page = workspace.state.pages.find((candidate) => candidate.id === id);
    const database = workspace.state.databases.find(
      (candidate) => candidate.id === id || candidate.dataSourceId === id,
    );
    if (page !== undefined) sendPage(response, 200, contentPage(workspace, page, baseUrl));
    else if (database !== undefined) sendPage(response, 200, databasePage(workspace, database, baseUrl));
    else sendPage(response, 404, missingPage(baseUrl));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', baseUrl);
    if (url.pathname.startsWith('/v1/')) await handleApi(request, response, url);
    else if (url.pathname.startsWith('/_slipway/')) await handleControl(request, response, url);
    else showPage(response, url);
  }

  server.handle((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      if (error instanceof BodyTooLargeError) {
        sendError(response, invalid('body failed validation: body is too large.'));
        return;
      }
      console.error(error);
      sendError(response, new NotionError('internal_server_error', 'Unexpected error occurred.'));
    });
  });
  return { url: baseUrl, close: () => server.close() };
}
