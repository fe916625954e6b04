/**
 * Submits a service: ONE transaction takes the host's lock, resolves and plans against what main and the database hold at that moment, compares
 * the digest with the one that the person saw, and writes the request with everything that it takes. No network inside.
 */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { db, postgresCode } from '@/lib/db';
import { ConflictError, InputError, NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';
import { listPools } from '@/lib/generator/observe/ports';
import { poolOf } from '@/lib/generator/resolve';
import type { Conflict, Plan, ResolvedManifest } from '@/lib/generator/types';
import { expireHolds, leaseFrom, lockScopes } from '@/lib/ports/reserve';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { publishedPorts, StoredResolved } from '@/lib/requests/stored';
import { formatPort } from '@/lib/requests/summary';
import { recordEvent } from '@/lib/requests/timeline';
import { Manifest } from '@/lib/services/manifest';
import { claimForRequest } from './claim-request';
import { databaseAgrees, readClaims } from './database-agrees';
import { endExpired } from './end-request';
import { planService, readHeld, type PlannedService } from './plan-service';
import { currentRepository, type Repository } from './read-repository';
import { asJson, storedPlan } from './store-plan';

/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

export interface Submission {
  manifest: Manifest;
  /** Of the change set that the person saw. */
  digest: string;
  /** Made by the client once for each submission. */
  idempotencyKey: string;
  draftId?: string | undefined;
  actor: Actor;
}

export type SubmitResult =
  | { kind: 'submitted'; requestId: number }
  /** Main or the reservations moved since: nothing was written; this is how it would be now. */
  | { kind: 'changed'; digest: string; plan: Plan; resolved: ResolvedManifest; baseSha: string };

/**
 * Submits once: the same idempotency key gives the same request, however often and however fast it is sent.
 * @throws NotAllowedError; InputError where the spec, a check or a file stands in the way; ConflictError naming who has the name, port or host.
 */
export async function submitService(submission: Submission): Promise<SubmitResult> {
  requirePermission(submission.actor, 'requests.submit');
  const manifest = parseManifest(submission.manifest);
  const earlier = await findByKey(db(), submission);
  if (earlier !== undefined) return { kind: 'submitted', requestId: earlier };
  // Asked anew each time: an unchanged main costs one conditional question, and a moved one must not be found out by the reviewer.
  const repository = await currentRepository({ maxAgeMs: 0 });
  try {
    return await db().$transaction((tx) => submitInside(tx, { ...submission, manifest }, repository), {
      maxWait: 10_000,
      timeout: 20_000,
    });
  } catch (error) {
    if (postgresCode(error) !== UNIQUE_VIOLATION) throw error;
    // Whoever was faster has committed by now.
    const same = await findByKey(db(), submission);
    if (same !== undefined) return { kind: 'submitted', requestId: same };
    throw (await nameTaken(db(), repository, manifest.name, error)) ?? error;
  }
}

async function submitInside(
  tx: Prisma.TransactionClient,
  submission: Submission,
  repository: Repository,
): Promise<SubmitResult> {
  const { manifest, actor } = submission;
  const scope = repository.profile.platform.host;
  await lockScopes(tx, [scope]);
  const earlier = await findByKey(tx, submission);
  if (earlier !== undefined) return { kind: 'submitted', requestId: earlier };
  await expireHolds(tx, scope, endExpired);
  const taken = await nameTaken(tx, repository, manifest.name);
  if (taken) throw taken;

  const now = new Date();
  const held = await readHeld(tx, repository, manifest.name);
  const planned = planService(repository, manifest, held, now);
  requirePlannable(planned, held.ports);
  if (planned.plan.digest !== submission.digest) {
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
      manifest,
      resolved: asJson(planned.resolved),
      plan: asJson(storedPlan(planned.plan, planned.resolved, repository)),
      checks: asJson(planned.checks),
      followUps: asJson(planned.plan.followUps),
      digest: planned.plan.digest,
      repository: repository.fullName,
      baseBranch: repository.branch,
      baseSha: repository.sha,
      branch: `slipway/${id}-${manifest.name}`,
      requesterId: actor.id,
      draftId,
      idempotencyKey: submission.idempotencyKey,
    },
  });
  const leaseUntil = leaseFrom(now);
  await claimForRequest(tx, {
    requestId: id,
    scope,
    pool: poolName(repository, manifest),
    manifest,
    resolved,
    leaseUntil,
  });
  await requireAgreement(tx, id, planned, repository);
  const ports = publishedPorts(resolved).map(formatPort);
  await recordEvent(tx, {
    requestId: id,
    key: 'reserved',
    kind: 'reserved',
    status: 'done',
    title: ports.length > 0 ? 'Ports reserved' : 'Request recorded',
    detail:
      ports.length > 0
        ? `${ports.join(' and ')} on ${scope}, in the transaction that recorded this request.`
        : 'It publishes no port on the host.',
    actor: actor.name,
  });
  await enqueueForRequest(tx, 'open-pull-request', id);
  await announce(tx, `request:${id}`, 'requests', 'services', 'ports');
  return { kind: 'submitted', requestId: id };
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

/** What stands in the way of carrying a plan out, the most telling first. */
function requirePlannable(
  planned: PlannedService,
  taken: readonly { service: string; requestId: number | undefined }[],
): void {
  const [conflict] = planned.conflicts;
  if (conflict) throw conflictError(conflict, taken);
  const [refusal] = planned.plan.refusals;
  if (refusal) {
    const where = refusal.line === undefined ? refusal.path : `${refusal.path}:${refusal.line}`;
    throw new InputError(`${where} cannot be edited safely: ${refusal.reason}`, []);
  }
  if (planned.plan.outcome === 'unchanged') {
    const name = planned.resolved.name;
    throw new ConflictError(`Main has ${name} exactly as described: there is nothing to add.`, {
      path: 'name',
      owner: { label: name, href: `/services/${name}` },
    });
  }
  const failed = planned.checks.find((check) => check.status === 'fail');
  if (failed) throw new InputError(`The check “${failed.name}” fails: ${failed.summary}`, []);
}

function conflictError(
  conflict: Conflict,
  taken: readonly { service: string; requestId: number | undefined }[],
): ConflictError {
  const { owner, field, message } = conflict;
  if (owner === undefined) return new ConflictError(message, { path: field });
  const requestId = taken.find((port) => port.service === owner)?.requestId;
  const href = requestId === undefined ? `/services/${owner}` : `/requests/${requestId}`;
  const label = requestId === undefined ? owner : `${owner}, request ${requestId}`;
  return new ConflictError(message, { path: field, owner: { label, href } });
}

/** One service has one request under way or live; the index `change_requests_one_per_service` is the truth. */
async function nameTaken(
  database: Prisma.TransactionClient,
  repository: Repository,
  name: string,
  cause?: unknown,
): Promise<ConflictError | undefined> {
  const other = await database.changeRequest.findFirst({
    where: { repository: repository.fullName, serviceName: name, state: { notIn: ['closed', 'cancelled'] } },
    select: { id: true, requester: { select: { name: true } } },
  });
  if (!other) return undefined;
  return new ConflictError(
    `The name ${name} is taken by request ${other.id} of ${other.requester.name}. Choose another name, or follow that request.`,
    { path: 'name', owner: { label: `${name}, request ${other.id}`, href: `/requests/${other.id}` } },
    { cause },
  );
}

/** The request that this key made already. Keys of other people's requests are nobody's business. */
async function findByKey(
  database: Prisma.TransactionClient,
  { idempotencyKey, actor }: Submission,
): Promise<number | undefined> {
  const request = await database.changeRequest.findUnique({
    where: { idempotencyKey },
    select: { id: true, requesterId: true },
  });
  if (!request) return undefined;
  if (request.requesterId !== actor.id) {
    throw new InputError('This submission was sent by somebody else already. Reload the page and submit again.');
  }
  return request.id;
}

/** The draft becomes the request's; a draft of an ended request may be submitted again. */
async function claimDraft(tx: Prisma.TransactionClient, { draftId, actor }: Submission): Promise<string | null> {
  if (draftId === undefined) return null;
  const draft = await tx.draft.findFirst({
    where: { id: draftId, ownerId: actor.id },
    select: { request: { select: { id: true, state: true } } },
  });
  if (!draft) throw new NotFoundError('The draft is not there any more, or it is not yours.');
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
