/** Whether something answers at the ports that are active here, where operators said at which address. Kept as the last probe found it. */
import type { Database } from '@/lib/db';
import { announce } from '@/lib/events';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { PortRange } from '@/lib/services/port-range';
import { PROBED_WIDTH, type ProbeOutcome } from './views';

/** What is to be tried: one active reservation. */
export interface ProbeTarget {
  reservationId: string;
  scope: string;
  range: PortRange;
}

/** What a probe found. */
export interface Probed {
  reservationId: string;
  outcome: ProbeOutcome;
}

/** The active TCP reservations on these hosts, but for ranges that are too wide: most of such a range is seldom in use. */
export async function listProbeTargets(database: Database, scopes: readonly string[]): Promise<ProbeTarget[]> {
  const rows = await database.portReservation.findMany({
    where: { scope: { in: [...scopes] }, state: 'active', protocol: 'tcp' },
    orderBy: [{ scope: 'asc' }, { portFrom: 'asc' }],
    select: { id: true, scope: true, portFrom: true, portTo: true },
  });
  return rows
    .map(({ id, scope, portFrom, portTo }) => ({ reservationId: id, scope, range: { from: portFrom, to: portTo } }))
    .filter(({ range }) => range.to - range.from < PROBED_WIDTH);
}

/** Keeps what was found, and forgets what is not probed any more. */
export async function recordProbes(tx: Prisma.TransactionClient, probed: readonly Probed[]): Promise<void> {
  const ids = probed.map(({ reservationId }) => reservationId);
  const { count } = await tx.portProbe.deleteMany({ where: { reservationId: { notIn: ids } } });
  const before = new Map((await tx.portProbe.findMany()).map((row) => [row.reservationId, row]));
  const probedAt = new Date();
  // What was released while it was tried has no row to be noted at.
  const there = await tx.portReservation.findMany({
    where: { id: { in: ids }, state: 'active' },
    select: { id: true },
  });
  const active = new Set(there.map(({ id }) => id));
  for (const { reservationId, outcome } of probed.filter((one) => active.has(one.reservationId))) {
    const row = before.get(reservationId);
    const silentTimes = outcome === 'reachable' ? 0 : (row?.silentTimes ?? 0) + 1;
    // Refused or not answered at all: either way nobody is there.
    const stays = row && (row.outcome === 'reachable') === (outcome === 'reachable');
    const values = { outcome, silentTimes, probedAt, since: stays ? row.since : probedAt };
    await tx.portProbe.upsert({ where: { reservationId }, create: { reservationId, ...values }, update: values });
  }
  if (count + active.size > 0) await announce(tx, 'ports', 'services');
}
