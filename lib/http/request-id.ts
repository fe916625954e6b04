/** One id for each call, so that its answer, its log lines, its jobs and what it changed are found together. */

/** What of a caller's own id is taken: long enough to mean something, short and plain enough to be logged and searched for. */
const SANE = /^[\w.:-]{8,80}$/;

/** Where it stands, in what comes in and in the answer. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The caller's id where it is sane, otherwise a new one. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string {
  const given = headers.get(REQUEST_ID_HEADER) ?? '';
  return SANE.test(given) ? given : crypto.randomUUID();
}
