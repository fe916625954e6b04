/** What pages and the API are told of ports, and what they may ask: plain values that survive JSON. */
import { z } from 'zod';
import { Reason } from '@/lib/reason';
import { PortRange } from '@/lib/services/port-range';

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

/** What trying to connect found (lib/adapters/tcp/try-connect.ts says what each means), the best first: of several ports of a range it is the one that counts. */
export const probeOutcomes = ['reachable', 'refused', 'timeout', 'unreachable'] as const;
export type ProbeOutcome = (typeof probeOutcomes)[number];

/** Ranges of more ports than this are not probed: most of such a range is seldom in use. */
export const PROBED_WIDTH = 32;

/** Whether something answers at an active port. `not-probed`: UDP, which does not say, or a range that is too wide. */
export type Reach =
  | { kind: 'probed'; outcome: ProbeOutcome; since: string; probedAt: string }
  | { kind: 'not-probed'; why: string }
  /** Before its first probe. */
  | { kind: 'awaited' };

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
  /** Of one by hand: who made it, and why. */
  reservedBy: string | undefined;
  reservedBecause: string | undefined;
  /** Of an active one on a host that is probed. */
  reach: Reach | undefined;
  /** Whether an operator may end it: it is by hand, or active. What is under way is ended with its request. */
  releasable: boolean;
}

/** What an operator asks for when reserving ports by hand. */
export const PortWish = z
  .object({
    service: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'A name such as livekit-egress: small letters, digits and hyphens.'),
    portName: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'A short name such as http.')
      .default('http'),
    protocol: z.enum(['tcp', 'udp']).default('tcp'),
    /** A number, a range, or the next free ones of `pool`. */
    port: z.union([z.literal('auto'), PortRange]),
    pool: z.string().max(100).optional(),
    /** How many in a row, for `auto`. */
    size: z.number().int().min(1).max(1000).default(1),
    reason: Reason,
  })
  .strict();
export type PortWish = z.infer<typeof PortWish>;

/** A reservation by hand as it was made; `warnings` are clauses to think of. */
export interface HandReservedView {
  id: string;
  scope: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  pool: string | undefined;
  warnings: string[];
}

export const findingStates = ['new', 'accepted', 'mended'] as const;
export type FindingState = (typeof findingStates)[number];

/** The one action that mends a finding: in the repository, or on a reservation here. */
export const Remedy = z.discriminatedUnion('kind', [
  /** An edit of the file, by a pull request. */
  z.object({ kind: z.literal('edit') }),
  /** Releasing this reservation. */
  z.object({ kind: z.literal('release'), reservationId: z.string() }),
  /** Reserving this port for this service. */
  z.object({
    kind: z.literal('reserve'),
    service: z.string(),
    protocol: z.enum(['tcp', 'udp']),
    range: z.object({ from: z.number(), to: z.number() }),
  }),
  /** Something on the machine itself: starting what should answer, or opening the way to it. */
  z.object({ kind: z.literal('host') }),
  /** Saying that the service is gone for good, which gives back what is kept for it. */
  z.object({ kind: z.literal('give-back'), service: z.string() }),
  /** Following or cancelling this request. */
  z.object({ kind: z.literal('request'), requestId: z.number() }),
]);
export type Remedy = z.infer<typeof Remedy>;

/** One row of the findings list. */
export interface FindingView {
  id: string;
  kind: string;
  path: string;
  line: number | undefined;
  message: string;
  remedy: Remedy;
  state: FindingState;
  acceptedBecause: string | undefined;
  acceptedBy: string | undefined;
  acceptedAt: string | undefined;
  mendedAt: string | undefined;
  foundAt: string;
}

/** The ports page: every pool, and the ports outside of them. */
export interface PortOverview {
  scope: string;
  pools: PoolStrip[];
  /** Ports outside of every pool. */
  elsewhere: PortCell[];
  repository: { sha: string; readAt: string };
}
