/** What other programs say of a commit: check runs (Actions, Apps) and commit statuses, as one list. */
import { z } from 'zod';
import type { GitHub } from './client';
import { allPages, PAGE_SIZE } from './pages';

export type CommitCheckState = 'pass' | 'fail' | 'pending';

export interface CommitCheck {
  name: string;
  state: CommitCheckState;
  url: string | undefined;
}

const Run = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullable(),
  details_url: z.string().nullable(),
});
const Runs = z.object({ check_runs: z.array(Run) });
const Combined = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullable() })),
});

/** Conclusions that stand in nobody's way. https://docs.github.com/rest/checks/runs */
const FINE = ['success', 'neutral', 'skipped'];

/** The newest of each name for a commit, by name. A token that may not read checks sees none: they are no part of what Slipway needs. */
export async function listCommitChecks(github: GitHub, sha: string): Promise<CommitCheck[]> {
  const [runs, statuses] = await Promise.all([
    allPages(async (page) => {
      const answer = await github.tryCall('read the checks', Runs, [403, 404], () =>
        github.rest.checks.listForRef({ ...github.at, ref: sha, per_page: PAGE_SIZE, page }),
      );
      return answer.ok ? answer.data.check_runs : [];
    }),
    allPages(async (page) => {
      const answer = await github.tryCall('read the statuses', Combined, [403, 404], () =>
        github.rest.repos.getCombinedStatusForRef({ ...github.at, ref: sha, per_page: PAGE_SIZE, page }),
      );
      return answer.ok ? answer.data.statuses : [];
    }),
  ]);
  const checks = [
    ...runs.map((run): CommitCheck => ({
      name: run.name,
      state: run.status !== 'completed' ? 'pending' : FINE.includes(run.conclusion ?? '') ? 'pass' : 'fail',
      url: run.html_url ?? run.details_url ?? undefined,
    })),
    ...statuses.map((status): CommitCheck => ({
      name: status.context,
      state: status.state === 'pending' ? 'pending' : status.state === 'success' ? 'pass' : 'fail',
      url: status.target_url ?? undefined,
    })),
  ];
  return checks.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
