/** Whether a process of the portal can do its work: the database answers and has its tables. */
import { db } from '@/lib/db';
import { log } from '@/lib/log';

/** Never throws; the reason is in the log. GitHub and the tracker may be away: pages and submissions live with that. */
export async function isReady(): Promise<boolean> {
  try {
    await db().changeRequest.findFirst({ select: { id: true } });
    return true;
  } catch (error) {
    log('health').error({ err: error }, 'the database does not answer or is not migrated');
    return false;
  }
}
