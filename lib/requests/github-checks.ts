/** What GitHub's checks say of a request's branch, as it is kept in the request's row. Pure. */
import { z } from 'zod';

const Check = z.object({ name: z.string(), state: z.enum(['pass', 'fail', 'pending']), url: z.string().optional() });
export const StoredGitHubChecks = z
  .object({
    /** The commit that they are of. */
    head: z.string(),
    /** Of all together. */
    state: z.enum(['none', 'pass', 'fail', 'pending']),
    checks: z.array(Check),
  })
  .catch({ head: '', state: 'none', checks: [] });
export type StoredGitHubChecks = z.infer<typeof StoredGitHubChecks>;

/** What several checks say together: one that fails is enough, and nothing passes while one is still running. */
export function summed(head: string, checks: StoredGitHubChecks['checks']): StoredGitHubChecks {
  const some = (state: string) => checks.some((check) => check.state === state);
  const state = checks.length === 0 ? 'none' : some('fail') ? 'fail' : some('pending') ? 'pending' : 'pass';
  return { head, state, checks };
}
