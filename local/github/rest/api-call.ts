/** One REST request on its way through a route, and what routes use to read it and to answer. */
import { type z } from 'zod';

import type { GitHubAccount, Permission } from '../accounts';
import { ApiError, notFound, unprocessable } from '../api-error';
import type { Hub } from '../hub';

export interface ApiCall {
  hub: Hub;
  actor: GitHubAccount;
  /** Named parts of the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The address as it was asked for, for links to other pages of a list. */
  url: URL;
  accept: string;
  body: unknown;
  /** Limits that tests may lower. */
  limits: { treeEntries: number; lazyMergeability: boolean };
}

export interface Reply {
  status: number;
  body?: unknown;
  /** Instead of a JSON body. */
  bytes?: { content: Buffer; type: string };
  headers?: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Relative to the repository; `:name` is one segment, `*name` one or more. */
  path: string;
  access: Permission;
  /** Git objects are named by their content: writing them needs no turn. */
  unlocked?: boolean;
  handle(call: ApiCall): Promise<Reply> | Reply;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent: Reply = { status: 204 };

/** 201 with the new thing and its address. */
export function created<T extends { url?: string }>(body: T): Reply {
  return { status: 201, body, headers: body.url === undefined ? {} : { location: body.url } };
}

/**
 * Checks a request's body.
 * @throws {ApiError} 422 in GitHub's words: which property is missing or of the wrong kind.
 */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return missing ? `"${name}" wasn't supplied.` : `For 'properties/${name}', ${issue.message}.`;
  });
  throw unprocessable(`Invalid request.\n\n${lines.join('\n')}`);
}

/** A number in the path. @throws {ApiError} 404 */
export function numberParam(call: ApiCall, name: string): number {
  const text = param(call, name);
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

/** A part of the path. */
export function param(call: ApiCall, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw notFound();
  return value;
}

/** The part of a list that `page` and `per_page` ask for, and the Link header that leads to the others. */
export function slicePage<T>(
  call: ApiCall,
  items: readonly T[],
  perPageDefault = 30,
): { items: T[]; headers: Record<string, string> } {
  const asNumber = (name: string, fallback: number) => {
    const value = Number(call.query.get(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  const perPage = Math.min(asNumber('per_page', perPageDefault), Math.max(100, perPageDefault));
  const page = asNumber('page', 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    const url = new URL(call.url);
    url.searchParams.set('per_page', String(perPage));
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

/** Answers with one page of a list. */
export async function paged<T>(call: ApiCall, items: readonly T[], present: (item: T) => unknown): Promise<Reply> {
  const part = slicePage(call, items);
  return { status: 200, body: await Promise.all(part.items.map(present)), headers: part.headers };
}

/** The commit that a branch, tag, full ref or id names; undefined where there is none. */
export async function findCommit(hub: Hub, name: string): Promise<string | undefined> {
  const wanted = name === 'HEAD' ? 'main' : name;
  const ref = [`refs/heads/${wanted}`, `refs/tags/${wanted}`, `refs/${wanted}`, wanted].map((full) =>
    hub.refs.get(full),
  );
  const oid = ref.find((found) => found !== undefined) ?? wanted;
  return (await hub.objects.type(oid)) === 'commit' ? oid : undefined;
}

/** As `findCommit`. @throws {ApiError} 422 where there is none. */
export async function requireCommitId(hub: Hub, name: string): Promise<string> {
  const found = await findCommit(hub, name);
  if (found === undefined) throw new ApiError(422, `No commit found for SHA: ${name}`);
  return found;
}

/** The content type of raw files, as GitHub names it. */
export const RAW = 'application/vnd.github.raw+json; charset=utf-8';
