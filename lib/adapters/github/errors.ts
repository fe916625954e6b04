/** What GitHub's refusals mean for people: told apart by status and headers, never by prose. Vendor errors end here. */
import { RequestError } from '@octokit/request-error';
import { UpstreamError } from '@/lib/errors';

/** Seconds to wait where GitHub limits us and does not say for how long (its documentation: at least one minute). */
const UNSAID_WAIT = 60;

/** The status of GitHub's refusal; undefined where there was no answer. */
export function refusalStatus(error: unknown): number | undefined {
  return error instanceof RequestError && error.response ? error.status : undefined;
}

/** Whether it was the App itself that was refused (its key, its installation), and not a token that it was given. */
export function isAboutTheApp(error: unknown): boolean {
  return error instanceof RequestError && error.request.url.includes('/app/installations/');
}

/** The limit that GitHub names in a refusal; undefined where it is about something else. */
export function limitOf(error: unknown): { kind: 'primary' | 'secondary'; seconds: number } | undefined {
  if (!(error instanceof RequestError) || !error.response) return undefined;
  const { headers, data } = error.response;
  const seconds = rateLimitWait(error.status, headers, data);
  if (seconds === undefined) return undefined;
  return { kind: Number(headers['x-ratelimit-remaining'] ?? NaN) === 0 ? 'primary' : 'secondary', seconds };
}

/**
 * @param what we wanted, as an infinitive: `create the branch slipway/1-x`.
 * @param repository owner/name.
 */
export function translateError(error: unknown, what: string, repository: string): Error {
  if (error instanceof UpstreamError) return error;
  if (!(error instanceof RequestError)) {
    if (isNetworkError(error)) return unreachable(error, what);
    return error instanceof Error ? error : new Error(String(error));
  }
  if (!error.response) return unreachable(error, what);
  const limit = limitOf(error);
  if (limit) {
    return upstream(
      `GitHub limits how often it may be asked; it will be asked again ${inWords(limit.seconds)}.`,
      error,
      { retryAfterSeconds: limit.seconds },
    );
  }
  const installation = isAboutTheApp(error);
  switch (error.status) {
    case 401:
      return upstream(
        installation
          ? 'GitHub refused the App’s key. An operator has to check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, then try again.'
          : 'GitHub refused the token. An operator has to put a valid one into GITHUB_TOKEN and restart, then try again.',
        error,
        { retryable: false },
      );
    case 403:
      return upstream(
        `GitHub does not let this token ${what} in ${repository}. It needs to read and write contents and pull requests; an operator has to grant that, then try again.`,
        error,
        { retryable: false },
      );
    case 404:
      return upstream(
        installation
          ? 'GitHub knows no such installation of the App. An operator has to check GITHUB_APP_INSTALLATION_ID, then try again.'
          : `GitHub has no repository ${repository}, or the token may not see it. An operator has to check GITHUB_REPOSITORY and the token’s rights, then try again.`,
        error,
        { retryable: false },
      );
    case 409:
      return upstream(
        `GitHub could not ${what}: the repository ${repository} is empty, or it is busy. Push a first commit to it, then try again.`,
        error,
        { retryable: false },
      );
    case 422:
      return upstream(`GitHub would not ${what}: ${validationText(error.response.data)}`, error, { retryable: false });
    default:
      return upstream(`GitHub could not ${what}: it answered ${error.status}.`, error, {
        retryable: error.status >= 500 || error.status === 408,
      });
  }
}

/** The answer came, but is not what GitHub documents: cut off on the way, or another program's. */
export function unreadableAnswer(what: string, cause: unknown): UpstreamError {
  return new UpstreamError(
    `GitHub’s answer could not be read when we wanted to ${what}.`,
    { system: 'GitHub', retryable: true },
    { cause },
  );
}

function upstream(
  message: string,
  cause: unknown,
  detail: { retryable?: boolean; retryAfterSeconds?: number } = {},
): UpstreamError {
  return new UpstreamError(message, { system: 'GitHub', retryable: true, ...detail }, { cause });
}

function unreachable(error: unknown, what: string): UpstreamError {
  return upstream(`GitHub did not answer when we wanted to ${what}.`, error);
}

/** fetch rejects with TypeError when the network fails, and with the signal's reason when our time limit ends it. */
function isNetworkError(error: unknown): boolean {
  return error instanceof Error && ['TypeError', 'AbortError', 'TimeoutError'].includes(error.name);
}

/**
 * Primary limits say `x-ratelimit-remaining: 0` and when they reset; secondary ones say `retry-after`, or only point to their documentation.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function rateLimitWait(
  status: number,
  headers: Record<string, string | number | undefined>,
  data: unknown,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const asked = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(asked)) return Math.max(1, Math.ceil(asked));
  if (Number(headers['x-ratelimit-remaining'] ?? NaN) === 0) {
    const reset = Number(headers['x-ratelimit-reset']);
    return Number.isFinite(reset) ? Math.max(1, Math.ceil(reset - Date.now() / 1000)) : UNSAID_WAIT;
  }
  if (status === 429) return UNSAID_WAIT;
  const documentation =
    typeof data === 'object' && data !== null && 'documentation_url' in data ? data.documentation_url : undefined;
  return typeof documentation === 'string' && documentation.includes('rate-limits') ? UNSAID_WAIT : undefined;
}

/** GitHub's own words on a 422: they name the field, and nobody else can. */
function validationText(data: unknown): string {
  if (typeof data !== 'object' || data === null) return 'it gave no reason.';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = Array.isArray(errors)
    ? errors.flatMap((one: unknown) => {
        if (typeof one === 'string') return [one];
        const { message: text, field, code } = (one ?? {}) as { message?: unknown; field?: unknown; code?: unknown };
        if (typeof text === 'string') return [text];
        return typeof field === 'string' ? [`${field} ${typeof code === 'string' ? code : 'is not valid'}`] : [];
      })
    : [];
  return [typeof message === 'string' ? message : 'it gave no reason', ...details].join('; ');
}

function inWords(seconds: number): string {
  return seconds < 90 ? `in ${seconds} s` : `in ${Math.ceil(seconds / 60)} min`;
}
