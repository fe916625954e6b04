/** A pool as a strip of cells: what the repository shows and what the database holds, laid over each other. Pure. */
import type { PortObservation } from '@/lib/generator/types';
import type { TakenPort } from '@/lib/ports/queries';
import type { CellState, PoolStrip, PortCell, PortOwner, StripSegment } from '@/lib/ports/views';

interface Pool {
  name: string;
  from: number;
  to: number;
  description?: string | undefined;
}

/** Which state is drawn where several hold a port. */
const strength: Record<CellState, number> = { free: 0, held: 1, reserved: 2, taken: 3 };

/** @param pool at most a few thousand ports. */
export function poolStrip(
  pool: Pool,
  observations: readonly PortObservation[],
  taken: readonly TakenPort[],
): PoolStrip {
  const owners = new Map<number, PortOwner[]>();
  const add = (from: number, to: number, owner: PortOwner) => {
    for (let port = Math.max(from, pool.from); port <= Math.min(to, pool.to); port += 1) {
      const known = owners.get(port) ?? [];
      // The same service is seen in several files, and in the database once it is live: one owner.
      const twin = known.find((one) => one.service === owner.service && one.protocol === owner.protocol);
      if (!twin) owners.set(port, [...known, owner]);
    }
  };
  for (const holding of taken) add(holding.range.from, holding.range.to, ownerFromRequest(holding));
  for (const { service, protocol, range, path, line } of observations) {
    add(range.from, range.to, {
      service,
      protocol,
      state: 'taken',
      label: service,
      href: `/services/${encodeURIComponent(service)}`,
      requestId: undefined,
      leaseUntil: undefined,
      place: line === undefined ? path : `${path}:${line}`,
    });
  }
  const cells = Array.from({ length: pool.to - pool.from + 1 }, (_, index): PortCell => {
    const port = pool.from + index;
    const here = owners.get(port) ?? [];
    const state = here.reduce<CellState>(
      (best, owner) => (strength[owner.state] > strength[best] ? owner.state : best),
      'free',
    );
    return { port, state, owners: here };
  });
  const counts: PoolStrip['counts'] = { free: 0, taken: 0, reserved: 0, held: 0 };
  for (const cell of cells) counts[cell.state] += 1;
  return {
    name: pool.name,
    description: pool.description,
    from: pool.from,
    to: pool.to,
    cells,
    segments: segmentsOf(cells),
    counts,
    nextFree: cells.find(({ state }) => state === 'free')?.port,
  };
}

function ownerFromRequest(holding: TakenPort): PortOwner {
  const { service, protocol, requestId, leaseUntil } = holding;
  const state = holding.state === 'active' ? 'taken' : holding.state;
  const promised = requestId !== undefined && state !== 'taken';
  return {
    service,
    protocol,
    state,
    label: promised ? `${service}, request ${requestId}` : service,
    href: promised ? `/requests/${requestId}` : `/services/${encodeURIComponent(service)}`,
    requestId,
    leaseUntil: leaseUntil?.toISOString(),
    place: undefined,
  };
}

function segmentsOf(cells: readonly PortCell[]): StripSegment[] {
  const segments: StripSegment[] = [];
  for (const { port, state, owners } of cells) {
    if (state === 'free') continue;
    const owner = owners.find((one) => one.state === state) ?? owners[0];
    if (!owner) continue;
    const last = segments.at(-1);
    if (last?.to === port - 1 && last.label === owner.label && last.state === state) last.to = port;
    else segments.push({ from: port, to: port, state, label: owner.label, href: owner.href });
  }
  return segments;
}
