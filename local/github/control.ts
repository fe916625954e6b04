/**
 * `/_slipway/…`: what tests and the local stack ask of the stand-in beside GitHub's own API. It needs no token, but answers
 * only on the loopback address and never to a page in a browser.
 *
 *   GET    requests?method=&path=      what came in          DELETE requests
 *   POST   faults {FaultRule}          GET faults            DELETE faults      POST faults/release
 *   PUT    rate-limit {RateLimitSettings, any part}
 *   PUT    limits {treeEntries?, lazyMergeability?}
 *   PUT    webhook {url, secret}       POST webhook/idle     DELETE webhook
 *   GET    deliveries                  POST deliveries/GUID/redeliver
 *   DELETE app-tokens                  the App's tokens are worth nothing from now on
 *   POST   push {branch, message, login, files: {path: text | null | {base64?, text?, executable?}}}
 */
import { z } from 'zod';

import { ApiError, notFound, unprocessable } from './api-error';
import type { Apps } from './apps';
import { FaultRule, type Faults } from './faults';
import type { Hub } from './hub';
import { pushFiles } from './operations/push-files';
import type { RestApi } from './rest/api';
import { parseBody } from './rest/api-call';
import type { RateLimiter } from './rest/rate-limit';
import type { Webhook } from './webhook';

export interface ControlParts {
  hub: Hub;
  api: RestApi;
  rates: RateLimiter;
  webhook: Webhook;
  faults: Faults;
  apps: Apps;
}

const Limits = z
  .object({
    limit: z.number().int().min(0),
    windowSeconds: z.number().int().positive(),
    anonymousLimit: z.number().int().min(0),
    contentPerMinute: z.number().int().min(0).nullable(),
    retryAfterSeconds: z.number().int().min(0),
    secondaryStatus: z.union([z.literal(403), z.literal(429)]),
  })
  .partial()
  .strict();
const ApiLimits = z
  .object({ treeEntries: z.number().int().positive(), lazyMergeability: z.boolean() })
  .partial()
  .strict();
const Target = z.object({ url: z.url(), secret: z.string().min(1) });
const File = z.union([
  z.string(),
  z.null(),
  z.object({ text: z.string().optional(), base64: z.string().optional(), executable: z.boolean().optional() }),
]);
const Push = z.object({
  branch: z.string().default('main'),
  message: z.string().min(1),
  login: z.string(),
  files: z.record(z.string(), File),
});

function bytesOf(file: z.infer<typeof File>): { bytes: Uint8Array | undefined; executable?: boolean } {
  if (file === null) return { bytes: undefined };
  if (typeof file === 'string') return { bytes: Buffer.from(file, 'utf8') };
  const bytes = file.base64 === undefined ? Buffer.from(file.text ?? '', 'utf8') : Buffer.from(file.base64, 'base64');
  return { bytes, ...(file.executable === undefined ? {} : { executable: file.executable }) };
}

async function push({ hub }: ControlParts, body: unknown): Promise<object> {
  const { login, files, ...rest } = parseBody(Push, body);
  const actor = hub.accounts.byLogin(login);
  if (actor === undefined) throw unprocessable(`There is no account ${login}.`);
  const changed = Object.entries(files).map(([path, file]) => ({ path, ...bytesOf(file) }));
  const sha = await hub.exclusive(() => pushFiles(hub, actor, { ...rest, files: changed }));
  return { sha };
}

/** Answers one request under /_slipway/. @returns the JSON body. @throws {ApiError} */
export async function control(parts: ControlParts, method: string, url: URL, body: unknown): Promise<object> {
  const { hub, api, rates, webhook, faults } = parts;
  const path = url.pathname.replace(/^\/_slipway\//, '');
  const redelivery = /^deliveries\/([\w-]+)\/redeliver$/.exec(path);
  switch (redelivery === null ? `${method} ${path}` : `${method} redeliver`) {
    case 'GET requests': {
      const pattern = url.searchParams.get('path');
      const seen = faults.requests(
        url.searchParams.get('method') ?? undefined,
        pattern === null ? undefined : new RegExp(pattern),
      );
      return { count: seen.length, requests: seen };
    }
    case 'DELETE requests':
      faults.forgetRequests();
      return {};
    case 'GET faults':
      return { rules: faults.pendingRules(), held: faults.heldCount };
    case 'POST faults':
      parseBody(FaultRule, body);
      faults.add(body as FaultRule);
      return {};
    case 'DELETE faults':
      faults.clear();
      return {};
    case 'POST faults/release':
      return { released: faults.release() };
    case 'PUT rate-limit': {
      const { contentPerMinute, ...rest } = parseBody(Limits, body);
      rates.configure({
        ...rest,
        ...(contentPerMinute === undefined ? {} : { contentPerMinute: contentPerMinute ?? undefined }),
      });
      return rates.settings;
    }
    case 'PUT limits':
      Object.assign(api.limits, parseBody(ApiLimits, body));
      return api.limits;
    case 'PUT webhook':
      webhook.configure(parseBody(Target, body));
      return {};
    case 'DELETE webhook':
      webhook.configure(undefined);
      return {};
    case 'POST webhook/idle':
      await hub.idle();
      await webhook.idle();
      return {};
    case 'GET deliveries':
      return { deliveries: hub.state.deliveries };
    case 'POST redeliver':
      if (!webhook.redeliver(redelivery?.[1] ?? '')) throw new ApiError(404, 'That delivery is no longer kept.');
      return {};
    case 'DELETE app-tokens':
      parts.apps.revoke();
      return {};
    case 'POST push':
      return push(parts, body);
    default:
      throw notFound();
  }
}
