/** A pool of ports as a strip of cells: what the repository publishes and what requests hold, put side by side. Pure. */
import type { PortRange } from '@/lib/services/port-range';
import type { CellState, PoolStrip, PortCell, PortOwner, StripSegment } from './views';

export interface Pool {
  name: string;
  from: number;
  to: number;
  description?: string | undefined;
}

/** A port as a file of the repository says it; fits the generator's PortObservation. */
export interface SeenPort {
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  path: string;
  line?: number | undefined;
}

/** A port that a request holds; fits TakenPort. */
export interface HeldPort {
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  requestId: number | undefined;
  state: 'held' | 'reserved' | 'active';
  leaseUntil: Date | undefined;
  /** Who made it by hand; such a service may have no page. */
  reservedBy?: string | undefined;
}

const strength: Record<CellState, number> = { free: 0, held: 1, reserved: 2, taken: 3 };

/** @param seen what files say, @param held what requests have; both on the platform's host. */
export function buildStrip(pool: Pool, seen: readonly SeenPort[], held: readonly HeldPort[]): PoolStrip {
  const owners = ownersByPort(pool, seen, held);
  const cells: PortCell[] = [];
  const counts: Record<CellState, number> = { free: 0, held: 0, reserved: 0, taken: 0 };
  for (let port = pool.from; port <= pool.to; port += 1) {
    const cell = cellOf(port, owners.get(port) ?? []);
    counts[cell.state] += 1;
    cells.push(cell);
  }
  return {
    name: pool.name,
    description: pool.description || undefined,
    from: pool.from,
    to: pool.to,
    cells,
    segments: segmentsOf(cells),
    counts,
    nextFree: cells.find((cell) => cell.state === 'free')?.port,
  };
}

/** Ports that stand in no pool, as cells. */
export function cellsOutside(pools: readonly Pool[], seen: readonly SeenPort[], held: readonly HeldPort[]): PortCell[] {
  const owners = ownersByPort({ from: 1, to: 65535 }, seen, held);
  return [...owners]
    .filter(([port]) => !pools.some((pool) => pool.from <= port && port <= pool.to))
    .sort(([a], [b]) => a - b)
    .map(([port, list]) => cellOf(port, list));
}

function cellOf(port: number, owners: PortOwner[]): PortCell {
  const state = owners.reduce<CellState>(
    (strongest, owner) => (strength[owner.state] > strength[strongest] ? owner.state : strongest),
    'free',
  );
  return { port, state, owners };
}

function ownersByPort(
  within: PortRange,
  seen: readonly SeenPort[],
  held: readonly HeldPort[],
): Map<number, PortOwner[]> {
  const owners = new Map<number, PortOwner[]>();
  const add = (range: PortRange, owner: PortOwner) => {
    for (let port = Math.max(range.from, within.from); port <= Math.min(range.to, within.to); port += 1) {
      const list = owners.get(port) ?? [];
      owners.set(port, list);
      // The registry, Compose and Traefik say the same port of the same service: one owner.
      const same = list.find((other) => other.service === owner.service && other.protocol === owner.protocol);
      if (!same) list.push({ ...owner });
      else {
        same.place ??= owner.place;
        if (strength[owner.state] > strength[same.state]) same.state = owner.state;
      }
    }
  };
  for (const port of held) {
    add(port.range, {
      service: port.service,
      protocol: port.protocol,
      state: port.state === 'active' ? 'taken' : port.state,
      ...ownerOf(port),
      requestId: port.requestId,
      leaseUntil: port.leaseUntil?.toISOString(),
      place: undefined,
    });
  }
  for (const port of seen) {
    add(port.range, {
      service: port.service,
      protocol: port.protocol,
      state: 'taken',
      label: port.service,
      href: `/services/${port.service}`,
      requestId: undefined,
      leaseUntil: undefined,
      place: port.line === undefined ? port.path : `${port.path}:${port.line}`,
    });
  }
  return owners;
}

function ownerOf({ service, requestId, reservedBy, state }: HeldPort): Pick<PortOwner, 'label' | 'href'> {
  if (reservedBy !== undefined) return { label: `${service}, by ${reservedBy}`, href: '/ports#reservations' };
  if (requestId === undefined || state === 'active') return { label: service, href: `/services/${service}` };
  return { label: `${service}, request ${requestId}`, href: `/requests/${requestId}` };
}

/** Neighbours with the same first owner and state become one bracket. */
function segmentsOf(cells: readonly PortCell[]): StripSegment[] {
  const segments: StripSegment[] = [];
  for (const { port, state, owners } of cells) {
    const [owner] = owners;
    if (state === 'free' || !owner) continue;
    const last = segments.at(-1);
    if (last && last.to === port - 1 && last.label === owner.label && last.state === state) last.to = port;
    else segments.push({ from: port, to: port, state, label: owner.label, href: owner.href });
  }
  return segments;
}
