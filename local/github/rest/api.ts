/** The REST API: who asks, may they, within their limits; then the route, and its answer with GitHub's headers. */
import { createHash, randomBytes } from 'node:crypto';

import { permits, type GitHubAccount } from '../accounts';
import { ApiError, notFound } from '../api-error';
import type { Apps } from '../apps';
import type { Hub } from '../hub';
import { presentSelf } from '../present/user';
import type { ApiCall, Reply, Route } from './api-call';
import { checkRoutes } from './check-routes';
import { contentsRoutes } from './contents-routes';
import { gitRoutes } from './git-routes';
import { issueRoutes } from './issue-routes';
import { pullRoutes } from './pull-routes';
import type { RateLimiter } from './rate-limit';
import { repositoryRoutes } from './repository-routes';
import { reviewRoutes } from './review-routes';

/** A request as the API sees it: `path` is relative to the API's base. */
export interface ApiRequest {
  method: string;
  path: string;
  url: URL;
  headers: {
    authorization?: string | undefined;
    accept?: string | undefined;
    userAgent?: string | undefined;
    ifNoneMatch?: string | undefined;
  };
  /** The body's text; '' where there is none. */
  body: string;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  content: Buffer;
  /** Who asked; undefined without a valid token. */
  login: string | undefined;
}

interface CompiledRoute extends Route {
  pattern: RegExp;
  names: string[];
}

function compile(route: Route): CompiledRoute {
  const names: string[] = [];
  const source = route.path.replace(/([:*])(\w+)/g, (_, kind: string, name: string) => {
    names.push(name);
    return kind === ':' ? '([^/]+)' : '(.+)';
  });
  return { ...route, pattern: new RegExp(`^${source}$`), names };
}

// The more particular ones first: `/commits/*ref` would take `/commits/main/check-runs` too.
const ROUTES = [
  ...checkRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...issueRoutes,
  ...gitRoutes,
  ...contentsRoutes,
  ...repositoryRoutes,
].map(compile);

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound();
  }
};

export class RestApi {
  limits = { treeEntries: 100_000, lazyMergeability: false };

  constructor(
    private readonly hub: Hub,
    private readonly rates: RateLimiter,
    private readonly apps: Apps,
  ) {}

  /** Answers one request; never throws for what the caller did. */
  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const token = /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const account = token === undefined ? undefined : (this.hub.accounts.byToken(token) ?? this.apps.byToken(token));
    const key = account === undefined ? '' : (token ?? '');
    try {
      const reply = await this.reply(request, account, key);
      return this.finish(request, account, key, reply);
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError(500, 'Server Error');
      if (!(error instanceof ApiError)) console.error(error);
      return this.finish(request, account, key, {
        status: refusal.status,
        body: refusal.body(),
        headers: refusal.headers,
      });
    }
  }

  private async reply(request: ApiRequest, account: GitHubAccount | undefined, key: string): Promise<Reply> {
    const { method, path } = request;
    if (!request.headers.userAgent) {
      throw new ApiError(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      );
    }
    const installation = /^\/app\/installations\/(\d{1,15})\/access_tokens$/.exec(path);
    if (method === 'POST' && installation !== null) {
      const jwt = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
      return { status: 201, body: this.apps.issue(jwt, Number(installation[1])) };
    }
    if (request.headers.authorization !== undefined && account === undefined)
      throw new ApiError(401, 'Bad credentials');
    if (method === 'GET' && path === '/rate_limit') {
      const core = this.rates.status(key);
      return { status: 200, body: { resources: { core }, rate: core } };
    }
    this.rates.take(key, account === undefined ? 'this address' : `user ${account.login}`);
    if (path === '/user' && method === 'GET') {
      if (account === undefined) throw new ApiError(401, 'Requires authentication');
      return { status: 200, body: presentSelf(this.hub, account) };
    }
    // A private repository does not exist for whoever may not read it.
    const inRepository = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
    const fullName = inRepository === null ? '' : decode(`${inRepository[1]}/${inRepository[2]}`).toLowerCase();
    if (account === undefined || !permits(account.permission, 'read')) throw notFound();
    if (fullName !== this.hub.fullName.toLowerCase()) throw notFound();
    return this.dispatch(request, inRepository?.[3] ?? '', account, key);
  }

  private async dispatch(request: ApiRequest, path: string, actor: GitHubAccount, key: string): Promise<Reply> {
    const { hub } = this;
    for (const route of ROUTES) {
      const match = route.method === request.method ? route.pattern.exec(path) : null;
      if (match === null) continue;
      if (!permits(actor.permission, route.access)) {
        throw new ApiError(403, 'Resource not accessible by personal access token');
      }
      if (route.method !== 'GET') this.rates.takeWrite(key);
      const call: ApiCall = {
        hub,
        actor,
        params: Object.fromEntries(route.names.map((name, index) => [name, decode(match[index + 1] ?? '')])),
        query: request.url.searchParams,
        url: request.url,
        accept: request.headers.accept ?? '',
        body: parseJson(request.body),
        limits: this.limits,
      };
      if (route.method === 'GET' || route.unlocked === true) return route.handle(call);
      return hub.exclusive(async () => route.handle(call));
    }
    throw notFound();
  }

  private finish(request: ApiRequest, account: GitHubAccount | undefined, key: string, reply: Reply): ApiAnswer {
    const content =
      reply.bytes?.content ?? (reply.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.body)));
    const headers: Record<string, string> = {
      'x-github-request-id': randomBytes(10).toString('hex').toUpperCase(),
      'x-github-media-type': 'github.v3; format=json',
      'x-content-type-options': 'nosniff',
      ...(account === undefined
        ? {}
        : { 'x-oauth-scopes': (account.scopes ?? ['repo']).join(', '), 'x-accepted-oauth-scopes': 'repo' }),
      ...(content.length > 0 ? { 'content-type': reply.bytes?.type ?? 'application/json; charset=utf-8' } : {}),
      ...reply.headers,
    };
    let { status } = reply;
    if (request.method === 'GET' && status === 200) {
      // Each token has tags of its own, as `Vary` says: https://github.com/github/docs/issues/34689
      headers.etag = `W/"${createHash('sha256')
        .update(`${key}\n${headers.link ?? ''}`)
        .update(content)
        .digest('hex')}"`;
      headers['cache-control'] = 'private, max-age=60, s-maxage=60';
      headers.vary = 'Accept, Authorization, Cookie';
      if (request.path !== '/rate_limit' && matches(request.headers.ifNoneMatch, headers.etag)) {
        status = 304;
        // "does not count against your primary rate limit":
        // https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
        this.rates.refund(key);
      }
    }
    Object.assign(headers, this.rates.headers(key));
    const sent = status === 304 || status === 204 ? Buffer.alloc(0) : content;
    return { status, headers, content: sent, login: account?.login };
  }
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const weak = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => weak(tag) === weak(etag)) ?? false;
}

/** @throws {ApiError} 400 in GitHub's words. */
function parseJson(text: string): unknown {
  if (text === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new ApiError(400, 'Body should be a JSON object');
  return parsed;
}
