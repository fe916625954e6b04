/** How jobs about one request are queued: by natural key, and one after the other, so that two never work on one request at a time. */
import type { Database } from '@/lib/db';
import { enqueue } from '@/lib/queue/enqueue';

export type RequestJob =
  'open-pull-request' | 'update-tracker' | 'cancel-request' | 'sync-pull-request' | 'refresh-request';

/** @param runAt when it may start at the earliest; at once where absent. */
export async function enqueueForRequest(
  database: Database,
  name: RequestJob,
  requestId: number,
  runAt?: Date,
): Promise<void> {
  await enqueue(
    database,
    name,
    { requestId },
    { key: `${name}:${requestId}`, queue: `request:${requestId}`, ...(runAt ? { runAt } : {}) },
  );
}
