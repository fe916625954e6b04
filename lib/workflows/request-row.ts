/** A request as the workflows need it: its row, and what of it goes to GitHub. */
import { ZodError } from 'zod';
import type { CommitToMake, PlannedBranch, Signature } from '@/lib/adapters/github/ensure-branch';
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { Profile } from '@/lib/generator/profile';
import type { Plan, ResolvedManifest } from '@/lib/generator/types';
import { filesOf, storedManifest, StoredFollowUps, StoredPlan } from '@/lib/requests/stored';

/** The row; undefined where the request is gone, which ends its jobs quietly. */
export async function findRequest(id: number): Promise<ChangeRequest | undefined> {
  return (await db().changeRequest.findUnique({ where: { id } })) ?? undefined;
}

/** The request that added the service: from a change or a removal back to where it all began. */
export async function findAddition(request: ChangeRequest, database: Database = db()): Promise<ChangeRequest> {
  let at = request;
  while (at.predecessorId !== null)
    at = await database.changeRequest.findUniqueOrThrow({ where: { id: at.predecessorId } });
  return at;
}

/** The branch as it is to be. Author and date are fixed, so that a second run makes the same commits. */
export function plannedBranch(request: ChangeRequest): PlannedBranch {
  return {
    branch: request.branch,
    base: request.baseSha,
    commits: StoredPlan.parse(request.plan).commits.map((commit): CommitToMake => ({
      subject: commit.subject,
      body: [commit.body.trim(), `Slipway-Request: ${requestUrl(request.id)}`].filter(Boolean).join('\n\n'),
      files: commit.files,
    })),
    signature: signatureOf(request.createdAt),
  };
}

/** Slipway's own name under a commit. @param at the same at every run, since it is part of the commit's hash. */
export function signatureOf(at: Date): Signature {
  return {
    name: 'Slipway',
    email: `slipway@${new URL(env().url).hostname}`,
    // Git knows no milliseconds.
    date: new Date(Math.floor(at.getTime() / 1000) * 1000),
  };
}

/** The plan in the generator's own words again, as far as the pull request's text needs it. */
export function planOf(request: ChangeRequest): {
  plan: Plan;
  resolved: ResolvedManifest;
  profile: Profile;
  /** Of a change: what it leads away from. */
  before?: ResolvedManifest;
} {
  const stored = StoredPlan.parse(request.plan);
  return {
    plan: {
      action: stored.action,
      outcome: 'changes',
      // The keys are the generator's: submit stored them.
      commits: stored.commits as Plan['commits'],
      files: filesOf(stored),
      conflicts: [],
      refusals: [],
      findings: stored.findings.map(({ kind, path, line, message }) =>
        line === undefined ? { kind, path, message } : { kind, path, line, message },
      ),
      followUps: StoredFollowUps.parse(request.followUps).map(({ phase, key, title, detail, command }) => ({
        phase,
        key,
        title,
        ...(detail === undefined ? {} : { detail }),
        ...(command === undefined ? {} : { command }),
      })),
      digest: request.digest,
    },
    resolved: resolvedOf(request),
    profile: Profile.parse(stored.profile),
    ...(stored.before ? { before: decided(stored.before, stored.before) } : {}),
  };
}

/** A newer version of Slipway wrote the row, with what this one does not know. */
export class UnreadableRequestError extends Error {
  override name = 'UnreadableRequestError';
}

/**
 * For jobs that would else take a row that they cannot read for a fault of the request.
 * @throws UnreadableRequestError: the job goes back into the queue with the row as it was, for a worker of the version that wrote it.
 */
export function requireReadable(request: ChangeRequest): void {
  try {
    planOf(request);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const message = `request ${request.id} was written by another version of Slipway; it is left for a worker of that one`;
    throw new UnreadableRequestError(message, { cause: error });
  }
}

/** What was decided, on top of the spec: a spec from before a field existed has that field's default. */
export function resolvedOf(request: Pick<ChangeRequest, 'manifest' | 'resolved'>): ResolvedManifest {
  return decided(request.manifest, request.resolved);
}

function decided(manifest: unknown, resolved: unknown): ResolvedManifest {
  const { ports, runbook, date } = resolved as ResolvedManifest;
  const { date: _date, runbook: _runbook, ...spec } = manifest as Partial<ResolvedManifest>;
  return { ...storedManifest(spec), ports, ...(runbook ? { runbook } : {}), date };
}

/** What the names of all branches begin with that Slipway makes. */
export const BRANCH_PREFIX = 'slipway/';

/** The branch of a request. */
export function branchOf(id: number, serviceName: string): string {
  return `${BRANCH_PREFIX}${id}-${serviceName}`;
}

/** Where a request is shown, for links from outside. */
export function requestUrl(id: number): string {
  return `${env().url}/requests/${id}`;
}
