/** Takes everything that a request needs to itself: ports, hosts, the runbook's number, its place in the catalog. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { reservePorts } from '@/lib/ports/reserve';
import { publishedPorts, type StoredResolved } from '@/lib/requests/stored';
import { claimRunbookNumber } from '@/lib/runbooks/numbers';
import { promiseService } from '@/lib/services/catalog';
import { claimHosts } from '@/lib/services/hosts';
import type { Manifest } from '@/lib/services/manifest';
import { endExpired } from './end-request';

/**
 * @param input.leaseUntil until when the ports are held; without it they are reserved until the request ends.
 * @throws ConflictError naming who has something of it, with a link; then nothing is taken.
 */
export async function claimForRequest(
  tx: Prisma.TransactionClient,
  input: {
    requestId: number;
    scope: string;
    pool: string | undefined;
    manifest: Manifest;
    resolved: StoredResolved;
    leaseUntil: Date | undefined;
  },
): Promise<void> {
  const { requestId, manifest, resolved } = input;
  const ports = publishedPorts(resolved);
  await reservePorts(tx, {
    scope: input.scope,
    requestId,
    leaseUntil: input.leaseUntil,
    onExpired: endExpired,
    claims: ports.map((port) => ({
      protocol: port.protocol,
      range: port.range,
      service: manifest.name,
      portName: port.name,
      pool: input.pool,
    })),
  });
  await claimHosts(tx, requestId, hostsOf(manifest));
  if (resolved.runbook) await claimRunbookNumber(tx, requestId, resolved.runbook.number);
  await promiseService(
    tx,
    requestId,
    manifest,
    ports.map(({ name, protocol, range }) => ({ name, protocol, ...range })),
  );
}

/** The hosts, with their path, that a spec asks for. */
export function hostsOf(manifest: Manifest): { host: string; path: string }[] {
  const { routing } = manifest;
  if (!routing) return [];
  return [routing.host, ...routing.aliases].map((host) => ({ host, path: routing.path ?? '/' }));
}
