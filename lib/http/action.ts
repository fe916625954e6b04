/** What every server action does before anything else: authenticate, authorise, parse; and afterwards: errors become problems. */
import { headers } from 'next/headers';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { withAuditOrigin } from '@/lib/audit-origin';
import { requirePermission, type Actor, type Permission } from '@/lib/auth/permissions';
import { currentActor } from '@/lib/auth/session';
import { UnauthenticatedError } from '@/lib/errors';
import { auditOriginOf, personOf } from './audit-origin-of';
import { parseInput } from './parse';
import { toProblem, type Problem } from './problem';

/** What an action answers: a value, or a problem to show beside the form. */
export type ActionResult<Value> = { ok: true; value: Value } | { ok: false; problem: Problem };

/**
 * Runs `handler` for the signed-in person with `permission` and parsed `input`. Never throws (but for Next's own redirects).
 * @param name the action's name, for the log and the audit.
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
    const parsed = parseInput(schema, input);
    const origin = auditOriginOf(await headers(), { actor: personOf(actor), way: 'page', operation: name });
    return { ok: true, value: await withAuditOrigin(origin, () => handler(parsed, actor)) };
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, problem: toProblem(error, name) };
  }
}
