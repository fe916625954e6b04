/** What others read of port reservations. What the repository itself publishes is added by workflows/port-overview.ts. */
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import type { PortProbe, PortReservation } from '@/lib/generated/prisma/client';
import type { PortRange } from '@/lib/services/port-range';
import { formatPortRange } from '@/lib/services/port-range';
import type { ProbedReservation } from './silence';
import { PROBED_WIDTH, probeOutcomes, type Reach, type ReservationView } from './views';

/** A port that somebody holds outside the repository; fits the generator's PortClaim. */
export interface TakenPort {
  id: string;
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  /** For people: `request 12 of Dana`. */
  heldBy?: string;
  requestId: number | undefined;
  state: 'held' | 'reserved' | 'active';
  leaseUntil: Date | undefined;
  portName: string;
  /** Who made it by hand. */
  reservedBy: string | undefined;
}

/** Everything that is held, reserved or active on a host machine. */
export async function listTaken(database: Database, scope: string): Promise<TakenPort[]> {
  const rows = await database.portReservation.findMany({
    where: { scope, state: { in: ['held', 'reserved', 'active'] } },
    orderBy: [{ portFrom: 'asc' }, { protocol: 'asc' }],
    include: { request: { select: { id: true, requester: { select: { name: true } } } } },
  });
  return rows.flatMap((row) => {
    if (row.state === 'released') return [];
    return [
      {
        id: row.id,
        reservedBy: row.reservedBy ?? undefined,
        service: row.service,
        protocol: protocolOf(row.protocol),
        range: { from: row.portFrom, to: row.portTo },
        ...heldBy(row),
        requestId: row.requestId ?? undefined,
        state: row.state,
        leaseUntil: row.leaseUntil ?? undefined,
        portName: row.portName,
      },
    ];
  });
}

function heldBy({
  request,
  reservedBy,
}: {
  request: { id: number; requester: { name: string } } | null;
  reservedBy: string | null;
}) {
  if (request) return { heldBy: `request ${request.id} of ${request.requester.name}` };
  return reservedBy === null ? {} : { heldBy: `reserved by ${reservedBy}` };
}

/** The active reservations of a host that were probed, with what the last probe found. */
export async function listProbed(database: Database, scope: string): Promise<ProbedReservation[]> {
  const rows = await database.portProbe.findMany({
    where: { reservation: { scope, state: 'active' } },
    include: { reservation: true },
  });
  return rows.flatMap(({ reservation: row, ...probe }): ProbedReservation[] => {
    const outcome = probeOutcomes.find((one) => one === probe.outcome);
    if (!outcome) return [];
    return [
      {
        ...{ id: row.id, service: row.service, protocol: protocolOf(row.protocol), state: 'active' },
        range: { from: row.portFrom, to: row.portTo },
        ...{ requestId: row.requestId ?? undefined, reservedBy: row.reservedBy ?? undefined },
        ...{ outcome, silentTimes: probe.silentTimes, since: probe.since },
      },
    ];
  });
}

/** The reservations that live, for the list on the ports page; sorted by port. */
export async function listReservations(
  options: { scope?: string; service?: string } = {},
  database: Database = db(),
): Promise<ReservationView[]> {
  const rows = await database.portReservation.findMany({
    where: {
      state: { in: ['held', 'reserved', 'active'] },
      ...(options.scope ? { scope: options.scope } : {}),
      ...(options.service ? { service: options.service } : {}),
    },
    orderBy: [{ scope: 'asc' }, { portFrom: 'asc' }, { protocol: 'asc' }],
    include: { probe: true, request: { select: { state: true } } },
  });
  const hosts = env().portProbe;
  return rows.map((row) => {
    const range = { from: row.portFrom, to: row.portTo };
    return {
      id: row.id,
      scope: row.scope,
      protocol: protocolOf(row.protocol),
      range,
      text: `${formatPortRange(range)}${row.protocol === 'udp' ? '/udp' : ''}`,
      state: row.state,
      pool: row.pool ?? undefined,
      service: row.service,
      portName: row.portName,
      requestId: row.requestId ?? undefined,
      leaseUntil: row.leaseUntil?.toISOString(),
      reservedBy: row.reservedBy ?? undefined,
      reservedBecause: row.reservedBecause ?? undefined,
      reach: row.state === 'active' && Object.hasOwn(hosts, row.scope) ? reachOf(row) : undefined,
      releasable:
        row.state === 'active' || (row.state === 'reserved' && (row.request === null || row.request.state === 'live')),
    };
  });
}

function reachOf(row: PortReservation & { probe: PortProbe | null }): Reach {
  if (row.protocol === 'udp') return { kind: 'not-probed', why: 'UDP does not say whether somebody listens.' };
  if (row.portTo - row.portFrom >= PROBED_WIDTH)
    return { kind: 'not-probed', why: `A range of more than ${PROBED_WIDTH} ports is not probed.` };
  const outcome = probeOutcomes.find((one) => one === row.probe?.outcome);
  if (!row.probe || !outcome) return { kind: 'awaited' };
  const { since, probedAt } = row.probe;
  return { kind: 'probed', outcome, since: since.toISOString(), probedAt: probedAt.toISOString() };
}

/** How many reservations are held or reserved, for the waterline. */
export async function countHeld(database: Database = db()): Promise<number> {
  return database.portReservation.count({ where: { state: { in: ['held', 'reserved'] } } });
}

/** The table's own check constraint allows no third. */
function protocolOf(text: string): 'tcp' | 'udp' {
  return text === 'udp' ? 'udp' : 'tcp';
}
