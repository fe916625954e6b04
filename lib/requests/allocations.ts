/** What of ports and hosts a request takes, keeps and gives back. Pure. */
import { z } from 'zod';
import { overlaps, withoutRanges } from '@/lib/services/port-range';
import { publishedPorts, StoredResolved } from './stored';
import { formatPort } from './summary';
import type { PortAllocation, RequestDetails } from './views';

/** A reservation's row. */
export interface ReservationRow {
  portName: string;
  protocol: string;
  portFrom: number;
  portTo: number;
  state: 'held' | 'reserved' | 'active' | 'released';
  pool: string | null;
  scope: string;
  leaseUntil: Date | null;
}

/**
 * The ports of the spec with how each is held.
 * @param rows the request's own.
 * @param elsewhere what the service holds by another request of its own: the one that this leads away from, or the one that took its place.
 */
export function portsOf(
  resolved: StoredResolved,
  rows: readonly ReservationRow[],
  elsewhere: readonly ReservationRow[],
): PortAllocation[] {
  return resolved.ports.map((port) => {
    const { name, protocol, internal, external } = port;
    const mine = rows.filter((row) => row.portName === name && row.protocol === protocol);
    const row = mine.find(({ state }) => state !== 'released');
    const last = row ?? mine[0];
    const kept = elsewhere.some(
      (one) =>
        one.state !== 'released' &&
        one.protocol === protocol &&
        external !== 'none' &&
        overlaps({ from: one.portFrom, to: one.portTo }, external),
    );
    return {
      name,
      protocol,
      internal,
      external: row && !kept ? { from: row.portFrom, to: row.portTo } : external,
      state: external === 'none' ? 'none' : (row?.state ?? (kept ? 'kept' : 'released')),
      pool: last?.pool ?? undefined,
      scope: last?.scope,
      leaseUntil: last?.leaseUntil?.toISOString(),
    };
  });
}

const Routed = z.looseObject({
  routing: z.object({ host: z.string(), aliases: z.array(z.string()).default([]) }).optional(),
});

/** What a change lets go: ports and hosts that the service had before it and has no more after it. @param before the resolved spec that it leads away from. */
export function givenUp(
  before: unknown,
  resolved: StoredResolved,
  hosts: readonly string[],
): RequestDetails['allocations']['givenUp'] {
  if (before === undefined) return { ports: [], hosts: [] };
  const wanted = publishedPorts(resolved);
  const ports = publishedPorts(StoredResolved.parse(before)).flatMap(({ protocol, range }) =>
    withoutRanges(
      range,
      wanted.filter((one) => one.protocol === protocol).map((one) => one.range),
    ).map((piece) => formatPort({ protocol, range: piece })),
  );
  const { routing } = Routed.parse(before);
  const had = routing ? [routing.host, ...routing.aliases] : [];
  return { ports, hosts: had.filter((host) => !hosts.includes(host)) };
}
