/** What every API route does before anything else: authenticate, authorise, parse; and afterwards: errors become problem+json. */
import type { NextRequest } from 'next/server';
import type { z } from 'zod';
import { withAuditOrigin } from '@/lib/audit-origin';
import { requirePermission, type Actor, type Permission } from '@/lib/auth/permissions';
import { actorOfCall } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { InputError, NotAllowedError, UnauthenticatedError } from '@/lib/errors';
import { auditOriginOf, personOf } from './audit-origin-of';
import { parseInput } from './parse';
import { toProblem, type Problem } from './problem';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id';
import { isSameOrigin } from './same-origin';

/** A spec is a few kilobytes; nobody needs more than this. */
const MOST_BYTES = 256 * 1024;

interface Call<Params, Query, Body> {
  request: Request;
  actor: Actor;
  params: Params;
  query: Query;
  body: Body;
}

interface Shape<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  permission: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
}

/** A problem as a response. */
export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

/**
 * Makes a Next route handler. `handler` may answer with a Response or with a value that becomes JSON.
 * Requests that change something and carry a cookie must come from our own pages.
 * What pages get from proxy.ts (an id for the call, headers that keep a browser from guessing) calls get here.
 */
export function route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  shape: Shape<Params, Query, Body>,
  handler: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>,
): (request: NextRequest, context: { params: Promise<unknown> }) => Promise<Response> {
  const answerTo = async (request: NextRequest, context: { params: Promise<unknown> }, correlationId: string) => {
    const where = `${request.method} ${new URL(request.url).pathname}`;
    try {
      const actor = await actorOfCall(request);
      if (!actor) throw new UnauthenticatedError();
      requirePermission(actor, shape.permission);
      if (!['GET', 'HEAD'].includes(request.method) && !isSameOrigin(request.headers, env().url)) {
        throw new NotAllowedError('Send this from the portal itself: the Origin header is missing or another one.');
      }
      const params = shape.params ? parseInput(shape.params, await context.params) : undefined;
      const query = shape.query
        ? parseInput(shape.query, Object.fromEntries(new URL(request.url).searchParams))
        : undefined;
      const body = shape.body ? parseInput(shape.body, await readJson(request)) : undefined;
      const origin = auditOriginOf(request.headers, {
        ...{ actor: personOf(actor), way: 'api' as const, operation: where },
        correlationId,
      });
      const answer = await withAuditOrigin(origin, () =>
        handler({
          request,
          actor,
          params: params as z.output<Params>,
          query: query as z.output<Query>,
          body: body as z.output<Body>,
        }),
      );
      if (answer instanceof Response) return answer;
      return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
    } catch (error) {
      return problemResponse(toProblem(error, where));
    }
  };
  return async (request, context) => {
    const correlationId = requestIdOf(request.headers);
    const answer = await answerTo(request, context, correlationId);
    answer.headers.set(REQUEST_ID_HEADER, correlationId);
    answer.headers.set('x-content-type-options', 'nosniff');
    answer.headers.set('referrer-policy', 'same-origin');
    return answer;
  };
}

/**
 * Reads a body as JSON, up to MOST_BYTES.
 * @throws InputError where it is larger or is not JSON.
 */
async function readJson(request: Request): Promise<unknown> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MOST_BYTES) {
      await reader?.cancel();
      throw new InputError(`The body is larger than ${MOST_BYTES / 1024} KiB.`);
    }
    chunks.push(part.value);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new InputError('The body is not JSON.', [], { cause });
  }
}
