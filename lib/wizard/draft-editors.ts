/** Who edits a draft beside its owner, and what the owner does about it: takes somebody off, or takes all links back. The owner's alone, in every query. */
import type { Actor } from '@/lib/auth/permissions';
import { db, type Database } from '@/lib/db';
import { announce } from '@/lib/events';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { noSuchDraft } from './drafts';

type Owner = Pick<Actor, 'id'>;

export interface DraftSharing {
  /** Those who opened a link, in the order in which they came. */
  editors: { id: string; name: string; email: string | undefined; since: string }[];
  /** ISO time until which the newest link opens; undefined where none opens. */
  linksOpenUntil: string | undefined;
}

/**
 * Whoever may edit a draft of one's own.
 * @throws NotFoundError where the draft is not the actor's own; its other editors are told no more.
 */
export async function readSharing(owner: Owner, draftId: string, database: Database = db()): Promise<DraftSharing> {
  const draft = await database.draft.findFirst({
    where: { id: draftId, ownerId: owner.id },
    select: {
      linksOpenUntil: true,
      editors: {
        select: { addedAt: true, user: { select: { id: true, name: true, email: true } } },
        orderBy: [{ addedAt: 'asc' }, { userId: 'asc' }],
      },
    },
  });
  if (!draft) throw noSuchDraft();
  const until = draft.linksOpenUntil;
  return {
    editors: draft.editors.map(({ addedAt, user: { id, name, email } }) => ({
      id,
      name,
      email: email ?? undefined,
      since: addedAt.toISOString(),
    })),
    linksOpenUntil: until && until > new Date() ? until.toISOString() : undefined,
  };
}

/**
 * Takes somebody off a draft of one's own. The links go with them, so that they do not come back by one. Who is not on it (any more) changes nothing.
 * @throws NotFoundError where the draft is not the actor's own.
 */
export async function removeEditor(
  owner: Owner,
  { draftId, userId }: { draftId: string; userId: string },
  database: PrismaClient = db(),
): Promise<DraftSharing> {
  return database.$transaction(async (tx) => {
    // A save of theirs is through, or finds them gone.
    const saved = await lockOwnDraft(owner, draftId, tx);
    const { count } = await tx.draftEditor.deleteMany({ where: { draftId, userId } });
    if (count > 0) {
      await takeLinksBack(draftId, saved, tx);
      await announce(tx, `draft:${draftId}`);
    }
    return readSharing(owner, draftId, tx);
  });
}

/**
 * Makes every link that was made to a draft of one's own worthless. Who came in by one stays.
 * @throws NotFoundError where the draft is not the actor's own.
 */
export async function revokeLinks(owner: Owner, draftId: string, database: PrismaClient = db()): Promise<DraftSharing> {
  return database.$transaction(async (tx) => {
    await takeLinksBack(draftId, await lockOwnDraft(owner, draftId, tx), tx);
    return readSharing(owner, draftId, tx);
  });
}

async function takeLinksBack(draftId: string, { updatedAt }: LastSave, tx: Database): Promise<void> {
  const data = { linkGeneration: { increment: 1 }, linksOpenUntil: null, updatedAt };
  await tx.draft.update({ where: { id: draftId }, data });
}

/** When a draft was saved last: whoever shares it writes that back, for it is no save. */
interface LastSave {
  updatedAt: Date;
}

/**
 * Holds a draft's row until the transaction ends.
 * @throws NotFoundError where the draft is not the actor's own.
 */
export async function lockOwnDraft(owner: Owner, draftId: string, tx: Database): Promise<LastSave> {
  const [own] = await tx.$queryRaw<LastSave[]>`
    SELECT updated_at AS "updatedAt" FROM drafts WHERE id = ${draftId}::uuid AND owner_id = ${owner.id}::uuid FOR UPDATE`;
  if (!own) throw noSuchDraft();
  return own;
}
