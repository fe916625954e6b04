/** What stands in the way of a submission, in the words that the person is shown. */
import { ConflictError, InputError } from '@/lib/errors';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Conflict } from '@/lib/generator/types';
import { findLiveRequest } from '@/lib/requests/live';
import { openStates, type RequestAction } from '@/lib/requests/states';
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

/**
 * One request of a service is under way at a time, and a service that is live is not added again; the indexes `change_requests_one_open_per_service` and
 * `change_requests_one_live_per_service` are the truth.
 */
export async function nameTaken(
  database: Prisma.TransactionClient,
  repository: Repository,
  name: string,
  action: RequestAction,
  cause?: unknown,
): Promise<ConflictError | undefined> {
  const select = { id: true, requester: { select: { name: true } } } as const;
  const open = await database.changeRequest.findFirst({
    where: { repository: repository.fullName, serviceName: name, state: { in: [...openStates] } },
    select,
  });
  const live = action === 'add' ? await findLiveRequest(database, repository.fullName, name) : undefined;
  const other = open ?? (live && (await database.changeRequest.findUniqueOrThrow({ where: { id: live.id }, select })));
  if (!other) return undefined;
  const owner = { label: `${name}, request ${other.id}`, href: `/requests/${other.id}` };
  return new ConflictError(
    action === 'add'
      ? `The name ${name} is taken by request ${other.id} of ${other.requester.name}. Choose another name, or follow that request.`
      : `Request ${other.id} of ${other.requester.name} is under way for ${name}. Follow that one, or wait until it is live or cancelled.`,
    { ...(action === 'add' ? { path: 'name' } : {}), owner },
    { cause },
  );
}
