/** Drafts on the server: saved as they are typed, found again after a reload or a new sign-in, owned by whoever began them. */
import type { Actor } from '@/lib/auth/permissions';
import { db, type Database } from '@/lib/db';
import { NotFoundError } from '@/lib/errors';
import { announce } from '@/lib/events';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { DraftContent } from './draft-content';

const DAYS_KEPT = 30;
const MOST_LISTED = 200;

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
  /** Who began it, and submits it; undefined where that is the reader. */
  owner: string | undefined;
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
  /** Who began it, where that is not the reader. */
  owner: string | undefined;
  /** How many others edit it. */
  editors: number;
  step: string;
  updatedAt: Date;
  expiresAt: Date;
}

/** Says the same of a draft that is not there and of one that is somebody else's. */
export const noSuchDraft = () =>
  new NotFoundError('There is no such draft, or it is somebody else’s. Begin a new one, or ask its owner.');

/** Until when a draft is kept that was touched now. */
export function draftExpiry(): Date {
  return new Date(Date.now() + DAYS_KEPT * 24 * 3600 * 1000);
}

/** Whether a request ended without a merge: its draft may be submitted again. */
export const isEnded = (state: string): boolean => state === 'closed' || state === 'cancelled';

/** The drafts that somebody may read and write: their own, and those whose link they opened. */
export const openTo = (actor: Pick<Actor, 'id'>) => ({
  OR: [{ ownerId: actor.id }, { editors: { some: { userId: actor.id } } }],
});

/** @throws NotFoundError where there is none, or it is not the actor's. */
export async function getDraft(actor: Pick<Actor, 'id'>, id: string, database: Database = db()): Promise<Draft> {
  const row = await database.draft.findFirst({
    where: { id, ...openTo(actor) },
    include: { request: { select: { id: true, state: true } }, owner: { select: { name: true } } },
  });
  if (!row) throw noSuchDraft();
  const ended = row.request !== null && isEnded(row.request.state);
  return {
    id: row.id,
    version: row.version,
    content: DraftContent.parse(row.content),
    changes: row.changesService ?? undefined,
    step: row.step,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    expiresAt: row.expiresAt,
    owner: row.ownerId === actor.id ? undefined : row.owner.name,
    requestId: ended ? undefined : row.request?.id,
    endedRequestId: ended ? row.request?.id : undefined,
  };
}

/** Whether a draft of this id exists, whoever it belongs to. */
export async function draftExists(id: string, database: Database = db()): Promise<boolean> {
  return (await database.draft.count({ where: { id } })) > 0;
}

/** The drafts that the actor may go on with and that are not submitted yet, newest first: their own and those shared with them. */
export async function listDrafts(actor: Pick<Actor, 'id'>, database: Database = db()): Promise<DraftSummary[]> {
  const rows = await database.draft.findMany({
    where: { ...openTo(actor), request: null, expiresAt: { gt: new Date() } },
    include: { owner: { select: { name: true } }, _count: { select: { editors: true } } },
    orderBy: { updatedAt: 'desc' },
    take: MOST_LISTED,
  });
  return rows.map(({ id, content, changesService, ownerId, owner, _count, step, updatedAt, expiresAt }) => {
    const typed = DraftContent.parse(content).name;
    return {
      id,
      name: typeof typed === 'string' && typed !== '' ? typed : undefined,
      changes: changesService ?? undefined,
      owner: ownerId === actor.id ? undefined : owner.name,
      editors: _count.editors,
      step,
      updatedAt,
      expiresAt,
    };
  });
}

/** Throws a draft of one's own away; one that was submitted stays with its request. A draft that was shared goes from one's own list alone. */
export async function deleteDraft(actor: Pick<Actor, 'id'>, id: string, database: PrismaClient = db()): Promise<void> {
  await database.$transaction(async (tx) => {
    const left = await tx.draftEditor.deleteMany({ where: { draftId: id, userId: actor.id } });
    if (left.count === 0) {
      const { count } = await tx.draft.deleteMany({ where: { id, ownerId: actor.id, request: null } });
      if (count === 0) throw noSuchDraft();
    }
    // Whoever has it open hears that it is gone.
    await announce(tx, `draft:${id}`);
  });
}

/** Removes drafts that nobody has touched for 30 days. @returns how many. */
export async function expireDrafts(database: Database = db()): Promise<number> {
  const { count } = await database.draft.deleteMany({ where: { expiresAt: { lt: new Date() }, request: null } });
  return count;
}
