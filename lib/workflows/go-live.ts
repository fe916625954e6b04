/**
 * A merged request is found in main, or its service is gone from there: it is live. What its service holds follows what main says: an addition's ports become
 * active, a change hands on what it keeps and gives back the rest, a removal gives back everything. Not before: until then somebody may start what main had.
 */
import type { ChangeRequest, Prisma } from '@/lib/generated/prisma/client';
import { observePorts } from '@/lib/generator/observe/ports';
import { observeServices } from '@/lib/generator/observe/services';
import type { PortTransaction } from '@/lib/ports/lock';
import { activateChange, markActive, releasePorts, type ObservedPort } from '@/lib/ports/reserve';
import { portTransaction } from '@/lib/ports/transaction';
import { supersede } from '@/lib/requests/live';
import { filesOf, storedManifest, StoredPlan, StoredResolved } from '@/lib/requests/stored';
import { formatPort } from '@/lib/requests/summary';
import { recordEvent } from '@/lib/requests/timeline';
import { transition } from '@/lib/requests/transition';
import { handRunbookNumberOn } from '@/lib/runbooks/numbers';
import { handHostsOn, releaseHosts } from '@/lib/services/hosts';
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import { endExpired } from './end-request';
import type { Repository } from './read-repository';
import { hostsOf } from './request-claims';

/** Moves the request on if main shows what it did. */
export async function goLive(repository: Repository, request: ChangeRequest): Promise<void> {
  const { tree, profile } = repository;
  const service = observeServices(tree, profile).find((one) => one.name === request.serviceName);
  const isThere = service !== undefined || filesAreThere(request, tree.paths);
  const removes = request.action === 'remove';
  if (removes ? isThere || !filesAreGone(request, tree.paths) : !isThere) return;
  const { id, predecessorId } = request;
  const hosts = { scopes: [profile.platform.host], requests: predecessorId === null ? [id] : [id, predecessorId] };
  await portTransaction(hosts, endExpired, async (tx) => {
    const [row] = await tx.$queryRaw<{ state: string }[]>`
      SELECT state FROM change_requests WHERE id = ${request.id} FOR UPDATE`;
    if (row?.state !== 'merged') return;
    // First, since one request of a service is live at a time.
    if (request.predecessorId !== null) await supersede(tx, request.predecessorId, request.id);
    await transition(tx, request.id, 'merged', 'live', { liveAt: new Date() });
    const where = `${repository.branch} at ${repository.sha.slice(0, 7)}`;
    if (removes) return giveBackRemoved(tx, request, where);
    const observed = observedPorts(repository, request);
    const clashes = await takeOver(tx, repository, request, observed);
    await recordEvent(tx, {
      requestId: request.id,
      key: 'live',
      kind: 'live',
      status: 'done',
      title: 'Live',
      detail: `Found in ${where}${service ? `, ${service.file}:${service.line}` : ''}.${observed.length > 0 ? ' Its ports are active.' : ''}`,
    });
    for (const clash of clashes) await tellClash(tx, repository, request, clash);
  });
}

/** @returns the ports that main gives to this service and somebody else has. */
async function takeOver(
  tx: PortTransaction,
  { profile }: Repository,
  request: ChangeRequest,
  observed: readonly ObservedPort[],
): Promise<ObservedPort[]> {
  const { id, predecessorId, serviceName } = request;
  if (predecessorId === null) return markActive(tx, id, observed);
  await handHostsOn(tx, { from: predecessorId, to: id, keeps: hostsOf(storedManifest(request.manifest)) });
  await handRunbookNumberOn(tx, { from: predecessorId, to: id });
  return activateChange(tx, {
    predecessorId,
    requestId: id,
    scope: profile.platform.host,
    service: serviceName,
    observed,
  });
}

/** The number of its runbook stays claimed: old links point to it, and a number is not given twice. */
async function giveBackRemoved(tx: PortTransaction, request: ChangeRequest, where: string): Promise<void> {
  const { id, predecessorId } = request;
  if (predecessorId !== null) {
    await releasePorts(tx, predecessorId, `removed by request ${id}`);
    await releaseHosts(tx, predecessorId);
  }
  const removed = {
    key: 'removed',
    kind: 'live',
    status: 'done' as const,
    title: 'Removed',
    detail: `${where.charAt(0).toUpperCase()}${where.slice(1)} has nothing of it any more. Name, ports and hosts are free again.`,
  };
  await recordEvent(tx, { requestId: id, ...removed });
  if (predecessorId !== null)
    await recordEvent(tx, { requestId: predecessorId, ...removed, title: `Removed by request ${id}` });
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

/** Whether main has the service of an addition or a change. */
export function isInMain({ tree, profile }: Repository, request: ChangeRequest): boolean {
  const seen = observeServices(tree, profile).some(({ name }) => name === request.serviceName);
  return seen || filesAreThere(request, tree.paths);
}

/** A service that runs in Kubernetes alone is seen by its chart: the files that the request made are there. */
export function filesAreThere(request: ChangeRequest, paths: readonly string[]): boolean {
  const made = newFiles(request);
  const present = new Set(paths);
  return made.length > 0 && made.every((path) => present.has(path));
}

export function newFiles(request: ChangeRequest): string[] {
  return filesOf(StoredPlan.parse(request.plan))
    .filter((file) => file.isNew)
    .map((file) => file.path);
}

function filesAreGone(request: ChangeRequest, paths: readonly string[]): boolean {
  const present = new Set(paths);
  return filesOf(StoredPlan.parse(request.plan)).every((file) => file.after !== null || !present.has(file.path));
}

/** The ports as main has them now, by the request's own port names: a reviewer may have changed the numbers. */
function observedPorts({ tree, profile }: Repository, request: ChangeRequest): ObservedPort[] {
  const own = observePorts(tree, profile).filter((port) => port.service === request.serviceName);
  return StoredResolved.parse(request.resolved).ports.flatMap(({ name, protocol, internal, external }) => {
    if (external === 'none') return [];
    const width = (range: PortRange) => range.to - range.from;
    const same = own.filter((port) => port.protocol === protocol && width(port.range) === width(external));
    const ranges = new Set(same.map((port) => formatPortRange(port.range)));
    // Registry, Compose and Traefik each say it in their own way; what is reserved counts as long as one of them says so.
    const found =
      same.find((port) => formatPortRange(port.range) === formatPortRange(external)) ??
      same.find((port) => port.portName === name) ??
      same.find((port) => port.internal && formatPortRange(port.internal) === formatPortRange(internal)) ??
      (ranges.size === 1 ? same[0] : undefined);
    return [{ portName: name, protocol, range: found?.range ?? external }];
  });
}
