'use server';
/** What is said on a removal's page of a service that main lost: that it is gone for good. */
import { z } from 'zod';
import { runAction, type ActionResult } from '@/lib/http/action';
import { Reason } from '@/lib/reason';
import { giveBackLost } from '@/lib/workflows/give-back-lost';

const Lost = z.object({ service: z.string().max(100), reason: Reason });

/** Gives back the name, the hosts and the ports of a service that somebody took out of main by hand. */
export async function giveBackAction(service: string, reason: string): Promise<ActionResult<null>> {
  return runAction('give back service', 'requests.submit', Lost, { service, reason }, async (lost, actor) => {
    await giveBackLost(lost, actor);
    return null;
  });
}
