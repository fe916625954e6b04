/**
 * Where Notion's errors end: whatever its client or the network throws becomes an UpstreamError that says whether trying again can
 * help, and what a person can do. Notion's own words stay in the cause.
 */
import {
  APIErrorCode,
  APIResponseError,
  ClientErrorCode,
  isHTTPResponseError,
  isNotionClientError,
} from '@notionhq/client';
import { ZodError } from 'zod';

import { isSlipwayError, UpstreamError } from '@/lib/errors';

const SYSTEM = 'Notion';

const UNREACHABLE = 'Notion did not answer. What is owed there is tried again.';

const MESSAGES: Record<APIErrorCode, { message: string; retryable: boolean }> = {
  [APIErrorCode.Unauthorized]: {
    message: 'Notion refused the token. An admin must set a valid NOTION_TOKEN.',
    retryable: false,
  },
  [APIErrorCode.RestrictedResource]: {
    message: "Notion's integration lacks a right. In Notion, allow it to read, insert and update content.",
    retryable: false,
  },
  [APIErrorCode.ObjectNotFound]: {
    message:
      'Notion does not find the database or page. Check the configured ids and share the databases with the integration.',
    retryable: false,
  },
  [APIErrorCode.RateLimited]: {
    message: 'Notion asks to slow down. What is owed there is tried again.',
    retryable: true,
  },
  [APIErrorCode.ValidationError]: {
    message: 'Notion did not accept a value. Compare the columns of the database with the documentation, then retry.',
    retryable: false,
  },
  [APIErrorCode.InvalidJSON]: {
    message: 'Notion could not read the request. Report this with the reference.',
    retryable: false,
  },
  [APIErrorCode.InvalidRequestURL]: {
    message: 'Notion does not know the address that was asked. Check NOTION_API_URL.',
    retryable: false,
  },
  [APIErrorCode.InvalidRequest]: {
    message: 'Notion does not support the request. Report this with the reference.',
    retryable: false,
  },
  [APIErrorCode.InvalidBeta]: {
    message: 'Notion does not support the request. Report this with the reference.',
    retryable: false,
  },
  [APIErrorCode.ConflictError]: { message: 'Notion was busy with the same page. It is tried again.', retryable: true },
  [APIErrorCode.InternalServerError]: { message: 'Notion failed inside. It is tried again.', retryable: true },
  [APIErrorCode.ServiceOverload]: { message: 'Notion is overloaded. It is tried again.', retryable: true },
  [APIErrorCode.ServiceUnavailable]: { message: UNREACHABLE, retryable: true },
  [APIErrorCode.GatewayTimeout]: { message: UNREACHABLE, retryable: true },
};

/** Seconds from a Retry-After header, which Notion gives as a whole number. */
function retryAfterOf(headers: unknown): number | undefined {
  const value = headers instanceof Headers ? headers.get('retry-after') : null;
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

/**
 * Translates what a call to Notion threw.
 * @returns an UpstreamError; errors of our own family pass unchanged.
 */
export function translateNotionError(error: unknown): Error {
  if (isSlipwayError(error)) return error;
  if (APIResponseError.isAPIResponseError(error)) {
    const known = MESSAGES[error.code];
    const retryAfterSeconds = retryAfterOf(error.headers);
    return new UpstreamError(
      known.message,
      { system: SYSTEM, retryable: known.retryable, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
      { cause: error },
    );
  }
  if (isHTTPResponseError(error)) {
    const retryable = error.status >= 500 || error.status === 408 || error.status === 429;
    const message = retryable
      ? UNREACHABLE
      : `Something between here and Notion answered ${error.status}. Check NOTION_API_URL.`;
    return new UpstreamError(message, { system: SYSTEM, retryable }, { cause: error });
  }
  if (error instanceof ZodError || error instanceof SyntaxError) {
    const message =
      'Notion answered in a shape that Slipway does not know. Check NOTION_API_URL, then report this with the reference.';
    return new UpstreamError(message, { system: SYSTEM, retryable: false }, { cause: error });
  }
  if (isNotionClientError(error) && error.code === ClientErrorCode.InvalidPathParameter) {
    return new UpstreamError(
      'The configured id of a Notion database is no id. An admin must correct it.',
      { system: SYSTEM, retryable: false },
      { cause: error },
    );
  }
  // What is left is the network: refused, reset, cut off, too slow.
  return new UpstreamError(UNREACHABLE, { system: SYSTEM, retryable: true }, { cause: error });
}
