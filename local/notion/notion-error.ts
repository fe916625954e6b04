/**
 * Notion's refusals: status, code and wording as the service itself answers them (developers.notion.com, "Status codes").
 */

export type NotionErrorCode =
  | 'unauthorized'
  | 'missing_version'
  | 'object_not_found'
  | 'rate_limited'
  | 'invalid_json'
  | 'invalid_request_url'
  | 'validation_error'
  | 'conflict_error'
  | 'internal_server_error'
  | 'service_unavailable'
  | 'gateway_timeout';

export const statusByCode: Record<NotionErrorCode, number> = {
  unauthorized: 401,
  missing_version: 400,
  object_not_found: 404,
  rate_limited: 429,
  invalid_json: 400,
  invalid_request_url: 400,
  validation_error: 400,
  conflict_error: 409,
  internal_server_error: 500,
  service_unavailable: 503,
  gateway_timeout: 504,
};

/** A refusal on its way to the caller. */
export class NotionError extends Error {
  constructor(
    readonly code: NotionErrorCode,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  get status(): number {
    return statusByCode[this.code];
  }
}

/** A request that Notion understands and will not do. */
export function invalid(message: string): NotionError {
  return new NotionError('validation_error', message);
}

/** A field that is not what it should be, in Notion's words. `path` begins with `body`, `path` or `query`. */
export function failedValidation(path: string, expectation: string, actual: unknown): NotionError {
  const [part = 'body'] = path.split(/[.[]/);
  const shown = actual === undefined ? 'undefined' : JSON.stringify(actual);
  return invalid(`${part} failed validation: ${path} should be ${expectation}, instead was \`${shown}\`.`);
}

/** Something that does not exist or is not shared with this integration: Notion does not say which. */
export function notFound(kind: 'page' | 'block' | 'database' | 'data source' | 'user', id: string): NotionError {
  const name = kind === 'data source' ? 'data_source' : kind;
  return new NotionError(
    'object_not_found',
    `Could not find ${name} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`,
  );
}
