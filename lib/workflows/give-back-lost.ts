/**
 * Ends a service that somebody took out of main by hand: Slipway keeps its name, hosts and ports until a person says that it is gone for good. What
 * main still has a part of is removed by a request instead.
 */
import { can, requirePermission, type Actor, type Permission } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { releasePorts } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { endGivenBack, requireLiveRequest } from '@/lib/requests/live';
import { recordEvent } from '@/lib/requests/timeline';
import { announce } from '@/lib/events';
import { releaseHosts } from '@/lib/services/hosts';
import { endExpired } from './end-request';
import { isInMain } from './main-shows';
import { refreshPortFindings } from './port-findings';
import { previewRemoval } from './preview-removal';
import { confirmedRepository, type Repository } from './read-repository';
import { nameTaken } from './submission-problems';

/** Whether somebody may say that a service is gone for good: whoever asked for it, and operators. */
export function mayGiveBack(actor: Actor, requesterId: string): boolean {
  return can(actor, permissionFor(actor, requesterId));
}

function permissionFor(actor: Actor, requesterId: string): Permission {
  return requesterId === actor.id ? 'requests.cancel-own' : 'requests.cancel-any';
}

/**
 * Gives back the name, the hosts and the ports of a service of which main has nothing any more. Its runbook's number stays its own, as after a removal.
 * @returns the request that had stood for it.
 * @throws NotAllowedError; ConflictError where main has something of it or may have, where a request is under way for it, or where there is nothing to
 * give back; UpstreamError where GitHub does not say where main stands.
 */
export async function giveBackLost(lost: { service: string; reason: string }, actor: Actor): Promise<number> {
  const { service, reason } = lost;
  requirePermission(actor, 'requests.submit');
  // It cannot be taken back: not by what main was when GitHub last answered.
  const repository = await confirmedRepository();
  const live = await requireLiveRequest(db(), repository.fullName, service);
  requirePermission(actor, permissionFor(actor, live.requesterId));
  await requireGone(repository, live);
  await portTransaction({ requests: [live.id] }, endExpired, async (ports) => {
    await ports.$queryRaw`SELECT 1 FROM change_requests WHERE id = ${live.id} FOR UPDATE`;
    const underWay = await nameTaken(ports, repository, service, 'remove');
    if (underWay) throw underWay;
    if (!(await endGivenBack(ports, live.id, { by: actor.name, because: reason })))
      throw new ConflictError(`Nothing is kept for ${service} any more. Load the page again.`);
    await releasePorts(ports, live.id, `${repository.branch} no longer has ${service}: ${reason}`);
    await releaseHosts(ports, live.id);
    await recordEvent(ports, {
      requestId: live.id,
      key: 'given-back',
      kind: 'released',
      status: 'info',
      title: 'Given back',
      detail: `${repository.branch} at ${repository.sha.slice(0, 7)} has nothing of it any more. Name, ports and hosts are free again. Reason: ${reason}`,
      actor: actor.name,
    });
    await announce(ports, `request:${live.id}`, 'requests', 'services', 'ports');
  });
  await refreshPortFindings(repository);
  return live.id;
}

/** @throws ConflictError where main has something of it, or a file that may have cannot be read. */
async function requireGone(repository: Repository, live: ChangeRequest): Promise<void> {
  const { branch } = repository;
  const service = live.serviceName;
  const { nothingLeft, files, checks } = await previewRemoval(service);
  const fault = checks.find(({ status }) => status === 'fail');
  const owner = { label: `remove ${service}`, href: `/services/${encodeURIComponent(service)}/remove` };
  if (files.length === 0 && fault)
    throw new ConflictError(`Slipway cannot see whether ${branch} still has ${service}. ${fault.summary}`, { owner });
  if (!nothingLeft || (await isInMain(repository, live)))
    throw new ConflictError(
      `${branch} has ${service}, or a part of it. Ask for its removal: when that is merged, everything is free.`,
      { owner },
    );
}
