/** What the wizard shows while somebody types: the pull request as submit would make it now, and an answer for each field. Writes nothing. */
import { db, type Database } from '@/lib/db';
import { runbookOf } from '@/lib/generator/emitters/runbook/address';
import { viewFile } from '@/lib/generator/diff-view';
import { listPools, observePorts } from '@/lib/generator/observe/ports';
import { poolOf } from '@/lib/generator/resolve';
import type { FileChange, Plan, ResolvedManifest } from '@/lib/generator/types';
import { buildStrip } from '@/lib/ports/strip';
import { requireLiveRequest } from '@/lib/requests/live';
import { findHostOwner } from '@/lib/services/hosts';
import type { Manifest } from '@/lib/services/manifest';
import { listServiceNames } from '@/lib/services/queries';
import { completeDraft, placeholderImage, type CompletedDraft } from '@/lib/wizard/complete-draft';
import type { DraftContent } from '@/lib/wizard/draft-content';
import type { Preview } from '@/lib/wizard/preview';
import { answerFields, compareSources, type KnownHolders } from './field-answers';
import { findNameHolder } from './name-holder';
import { planService, readHeld, type Held } from './plan-service';
import { currentRepository, type Repository } from './read-repository';
import { resolvedOf } from './request-row';

/** What is changed was live before: how old main may be, so that it is seen there. */
const CHANGE_MAX_AGE_MS = 5_000;

/**
 * @param options.changes the live service that the draft changes; without it the draft adds one.
 * @throws UpstreamError where the platform repository was never read and cannot be; ConflictError where Slipway has no live request for the service.
 */
export async function previewService(
  draft: DraftContent,
  options: { changes?: string | undefined } = {},
  database: Database = db(),
): Promise<Preview> {
  const started = performance.now();
  // A service keeps its name.
  const content = options.changes === undefined ? draft : { ...draft, name: options.changes };
  // Another process of the portal may have begun the change on a newer main than this one knows.
  const repository = await currentRepository(options.changes === undefined ? {} : { maxAgeMs: CHANGE_MAX_AGE_MS });
  const { profile } = repository;
  const completed = completeDraft(content, { domain: profile.platform.domain, categories: profile.categories });
  const empty = emptyPreview(repository, completed);
  const category = typeof content.category === 'string' ? content.category : undefined;
  const held = await readHeld(database, repository, typeof content.name === 'string' ? content.name : '');
  const pool = category === undefined ? undefined : stripOf(repository, category, held);
  const manifest = completed.previewable;
  if (!manifest) return { ...empty, pool, tookMs: performance.now() - started };

  const live =
    options.changes === undefined
      ? undefined
      : await requireLiveRequest(database, repository.fullName, options.changes);
  const before = live && resolvedOf(live);
  const { resolved, plan, checks, conflicts } = planService(
    repository,
    manifest,
    held,
    new Date(),
    before ? { action: 'change', before } : { action: 'add' },
  );
  const holders = await knownHolders(database, repository, manifest, held, pool, before);
  const answers = answerFields(manifest, resolved, conflicts, holders).map((answer) => ({
    ...answer,
    path: completed.pathInDraft(answer.path),
  }));
  const page = runbookOf({ manifest: resolved, profile, tree: repository.tree });
  const taken = answers.some(({ status }) => status === 'taken');
  const failed = checks.some(({ status }) => status === 'fail');
  const ready =
    completed.manifest !== undefined && !taken && !failed && plan.refusals.length === 0 && plan.files.length > 0;
  const shown = withoutPlaceholders(plan);
  return {
    ...empty,
    ready,
    digest: ready ? plan.digest : undefined,
    answers,
    commits: shown.commits.map(({ key, subject, files }) => ({ key, subject, files: files.map(({ path }) => path) })),
    files: shown.files.map((file) => viewFile(file, shown.commits)),
    refusals: plan.refusals,
    findings: plan.findings,
    checks,
    followUps: plan.followUps,
    compared: compareSources(resolved, holders, `${repository.branch} ${repository.sha.slice(0, 7)}`),
    pool,
    ports: resolved.ports.flatMap(({ name, protocol, external }) =>
      external === 'none' ? [] : [{ name, protocol, ...external }],
    ),
    runbook: page && {
      name: page.name,
      path: page.path,
      numbered: page.id !== undefined,
      number: resolved.runbook?.number,
    },
    tookMs: performance.now() - started,
  };
}

function emptyPreview(repository: Repository, completed: CompletedDraft): Preview {
  const { fullName, branch, sha, readAt } = repository;
  const { problems, leftOut, filledIn, manifest } = completed;
  return {
    base: { repository: fullName, branch, sha, readAt: readAt.toISOString() },
    ready: false,
    digest: undefined,
    manifest,
    problems,
    answers: [],
    leftOut,
    filledIn,
    commits: [],
    files: [],
    refusals: [],
    findings: [],
    checks: [],
    followUps: [],
    compared: [],
    pool: undefined,
    ports: [],
    runbook: undefined,
    tookMs: 0,
  };
}

function stripOf({ tree, profile }: Repository, category: string, held: Held): Preview['pool'] {
  const pool = poolOf(category, profile, listPools(tree, profile));
  return pool && buildStrip(pool, observePorts(tree, profile), held.ports);
}

/** Files with a stand-in for the image are not shown: nobody will commit them. */
function withoutPlaceholders(plan: Plan): Pick<Plan, 'commits' | 'files'> {
  const real = (files: readonly FileChange[]) => files.filter(({ after }) => !after?.includes(placeholderImage));
  const commits = plan.commits
    .map((commit) => ({ ...commit, files: real(commit.files) }))
    .filter(({ files }) => files.length > 0);
  return { commits, files: real(plan.files) };
}

async function knownHolders(
  database: Database,
  repository: Repository,
  manifest: Manifest,
  held: Held,
  pool: Preview['pool'],
  before: ResolvedManifest | undefined,
): Promise<KnownHolders> {
  const { tree, profile } = repository;
  const routing = manifest.routing;
  const hosts = new Map<string, { label: string; href: string }>();
  for (const host of routing ? [routing.host, ...routing.aliases] : []) {
    const owner = await findHostOwner(database, { host, path: routing?.path ?? '/' });
    if (owner && owner.service !== manifest.name) hosts.set(host, owner);
  }
  return {
    name: await findNameHolder(database, repository, manifest.name, before ? 'change' : 'add'),
    hosts,
    observations: observePorts(tree, profile),
    taken: held.ports,
    pool,
    host: profile.platform.host,
    services: await listServiceNames(database),
    before,
  };
}
