'use server';
/** What operators do on the ports page: reserve and release by hand, and accept what stays as it is. */
import { z } from 'zod';
import { runAction, type ActionResult } from '@/lib/http/action';
import { acceptFinding, reopenFinding } from '@/lib/ports/findings';
import { PortWish, type HandReservedView } from '@/lib/ports/views';
import { Reason } from '@/lib/reason';
import { askForImport } from '@/lib/workflows/port-findings';
import { releasePort, reservePort } from '@/lib/workflows/reserve-port';

const Explained = z.object({ id: z.uuid(), reason: Reason });

/** Reserves ports by hand. `key` is made once for each dialog: a second click reserves nothing more. */
export async function reserveAction(wish: unknown, key: string): Promise<ActionResult<HandReservedView>> {
  const schema = z.object({ wish: PortWish, key: z.uuid() });
  return runAction('reserve ports', 'ports.manage', schema, { wish, key }, (input, actor) =>
    reservePort(input.wish, actor, { idempotencyKey: `${actor.id}:${input.key}` }),
  );
}

/** Ends a reservation. */
export async function releaseAction(id: string, reason: string): Promise<ActionResult<null>> {
  return runAction('release ports', 'ports.manage', Explained, { id, reason }, async (release, actor) => {
    await releasePort(release, actor);
    return null;
  });
}

/** Says that a finding may stay. */
export async function acceptAction(id: string, reason: string): Promise<ActionResult<null>> {
  return runAction('accept finding', 'ports.manage', Explained, { id, reason }, async (finding, actor) => {
    await acceptFinding(finding.id, finding.reason, actor);
    return null;
  });
}

/** Says that it should be mended after all. */
export async function reopenAction(id: string): Promise<ActionResult<null>> {
  return runAction('reopen finding', 'ports.manage', z.uuid(), id, async (finding, actor) => {
    await reopenFinding(finding, actor);
    return null;
  });
}

/** Asks for main to be read now. */
export async function readMainAction(): Promise<ActionResult<null>> {
  return runAction('read main', 'ports.manage', z.undefined(), undefined, async (_input, actor) => {
    await askForImport(actor);
    return null;
  });
}
