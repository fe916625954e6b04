/** What the page shows before a service is removed: the pull request as submit would make it now, and what stays. Writes nothing. */
import { db, type Database } from '@/lib/db';
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import { viewFile, type DiffFile } from '@/lib/generator/diff-view';
import { HAND_EDITED, type CommitKey, type Finding, type FollowUp, type Refusal } from '@/lib/generator/types';
import { requireLiveRequest } from '@/lib/requests/live';
import { storedManifest } from '@/lib/requests/stored';
import { listServiceNames } from '@/lib/services/queries';
import { findNameHolder, type NameHolder } from './name-holder';
import { planService, readHeld } from './plan-service';
import { currentRepository } from './read-repository';
import { claimWords, readClaims } from './request-claims';
import { resolvedOf } from './request-row';

export interface RemovalPreview {
  base: { repository: string; branch: string; sha: string };
  /** May be submitted as it stands; then it has a digest. */
  ready: boolean;
  digest: string | undefined;
  /** Main has nothing of it any more, and every file that could have has been read. */
  nothingLeft: boolean;
  /** The request that is under way for it: until that is at its end, it is neither removed nor given back. */
  underWay: NameHolder | undefined;
  commits: { key: CommitKey; subject: string; files: string[] }[];
  files: DiffFile[];
  /** Other services that depend on it: they stand in the way. `service` has a page in the catalog. */
  conflicts: { message: string; path: string; line: number | undefined; service: string | undefined }[];
  refusals: Refusal[];
  /** What stays because others use it, each with who does. */
  kept: Finding[];
  /** Faults of the files that are there without it too. */
  noticed: Finding[];
  /** What people edited in its blocks and files: it goes with them. */
  handEdits: Finding[];
  checks: TimedCheckResult[];
  followUps: FollowUp[];
  /** What others may have once main has nothing of the service: ports and hosts as people write them. */
  freed: { ports: string[]; hosts: string[] };
  /** The live request that it leads away from, and who asked for that. */
  live: { id: number; requesterId: string };
  /** The number of its runbook stays its own: old links point to it. */
  runbookNumbers: number[];
  /** How many removals of it were asked for before and came to nothing: each is a submission of its own. */
  earlier: number;
}

/** @throws UpstreamError where the platform repository cannot be read; ConflictError where Slipway has no live request for the service. */
export async function previewRemoval(service: string, database: Database = db()): Promise<RemovalPreview> {
  // Main as it is: a service that was merged a moment ago is there.
  const repository = await currentRepository({ maxAgeMs: 0 });
  const live = await requireLiveRequest(database, repository.fullName, service);
  const manifest = storedManifest(live.manifest);
  const held = await readHeld(database, repository, service);
  const claims = await readClaims(database, live.id);
  const before = resolvedOf(live);
  const { plan, checks, conflicts } = planService(repository, manifest, held, new Date(), { action: 'remove', before });
  const known = await listServiceNames(database);
  const sound = checks.every(({ status }) => status !== 'fail');
  const ready = plan.outcome === 'changes' && conflicts.length === 0 && plan.refusals.length === 0 && sound;
  return {
    base: { repository: repository.fullName, branch: repository.branch, sha: repository.sha },
    ready,
    digest: ready ? plan.digest : undefined,
    nothingLeft: plan.outcome === 'unchanged' && sound,
    underWay: await findNameHolder(database, repository, service, 'remove'),
    commits: plan.commits.map(({ key, subject, files }) => ({ key, subject, files: files.map(({ path }) => path) })),
    files: plan.files.map((file) => viewFile(file, plan.commits)),
    conflicts: conflicts.map(({ message, path, line, owner }) => ({
      message,
      path,
      line,
      service: owner !== undefined && known.has(owner) ? owner : undefined,
    })),
    refusals: plan.refusals,
    kept: plan.findings.filter(({ kind, old }) => kind !== HAND_EDITED && !old),
    noticed: plan.findings.filter(({ old }) => old),
    handEdits: plan.findings.filter(({ kind }) => kind === HAND_EDITED),
    checks,
    followUps: plan.followUps,
    freed: claimWords(claims),
    live: { id: live.id, requesterId: live.requesterId },
    runbookNumbers: claims.runbookNumbers,
    earlier: await database.changeRequest.count({ where: { predecessorId: live.id, action: 'remove' } }),
  };
}
