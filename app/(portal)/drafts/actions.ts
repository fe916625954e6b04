'use server';
/** What people do with a draft from the list. The command looks whose it is. */
import { z } from 'zod';
import { runAction, type ActionResult } from '@/lib/http/action';
import { deleteDraft } from '@/lib/wizard/drafts';

/** Throws a draft away, or takes a shared one off one's own list. */
export async function deleteDraftAction(id: string): Promise<ActionResult<null>> {
  return runAction('delete draft', 'drafts.write', z.uuid(), id, async (draft, actor) => {
    await deleteDraft(actor, draft);
    return null;
  });
}
