/** The wizard's calls to the portal's API: JSON in, JSON out, refusals as Refused with the problem that the server gave. */
import type { Problem } from '@/lib/http/problem';

/** What the server refused, or that it could not be reached (status 0). */
export class Refused extends Error {
  constructor(readonly problem: Pick<Problem, 'status' | 'detail'> & Partial<Problem>) {
    super(problem.detail);
    this.name = 'Refused';
  }
}

/** @throws Refused; AbortError where `signal` was used. */
export async function call<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options: { signal?: AbortSignal; headers?: Record<string, string>; keepalive?: boolean } = {},
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...options,
      headers: { 'content-type': 'application/json', ...options.headers },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused({ status: 0, detail: 'The portal cannot be reached. What you typed is kept on this page.' });
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as Answer;
  let problem: Problem;
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    throw new Refused({ status: response.status, detail: withoutProblem(response.status) });
  }
  throw new Refused(problem);
}

/** An answer that is none of the portal's own: of a server in front of it. */
function withoutProblem(status: number): string {
  return status === 413
    ? 'That is more than can be sent at once. Shorten what was typed or pasted last.'
    : `The portal answered ${status}. Try again in a moment.`;
}
