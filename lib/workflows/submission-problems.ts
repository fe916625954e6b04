/** What stands in the way of a submission, in the words that the person is shown. */
import { ConflictError, InputError } from '@/lib/errors';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Conflict } from '@/lib/generator/types';
import type { RequestAction } from '@/lib/requests/states';
import { findNameHolder } from './name-holder';
import type { PlannedService } from './plan-service';
import type { Repository } from './read-repository';

/** Who holds a port: a request, or somebody who reserved it by hand. */
interface Holder {
  service: string;
  requestId: number | undefined;
  reservedBy: string | undefined;
}

/** What stands in the way of carrying a plan out, the most telling first. */
export function requirePlannable(planned: PlannedService, taken: readonly Holder[]): void {
  const [conflict] = planned.conflicts;
  if (conflict) throw conflictError(conflict, taken);
  const [refusal] = planned.plan.refusals;
  if (refusal) {
    const where = refusal.line === undefined ? refusal.path : `${refusal.path}:${refusal.line}`;
    throw new InputError(`${where} cannot be edited safely: ${refusal.reason}`, []);
  }
  if (planned.plan.outcome === 'unchanged') {
    const name = planned.resolved.name;
    const owner = { label: name, href: `/services/${name}` };
    const words = {
      add: `Main has ${name} exactly as described: there is nothing to add.`,
      change: `Main has ${name} exactly as described: there is nothing to change.`,
      remove: `Main has nothing of ${name} any more: there is nothing to remove.`,
    };
    throw new ConflictError(words[planned.plan.action], {
      ...(planned.plan.action === 'add' ? { path: 'name' } : {}),
      owner,
    });
  }
  const failed = planned.checks.find((check) => check.status === 'fail');
  if (failed) throw new InputError(`The check “${failed.name}” fails: ${failed.summary}`, []);
}

function conflictError(conflict: Conflict, taken: readonly Holder[]): ConflictError {
  const { owner, field, message } = conflict;
  if (owner === undefined) return new ConflictError(message, { path: field });
  const byHand = taken.find((port) => port.service === owner && port.reservedBy !== undefined);
  if (byHand) return new ConflictError(message, { path: field, owner: { label: owner, href: '/ports#reservations' } });
  const requestId = taken.find((port) => port.service === owner)?.requestId;
  const href = requestId === undefined ? `/services/${owner}` : `/requests/${requestId}`;
  const label = requestId === undefined ? owner : `${owner}, request ${requestId}`;
  return new ConflictError(message, { path: field, owner: { label, href } });
}

/** What `findNameHolder` found, as submit says it. */
export async function nameTaken(
  database: Prisma.TransactionClient,
  repository: Repository,
  name: string,
  action: RequestAction,
  cause?: unknown,
): Promise<ConflictError | undefined> {
  const holder = await findNameHolder(database, repository, name, action);
  if (!holder) return undefined;
  const { message, owner } = holder;
  return new ConflictError(message, { ...(action === 'add' ? { path: 'name' } : {}), owner }, { cause });
}
