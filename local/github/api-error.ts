/** A refusal in GitHub's own words and shape. */

const DOCUMENTATION = 'https://docs.github.com/rest';

export interface FieldError {
  resource?: string;
  field?: string;
  code: string;
  message?: string;
  value?: string | null;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly (FieldError | string)[],
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  body(): object {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: DOCUMENTATION,
      status: String(this.status),
    };
  }
}

/** 404, also for what the caller may not know of. */
export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

/** 422 in the short form that the Git database answers with. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, message);
}

/** 422 "Validation Failed" with its list of errors. */
export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors);
}
