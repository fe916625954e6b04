/** What the portal holds for a request, and what its spec asks for. */
import type { Database } from '@/lib/db';
import { formatPort } from '@/lib/requests/summary';
import type { Manifest } from '@/lib/services/manifest';
import type { PortRange } from '@/lib/services/port-range';

/** What the portal holds for one request. */
export interface RequestClaims {
  ports: { protocol: string; range: PortRange }[];
  /** Host and path: `relay.x.test/`. */
  hosts: string[];
  runbookNumbers: number[];
}

/** Reads the claims of a request that live. */
export async function readClaims(database: Database, requestId: number): Promise<RequestClaims> {
  const [ports, hosts, runbooks] = await Promise.all([
    database.portReservation.findMany({ where: { requestId, state: { in: ['held', 'reserved', 'active'] } } }),
    database.hostClaim.findMany({ where: { requestId, releasedAt: null } }),
    database.runbookClaim.findMany({ where: { requestId, releasedAt: null } }),
  ]);
  return {
    ports: ports.map(({ protocol, portFrom, portTo }) => ({ protocol, range: { from: portFrom, to: portTo } })),
    hosts: hosts.map(({ host, path }) => `${host}${path}`),
    runbookNumbers: runbooks.map(({ number }) => number),
  };
}

/** Ports and hosts as people write them: `7893-7894/udp`, `relay.x.test`. */
export function claimWords({ ports, hosts }: RequestClaims): { ports: string[]; hosts: string[] } {
  return {
    ports: ports.map(({ protocol, range }) => formatPort({ protocol: protocol === 'udp' ? 'udp' : 'tcp', range })),
    hosts: hosts.map((host) => host.replace(/\/$/, '')),
  };
}

/** The hosts, with their path, that a spec asks for. */
export function hostsOf(manifest: Manifest): { host: string; path: string }[] {
  const { routing } = manifest;
  if (!routing) return [];
  return [routing.host, ...routing.aliases].map((host) => ({ host, path: routing.path ?? '/' }));
}
