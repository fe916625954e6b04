/** A request's row with everything that hangs on it, as the request page shows it. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { givenUp, portsOf } from './allocations';
import { StoredGitHubChecks } from './github-checks';
import { mainSteps, maxAttempts, stepTitles } from './step-policy';
import { fileView, filesOf, StoredChecks, StoredFollowUps, storedManifest, StoredPlan, StoredResolved } from './stored';
import { summaryOf } from './summary';
import { stepNames, type RequestDetails, type StepName, type StepStatus, type StepView } from './views';

export const detailsInclude = {
  requester: { select: { id: true, name: true } },
  predecessor: { select: { ports: true } },
  supersededBy: { select: { ports: true } },
  ports: { orderBy: { portFrom: 'asc' } },
  hosts: { where: { releasedAt: null }, orderBy: { host: 'asc' } },
  runbooks: { where: { releasedAt: null } },
  steps: true,
  ticks: true,
  refreshes: { where: { outcome: 'applied' }, select: { number: true } },
  timeline: { orderBy: { id: 'asc' } },
} as const satisfies Prisma.ChangeRequestInclude;

/** How keys of entries begin that say that main does not show what was merged; the rest says why. */
export const NOT_SHOWN = 'not-shown:';

type DetailsRow = Prisma.ChangeRequestGetPayload<{ include: typeof detailsInclude }>;

/** The row for the page, with whether its service is live by whichever request. */
export function detailsOf(row: DetailsRow, serviceIsLive: boolean): RequestDetails {
  const plan = StoredPlan.parse(row.plan);
  const manifest = storedManifest(row.manifest);
  const resolved = StoredResolved.parse(row.resolved);
  const steps = stepsOf(row.steps);
  const files = filesOf(plan);
  // A plan that was made again on a newer base stands in one merge commit.
  const shas = row.refreshes.length > 0 ? [] : commitShas(row.steps);
  const leases = row.ports.flatMap((port) => (port.leaseUntil ? [port.leaseUntil.getTime()] : []));
  const hosts = manifest.routing
    ? [manifest.routing.host, ...manifest.routing.aliases].map((host) => ({
        host,
        path: manifest.routing?.path ?? '/',
      }))
    : [];
  return {
    ...summaryOf(row),
    manifest,
    lifecycle: manifest.lifecycle,
    digest: row.digest,
    repository: row.repository,
    baseBranch: row.baseBranch,
    baseSha: row.baseSha,
    branch: row.branch,
    headSha: row.headSha ?? undefined,
    mergeSha: row.mergeSha ?? undefined,
    failureRef: row.failureRef ?? undefined,
    draftId: row.draftId ?? undefined,
    notShown: row.state === 'merged' && row.timeline.some(({ key }) => key.startsWith(NOT_SHOWN)),
    serviceIsLive,
    timeline: row.timeline.map((event) => ({
      id: String(event.id),
      at: event.at.toISOString(),
      kind: event.kind,
      status: event.status as RequestDetails['timeline'][number]['status'],
      title: event.title,
      detail: event.detail ?? undefined,
      link: event.link ?? undefined,
      actor: event.actor ?? undefined,
      durationMs: event.durationMs ?? undefined,
    })),
    steps,
    owed: steps.filter((step) => step.status === 'owed'),
    checkResults: StoredChecks.parse(row.checks).map((check) => ({ ...check, durationMs: check.durationMs })),
    commits: plan.commits.map((commit, index) => {
      const views = commit.files.map(fileView);
      return {
        key: commit.key,
        subject: commit.subject,
        sha: shas[index],
        added: views.reduce((sum, file) => sum + file.added, 0),
        removed: views.reduce((sum, file) => sum + file.removed, 0),
        files: views,
      };
    }),
    files: files.map(({ path, added, removed, isNew }) => ({ path, added, removed, isNew })),
    allocations: {
      ports: portsOf(resolved, row.ports, [...(row.predecessor?.ports ?? []), ...(row.supersededBy?.ports ?? [])]),
      hosts,
      givenUp: givenUp(
        plan.before,
        resolved,
        hosts.map(({ host }) => host),
      ),
      runbook: resolved.runbook ? { number: resolved.runbook.number, path: plan.runbookPath } : undefined,
      secrets: manifest.security.secrets.map((secret) => secret.name),
      heldUntil: leases.length > 0 ? new Date(Math.min(...leases)).toISOString() : undefined,
    },
    followUps: StoredFollowUps.parse(row.followUps).map(({ key, title, detail, command }) => {
      const tick = row.ticks.find((one) => one.key === key);
      return {
        key,
        title,
        ...(detail === undefined ? {} : { detail }),
        ...(command === undefined ? {} : { command }),
        done: tick && { at: tick.doneAt.toISOString(), by: tick.doneBy },
      };
    }),
    githubChecks: StoredGitHubChecks.parse(row.githubChecks).checks.map(({ name, state, url }) => ({
      name,
      state,
      url,
    })),
    branchTaken: row.branchTakenAt
      ? {
          at: row.branchTakenAt.toISOString(),
          by: row.branchTakenBy ?? 'somebody',
          takeOverAsked: row.takeOverAskedBy !== null,
        }
      : undefined,
    links: {
      pull: row.pullUrl ?? undefined,
      issue: row.issueUrl ?? undefined,
      runbookPage: row.runbookPageUrl ?? undefined,
      service: `/services/${row.serviceName}`,
    },
  };
}

/** The steps that every request has, those to come included, then those that only this one has. */
function stepsOf(rows: DetailsRow['steps']): StepView[] {
  const names: StepName[] = [
    ...mainSteps,
    ...stepNames.filter((name) => !(mainSteps as readonly StepName[]).includes(name)),
  ];
  return names.flatMap((name): StepView[] => {
    const row = rows.find((step) => step.name === name);
    if (!row && !(mainSteps as readonly StepName[]).includes(name)) return [];
    return [
      {
        name,
        title: stepTitles[name],
        status: (row?.status ?? 'pending') as StepStatus,
        attempts: row?.attempts ?? 0,
        maxAttempts: maxAttempts(name),
        error: row?.error ?? undefined,
        reference: row?.reference ?? undefined,
        startedAt: row?.startedAt?.toISOString(),
        finishedAt: row?.finishedAt?.toISOString(),
        durationMs: row?.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : undefined,
        nextAttemptAt: row?.nextAttemptAt?.toISOString(),
      },
    ];
  });
}

function commitShas(steps: DetailsRow['steps']): (string | undefined)[] {
  const result = steps.find((step) => step.name === 'branch' && step.status === 'done')?.result;
  if (typeof result !== 'object' || result === null || !('commits' in result)) return [];
  const { commits } = result;
  return Array.isArray(commits) ? commits.map((sha) => (typeof sha === 'string' ? sha : undefined)) : [];
}
