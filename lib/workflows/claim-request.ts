/** Takes everything that a request needs to itself: ports, hosts, the runbook's number, its place in the catalog. */
import type { PortTransaction } from '@/lib/ports/lock';
import { reservePorts } from '@/lib/ports/reserve';
import { publishedPorts, type StoredResolved } from '@/lib/requests/stored';
import { claimRunbookNumber } from '@/lib/runbooks/numbers';
import { promiseService } from '@/lib/services/catalog';
import { claimHosts } from '@/lib/services/hosts';
import type { Manifest } from '@/lib/services/manifest';
import { withoutRanges } from '@/lib/services/port-range';
import { hostsOf, readClaims } from './request-claims';

/**
 * What the request has already is not taken again, nor what its predecessor has, if there is one: a change keeps its service's ports.
 * @param input.leaseUntil until when the ports are held; without it they are reserved until the request ends.
 * @throws ConflictError naming who has something of it, with a link; then nothing is taken.
 */
export async function claimForRequest(
  tx: PortTransaction,
  input: {
    requestId: number;
    /** Of a change or a removal: the live request that it leads away from. */
    predecessorId: number | null;
    scope: string;
    pool: string | undefined;
    manifest: Manifest;
    resolved: StoredResolved;
    leaseUntil: Date | undefined;
  },
): Promise<void> {
  const { requestId, predecessorId, manifest, resolved } = input;
  const claims = [await readClaims(tx, requestId)];
  if (predecessorId !== null) claims.push(await readClaims(tx, predecessorId));
  const ports = publishedPorts(resolved);
  const missing = ports.flatMap((port) => {
    const same = claims.flatMap(({ ports: has }) => has).filter(({ protocol }) => protocol === port.protocol);
    return withoutRanges(
      port.range,
      same.map(({ range }) => range),
    ).map((range) => ({ ...port, range }));
  });
  await reservePorts(tx, {
    scope: input.scope,
    requestId,
    leaseUntil: input.leaseUntil,
    claims: missing.map((port) => ({
      protocol: port.protocol,
      range: port.range,
      service: manifest.name,
      portName: port.name,
      pool: input.pool,
    })),
  });
  const hosts = hostsOf(manifest).filter(
    ({ host, path }) => !claims.some((has) => has.hosts.includes(`${host}${path}`)),
  );
  await claimHosts(tx, requestId, hosts);
  const { runbook } = resolved;
  if (runbook && !claims.some(({ runbookNumbers }) => runbookNumbers.includes(runbook.number)))
    await claimRunbookNumber(tx, requestId, runbook.number);
  // The catalog shows a live service as main has it.
  if (predecessorId !== null) return;
  await promiseService(
    tx,
    requestId,
    manifest,
    ports.map(({ name, protocol, range }) => ({ name, protocol, ...range })),
  );
}
