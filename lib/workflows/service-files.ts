/** The files that requests made for a service. By them one that runs in Kubernetes alone is seen: no Compose file and no router speaks of it. */
import type { Database } from '@/lib/db';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { filesOf, StoredPlan } from '@/lib/requests/stored';

type Step = Pick<ChangeRequest, 'action' | 'predecessorId' | 'plan'>;

/**
 * The paths that were made for the service from its addition up to this request, without those that a change took out again: a change that only edits
 * makes none of its own. Of a removal nothing, whatever it leaves.
 */
export async function listMadeFiles(database: Database, request: Step): Promise<string[]> {
  if (request.action === 'remove') return [];
  const made = new Set<string>();
  for (const { plan } of await readSteps(database, request))
    for (const { path, isNew, after } of filesOf(StoredPlan.parse(plan)))
      if (after === null) made.delete(path);
      else if (isNew) made.add(path);
  return [...made];
}

/** Whether there are any, and main has every one of them. */
export function areInMain(made: readonly string[], paths: readonly string[]): boolean {
  const present = new Set(paths);
  return made.length > 0 && made.every((path) => present.has(path));
}

/** From the addition to the request itself. */
async function readSteps(database: Database, request: Step): Promise<Step[]> {
  const steps = [request];
  for (let id = request.predecessorId; id !== null;) {
    const step: Step = await database.changeRequest.findUniqueOrThrow({
      where: { id },
      select: { action: true, predecessorId: true, plan: true },
    });
    steps.unshift(step);
    id = step.predecessorId;
  }
  return steps;
}
