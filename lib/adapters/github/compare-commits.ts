/** How one commit stands to another in GitHub's history. */
import { z } from 'zod';
import type { GitHub } from './client';

const Comparison = z.object({ status: z.enum(['ahead', 'behind', 'diverged', 'identical']) });

/**
 * How `commit` stands to `tip`: `contained` where `tip` has it in its history, `newer` where it comes after `tip`, `apart` where neither has the other,
 * or GitHub does not know the commit any more.
 * @throws UpstreamError
 */
export async function standingOf(
  github: GitHub,
  commit: string,
  tip: string,
): Promise<'contained' | 'newer' | 'apart'> {
  if (commit === tip) return 'contained';
  const what = `find out whether ${tip.slice(0, 7)} has ${commit.slice(0, 7)}`;
  const answer = await github.tryCall(what, Comparison, [404], () =>
    github.rest.repos.compareCommitsWithBasehead({ ...github.at, basehead: `${commit}...${tip}`, per_page: 1 }),
  );
  if (!answer.ok) return 'apart';
  const { status } = answer.data;
  if (status === 'diverged') return 'apart';
  return status === 'behind' ? 'newer' : 'contained';
}
