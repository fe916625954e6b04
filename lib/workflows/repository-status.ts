/** How main stands, for the waterline below every page: read from the database alone, so that it costs nothing and needs no GitHub. */
import { z } from 'zod';
import { db } from '@/lib/db';
import { env } from '@/lib/env';

const StoredFindings = z.array(
  z.object({ kind: z.string(), path: z.string(), line: z.number().optional(), message: z.string() }),
);

export interface RepositoryStatus {
  /** owner/name */
  repository: string;
  branch: string;
  sha: string;
  /** ISO 8601: when main was last seen there. */
  readAt: string;
  findings: { kind: string; path: string; line: number | undefined; message: string }[];
}

/** Undefined until the repository was read for the first time. */
export async function getRepositoryStatus(): Promise<RepositoryStatus | undefined> {
  const { fullName, baseBranch } = env().github;
  const row = await db().repositoryHead.findUnique({
    where: { repository_branch: { repository: fullName, branch: baseBranch } },
  });
  if (!row) return undefined;
  return {
    repository: row.repository,
    branch: row.branch,
    sha: row.sha,
    readAt: row.checkedAt.toISOString(),
    findings: StoredFindings.parse(row.findings).map(({ line, ...rest }) => ({ ...rest, line })),
  };
}
