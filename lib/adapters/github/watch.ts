/** Who watches over the limits: asked before each request to GitHub, told what each answer says of them. */
import type { Octokit } from '@octokit/rest';
import { limitOf } from './errors';

export interface GitHubWatch {
  /** @throws UpstreamError with `retryAfterSeconds` where GitHub is not to be asked now. */
  before(writes: boolean): Promise<void>;
  /** GitHub refused because of a limit. */
  limited(limit: { kind: 'primary' | 'secondary'; seconds: number; writes: boolean }): Promise<void>;
  /** What an answer says of the budget; a `resource` is what GitHub counts, mostly `core`. */
  answered(budget: { resource: string; remaining: number; limit: number; resetAt: Date }): Promise<void>;
}

/** Leads every request of this client past the watch. */
export function watched(octokit: Octokit, watch: GitHubWatch): void {
  octokit.hook.wrap('request', async (request, options) => {
    const writes = !['GET', 'HEAD'].includes(options.method);
    await watch.before(writes);
    try {
      const answer = await request(options);
      await tellBudget(watch, answer.headers);
      return answer;
    } catch (error) {
      const limit = limitOf(error);
      if (limit) await watch.limited({ ...limit, writes });
      throw error;
    }
  });
}

async function tellBudget(watch: GitHubWatch, headers: Record<string, string | number | undefined>): Promise<void> {
  const number = (name: string) => Number(headers[`x-ratelimit-${name}`] ?? NaN);
  const [remaining, limit, reset] = [number('remaining'), number('limit'), number('reset')];
  if (![remaining, limit, reset].every(Number.isFinite)) return;
  const resource = String(headers['x-ratelimit-resource'] ?? 'core');
  await watch.answered({ resource, remaining, limit, resetAt: new Date(reset * 1000) });
}
