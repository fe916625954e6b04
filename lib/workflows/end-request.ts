/** How a request ends without a merge, and what it gives back then: ports, hosts, the runbook's number, its place in the catalog. */
import { newReference, log } from '@/lib/log';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import type { PortTransaction } from '@/lib/ports/lock';
import { releasePorts } from '@/lib/ports/reserve';
import { enqueueForRequest } from '@/lib/requests/jobs';
import { dropRefreshes } from '@/lib/requests/refreshes';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { workingStates } from '@/lib/requests/states';
import { releaseRunbookNumber } from '@/lib/runbooks/numbers';
import { withdrawService } from '@/lib/services/catalog';
import { releaseHosts } from '@/lib/services/hosts';

type Transaction = Prisma.TransactionClient;

/** Gives everything back. Done twice it does nothing. */
export async function giveBack(tx: PortTransaction, requestId: number, reason: string): Promise<void> {
  await releasePorts(tx, requestId, reason);
  await releaseHosts(tx, requestId);
  await releaseRunbookNumber(tx, requestId);
  await withdrawService(tx, requestId);
  await dropRefreshes(tx, requestId);
}

/** What is so once a request ended without a merge, by what it was to do. */
export function whatIsFree({ action, serviceName }: Pick<ChangeRequest, 'action' | 'serviceName'>): string {
  if (action === 'add') return 'Its ports, hosts and runbook number are free again.';
  if (action === 'remove') return `${serviceName} stays as it is in main, with its ports and hosts.`;
  return `${serviceName} stays as it is in main; what only the change needed is free again.`;
}

/** Fails a request that is being worked on. Its ports stay held until the lease ends, so that it can be tried again. @returns whether it moved. */
export async function failRequest(
  tx: Transaction,
  requestId: number,
  failure: { reason: string; reference: string; key: string; step?: string },
): Promise<boolean> {
  const moved = await transition(tx, requestId, workingStates, 'failed', {
    failure: failure.reason,
    failureRef: failure.reference,
  });
  if (!moved) return false;
  // GitHub may have done what nobody heard of: a pull request that stands is followed all the same.
  await enqueueForRequest(tx, 'sync-pull-request', requestId);
  await recordEvent(tx, {
    requestId,
    key: failure.key,
    kind: 'failed',
    status: 'failed',
    title: failure.step ? `Failed: ${failure.step}` : 'Failed',
    detail: `${failure.reason} Reference ${failure.reference}.`,
  });
  return true;
}

/** The leases of these requests have run out, or the time of one where they hold no port: they fail if they were being worked on, and give everything back. For `lockPorts`. */
export async function endExpired(tx: PortTransaction, requestIds: number[]): Promise<void> {
  for (const requestId of requestIds) {
    const reference = newReference();
    const request = await tx.changeRequest.findUniqueOrThrow({
      where: { id: requestId },
      select: { action: true, serviceName: true },
    });
    log('requests').info({ requestId, reference }, 'the lease ran out');
    await failRequest(tx, requestId, { reason: whyExpired(request), reference, key: `lease:${reference}` });
    await recordEvent(tx, {
      requestId,
      key: `released:${reference}`,
      kind: 'released',
      status: 'info',
      title: 'Given back',
      detail: `The lease ran out. ${whatIsFree(request)}`,
    });
    await giveBack(tx, requestId, 'the lease ran out');
  }
}

function whyExpired({ action }: Pick<ChangeRequest, 'action'>): string {
  if (action === 'add')
    return 'Ports, hosts and runbook number were held for as long as they may be without a pull request. Trying again takes them anew if they are free.';
  if (action === 'remove')
    return 'No pull request was opened for as long as a request may wait for one. Trying again goes on with it.';
  return 'What only the change needs was held for as long as it may be without a pull request. Trying again takes it anew if it is free.';
}
