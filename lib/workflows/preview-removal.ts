/** What the page shows before a service is removed: the pull request as submit would make it now, and what stays. Writes nothing. */
import { db, type Database } from '@/lib/db';
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import { viewFile, type DiffFile } from '@/lib/generator/diff-view';
import type { Conflict, Finding, FollowUp, Refusal } from '@/lib/generator/types';
import { requireLiveRequest } from '@/lib/requests/live';
import { storedManifest } from '@/lib/requests/stored';
import { planService, readHeld } from './plan-service';
import { currentRepository } from './read-repository';
import { resolvedOf } from './request-row';

export interface RemovalPreview {
  base: { repository: string; branch: string; sha: string };
  /** May be submitted as it stands; then it has a digest. */
  ready: boolean;
  digest: string | undefined;
  /** Main has nothing of it any more. */
  nothingLeft: boolean;
  commits: { key: string; subject: string; files: string[] }[];
  files: DiffFile[];
  /** Other services that depend on it: they stand in the way. */
  conflicts: Conflict[];
  refusals: Refusal[];
  /** What stays because others use it, and what people edited that goes with it. */
  findings: Finding[];
  checks: TimedCheckResult[];
  followUps: FollowUp[];
}

/** @throws UpstreamError where the platform repository cannot be read; ConflictError where Slipway has no live request for the service. */
export async function previewRemoval(service: string, database: Database = db()): Promise<RemovalPreview> {
  const repository = await currentRepository();
  const live = await requireLiveRequest(database, repository.fullName, service);
  const manifest = storedManifest(live.manifest);
  const held = await readHeld(database, repository, service);
  const before = resolvedOf(live);
  const { plan, checks, conflicts } = planService(repository, manifest, held, new Date(), { action: 'remove', before });
  const ready =
    plan.outcome === 'changes' &&
    conflicts.length === 0 &&
    plan.refusals.length === 0 &&
    checks.every(({ status }) => status !== 'fail');
  return {
    base: { repository: repository.fullName, branch: repository.branch, sha: repository.sha },
    ready,
    digest: ready ? plan.digest : undefined,
    nothingLeft: plan.outcome === 'unchanged',
    commits: plan.commits.map(({ key, subject, files }) => ({ key, subject, files: files.map(({ path }) => path) })),
    files: plan.files.map((file) => viewFile(file, plan.commits)),
    conflicts,
    refusals: plan.refusals,
    findings: plan.findings,
    checks,
    followUps: plan.followUps,
  };
}
