/** All checks of a draft or of a removal, on demand: what is shown beside the preview. The in-process ones are the preview's own. Writes nothing. */
import { db } from '@/lib/db';
import type { TimedCheckResult } from '@/lib/generator/checks/index';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import { requireLiveRequest } from '@/lib/requests/live';
import { storedManifest } from '@/lib/requests/stored';
import type { Manifest } from '@/lib/services/manifest';
import { completeDraft } from '@/lib/wizard/complete-draft';
import type { DraftContent } from '@/lib/wizard/draft-content';
import { checkWithTools, type ToolChecks } from './check-change';
import { onceEach } from './tool-checks/once-each';
import { planService, readHeld, type Intent, type PlannedService } from './plan-service';
import { currentRepository, type Repository } from './read-repository';
import { resolvedOf } from './request-row';

export interface DraftChecks {
  /** Of the change set that was checked: the results hold for a preview with the same digest and base. Undefined where the draft gives no plan yet. */
  digest: string | undefined;
  baseSha: string;
  checks: TimedCheckResult[];
  rendered: RenderedManifests[];
}

/** Change sets whose results are kept; they follow from the change set and its base. What gave no verdict, or lacked a tool, is tried again. */
const KEPT = 20;
const once = onceEach<ToolChecks>(
  KEPT,
  ({ checks, withoutVerdict }) => withoutVerdict.length === 0 && checks.every(({ status }) => status !== 'not-run'),
);

/**
 * Runs every check. The same change set is run once, and a person has one run at a time and one that waits.
 * @param askedBy the person's id.
 * @param changes the live service that the draft changes; without it the draft adds one.
 * @throws ConflictError where a newer draft of the same person took the place of this one, which waited, or where Slipway has no live request for the
 * service; UpstreamError where the platform repository was never read and cannot be.
 */
export async function checkDraft(content: DraftContent, askedBy: string, changes?: string): Promise<DraftChecks> {
  const repository = await currentRepository();
  const { domain } = repository.profile.platform;
  const spec = changes === undefined ? content : { ...content, name: changes };
  const manifest = completeDraft(spec, { domain, categories: repository.profile.categories }).previewable;
  if (!manifest) return { digest: undefined, baseSha: repository.sha, checks: [], rendered: [] };
  if (changes === undefined) return checkPlan(repository, manifest, { action: 'add' }, askedBy);
  const live = await requireLiveRequest(db(), repository.fullName, changes);
  return checkPlan(repository, manifest, { action: 'change', before: resolvedOf(live) }, askedBy);
}

/** Runs every check of a service's removal. @throws as checkDraft. */
export async function checkRemoval(service: string, askedBy: string): Promise<DraftChecks> {
  const repository = await currentRepository();
  const live = await requireLiveRequest(db(), repository.fullName, service);
  const intent = { action: 'remove', before: resolvedOf(live) } as const;
  return checkPlan(repository, storedManifest(live.manifest), intent, askedBy);
}

async function checkPlan(
  repository: Repository,
  manifest: Manifest,
  intent: Intent,
  askedBy: string,
): Promise<DraftChecks> {
  const held = await readHeld(db(), repository, manifest.name);
  const planned = planService(repository, manifest, held, new Date(), intent);
  const { checks, rendered } = await checkOnce(repository, planned, askedBy);
  return {
    digest: planned.plan.digest,
    baseSha: repository.sha,
    checks: [...planned.checks, ...checks],
    rendered,
  };
}

function checkOnce(repository: Repository, { plan, resolved }: PlannedService, askedBy: string): Promise<ToolChecks> {
  const { fullName, sha, profile, tree } = repository;
  const key = `${fullName} ${sha} ${plan.digest}`;
  return once(key, askedBy, () => checkWithTools({ plan, manifest: resolved, profile, tree }));
}
