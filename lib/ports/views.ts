/** What pages and the API are told of ports: plain values that survive JSON. Types only. */
import type { PortRange } from '@/lib/services/port-range';

/** `taken`: found in the repository or active. `reserved`: its pull request is open. `held`: submitted, with a lease. */
export type CellState = 'free' | 'taken' | 'reserved' | 'held';

/** Who has a port, on one protocol. */
export interface PortOwner {
  service: string;
  protocol: 'tcp' | 'udp';
  state: Exclude<CellState, 'free'>;
  /** As people name it: `coturn, request 138`. */
  label: string;
  /** Inside the portal: the request or the service. */
  href: string;
  requestId: number | undefined;
  leaseUntil: string | undefined;
  /** Where the repository has it: `config/port_registry.yaml:12`. */
  place: string | undefined;
}

export interface PortCell {
  port: number;
  /** The strongest of its owners' states. */
  state: CellState;
  owners: PortOwner[];
}

/** Neighbouring cells of one owner, for the brackets below the strip. */
export interface StripSegment {
  from: number;
  to: number;
  state: Exclude<CellState, 'free'>;
  label: string;
  href: string;
}

/** A pool as a strip of cells. */
export interface PoolStrip {
  name: string;
  description: string | undefined;
  from: number;
  to: number;
  cells: PortCell[];
  segments: StripSegment[];
  counts: Record<CellState, number>;
  /** The lowest free port; undefined where the pool is full. */
  nextFree: number | undefined;
}

/** One row of the reservations list. */
export interface ReservationView {
  id: string;
  scope: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  /** `7894-7899/udp`. */
  text: string;
  state: 'held' | 'reserved' | 'active' | 'released';
  pool: string | undefined;
  service: string;
  portName: string;
  requestId: number | undefined;
  leaseUntil: string | undefined;
}

/** The ports page: every pool, and what was found in the repository that somebody should mend. */
export interface PortOverview {
  scope: string;
  pools: PoolStrip[];
  /** Ports outside of every pool. */
  elsewhere: PortCell[];
  findings: { kind: string; path: string; line: number | undefined; message: string }[];
  repository: { sha: string; readAt: string };
}
