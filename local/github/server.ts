/**
 * The GitHub of the local stack: one repository on real Git objects, GitHub's REST shapes under /api/v3, pages for people, signed
 * webhooks, and faults on demand. It lets the portal's code run offline as if against GitHub; it is no part of production.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { listen, readBody } from '../support/http-server';
import type { GitHubAccount } from './accounts';
import { ApiError } from './api-error';
import { Apps, type AppOptions } from './apps';
import { control, type ControlParts } from './control';
import { Faults, type SeenRequest } from './faults';
import { Hub, isoOf } from './hub';
import { reconcile } from './operations/reconcile';
import { Pages } from './pages/pages';
import { RestApi } from './rest/api';
import { RateLimiter } from './rest/rate-limit';
import { Webhook, type WebhookTarget } from './webhook';

export interface GitHubOptions {
  /** 0 picks a free one. */
  port: number;
  /** 127.0.0.1 where left out. */
  host?: string;
  /** Where everything is kept: repo.git and state.json. */
  dataDir: string;
  /** The folder whose files are the first commit of main, when there is none yet. */
  seedDir: string;
  /** owner/name */
  repository: string;
  /** How it is reached from outside, where that differs from http://host:port. */
  baseUrl?: string;
  webhook: WebhookTarget | undefined;
  tokens: readonly GitHubAccount[];
  /** The one GitHub App that is installed here, if any. */
  app?: AppOptions;
  clock?: () => Date;
}

export interface RunningGitHub {
  url: string;
  /** For Octokit's `baseUrl`. */
  apiUrl: string;
  faults: Faults;
  /** Ends connections and what waits; what was answered is on disk. May be called again. */
  close(): Promise<void>;
}

const API = '/api/v3';
const BODY_LIMIT = 60_000_000;
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Starts the stand-in.
 * @throws Error where the port is taken or the data folder holds something else.
 */
export async function startGitHub(options: GitHubOptions): Promise<RunningGitHub> {
  const server = await listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  try {
    const url = (options.baseUrl ?? server.url).replace(/\/+$/, '');
    const { tokens: accounts, dataDir, seedDir, repository } = options;
    const clock = options.clock === undefined ? {} : { clock: options.clock };
    const hub = await Hub.open({ dataDir, seedDir, repository, baseUrl: url, accounts, ...clock });
    await hub.exclusive(() => reconcile(hub));
    const rates = new RateLimiter(() => hub.now());
    const webhook = new Webhook(hub, options.webhook);
    const apps = new Apps(options.app, hub.accounts, () => hub.now());
    const parts = { hub, rates, webhook, apps, api: new RestApi(hub, rates, apps), faults: new Faults() };
    if (options.webhook !== undefined && hub.state.pinged !== options.webhook.url) webhook.configure(options.webhook);
    const door = new FrontDoor(parts, new Pages(hub), url);
    server.handle((request, response) => void door.handle(request, response));
    let closed: Promise<void> | undefined;
    const closeAll = async () => {
      parts.faults.clear();
      await server.close();
      await hub.idle();
      await webhook.close();
      await hub.save();
    };
    return {
      url,
      apiUrl: hub.apiUrl,
      faults: parts.faults,
      close() {
        closed ??= closeAll();
        return closed;
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  content: Buffer;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  content: Buffer.from(JSON.stringify(body)),
});

/** Takes every request, lets the faults strike, and leads it to the API, the pages or the controls. */
class FrontDoor {
  constructor(
    private readonly parts: ControlParts,
    private readonly pages: Pages,
    private readonly baseUrl: string,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.answer(request);
      if (answer === undefined) request.socket.destroy();
      else
        response
          .writeHead(answer.status, { ...answer.headers, 'content-length': answer.content.length })
          .end(answer.content);
    } catch (error) {
      console.error(error);
      if (response.headersSent) request.socket.destroy();
      else
        response
          .writeHead(500, { 'content-type': 'text/plain' })
          .end('The GitHub stand-in failed; its output says why.\n');
    }
  }

  // Another site could point a name of its own at this address and then pass for one of our pages.
  private isOurName(host: string | undefined): boolean {
    const name = (host ?? '').replace(/:\d+$/, '');
    return [...LOOPBACK_NAMES, new URL(this.baseUrl).hostname].includes(name);
  }

  /** The answer; undefined where the connection has to break. */
  private async answer(request: IncomingMessage): Promise<Answer | undefined> {
    if (!this.isOurName(request.headers.host)) return json(421, { message: 'This server has another name.' });
    const url = new URL(request.url ?? '/', this.baseUrl);
    const method = request.method ?? 'GET';
    const body = await readBody(request, BODY_LIMIT);
    if (url.pathname.startsWith('/_slipway/')) return this.control(request, method, url, body);
    const isApi = url.pathname === API || url.pathname.startsWith(`${API}/`);
    const path = isApi ? url.pathname.slice(API.length) : url.pathname;
    const { faults, hub } = this.parts;
    const seen: SeenRequest = { at: isoOf(hub.now()), method, path: path + url.search, status: null, login: null };
    faults.note(seen);
    const fault = faults.strike(method, seen.path);
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    if (fault?.hold === 'before') await faults.hold();
    if (fault?.drop === 'before') return undefined;
    if (fault?.respond !== undefined) {
      seen.status = fault.respond.status;
      return json(fault.respond.status, fault.respond.body ?? { message: 'A fault on purpose' }, fault.respond.headers);
    }
    const answer = isApi
      ? await this.api(request, method, path, url, body, seen)
      : await this.pages.answer(request, method, url, body);
    if (fault?.hold === 'after') await faults.hold();
    if (fault?.drop === 'after') return undefined;
    seen.status = answer.status;
    return answer;
  }

  private async api(
    request: IncomingMessage,
    method: string,
    path: string,
    url: URL,
    body: string,
    seen: SeenRequest,
  ): Promise<Answer> {
    const { authorization, accept } = request.headers;
    const headers = {
      authorization,
      accept,
      userAgent: request.headers['user-agent'],
      ifNoneMatch: request.headers['if-none-match'],
    };
    const answer = await this.parts.api.answer({ method, path, url, headers, body });
    seen.login = answer.login ?? null;
    return answer;
  }

  private async control(request: IncomingMessage, method: string, url: URL, body: string): Promise<Answer> {
    const local = LOOPBACK.test(request.socket.remoteAddress ?? '');
    const fromPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
    if (!local || fromPage) return json(403, { message: 'Only for programs on this machine.' });
    try {
      return json(200, await control(this.parts, method, url, body === '' ? undefined : JSON.parse(body)));
    } catch (error) {
      if (error instanceof ApiError) return json(error.status, error.body());
      if (error instanceof SyntaxError) return json(400, { message: error.message });
      throw error;
    }
  }
}
