/**
 * Submits a service: ONE transaction takes the host's lock, resolves and plans against what main and the database hold at that moment, compares
 * the digest with the one that the person saw, and writes the request with everything that it takes. No network inside.
 */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db, postgresCode } from '@/lib/db';
import { env } from '@/lib/env';
import { ConflictError, InputError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { listPools } from '@/lib/generator/observe/ports';
import { poolOf } from '@/lib/generator/resolve';
import type { Plan, ResolvedManifest } from '@/lib/generator/types';
import type { PortTransaction } from '@/lib/ports/lock';
import { leaseFrom } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { requireLiveRequest } from '@/lib/requests/live';
import type { RequestAction } from '@/lib/requests/states';
import { storedManifest, StoredResolved } from '@/lib/requests/stored';
import { recordEvent } from '@/lib/requests/timeline';
import { Manifest } from '@/lib/services/manifest';
import { askedBy, findAnswered } from './answered-submission';
import { claimForRequest } from './claim-request';
import { databaseAgrees } from './database-agrees';
import { claimWords, readClaims } from './request-claims';
import { endExpired } from './end-request';
import { planService, readHeld, type Intent, type PlannedService } from './plan-service';
import { currentRepository, type Repository } from './read-repository';
import { onlyNumbersMoved, type SeenNumbers } from './renumber';
import { branchOf, resolvedOf } from './request-row';
import { asJson, storedPlan } from './store-plan';
import { nameTaken, requirePlannable } from './submission-problems';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

export interface Submission {
  /** `add` where absent. */
  action?: RequestAction | undefined;
  /** Of a removal: only its name counts. */
  manifest: Manifest;
  /** Of the change set that the person saw. */
  digest: string;
  /** Made by the client once for each submission. */
  idempotencyKey: string;
  /** Where others took numbers that were seen, take the next free ones, if nothing else moved. Without it the new plan is shown first. */
  renumber?: SeenNumbers | undefined;
  draftId?: string | undefined;
  actor: Actor;
}

export type SubmitResult =
  | { kind: 'submitted'; requestId: number }
  /** Main or the reservations moved since: nothing was written; this is how it would be now. */
  | { kind: 'changed'; digest: string; plan: Plan; resolved: ResolvedManifest; baseSha: string };

/**
 * Submits once: the same idempotency key and question give the same request, however often and however fast they are sent.
 * @throws NotAllowedError; InputError where the spec, a check or a file stands in the way; ConflictError naming who has the name, port or host.
 */
export async function submitService(submission: Submission): Promise<SubmitResult> {
  requirePermission(submission.actor, 'requests.submit');
  const manifest = parseManifest(submission.manifest);
  const asked = { ...submission, manifest };
  const earlier = await findAnswered(db(), asked);
  if (earlier !== undefined) return { kind: 'submitted', requestId: earlier };
  // Asked anew each time: an unchanged main costs one conditional question, and a moved one must not be found out by the reviewer.
  const repository = await currentRepository({ maxAgeMs: 0 });
  try {
    const scopes = [repository.profile.platform.host];
    return await portTransaction({ scopes }, endExpired, (ports) => submitInside(ports, asked, repository));
  } catch (error) {
    if (postgresCode(error) !== UNIQUE_VIOLATION) throw error;
    // Whoever was faster has committed by now.
    const same = await findAnswered(db(), asked);
    if (same !== undefined) return { kind: 'submitted', requestId: same };
    throw (await nameTaken(db(), repository, manifest.name, submission.action ?? 'add', error)) ?? error;
  }
}

/**
 * Submits the removal of a service that Slipway added. Its ports, hosts and name stay its own until main no longer has it.
 * @throws as submitService; ConflictError where there is no live request to take back.
 */
export async function submitRemoval(
  removal: Omit<Submission, 'action' | 'manifest' | 'draftId'> & { service: string },
): Promise<SubmitResult> {
  const { service, ...rest } = removal;
  requirePermission(rest.actor, 'requests.submit');
  const earlier = await findAnswered(db(), { ...rest, action: 'remove', manifest: { name: service } });
  if (earlier !== undefined) return { kind: 'submitted', requestId: earlier };
  const live = await requireLiveRequest(db(), env().github.fullName, service);
  return submitService({ ...rest, action: 'remove', manifest: storedManifest(live.manifest) });
}

async function submitInside(
  tx: PortTransaction,
  submission: Submission,
  repository: Repository,
): Promise<SubmitResult> {
  const { manifest, actor, action = 'add' } = submission;
  const scope = repository.profile.platform.host;
  const earlier = await findAnswered(tx, submission);
  if (earlier !== undefined) return { kind: 'submitted', requestId: earlier };
  const taken = await nameTaken(tx, repository, manifest.name, action);
  if (taken) throw taken;

  const now = new Date();
  const live = action === 'add' ? undefined : await requireLiveRequest(tx, repository.fullName, manifest.name);
  const held = await readHeld(tx, repository, manifest.name);
  const intent = intentOf(action, live);
  const planned = planService(repository, manifest, held, now, intent);
  requirePlannable(planned, held.ports);
  const { renumber, digest } = submission;
  const moved = planned.plan.digest !== digest;
  if (moved && !(renumber && onlyNumbersMoved(repository, { manifest, held, now, intent }, { ...renumber, digest }))) {
    const { plan, resolved } = planned;
    return { kind: 'changed', digest: plan.digest, plan, resolved, baseSha: repository.sha };
  }

  const draftId = await claimDraft(tx, submission);
  const id = await nextId(tx);
  const resolved = StoredResolved.parse(planned.resolved);
  await tx.changeRequest.create({
    data: {
      id,
      serviceName: manifest.name,
      action,
      predecessorId: live?.id ?? null,
      manifest: live && action === 'remove' ? asJson(live.manifest) : manifest,
      resolved: asJson(planned.resolved),
      plan: asJson(
        storedPlan(
          planned.plan,
          planned.resolved,
          repository,
          action === 'change' && live ? resolvedOf(live) : undefined,
        ),
      ),
      checks: asJson(planned.checks),
      followUps: asJson(planned.plan.followUps),
      digest: planned.plan.digest,
      repository: repository.fullName,
      baseBranch: repository.branch,
      baseSha: repository.sha,
      branch: branchOf(id, manifest.name),
      requesterId: actor.id,
      draftId,
      idempotencyKey: submission.idempotencyKey,
      asked: askedBy(submission),
    },
  });
  if (action !== 'remove')
    await claimForRequest(tx, {
      requestId: id,
      predecessorId: live?.id ?? null,
      scope,
      pool: poolName(repository, manifest),
      manifest,
      resolved,
      leaseUntil: leaseFrom(now),
    });
  await requireAgreement(tx, id, planned, repository);
  await recordEvent(tx, {
    requestId: id,
    key: 'reserved',
    kind: 'reserved',
    status: 'done',
    ...(await recordedWords(tx, id, { action, scope, moved })),
    actor: actor.name,
  });
  await enqueueForRequest(tx, 'open-pull-request', id);
  await announce(tx, `request:${id}`, 'requests', 'services', 'ports');
  // Whoever else has the draft open sees that it is over.
  if (draftId !== null) await announce(tx, `draft:${draftId}`);
  return { kind: 'submitted', requestId: id };
}

/** How the timeline begins: what the request holds from this moment on. */
async function recordedWords(
  tx: Prisma.TransactionClient,
  id: number,
  { action, scope, moved }: { action: RequestAction; scope: string; moved: boolean },
): Promise<{ title: string; detail: string }> {
  if (action === 'remove')
    return {
      title: 'Request recorded',
      detail: 'Ports, hosts and the name stay the service’s until main no longer has it.',
    };
  const { ports } = claimWords(await readClaims(tx, id));
  if (ports.length > 0)
    return {
      title: 'Ports reserved',
      detail: `${ports.join(' and ')} on ${scope}, in the transaction that recorded this request.${moved ? ' Others had taken numbers that the preview showed; these are the next free ones, as was asked for.' : ''}`,
    };
  return {
    title: 'Request recorded',
    detail: action === 'change' ? 'It takes no new port.' : 'It publishes no port on the host.',
  };
}

/** What was just claimed against what the files will say. @throws InputError where they differ; then nothing is claimed. */
async function requireAgreement(
  tx: Prisma.TransactionClient,
  id: number,
  { plan, resolved, checks }: PlannedService,
  { profile, tree }: Repository,
): Promise<void> {
  const agreement = databaseAgrees({ plan, manifest: resolved, profile, tree }, await readClaims(tx, id));
  if (agreement.status === 'fail')
    throw new InputError(`The check “${agreement.name}” fails: ${agreement.summary}`, []);
  await tx.changeRequest.update({ where: { id }, data: { checks: asJson([...checks, agreement]) } });
}

function parseManifest(input: Manifest): Manifest {
  const parsed = Manifest.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new InputError(`${problems[0]?.path ?? 'The spec'}: ${problems[0]?.message ?? 'is not valid.'}`, problems);
}

function intentOf(action: RequestAction, live: ChangeRequest | undefined): Intent {
  return action === 'add' || !live ? { action: 'add' } : { action, before: resolvedOf(live) };
}

/** The draft becomes the request's; a draft of an ended request may be submitted again. */
async function claimDraft(tx: Prisma.TransactionClient, { draftId, actor }: Submission): Promise<string | null> {
  if (draftId === undefined) return null;
  const draft = await tx.draft.findFirst({
    where: { id: draftId, ownerId: actor.id },
    select: { request: { select: { id: true, state: true } } },
  });
  if (!draft)
    throw new NotFoundError(
      'The draft is not there any more, or somebody else began it: whoever begins a draft submits it.',
    );
  if (draft.request && !['closed', 'cancelled'].includes(draft.request.state)) {
    throw new ConflictError(`This draft was submitted already, as request ${draft.request.id}.`, {
      owner: { label: `request ${draft.request.id}`, href: `/requests/${draft.request.id}` },
    });
  }
  if (draft.request) await tx.changeRequest.update({ where: { id: draft.request.id }, data: { draftId: null } });
  return draftId;
}

/** Taken beforehand, since the branch carries it. A number that a rolled-back submission took is not given again. */
async function nextId(tx: Prisma.TransactionClient): Promise<number> {
  const [row] = await tx.$queryRaw<{ id: number }[]>`
    SELECT nextval(pg_get_serial_sequence('change_requests', 'id'))::int AS id`;
  if (!row) throw new Error('PostgreSQL gave no number for the request');
  return row.id;
}

function poolName(repository: Repository, manifest: Manifest): string | undefined {
  return poolOf(manifest.category, repository.profile, listPools(repository.tree, repository.profile))?.name;
}
