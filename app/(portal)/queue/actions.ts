'use server';
/** What operators do with the queue from its page. */
import { z } from 'zod';
import { runAction, type ActionResult } from '@/lib/http/action';
import { liftPauses, retryJob } from '@/lib/queue/commands';

const JobId = z.string().regex(/^\d{1,18}$/);

/** Lets a job start now, with its tries at nought. */
export async function retryJobAction(id: string): Promise<ActionResult<null>> {
  return runAction('retry job', 'queue.retry', JobId, id, async (job, actor) => {
    await retryJob(job, actor);
    return null;
  });
}

/** Asks a system again before the end of the pause that it asked for. */
export async function liftPausesAction(system: string): Promise<ActionResult<null>> {
  return runAction('lift pause', 'queue.retry', z.string().min(1).max(40), system, async (name, actor) => {
    await liftPauses(name, actor);
    return null;
  });
}
