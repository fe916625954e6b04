/**
 * The one family of errors. Each carries a `publicMessage` that says what to do next, apart from its `cause`, and one table maps
 * kinds to HTTP status. Whatever is not of this family is unknown: it is logged under a reference id and never shown.
 */

/** The kinds, as they stand in problem+json (`type: /problems/<kind>`) and in logs. */
export type ErrorKind = 'input' | 'unauthenticated' | 'not-allowed' | 'not-found' | 'conflict' | 'upstream';

/** Where in the input something is wrong: `path` as in the manifest (`ports.0.external`). */
export interface FieldProblem {
  path: string;
  message: string;
}

abstract class SlipwayError extends Error {
  abstract readonly kind: ErrorKind;

  /** @param publicMessage shown to the person as it stands: what happened and what to do next; no secret, no stack. */
  constructor(
    readonly publicMessage: string,
    options?: { cause?: unknown },
  ) {
    super(publicMessage, options);
    this.name = new.target.name;
  }
}

/** The caller sent something that cannot be used; `problems` names the fields. */
export class InputError extends SlipwayError {
  readonly kind = 'input';

  constructor(
    publicMessage: string,
    readonly problems: FieldProblem[] = [],
    options?: { cause?: unknown },
  ) {
    super(publicMessage, options);
  }
}

/** Nobody is signed in, or the session has ended. */
export class UnauthenticatedError extends SlipwayError {
  readonly kind = 'unauthenticated';

  constructor(
    publicMessage = 'Your session has ended. Sign in again; nothing you typed is lost.',
    options?: { cause?: unknown },
  ) {
    super(publicMessage, options);
  }
}

/** Signed in, but this role may not do this. */
export class NotAllowedError extends SlipwayError {
  readonly kind = 'not-allowed';
}

/** There is no such thing, or the caller may not know of it. */
export class NotFoundError extends SlipwayError {
  readonly kind = 'not-found';
}

/** Somebody else has the name, the port, the host or the newer version. `owner` says who, with a link inside the portal. */
export class ConflictError extends SlipwayError {
  readonly kind = 'conflict';

  constructor(
    publicMessage: string,
    readonly detail: { path?: string; owner?: { label: string; href?: string } } = {},
    options?: { cause?: unknown },
  ) {
    super(publicMessage, options);
  }
}

/** GitHub, Notion or another system outside refused or did not answer. */
export class UpstreamError extends SlipwayError {
  readonly kind = 'upstream';
  readonly system: string;
  readonly retryable: boolean;
  /** Seconds the system asked us to wait, where it said so (Retry-After, x-ratelimit-reset). */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    publicMessage: string,
    detail: { system: string; retryable: boolean; retryAfterSeconds?: number },
    options?: { cause?: unknown },
  ) {
    super(publicMessage, options);
    this.system = detail.system;
    this.retryable = detail.retryable;
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}

const statusByKind: Record<ErrorKind, number> = {
  input: 422,
  unauthenticated: 401,
  'not-allowed': 403,
  'not-found': 404,
  conflict: 409,
  upstream: 502,
};

/** Whether `error` is one of ours, and so may be shown to the person. */
export function isSlipwayError(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError;
}

/** The HTTP status for a kind (RFC 9110); unknown errors are 500 and not in the table. */
export function httpStatus(kind: ErrorKind): number {
  return statusByKind[kind];
}
