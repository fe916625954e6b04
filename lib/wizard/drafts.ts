/** Drafts on the server: saved as they are typed, found again after a reload or a new sign-in, owned by whoever began them. */
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '@/lib/auth/permissions';
import { db, postgresCode, type Database } from '@/lib/db';
import { ConflictError, NotFoundError } from '@/lib/errors';
import { DraftContent } from './draft-content';
import { findStep } from './steps/index';

const DAYS_KEPT = 30;

export interface Draft {
  id: string;
  /** Counts saves from 1. */
  version: number;
  content: DraftContent;
  /** The live service that it changes; undefined where it adds one. */
  changes: string | undefined;
  step: string;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date;
  /** The request that was submitted from it and has not ended without a merge. */
  requestId: number | undefined;
  /** The request that was submitted from it and was closed or cancelled: the draft may be submitted again. */
  endedRequestId: number | undefined;
}

export interface DraftSummary {
  id: string;
  name: string | undefined;
  /** The live service that it changes; undefined where it adds one. */
  changes: string | undefined;
  step: string;
  updatedAt: Date;
  expiresAt: Date;
}

const notYours = () =>
  new NotFoundError('There is no such draft, or it is somebody else’s. Begin a new one, or ask its owner.');

function expiry(): Date {
  return new Date(Date.now() + DAYS_KEPT * 24 * 3600 * 1000);
}

/**
 * Saves what was typed. The first save of an id makes the draft (`seenVersion` 0) and says what it changes, for good; every later one names the version that it saw.
 * @returns the new version.
 * @throws ConflictError where another tab or device saved in between; NotFoundError where the draft is somebody else's.
 */
export async function saveDraft(
  owner: Pick<Actor, 'id'>,
  input: { id: string; seenVersion: number; content: DraftContent; step: string; changes?: string | undefined },
  database: Database = db(),
): Promise<{ version: number; savedAt: Date }> {
  const step = findStep(input.step)?.name ?? 'basics';
  const data = { content: input.content, step, expiresAt: expiry() };
  if (input.seenVersion === 0) {
    try {
      const draft = await database.draft.create({
        data: { id: input.id, ownerId: owner.id, changesService: input.changes ?? null, ...data },
      });
      return { version: draft.version, savedAt: draft.updatedAt };
    } catch (error) {
      if (postgresCode(error) !== '23505') throw error;
      return savedBefore(owner, input, database);
    }
  }
  const { count } = await database.draft.updateMany({
    where: { id: input.id, ownerId: owner.id, version: input.seenVersion },
    data: { ...data, version: { increment: 1 }, updatedAt: new Date() },
  });
  if (count === 1) return { version: input.seenVersion + 1, savedAt: new Date() };
  return savedBefore(owner, input, database);
}

/**
 * The same save again, because its answer was lost: the page was left while it was under way, or the connection broke.
 * @throws ConflictError where it is another save; NotFoundError where the draft is somebody else's.
 */
async function savedBefore(
  owner: Pick<Actor, 'id'>,
  { id, seenVersion, content }: { id: string; seenVersion: number; content: DraftContent },
  database: Database,
): Promise<{ version: number; savedAt: Date }> {
  const existing = await database.draft.findFirst({ where: { id, ownerId: owner.id } });
  if (!existing) throw notYours();
  // PostgreSQL keeps an object's keys in an order of its own.
  if (existing.version !== seenVersion + 1 || !isDeepStrictEqual(existing.content, content)) throw newerElsewhere();
  return { version: existing.version, savedAt: existing.updatedAt };
}

function newerElsewhere(): ConflictError {
  return new ConflictError(
    'This draft was changed in another tab or on another device. Reload to go on from there; what you typed here is still on this page.',
  );
}

/** @throws NotFoundError where there is none, or it is not the actor's. */
export async function getDraft(owner: Pick<Actor, 'id'>, id: string, database: Database = db()): Promise<Draft> {
  const row = await database.draft.findFirst({
    where: { id, ownerId: owner.id },
    include: { request: { select: { id: true, state: true } } },
  });
  if (!row) throw notYours();
  const ended = row.request?.state === 'closed' || row.request?.state === 'cancelled';
  return {
    id: row.id,
    version: row.version,
    content: DraftContent.parse(row.content),
    changes: row.changesService ?? undefined,
    step: row.step,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    expiresAt: row.expiresAt,
    requestId: ended ? undefined : row.request?.id,
    endedRequestId: ended ? row.request?.id : undefined,
  };
}

/** Whether a draft of this id exists, whoever it belongs to. */
export async function draftExists(id: string, database: Database = db()): Promise<boolean> {
  return (await database.draft.count({ where: { id } })) > 0;
}

/** The actor's drafts that are not submitted yet, newest first. */
export async function listDrafts(owner: Pick<Actor, 'id'>, database: Database = db()): Promise<DraftSummary[]> {
  const rows = await database.draft.findMany({
    where: { ownerId: owner.id, request: null, expiresAt: { gt: new Date() } },
    orderBy: { updatedAt: 'desc' },
    take: 50,
  });
  return rows.map(({ id, content, changesService, step, updatedAt, expiresAt }) => {
    const typed = DraftContent.parse(content).name;
    const name = typeof typed === 'string' && typed !== '' ? typed : undefined;
    return { id, name, changes: changesService ?? undefined, step, updatedAt, expiresAt };
  });
}

/** The actor's newest draft that changes this service and is not submitted yet. */
export async function findChangeDraft(
  owner: Pick<Actor, 'id'>,
  service: string,
  database: Database = db(),
): Promise<{ id: string; step: string } | undefined> {
  const row = await database.draft.findFirst({
    where: { ownerId: owner.id, changesService: service, request: null, expiresAt: { gt: new Date() } },
    orderBy: { updatedAt: 'desc' },
    select: { id: true, step: true },
  });
  return row ?? undefined;
}

/** Throws a draft away; one that was submitted stays with its request. */
export async function deleteDraft(owner: Pick<Actor, 'id'>, id: string, database: Database = db()): Promise<void> {
  const { count } = await database.draft.deleteMany({ where: { id, ownerId: owner.id, request: null } });
  if (count === 0) throw notYours();
}

/** Removes drafts that nobody has touched for 30 days. @returns how many. */
export async function expireDrafts(database: Database = db()): Promise<number> {
  const { count } = await database.draft.deleteMany({ where: { expiresAt: { lt: new Date() }, request: null } });
  return count;
}
