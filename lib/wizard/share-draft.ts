/** Shares a draft by a link: its owner makes one, and whoever opens it and is meant by it edits the draft too. Submitting stays with the owner. */
import { recordAudit } from '@/lib/audit-events';
import type { Actor } from '@/lib/auth/permissions';
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import { openLink, sealLink, type DraftLink, type LinkAudience } from './draft-link';
import { noSuchDraft } from './drafts';

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
  database: Database = db(),
): Promise<{ url: string; expiresAt: string }> {
  if ((await database.draft.count({ where: { id: draftId, ownerId: owner.id } })) === 0) throw noSuchDraft();
  await recordAudit(database, {
    action: 'shared',
    subject: { kind: 'draft', id: draftId },
    after: { with: audience.kind === 'anyone' ? 'anyone who signs in' : audience.email },
  });
  const expires = Math.floor(Date.now() / 1000) + DAYS_VALID * 24 * 3600;
  const token = sealLink({ draftId, madeBy: owner.id, audience, expires }, seal());
  return { url: `${env().url}/drafts/open?token=${token}`, expiresAt: new Date(expires * 1000).toISOString() };
}

/** What a token says, if it opens here and now. */
export function readDraftLink(token: string): DraftLink | undefined {
  return openLink(token, seal(), new Date());
}

/**
 * Lets somebody into a draft whose link they opened. Again it changes nothing.
 * @returns where the draft is; undefined where the link does not open, was not meant for them, or its draft is gone or somebody else's by now.
 */
export async function joinDraft(
  actor: Pick<Actor, 'id'>,
  token: string,
  database: Database = db(),
): Promise<{ id: string; step: string; changes: string | undefined } | undefined> {
  const link = readDraftLink(token);
  if (!link) return undefined;
  const draft = await database.draft.findFirst({
    where: { id: link.draftId, ownerId: link.madeBy },
    select: { id: true, ownerId: true, step: true, changesService: true },
  });
  if (!draft) return undefined;
  if (draft.ownerId !== actor.id) {
    if (!(await isMeant(actor, link.audience, database))) return undefined;
    const editor = { draftId: draft.id, userId: actor.id };
    await database.draftEditor.upsert({ where: { draftId_userId: editor }, create: editor, update: {} });
  }
  return { id: draft.id, step: draft.step, changes: draft.changesService ?? undefined };
}

async function isMeant(actor: Pick<Actor, 'id'>, audience: LinkAudience, database: Database): Promise<boolean> {
  if (audience.kind === 'anyone') return true;
  const user = await database.user.findUnique({ where: { id: actor.id }, select: { email: true } });
  return user?.email?.trim().toLowerCase() === audience.email.trim().toLowerCase();
}
