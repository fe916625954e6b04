/**
 * Where main and the reservations say different things, and where main's own files do, by the observations alone. Pure. Each finding has the one
 * action that mends it.
 */
import { formatPortRange, overlaps, withoutRanges, type PortRange } from '@/lib/services/port-range';
import type { SeenPort } from './strip';
import type { Remedy } from './views';

/** A port as a file says it, and which kind of file. */
export interface ObservedPort extends SeenPort {
  source: 'registry' | 'compose' | 'traefik';
}

/** A reservation that lives. */
export interface LiveReservation {
  id: string;
  service: string;
  protocol: 'tcp' | 'udp';
  range: PortRange;
  state: 'held' | 'reserved' | 'active';
  requestId: number | undefined;
  reservedBy: string | undefined;
}

/** A finding before it is compared with those of the import before. */
export interface FoundFinding {
  kind: string;
  path: string;
  line: number | undefined;
  /** What it is about, without lines: with kind and path it is the finding's key. */
  subject: string;
  message: string;
  remedy: Remedy;
  /** It may only look so, since a file cannot be read: what was found before stays, and nothing is found anew. */
  doubtful?: boolean;
}

/** A service that is live by a request of Slipway's. */
export interface LiveService {
  service: string;
  requestId: number;
  /** Whether main has it, as it was imported last. */
  inMain: boolean;
}

/** A change or a removal between its submission and the moment at which it is live. */
export interface UnderWay {
  service: string;
  removes: boolean;
  /** Main has it since a moment ago: how main and the reservations differ now is on its way to be settled. */
  settling: boolean;
  /** What the service publishes when it is through. */
  publishes: readonly { protocol: 'tcp' | 'udp'; range: PortRange }[];
}

export interface DriftInput {
  observations: readonly ObservedPort[];
  reservations: readonly LiveReservation[];
  /** Services that a live request stands for: what main publishes for them is to be reserved. */
  live: readonly LiveService[];
  /** Changes and removals that are not through yet: what they explain is nothing to mend. */
  underWay: readonly UnderWay[];
  /** Some file could not be read: nobody knows what main has there, so that whatever looks gone is doubtful. */
  unreadable: boolean;
  /** The file that has the ports of the platform, for what main no longer has. */
  registry: string;
  /** Whether a name in a file is this service's. */
  isOwn: (seen: string, service: string) => boolean;
}

/** Where main and the reservations differ. */
export function findDrift(input: DriftInput): FoundFinding[] {
  const gone = [...lostServices(input), ...goneFromMain(input)].map((one) => ({ ...one, doubtful: input.unreadable }));
  return [...gone, ...contradictions(input), ...unreserved(input)];
}

/** Live here, and main has nothing of it: somebody took it out by hand. What it has is told with it, not port by port. */
function lostServices({ live, underWay, registry }: DriftInput): FoundFinding[] {
  return live.flatMap(({ service, requestId, inMain }): FoundFinding[] => {
    if (inMain || underWay.some((one) => one.service === service && (one.removes || one.settling))) return [];
    return [
      {
        kind: 'gone-from-main',
        path: registry,
        line: undefined,
        subject: service,
        message: `Main no longer has ${service}, and no request took it out. Its name, hosts and ports are kept for request ${requestId}.`,
        remedy: { kind: 'give-back', service },
      },
    ];
  });
}

/** Active here, and no file of main gives the port to its service any more. A registry seldom says which protocol it means. */
function goneFromMain(input: DriftInput): FoundFinding[] {
  const { observations, reservations, live, underWay, registry, isOwn } = input;
  return reservations.flatMap((reservation): FoundFinding[] => {
    const { id, service, range, state } = reservation;
    if (state !== 'active' || live.some((one) => one.service === service && !one.inMain)) return [];
    if (underWay.some((one) => one.service === service && explainsLoss(one, reservation))) return [];
    if (observations.some((seen) => overlaps(seen.range, range) && isOwn(seen.service, service))) return [];
    return [
      {
        kind: 'active-but-gone',
        path: registry,
        line: undefined,
        subject: `${service} ${describePort(reservation)}`,
        message: `${service} has ${describePort(reservation)} here, but nothing in main gives it that port any more.`,
        remedy: { kind: 'release', reservationId: id },
      },
    ];
  });
}

/** A change that gives a port up is merged before it is live: until then the port is active, and main may not have it any more. */
function explainsLoss({ settling, publishes }: UnderWay, { protocol, range }: LiveReservation): boolean {
  return settling || !publishes.some((port) => port.protocol === protocol && overlaps(port.range, range));
}

/** Main gives a port to a service that is somebody else's here. One finding for each two. */
function contradictions({ observations, reservations, isOwn }: DriftInput): FoundFinding[] {
  const found = new Map<string, FoundFinding>();
  for (const reservation of reservations)
    for (const seen of observations) {
      if (seen.protocol !== reservation.protocol || !overlaps(seen.range, reservation.range)) continue;
      if (isOwn(seen.service, reservation.service)) continue;
      const subject = `${describePort(reservation)} ${reservation.service} ${seen.service}`;
      if (found.has(subject)) continue;
      found.set(subject, {
        kind: 'contradicts-reservation',
        path: seen.path,
        line: seen.line,
        subject,
        message: `Main gives ${describePort(seen)} to ${seen.service}, but here ${reservation.service} has ${describePort(reservation)}${holderOf(reservation)}.`,
        remedy: remedyFor(reservation),
      });
    }
  return [...found.values()];
}

function holderOf({ requestId, reservedBy }: LiveReservation): string {
  if (requestId !== undefined) return ` (request ${requestId})`;
  return reservedBy === undefined ? '' : ` (reserved by ${reservedBy})`;
}

/** What is in main by now stays; what was only promised gives way. */
function remedyFor({ id, state, requestId }: LiveReservation): Remedy {
  if (requestId === undefined) return { kind: 'release', reservationId: id };
  return state === 'active' ? { kind: 'edit' } : { kind: 'request', requestId };
}

/** Main publishes a port for a service that Slipway added, and nobody has it here: somebody wrote it into the pull request, or later. */
function unreserved({ observations, reservations, live, underWay, isOwn }: DriftInput): FoundFinding[] {
  const found = new Map<string, FoundFinding>();
  const settled = live.filter(({ service }) => !underWay.some((one) => one.service === service && one.settling));
  for (const { service } of settled)
    for (const seen of observations) {
      if (seen.source === 'traefik' || !isOwn(seen.service, service)) continue;
      const has = reservations.filter((one) => one.protocol === seen.protocol).map(({ range }) => range);
      for (const range of withoutRanges(seen.range, has)) {
        const port = { range, protocol: seen.protocol };
        const subject = `${service} ${describePort(port)}`;
        if (found.has(subject)) continue;
        found.set(subject, {
          kind: 'unreserved-port',
          path: seen.path,
          line: seen.line,
          subject,
          message: `Main gives ${describePort(port)} to ${service}, and nobody has reserved it here.`,
          remedy: { kind: 'reserve', service, ...port },
        });
      }
    }
  return [...found.values()];
}

/** Registered, and neither a Compose file publishes it nor a router leads to it. Where no Compose file publishes anything, nothing is told. */
export function findUnpublished(observations: readonly ObservedPort[]): FoundFinding[] {
  const published = observations.filter(({ source }) => source !== 'registry');
  if (!published.some(({ source }) => source === 'compose')) return [];
  const found = new Map<string, FoundFinding>();
  for (const port of observations) {
    if (port.source !== 'registry' || published.some((one) => overlaps(one.range, port.range))) continue;
    const subject = `${port.service} ${describePort(port)}`;
    if (found.has(subject)) continue;
    found.set(subject, {
      kind: 'unpublished-port',
      path: port.path,
      line: port.line,
      subject,
      message: `${port.path} gives ${describePort(port)} to ${port.service}, but no Compose file in use publishes it.`,
      remedy: { kind: 'edit' },
    });
  }
  return [...found.values()];
}

/** `7880`, `7881/udp`. */
export function describePort({ range, protocol }: { range: PortRange; protocol: string }): string {
  return `${formatPortRange(range)}${protocol === 'udp' ? '/udp' : ''}`;
}
