/**
 * A merged request is found in main, or its service is gone from there: it is live. What its service holds follows what main says: an addition's ports become
 * active, a change hands on what it keeps and gives back the rest, a removal gives back everything. Not before: until then somebody may start what main had.
 */
import { db } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { observeServices } from '@/lib/generator/observe/services';
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import type { PortTransaction } from '@/lib/ports/lock';
import { activatePorts, releasePorts, type ObservedPort } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { NOT_SHOWN } from '@/lib/requests/details';
import { afterEnding } from '@/lib/requests/ending';
import { findLiveRequest, supersede } from '@/lib/requests/live';
import { storedManifest } from '@/lib/requests/stored';
import { formatPort } from '@/lib/requests/summary';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { handRunbookNumberOn } from '@/lib/runbooks/numbers';
import { withSavepoint } from '@/lib/savepoint';
import { claimHosts, handHostsOn, releaseHosts } from '@/lib/services/hosts';
import { endExpired, giveBack } from './end-request';
import { showingOf, type Showing } from './main-shows';
import { observedPorts } from './observed-ports';
import type { Repository } from './read-repository';
import { hostsOf, readClaims } from './request-claims';

/**
 * Moves the request on if main shows what it did; where main never will by itself, that is told.
 * @throws UpstreamError where GitHub does not say whether main has the merge.
 */
export async function goLive(repository: Repository, request: ChangeRequest): Promise<void> {
  const showing = await showingOf(repository, request);
  if (showing === 'later') return;
  if (showing !== 'shown') return tellNotShown(repository, request, showing);
  const standing = await findLiveRequest(db(), repository.fullName, request.serviceName);
  const requests = standing ? [request.id, standing.id] : [request.id];
  const hosts = { scopes: [repository.profile.platform.host], requests };
  await portTransaction(hosts, endExpired, async (tx) => {
    const [row] = await tx.$queryRaw<{ state: string }[]>`
      SELECT state FROM change_requests WHERE id = ${request.id} FOR UPDATE`;
    const now = await findLiveRequest(tx, repository.fullName, request.serviceName);
    // Somebody was faster, with this request or another one: the next run looks anew.
    if (row?.state !== 'merged' || now?.id !== standing?.id) return;
    if (standing && isBefore(request, standing)) await becomeHistory(tx, request, standing);
    else await takePlace(tx, repository, request, standing);
  });
}

/** Whether what stands in main was merged after the request: it was closed, merged all the same, and heard of late. */
function isBefore(request: ChangeRequest, standing: ChangeRequest): boolean {
  return request.mergedAt !== null && standing.mergedAt !== null && request.mergedAt < standing.mergedAt;
}

/** A later request stands for the service already. */
async function becomeHistory(tx: PortTransaction, request: ChangeRequest, standing: ChangeRequest): Promise<void> {
  await transition(tx, request.id, 'merged', 'live', { liveAt: new Date(), supersededById: standing.id });
  await giveBack(tx, request.id, `request ${standing.id} stands in main`);
  await recordEvent(tx, {
    requestId: request.id,
    key: 'live',
    kind: 'live',
    status: 'info',
    title: `Merged before request ${standing.id}, which stands in main`,
    detail: 'What only this request had is free again.',
  });
}

/** The request stands for its service from now on, in the place of the one that did, whether it leads away from that one or from an earlier one. */
async function takePlace(
  tx: PortTransaction,
  repository: Repository,
  request: ChangeRequest,
  standing: ChangeRequest | undefined,
): Promise<void> {
  // First, since one request of a service is live at a time.
  if (standing) await supersede(tx, standing.id, request.id);
  await transition(tx, request.id, 'merged', 'live', { liveAt: new Date() });
  const where = `${repository.branch} at ${repository.sha.slice(0, 7)}`;
  if (request.action === 'remove') return giveBackRemoved(tx, request, standing, where);
  const observed = observedPorts(repository, request);
  const clashes = await takeOver(tx, repository, request, standing, observed);
  const { tree, profile } = repository;
  const service = observeServices(tree, profile).find((one) => one.name === request.serviceName);
  await recordEvent(tx, {
    requestId: request.id,
    key: 'live',
    kind: 'live',
    status: 'done',
    title: 'Live',
    detail: `Found in ${where}${service ? `, ${service.file}:${service.line}` : ''}.${observed.length > 0 ? ' Its ports are active.' : ''}`,
  });
  for (const clash of clashes) await tellClash(tx, repository, request, clash);
}

/** @returns the ports that main gives to this service and somebody else has. */
async function takeOver(
  tx: PortTransaction,
  { profile }: Repository,
  request: ChangeRequest,
  standing: ChangeRequest | undefined,
  observed: readonly ObservedPort[],
): Promise<ObservedPort[]> {
  const { id, serviceName, manifest } = request;
  if (standing) {
    await handHostsOn(tx, { from: standing.id, to: id, keeps: hostsOf(storedManifest(manifest)) });
    await handRunbookNumberOn(tx, { from: standing.id, to: id });
  }
  await claimHostsLeft(tx, request);
  return activatePorts(tx, {
    requestId: id,
    replacedId: standing?.id,
    scope: profile.platform.host,
    service: serviceName,
    observed,
  });
}

/** Hosts that were somebody else's when it was merged, after it had been closed: taken now if they are free, and told if not. */
async function claimHostsLeft(tx: Prisma.TransactionClient, { id, manifest }: ChangeRequest): Promise<void> {
  const { hosts } = await readClaims(tx, id);
  const left = hostsOf(storedManifest(manifest)).filter(({ host, path }) => !hosts.includes(`${host}${path}`));
  try {
    await withSavepoint(tx, () => claimHosts(tx, id, left));
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    await recordEvent(tx, {
      requestId: id,
      key: 'clash:host',
      kind: 'conflict',
      status: 'failed',
      title: 'A host is somebody else’s',
      detail: `${error.publicMessage} One of the two has to change.`,
    });
  }
}

/** The number of its runbook stays claimed: old links point to it, and a number is not given twice. */
async function giveBackRemoved(
  tx: PortTransaction,
  { id }: ChangeRequest,
  standing: ChangeRequest | undefined,
  where: string,
): Promise<void> {
  if (standing) {
    await releasePorts(tx, standing.id, `removed by request ${id}`);
    await releaseHosts(tx, standing.id);
  }
  const removed = {
    key: 'removed',
    kind: 'live',
    status: 'done' as const,
    title: 'Removed',
    detail: `${where.charAt(0).toUpperCase()}${where.slice(1)} has nothing of it any more. Name, ports and hosts are free again.`,
  };
  await recordEvent(tx, { requestId: id, ...removed });
  if (standing) await recordEvent(tx, { requestId: standing.id, ...removed, title: `Removed by request ${id}` });
}

async function tellClash(
  tx: Prisma.TransactionClient,
  repository: Repository,
  request: ChangeRequest,
  clash: ObservedPort,
): Promise<void> {
  await recordEvent(tx, {
    requestId: request.id,
    key: `clash:${clash.portName}`,
    kind: 'conflict',
    status: 'failed',
    title: `Port ${formatPort(clash)} is somebody else’s`,
    detail: `${repository.branch} gives ${clash.portName} a port that another request has. One of the two has to change.`,
  });
}

/** Said once: what was merged is in main's history, and main does not show it, or it is not even there. */
async function tellNotShown(
  { branch, sha }: Repository,
  request: ChangeRequest,
  showing: Exclude<Showing, 'shown' | 'later'>,
): Promise<void> {
  const end = `An operator may end the request: then ${afterEnding(request)}.`;
  const words = {
    undone: {
      title: `${branch} does not show it`,
      detail: `${branch} at ${sha.slice(0, 7)} has the merge, but not what it did: somebody reverted it, or a part of it. Where ${branch} shows it again, the request is live. ${end}`,
    },
    apart: {
      title: `${branch} does not have the merge`,
      detail: `It went into another branch, or the history of ${branch} was rewritten. Where the merge comes to ${branch}, the request is live. ${end}`,
    },
  }[showing];
  await recordEvent(db(), {
    requestId: request.id,
    key: `${NOT_SHOWN}${showing}`,
    kind: 'conflict',
    status: 'failed',
    ...words,
  });
}
