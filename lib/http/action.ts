/** What every server action does before anything else: authenticate, authorise, parse; and afterwards: errors become problems. */
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { requirePermission, type Actor, type Permission } from '@/lib/auth/permissions';
import { currentActor } from '@/lib/auth/session';
import { UnauthenticatedError } from '@/lib/errors';
import { parseInput } from './parse';
import { toProblem, type Problem } from './problem';

/** What an action answers: a value, or a problem to show beside the form. */
export type ActionResult<Value> = { ok: true; value: Value } | { ok: false; problem: Problem };

/**
 * Runs `handler` for the signed-in person with `permission` and parsed `input`. Never throws (but for Next's own redirects).
 * @param name the action's name, for the log.
 */
export async function runAction<Schema extends z.ZodType, Value>(
  name: string,
  permission: Permission,
  schema: Schema,
  input: unknown,
  handler: (input: z.output<Schema>, actor: Actor) => Promise<Value>,
): Promise<ActionResult<Value>> {
  try {
    const actor = await currentActor();
    if (!actor) throw new UnauthenticatedError();
    requirePermission(actor, permission);
    return { ok: true, value: await handler(parseInput(schema, input), actor) };
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, problem: toProblem(error, name) };
  }
}
