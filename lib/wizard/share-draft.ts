/** Shares a draft by a link: its owner makes one, and whoever opens it and is meant by it edits the draft too. Submitting stays with the owner. */
import { recordAudit } from '@/lib/audit-events';
import type { Actor } from '@/lib/auth/permissions';
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { lockOwnDraft } from './draft-editors';
import { openLink, sealLink, type DraftLink, type LinkAudience } from './draft-link';
import { draftExpiry } from './drafts';

const DAYS_VALID = 7;

const seal = () => ({ secrets: env().linkSecrets, portal: env().url });

/**
 * Makes a link to a draft of one's own.
 * @returns its address, and until when it opens.
 * @throws NotFoundError where the draft is not the actor's own.
 */
export async function makeDraftLink(
  owner: Pick<Actor, 'id'>,
  draftId: string,
  audience: LinkAudience,
  database: PrismaClient = db(),
): Promise<{ url: string; expiresAt: string }> {
  const expires = Math.floor(Date.now() / 1000) + DAYS_VALID * 24 * 3600;
  const expiresAt = new Date(expires * 1000);
  const generation = await database.$transaction(async (tx) => {
    const { updatedAt } = await lockOwnDraft(owner, draftId, tx);
    await recordAudit(tx, {
      action: 'shared',
      subject: { kind: 'draft', id: draftId },
      after: { with: audience.kind === 'anyone' ? 'anyone who signs in' : audience.email },
    });
    // The draft outlives its link.
    const data = { linksOpenUntil: expiresAt, expiresAt: draftExpiry(), updatedAt };
    const { linkGeneration } = await tx.draft.update({ where: { id: draftId }, data });
    return linkGeneration;
  });
  const token = sealLink({ draftId, madeBy: owner.id, audience, generation, expires }, seal());
  return { url: `${env().url}/drafts/open?token=${token}`, expiresAt: expiresAt.toISOString() };
}

/**
 * Lets somebody into a draft whose link they opened. Again it changes nothing.
 * @returns where the draft is; undefined, without a reason, where the link does not open, was taken back, was not meant for them, or its draft is gone or somebody else's by now.
 */
export async function joinDraft(
  actor: Pick<Actor, 'id'>,
  token: string,
  database: PrismaClient = db(),
): Promise<{ id: string; step: string; changes: string | undefined } | undefined> {
  const link = openLink(token, seal(), new Date());
  if (!link || !(await isMeant(actor, link, database))) return undefined;
  return database.$transaction(async (tx) => {
    // Whoever takes the links back waits for this, or this for them: nobody comes in after they are taken back.
    await tx.$queryRaw`SELECT id FROM drafts WHERE id = ${link.draftId}::uuid FOR SHARE`;
    const draft = await tx.draft.findFirst({
      where: { id: link.draftId, ownerId: link.madeBy, linkGeneration: link.generation },
      select: { id: true, ownerId: true, step: true, changesService: true },
    });
    if (!draft) return undefined;
    if (draft.ownerId !== actor.id) {
      const editor = { draftId: draft.id, userId: actor.id };
      await tx.draftEditor.upsert({ where: { draftId_userId: editor }, create: editor, update: {} });
    }
    return { id: draft.id, step: draft.step, changes: draft.changesService ?? undefined };
  });
}

/** Whoever made the link is led to their draft too. */
async function isMeant(actor: Pick<Actor, 'id'>, link: DraftLink, database: Database): Promise<boolean> {
  if (link.audience.kind === 'anyone' || link.madeBy === actor.id) return true;
  const user = await database.user.findUnique({ where: { id: actor.id }, select: { email: true } });
  return user?.email?.trim().toLowerCase() === link.audience.email.trim().toLowerCase();
}
