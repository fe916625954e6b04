'use server';
/** What people do with a request from its page. The commands check whose request it is. */
import { z } from 'zod';
import { runAction, type ActionResult } from '@/lib/http/action';
import { Reason } from '@/lib/reason';
import { cancelRequest, retryRequest, takeBranchOver, tickFollowUp } from '@/lib/requests/commands';
import { endMerged } from '@/lib/workflows/end-merged';

const Id = z.number().int().positive();

/** Tries again at once what failed or is owed. */
export async function retryAction(id: number): Promise<ActionResult<null>> {
  return runAction('retry request', 'requests.retry-own', Id, id, async (request, actor) => {
    await retryRequest(request, actor);
    return null;
  });
}

/** Asks the worker to undo the request. */
export async function cancelAction(id: number): Promise<ActionResult<null>> {
  return runAction('cancel request', 'requests.cancel-own', Id, id, async (request, actor) => {
    await cancelRequest(request, actor);
    return null;
  });
}

/** Asks the worker to write to the branch again. */
export async function takeOverAction(id: number): Promise<ActionResult<null>> {
  return runAction('take the branch over', 'requests.take-over-own', Id, id, async (request, actor) => {
    await takeBranchOver(request, actor);
    return null;
  });
}

const Ending = z.object({ id: Id, reason: Reason });

/** Ends a merged request that main does not show. */
export async function endMergedAction(id: number, reason: string): Promise<ActionResult<null>> {
  return runAction('end merged request', 'requests.end-merged', Ending, { id, reason }, async (ending, actor) => {
    await endMerged(ending, actor);
    return null;
  });
}

const Tick = z.object({ id: Id, key: z.string().min(1).max(400), done: z.boolean() });

/** Ticks off a step after the merge, or takes the tick back. */
export async function tickAction(id: number, key: string, done: boolean): Promise<ActionResult<null>> {
  return runAction('tick step', 'requests.tick-own', Tick, { id, key, done }, async (tick, actor) => {
    await tickFollowUp(tick.id, tick.key, tick.done, actor);
    return null;
  });
}
